/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef COMPARE_WORLD_H
#define COMPARE_WORLD_H

/*
 * A way of some hops in memory: a client's SYNs and their answers, an observer behind
 * one of the hops, a translator, and one box that does something. To be included
 * after cmocka.h.
 */

#include "../seeded.h"
#include "infer/compare/compare.h"
#include "trace/match.h"
#include "trace/pairs_take.h"
#include <stdlib.h>
#include <string.h>

#define WORLD_PACKETS 6000
#define WORLD_MS      INT64_C(1000000)
#define WORLD_START   (INT64_C(1700000000) * 1000 * WORLD_MS)
#define WORLD_HOPS    6

enum trick {
	TRICK_NONE,
	TRICK_DROP,	 /* SYNs to the port */
	TRICK_DROP_BACK, /* answers from the port */
	TRICK_RESET,	 /* resets and lets the SYN go on */
	TRICK_REFUSE,	 /* resets in its place */
	TRICK_ANSWER,	 /* a SYN-ACK in the server's place */
	TRICK_TURN,	 /* the server's SYN-ACK becomes a reset */
	TRICK_MOVE,	 /* another destination */
	TRICK_CLOSED,	 /* the server itself resets */
};

struct world {
	int observer;		/* behind this hop */
	bool nat, shift, clamp; /* at hop 1: address and port; sequence numbers; MSS */
	uint8_t family;
	unsigned loss; /* percent on every link but the first */
	int64_t offset_ns;
	double drift_ppm;
	enum trick trick;
	int at; /* the trick's hop */
	uint64_t seed;
	/* made */
	struct packet *seen[2];
	size_t n[2];
	int64_t now_ns;
	struct trace trace;
	struct pairs pairs;
};

static inline struct addr world_addr(const struct world *w, const char *v4, const char *v6)
{
	struct addr addr;

	assert_true(addr_parse(w->family == 6 ? v6 : v4, &addr));
	return addr;
}

static inline struct addr world_hop(const struct world *w, int hop)
{
	static const char *const v4[] = {"192.168.1.20", "192.168.1.1", "198.51.100.1",
					 "198.51.100.2", "192.0.2.1",	"203.0.113.1",
					 "203.0.113.25"};
	static const char *const v6[] = {"2001:db8:1::20", "2001:db8:1::1", "2001:db8:5::1",
					 "2001:db8:5::2",  "2001:db8:6::1", "2001:db8:a::1",
					 "2001:db8:a::25"};

	return world_addr(w, v4[hop], v6[hop]);
}

static inline void world_see(struct world *w, int who, const struct packet *packet)
{
	struct packet *to = &w->seen[who][w->n[who]];
	int64_t since = packet->at_ns - WORLD_START;

	assert_true(w->n[who] < WORLD_PACKETS);
	*to = *packet;
	if (who == 1)
		to->at_ns += w->offset_ns + (int64_t)((double)since * w->drift_ppm / 1e6);
	w->n[who]++;
}

static inline bool world_lost(struct world *w, int hop)
{
	return hop > 1 && seeded_below(&w->seed, 100) < w->loss;
}

static inline void world_pass(struct world *w, struct packet *k)
{
	k->at_ns += WORLD_MS + seeded_below(&w->seed, 100000);
}

/* What home does to a packet that leaves, and undoes to one that comes. */
static inline void world_translate(struct world *w, struct packet *k, bool back)
{
	struct addr outside = world_addr(w, "198.51.100.200", "2001:db8:5::200");
	struct addr inside = world_hop(w, 0);
	bool icmp = k->kind != PACKET_TCP;
	struct ip_header *ip = icmp ? &k->icmp.probe : &k->ip;
	struct tcp_header *tcp = icmp ? &k->icmp.tcp : &k->tcp;
	bool source = icmp || !back;

	if (icmp && w->nat)
		k->ip.dst = inside;
	if (w->nat) {
		*(source ? &ip->src : &ip->dst) = back ? inside : outside;
		*(source ? &tcp->src_port : &tcp->dst_port) ^= 0x1000;
	}
	if (w->shift && source)
		tcp->seq += back ? (uint32_t)-77777 : 77777;
	if (w->shift && !source)
		tcp->ack -= 77777;
	if (w->clamp && tcp->mss)
		tcp->mss = 1400;
}

/* From behind `hop` to the client. */
static inline void world_back(struct world *w, struct packet k, int hop)
{
	for (; hop > 0 && !world_lost(w, hop + 1); hop--) {
		if (hop == w->observer)
			world_see(w, 1, &k);
		bool port = k.kind == PACKET_TCP && k.tcp.src_port == 587;
		if (port && w->at == hop && w->trick == TRICK_DROP_BACK)
			return;
		if (port && w->at == hop && w->trick == TRICK_TURN)
			k.tcp.flags = TCP_RST | TCP_ACK;
		k.ip.ttl--;
		if (hop == 1)
			world_translate(w, &k, true);
		world_pass(w, &k);
	}
	if (hop == 0)
		world_see(w, 0, &k);
}

static inline struct packet world_answer(const struct packet *syn, uint8_t flags, uint32_t seq)
{
	struct packet k = *syn;

	k.ip.src = syn->ip.dst;
	k.ip.dst = syn->ip.src;
	k.ip.ttl = 64;
	k.ip.id = 0;
	k.tcp.src_port = syn->tcp.dst_port;
	k.tcp.dst_port = syn->tcp.src_port;
	k.tcp.flags = flags;
	k.tcp.seq = seq;
	k.tcp.ack = syn->tcp.seq + 1;
	return k;
}

static inline void world_expire(struct world *w, const struct packet *syn, int hop)
{
	struct packet k = *syn;

	k.kind = PACKET_ICMP_EXPIRED;
	k.ip.src = world_hop(w, hop);
	k.ip.dst = syn->ip.src;
	k.ip.ttl = 64;
	k.icmp = (struct icmp_header){
		.type = w->family == 6 ? 3 : 11, .quoted = true, .probe = syn->ip, .tcp = syn->tcp};
	world_back(w, k, hop - 1);
}

/* What the box does with a SYN; whether it goes on. */
static inline bool world_trick(struct world *w, struct packet *k, int hop)
{
	struct packet answer = world_answer(k, TCP_RST | TCP_ACK, 0);

	if (hop != w->at || k->tcp.dst_port != 587)
		return true;
	switch (w->trick) {
	case TRICK_DROP:
		return false;
	case TRICK_RESET:
	case TRICK_REFUSE:
		world_back(w, answer, hop - 1);
		return w->trick == TRICK_RESET;
	case TRICK_ANSWER:
		answer = world_answer(k, TCP_SYN | TCP_ACK, k->tcp.seq ^ 0x5555);
		world_back(w, answer, hop - 1);
		return false;
	case TRICK_MOVE:
		k->ip.dst = world_addr(w, "198.18.7.7", "2001:db8:7::7");
		return true;
	case TRICK_NONE:
	case TRICK_DROP_BACK:
	case TRICK_TURN:
	case TRICK_CLOSED:
		break;
	}
	return true;
}

static inline void world_send(struct world *w, uint16_t port, uint8_t ttl)
{
	struct packet k = {.kind = PACKET_TCP, .at_ns = w->now_ns};

	w->now_ns += 20 * WORLD_MS;
	k.ip = (struct ip_header){.src = world_hop(w, 0),
				  .dst = world_hop(w, WORLD_HOPS),
				  .ttl = ttl,
				  .id = (uint16_t)(seeded_below(&w->seed, 65535) + 1)};
	k.tcp = (struct tcp_header){.src_port = (uint16_t)(20000 + seeded_below(&w->seed, 40000)),
				    .dst_port = port,
				    .seq = (uint32_t)seeded_random(&w->seed),
				    .flags = TCP_SYN,
				    .window = 64240,
				    .mss = 1460,
				    .options_len = 20};
	world_see(w, 0, &k);
	for (int hop = 1; hop < WORLD_HOPS; hop++) {
		world_pass(w, &k);
		if (k.ip.ttl == 1) {
			world_expire(w, &k, hop);
			return;
		}
		k.ip.ttl--;
		if (!world_trick(w, &k, hop))
			return;
		if (hop == 1)
			world_translate(w, &k, false);
		if (world_lost(w, hop + 1))
			return;
		if (hop == w->observer)
			world_see(w, 1, &k);
	}
	bool closed = port == 587 && w->trick == TRICK_CLOSED;
	struct packet answer = world_answer(&k, closed ? TCP_RST | TCP_ACK : TCP_SYN | TCP_ACK,
					    closed ? 0 : (uint32_t)seeded_random(&w->seed));
	world_pass(w, &answer);
	world_back(w, answer, WORLD_HOPS - 1);
}

#endif
