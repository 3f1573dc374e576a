/* SPDX-License-Identifier: BSD-2-Clause */
#include "answer.h"

#define SECOND_NS 1e9

static struct packet from(struct net *net, const struct addr *src)
{
	return (struct packet){
		.file = 1,
		.ifindex = 2,
		.direction = DIRECTION_IN,
		.ip = {.src = *src, .dst = net->client},
	};
}

/* Towards the client over so many routers, with what is left of the TTL. */
static void deliver(struct walk *w, struct packet *p, size_t routers, int detour)
{
	struct net *net = w->net;
	int64_t at_ns = w->at_ns;
	int ttl = p->ip.ttl - (int)routers - detour;
	p->digest = ++net->packets;
	if (ttl < 1 || !walk_back(net, routers, &at_ns))
		return;
	p->ip.ttl = (uint8_t)ttl;
	unsigned copies = net_happens(&net->random, net->noise.duplicates) ? 2 : 1;
	for (unsigned i = 0; i < copies; i++) {
		int64_t when = at_ns + i * 1000;
		struct event *e = queue_add(&net->queue, when);
		e->packet = *p;
		e->packet.at_ns = when;
	}
}

/* Whether the router has an error left to send. */
static bool takes_token(struct net_router *r, int64_t at_ns)
{
	if (!r->limited)
		return true;
	if (at_ns > r->tokens_ns) {
		r->tokens += r->rate * (double)(at_ns - r->tokens_ns) / SECOND_NS;
		r->tokens_ns = at_ns;
	}
	if (r->tokens > r->burst)
		r->tokens = r->burst;
	if (r->tokens < 1)
		return false;
	r->tokens -= 1;
	return true;
}

static void quote(struct packet *p, const struct walk *w)
{
	const struct net_segment *s = w->segment;
	p->icmp.quoted = true;
	p->icmp.probe = (struct ip_header){
		.src = w->net->client,
		.dst = w->net->servers[s->server].addr,
		.ttl = w->ttl,
		.protocol = 6,
		.id = s->ip_id,
	};
	p->icmp.tcp = (struct tcp_header){
		.src_port = s->src_port,
		.dst_port = s->dst_port,
		.seq = s->seq,
		.cut = true,
	};
}

void answer_expired(struct walk *w, uint8_t router)
{
	struct net_router *r = &w->net->routers[router];
	if (r->silent || !takes_token(r, w->at_ns))
		return;
	struct packet p = from(w->net, &r->addr);
	p.kind = PACKET_ICMP_EXPIRED;
	p.ip.ttl = r->initial;
	p.ip.protocol = r->addr.family == 6 ? 58 : 1;
	p.icmp.type = r->addr.family == 6 ? 3 : 11;
	quote(&p, w);
	deliver(w, &p, w->routers, r->detour);
}

void answer_rejected(struct walk *w, uint8_t router)
{
	const struct net_server *server = &w->net->servers[w->segment->server];
	/* A bridge has no address of its own, and signs with the server's. */
	bool named = w->net->rule.place == NET_IN || w->net->rule.place == NET_OUT;
	struct net_router *r = named ? &w->net->routers[router] : NULL;
	if (r && !takes_token(r, w->at_ns))
		return;
	struct packet p = from(w->net, r ? &r->addr : &server->addr);
	bool six = server->addr.family == 6;
	p.kind = PACKET_ICMP_REJECTED;
	p.ip.ttl = r ? r->initial : server->initial;
	p.ip.protocol = six ? 58 : 1;
	p.icmp.type = six ? 1 : 3;
	p.icmp.code = six ? 1 : 13;
	quote(&p, w);
	deliver(w, &p, w->routers, r ? r->detour : 0);
}

static struct packet tcp_answer(struct walk *w)
{
	const struct net_segment *s = w->segment;
	struct net_server *server = &w->net->servers[s->server];
	struct packet p = from(w->net, &server->addr);
	p.kind = PACKET_TCP;
	p.ip.protocol = 6;
	p.tcp = (struct tcp_header){
		.src_port = s->dst_port,
		.dst_port = s->src_port,
		.ack = s->seq + 1,
	};
	return p;
}

void answer_reset(struct walk *w, uint8_t initial_ttl, int detour)
{
	struct packet p = tcp_answer(w);
	p.tcp.flags = TCP_RST | TCP_ACK;
	p.ip.ttl = initial_ttl;
	deliver(w, &p, w->routers, detour);
}

/* Whether the rule takes what the server sends back from the port under test. */
static bool dropped_back(const struct walk *w)
{
	const struct net_rule *rule = &w->net->rule;
	if (rule->action != NET_DROP_BACK || w->segment->dst_port != w->net->port ||
	    !w->net->servers[w->segment->server].blocked)
		return false;
	if (rule->place == NET_SERVER)
		return true;
	for (size_t i = 0; i < w->routers; i++) {
		if (w->way[i] == rule->router)
			return true;
	}
	return false;
}

void answer_synack(struct walk *w)
{
	struct net_server *server = &w->net->servers[w->segment->server];
	struct packet p = tcp_answer(w);
	p.tcp.flags = TCP_SYN | TCP_ACK;
	p.tcp.seq = w->segment->seq * 2654435761u;
	p.tcp.window = 65160;
	p.tcp.mss = 1460;
	p.tcp.options_len = 20;
	p.ip.ttl = server->initial;
	p.ip.dont_fragment = true;
	if (!dropped_back(w))
		deliver(w, &p, w->routers, server->detour);
}

void answer_challenge(struct walk *w, uint32_t first_seq)
{
	struct net_server *server = &w->net->servers[w->segment->server];
	struct packet p = tcp_answer(w);
	p.tcp.flags = TCP_ACK;
	p.tcp.seq = first_seq * 2654435761u + 1;
	p.tcp.ack = first_seq + 1;
	p.ip.ttl = server->initial;
	if (!dropped_back(w))
		deliver(w, &p, w->routers, server->detour);
}
