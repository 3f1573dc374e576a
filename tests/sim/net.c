/* SPDX-License-Identifier: BSD-2-Clause */
#include "net.h"
#include "../seeded.h"
#include "answer.h"
#include "walk.h"
#include <string.h>

#define HOP_NS	   INT64_C(20000)
#define SECOND_NS  INT64_C(1000000000)
#define AGAIN_MOST 3

double net_chance(uint64_t *random)
{
	return (double)(seeded_random(random) >> 11) / 9007199254740992.0;
}

bool net_happens(uint64_t *random, double chance)
{
	return chance > 0 && net_chance(random) < chance;
}

static uint32_t hash_of(const struct net *net, const struct net_segment *s, size_t stage)
{
	uint32_t seed = net->salt + (uint32_t)stage * 2654435761u + s->dst_port * 65537u;
	return addr_hash(&net->servers[s->server].addr, seed ^ (uint32_t)(s->src_port * 40503u));
}

size_t net_way(const struct net *net, const struct net_segment *s, uint8_t way[NET_WAY_MAX])
{
	const struct net_server *server = &net->servers[s->server];
	size_t n = 0;
	for (size_t i = 0; i < server->stages_n; i++) {
		const struct net_stage *stage = &server->stages[i];
		uint32_t choice = (hash_of(net, s, i) >> 8) % stage->branches_n;
		const struct net_branch *branch = &stage->branches[choice];
		for (size_t k = 0; k < branch->n && n < NET_WAY_MAX; k++)
			way[n++] = branch->routers[k];
	}
	return n;
}

/* Losses of a link come in runs: the chance to lose the next one depends on the last one. */
static bool loses(struct net *net, double average, bool *losing)
{
	double run = net->noise.run > 1 ? net->noise.run : 1;
	double stays = 1.0 - 1.0 / run;
	double starts = average < 1 ? average * (1 - stays) / (1 - average) : 1;
	if (net->noise.run <= 1)
		return net_happens(&net->random, average);
	*losing = net_happens(&net->random, *losing ? stays : starts);
	return *losing;
}

static int64_t delay(struct net *net)
{
	return net->noise.delay_ns +
	       (int64_t)(net_chance(&net->random) * (double)net->noise.jitter_ns);
}

bool walk_out(struct walk *w, size_t link)
{
	w->at_ns += HOP_NS;
	if (link != w->net->noise.link)
		return true;
	w->at_ns += delay(w->net);
	return !loses(w->net, w->net->noise.loss_out, &w->net->losing_out);
}

bool walk_back(struct net *net, size_t routers, int64_t *at_ns)
{
	*at_ns += HOP_NS * (int64_t)(routers + 1);
	if (routers < net->noise.link)
		return true;
	*at_ns += delay(net);
	return !loses(net, net->noise.loss_back, &net->losing_back);
}

/* Whether the rule stands at this place of this server's way and hits this SYN. */
static bool hits(struct walk *w, enum net_place place, uint8_t router)
{
	const struct net_rule *rule = &w->net->rule;
	bool here = rule->action != NET_PASS && rule->action != NET_DROP_BACK &&
		    rule->place == place && (place == NET_SERVER || rule->router == router);
	return here && w->segment->dst_port == w->net->port &&
	       w->net->servers[w->segment->server].blocked &&
	       (rule->share >= 1 || net_happens(&w->net->random, rule->share));
}

/* What a router itself sends goes the way of its errors; a box beside it may have another. */
static int detour_of(const struct walk *w, enum net_place place, uint8_t router)
{
	return place == NET_IN || place == NET_OUT ? w->net->routers[router].detour : 0;
}

/* Applies the rule; whether the SYN goes on. */
static bool passes(struct walk *w, enum net_place place, uint8_t router)
{
	const struct net_rule *rule = &w->net->rule;
	if (!hits(w, place, router))
		return true;
	if (w->segment->reset)
		return rule->action != NET_DROP;
	if (rule->action == NET_RESET)
		answer_reset(w, rule->copies_ttl ? w->ttl : rule->initial,
			     detour_of(w, place, router));
	else if (rule->action == NET_REJECT)
		answer_rejected(w, router);
	return rule->action == NET_RESET && rule->lets_through;
}

/* Through a router; whether the SYN leaves it. */
static bool cross(struct walk *w, uint8_t router)
{
	if (!passes(w, NET_LINK, router) || !walk_out(w, w->routers) || !passes(w, NET_IN, router))
		return false;
	if (w->ttl <= 1) {
		if (!w->segment->reset)
			answer_expired(w, router);
		return false;
	}
	w->ttl--;
	w->last = router;
	if (!passes(w, NET_OUT, router))
		return false;
	w->routers++;
	return true;
}

static struct half_open *slot_of(struct net *net, const struct net_segment *s)
{
	uint32_t at = (s->server * 8191u + s->dst_port * 131u + s->src_port * 31u) % NET_HALF_OPEN;
	for (;; at = (at + 1) % NET_HALF_OPEN) {
		struct half_open *h = &net->half_open[at];
		bool same = h->server == s->server && h->dst_port == s->dst_port &&
			    h->src_port == s->src_port;
		if (!h->used || same)
			return h;
	}
}

static void look_again(struct net *net, const struct half_open *h, int64_t at_ns)
{
	struct event *e = queue_add(&net->queue, at_ns);
	e->kind = EVENT_RETRANSMIT;
	e->slot = (uint32_t)(h - net->half_open);
}

/* The segment is at the server. */
static void arrive(struct walk *w)
{
	struct net *net = w->net;
	const struct net_segment *s = w->segment;
	struct net_server *server = &net->servers[s->server];
	struct half_open *h = slot_of(net, s);
	if (server->dead || !passes(w, NET_SERVER, 0))
		return;
	if (s->reset) {
		h->open = h->open && h->seq + 1 != s->seq;
		return;
	}
	if (s->dst_port == net->port && server->closed) {
		answer_reset(w, server->reset_initial, server->detour);
		return;
	}
	if (h->open && h->seq != s->seq) {
		net->doubled += !h->left;
		answer_challenge(w, h->seq);
		return;
	}
	bool again = h->open;
	*h = (struct half_open){s->server, s->seq, s->dst_port, s->src_port, true, true, false, 0};
	answer_synack(w);
	if (!again)
		look_again(net, h, w->at_ns + SECOND_NS);
}

void net_retransmit(struct net *net, const struct event *event)
{
	struct half_open *h = &net->half_open[event->slot];
	if (!h->open || h->again >= AGAIN_MOST)
		return;
	h->again++;
	struct net_segment s = {
		.server = h->server,
		.dst_port = h->dst_port,
		.src_port = h->src_port,
		.seq = h->seq,
		.ttl = 64,
	};
	struct walk w = {.net = net, .segment = &s, .at_ns = event->at_ns, .ttl = 1};
	w.routers = net_way(net, &s, w.way);
	answer_synack(&w);
	look_again(net, h, event->at_ns + (SECOND_NS << h->again));
}

static void travel(struct net *net, const struct net_segment *s, int64_t at_ns)
{
	struct walk w = {.net = net, .segment = s, .at_ns = at_ns, .ttl = s->ttl};
	size_t n = net_way(net, s, w.way);
	for (size_t i = 0; i < n; i++) {
		if (!cross(&w, w.way[i]))
			return;
	}
	if (walk_out(&w, n))
		arrive(&w);
}

void net_send(struct net *net, const struct net_segment *s, int64_t at_ns)
{
	if (s->reset)
		slot_of(net, s)->left = true;
	travel(net, s, at_ns);
	if (net_happens(&net->random, net->noise.duplicates))
		travel(net, s, at_ns);
}

void net_captured(struct net *net, const struct net_segment *s, int64_t at_ns, struct packet *out)
{
	*out = (struct packet){
		.at_ns = at_ns,
		.file = 1,
		.ifindex = 2,
		.direction = DIRECTION_OUT,
		.kind = PACKET_TCP,
		.ip = {.src = net->client,
		       .dst = net->servers[s->server].addr,
		       .ttl = s->ttl,
		       .protocol = 6,
		       .id = s->ip_id,
		       .dont_fragment = true},
		.tcp = {.src_port = s->src_port,
			.dst_port = s->dst_port,
			.seq = s->seq,
			.flags = s->reset ? TCP_RST : TCP_SYN,
			.window = s->reset ? 0 : 64240,
			.mss = s->reset ? 0 : 1460,
			.options_len = s->reset ? 0 : 20},
		.digest = ++net->packets,
	};
}
