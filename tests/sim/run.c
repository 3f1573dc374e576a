/* SPDX-License-Identifier: BSD-2-Clause */
#include "run.h"
#include "../seeded.h"
#include "engine/engine.h"
#include "infer/infer.h"
#include "trace/match.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS	   INT64_C(1000000)
#define SECOND_NS  (1000 * MS)
#define START_NS   (INT64_C(1700000000) * SECOND_NS)
#define BUDGET_NS  (15 * SECOND_NS)
#define RATE	   500
#define FIRST_PORT 40000
#define BLOCK_N	   32
#define SENDING_NS INT64_C(30000) /* a system call, and the way into the capture */
#define WAKE_NS	   (100 * MS)	  /* the longest sleep */
#define SYNS_MAX   20000

struct driver {
	struct sim_case *c;
	struct run *run;
	struct engine *engine;
	int64_t now_ns;
	uint32_t frames; /* kept */
	int64_t sent_ns[SYNS_MAX];
};

static void fail(const char *what)
{
	fprintf(stderr, "sim: %s\n", what);
	exit(2);
}

static void add_servers(const struct sim_case *c, struct trace *t)
{
	static const char *const names[] = {"a.example", "b.example", "c.example", "d.example",
					    "e.example", "f.example", "g.example", "h.example"};
	for (size_t i = 0; i < c->net.servers_n; i++) {
		struct server s = {
			.host = names[i],
			.addr = c->net.servers[i].addr,
			.client = c->net.client,
			.port = c->net.port,
			.controls = {993, 443, 465},
			.controls_n = 3,
			.asn = c->server_asn[i] ? c->server_asn[i] : 64510 + (uint32_t)i,
			.listed = !c->hosts_given || i > 0,
			.reference = c->hosts_given && i > 0,
		};
		if (!trace_add_server(t, &s))
			fail("no memory");
	}
}

static void add_networks(const struct sim_case *c, struct trace *t)
{
	for (size_t i = 0; i < c->announced_n; i++) {
		struct network n = {.prefix = c->announced[i].prefix, .asn = c->announced[i].asn};
		if (!trace_add_network(t, &n))
			fail("no memory");
	}
	for (size_t i = 0; c->networks && i < c->net.routers_n; i++) {
		const struct net_router *r = &c->net.routers[i];
		struct network n = {
			.prefix = {r->addr, r->addr.family == 4 ? 32 : 128},
			.has_role = true,
			.role = r->owner,
			.by_user = true,
		};
		if (!trace_add_network(t, &n))
			fail("no memory");
	}
}

static void add_routes(const struct sim_case *c, struct trace *t)
{
	static const uint8_t gateway4[] = {192, 168, 1, 1}, client4[] = {192, 168, 1, 20};
	static const uint8_t gateway6[16] = {0xfe, 0x80, [15] = 1};
	struct route v4 = {4, 2, "eth0", addr_v4(gateway4), addr_v4(client4), true};
	struct route v6 = {6, 2, "eth0", addr_v6(gateway6), c->net.client, true};
	bool ok = trace_add_route(t, &v4);
	if (c->net.client.family == 6)
		ok = trace_add_route(t, &v6) && ok;
	if (!ok)
		fail("no memory");
}

static void open_trace(const struct sim_case *c, struct trace *t)
{
	struct port_range range = {FIRST_PORT, FIRST_PORT + ENGINE_BLOCKS * BLOCK_N - 1, PROBE_RAW};
	uint8_t families = c->net.client.family == 6 ? 2 : 1;
	trace_init(t);
	t->run = (struct run_facts){
		.port = c->net.port,
		.flows = c->flows,
		.hosts_given = c->hosts_given,
		.families = families,
		.routed = families | 1,
		.started_ns = START_NS,
		.own = true,
		.complete_facts = true,
	};
	if (!trace_add_range(t, &range))
		fail("no memory");
	add_servers(c, t);
	add_networks(c, t);
	add_routes(c, t);
}

static void take(struct driver *d, struct packet *packet)
{
	packet->frame = d->frames + 1;
	if (match_packet(&d->run->trace, packet) == MATCH_STRANGER)
		return;
	d->frames++;
	if (d->run->captured)
		d->run->captured(d->run->arg, packet);
}

/* The kernel knows nothing of the SYN, and resets. */
static void close_half_open(struct driver *d, const struct packet *p)
{
	uint32_t server = trace_find_server(&d->run->trace, &p->ip.src);
	if (p->kind != PACKET_TCP || p->tcp.flags != (TCP_SYN | TCP_ACK) || server == TRACE_NONE)
		return;
	struct net_segment reset = {
		.server = server,
		.dst_port = p->tcp.src_port,
		.src_port = p->tcp.dst_port,
		.seq = p->tcp.ack,
		.ttl = 64,
		.reset = true,
	};
	struct packet shown;
	net_captured(&d->c->net, &reset, p->at_ns, &shown);
	take(d, &shown);
	net_send(&d->c->net, &reset, p->at_ns);
}

static void receive(struct driver *d)
{
	struct net *net = &d->c->net;
	const struct event *first = queue_first(&net->queue);
	while (first && first->at_ns <= d->now_ns) {
		struct event e;
		queue_take(&net->queue, &e);
		if (e.kind == EVENT_RETRANSMIT) {
			net_retransmit(net, &e);
		} else {
			take(d, &e.packet);
			close_half_open(d, &e.packet);
		}
		first = queue_first(&net->queue);
	}
}

static void send(struct driver *d, const struct order *o)
{
	struct net_segment s = {
		.server = o->server,
		.dst_port = o->dst_port,
		.src_port = o->src_port,
		.seq = o->seq,
		.ip_id = o->ip_id,
		.ttl = o->ttl,
	};
	struct packet shown;
	if (o->kind != PROBE_RAW || d->run->syns >= SYNS_MAX)
		fail("an order that no network of this kind can need");
	net_captured(&d->c->net, &s, d->now_ns, &shown);
	take(d, &shown);
	net_send(&d->c->net, &s, d->now_ns);
	d->sent_ns[d->run->syns++] = d->now_ns;
	engine_sent(d->engine, o, 0, d->now_ns);
	d->now_ns += SENDING_NS;
}

static void sleep_until(struct driver *d, int64_t until_ns)
{
	const struct event *first = queue_first(&d->c->net.queue);
	if (first && first->at_ns < until_ns)
		until_ns = first->at_ns;
	if (until_ns > d->now_ns + WAKE_NS)
		until_ns = d->now_ns + WAKE_NS;
	d->now_ns = until_ns > d->now_ns ? until_ns : d->now_ns + 1000;
}

static void drive(struct driver *d)
{
	while (!d->run->stop) {
		receive(d);
		trace_clock(&d->run->trace, d->now_ns);
		struct action a = engine_next(d->engine, &d->run->trace, d->now_ns);
		switch (a.kind) {
		case ACTION_SEND:
			send(d, &a.order);
			break;
		case ACTION_WAIT:
			sleep_until(d, a.until_ns);
			break;
		case ACTION_DONE:
			d->run->stop = a.stop;
			break;
		}
	}
}

static void count_full(struct run *run)
{
	const struct trace *t = &run->trace;
	for (size_t s = 0; s < t->servers_n; s++) {
		unsigned counts[65536 / 64] = {0};
		for (uint32_t at = t->servers[s].newest_probe; at != TRACE_NONE;
		     at = t->probes[at].older) {
			unsigned *n = &counts[t->probes[at].dst_port % (65536 / 64)];
			*n += t->probes[at].ttl >= 64;
			run->full_most = *n > run->full_most ? *n : run->full_most;
		}
	}
}

static void count(struct driver *d)
{
	struct run *run = d->run;
	for (unsigned first = 0, last = 0; last < run->syns; last++) {
		while (d->sent_ns[last] - d->sent_ns[first] >= SECOND_NS)
			first++;
		unsigned n = last - first + 1;
		run->second_most = n > run->second_most ? n : run->second_most;
	}
	run->doubled = d->c->net.doubled;
	run->took_ns = d->now_ns - START_NS;
	count_full(run);
}

void run_case(struct sim_case *c, struct run *out)
{
	struct driver *d = calloc(1, sizeof(*d));
	struct draw_key key = seeded_key(c->seed);
	struct engine_options options = {
		.flows = c->flows,
		.max_rate = RATE,
		.budget_ns = BUDGET_NS,
		.key = &key,
	};
	for (uint16_t i = 0; i < ENGINE_BLOCKS; i++)
		options.raw[i] = (struct port_block){(uint16_t)(FIRST_PORT + i * BLOCK_N), BLOCK_N};
	open_trace(c, &out->trace);
	if (!d)
		fail("no memory");
	*d = (struct driver){.c = c, .run = out, .now_ns = START_NS};
	d->engine = engine_new(&options, &out->trace, d->now_ns);
	if (!d->engine)
		fail("no memory");
	drive(d);
	out->trace.run.ended_ns = out->trace.last_ns;
	out->trace.run.stop = out->stop;
	if (infer_judge(&out->trace, &out->result) != 0)
		fail("no memory");
	count(d);
	engine_free(d->engine);
	free(d);
}

void run_free(struct run *run)
{
	result_free(&run->result);
	trace_free(&run->trace);
}
