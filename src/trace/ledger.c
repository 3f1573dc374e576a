/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes and replies of a trace, and the hash by which an answer finds its probe. */
#include "base/array.h"
#include "base/bytes.h"
#include "trace/trace.h"
#include <stdlib.h>
#include <string.h>

#define BUCKETS_MIN 256

/* Linux gives a half-open connection up after about a minute of SYN-ACK retransmissions. */
#define HALF_OPEN_NS (75 * INT64_C(1000000000))

static uint32_t tuple_hash(const struct addr *server, uint16_t dst_port, uint16_t src_port)
{
	const uint16_t ports[] = {dst_port, src_port};
	return addr_hash(server, bytes_hash(ports, sizeof(ports), 0));
}

static bool same_tuple(const struct trace *t, const struct probe *p, const struct addr *server,
		       uint16_t dst_port, uint16_t src_port)
{
	return p->dst_port == dst_port && p->src_port == src_port &&
	       addr_equal(&t->servers[p->server].addr, server);
}

static size_t bucket_of(const struct trace *t, const struct probe *p)
{
	return tuple_hash(&t->servers[p->server].addr, p->dst_port, p->src_port) &
	       (t->buckets_n - 1);
}

/* Only the newest probe of a 5-tuple stands in its bucket; the older ones hang behind it. */
static bool grow_buckets(struct trace *t)
{
	size_t n = t->buckets_n ? t->buckets_n * 2 : BUCKETS_MIN;
	uint32_t *fresh = malloc(n * sizeof(*fresh));
	if (!fresh) {
		t->failed = true;
		return false;
	}
	memset(fresh, 0xff, n * sizeof(*fresh));
	uint32_t *old = t->buckets;
	size_t old_n = t->buckets_n;
	t->buckets = fresh;
	t->buckets_n = n;
	for (size_t i = 0; i < old_n; i++) {
		for (uint32_t at = old[i]; at != TRACE_NONE;) {
			struct probe *p = &t->probes[at];
			uint32_t next = p->next_in_bucket;
			uint32_t *head = &fresh[bucket_of(t, p)];
			p->next_in_bucket = *head;
			*head = at;
			at = next;
		}
	}
	free(old);
	return true;
}

uint32_t trace_find_tuple(const struct trace *t, const struct addr *server, uint16_t dst_port,
			  uint16_t src_port)
{
	if (!t->buckets_n)
		return TRACE_NONE;
	size_t bucket = tuple_hash(server, dst_port, src_port) & (t->buckets_n - 1);
	for (uint32_t at = t->buckets[bucket]; at != TRACE_NONE;
	     at = t->probes[at].next_in_bucket) {
		if (same_tuple(t, &t->probes[at], server, dst_port, src_port))
			return at;
	}
	return TRACE_NONE;
}

/* Where the newest probe of p's 5-tuple stands, or the next one belongs; NULL: no room. */
static uint32_t *find_link(const struct trace *t, const struct probe *p)
{
	const struct addr *server = &t->servers[p->server].addr;
	uint32_t *link = &t->buckets[bucket_of(t, p)];
	for (unsigned steps = 0; steps < BYTES_CHAIN_MAX; steps++) {
		if (*link == TRACE_NONE ||
		    same_tuple(t, &t->probes[*link], server, p->dst_port, p->src_port))
			return link;
		link = &t->probes[*link].next_in_bucket;
	}
	return NULL;
}

/* Puts the probe at `index` in front of the older ones of its 5-tuple. */
static void index_probe(struct trace *t, uint32_t index, uint32_t *link)
{
	struct probe *p = &t->probes[index];
	uint32_t older = *link;
	if (older != TRACE_NONE) {
		p->next_in_tuple = older;
		p->in_tuple = t->probes[older].in_tuple + 1;
		p->next_in_bucket = t->probes[older].next_in_bucket;
		t->probes[older].next_in_bucket = TRACE_NONE;
	}
	*link = index;
}

uint32_t trace_add_probe(struct trace *t, const struct probe *item)
{
	if (t->probes_n >= TRACE_PROBES_MAX || t->replies_n >= TRACE_REPLIES_MAX) {
		t->full = true;
		return TRACE_NONE;
	}
	if (!array_reserve(&t->probes, &t->probes_cap, t->probes_n + 1, sizeof(*t->probes))) {
		t->failed = true;
		return TRACE_NONE;
	}
	if (t->probes_n >= t->buckets_n && !grow_buckets(t))
		return TRACE_NONE;
	uint32_t *link = find_link(t, item);
	if (!link) {
		t->full = true;
		return TRACE_NONE;
	}
	uint32_t index = (uint32_t)t->probes_n++;
	t->changes++;
	t->kernel_probes_n += item->kind == PROBE_KERNEL;
	struct probe *p = &t->probes[index];
	*p = *item;
	p->first_reply = p->last_reply = TRACE_NONE;
	p->next_in_tuple = p->next_in_bucket = TRACE_NONE;
	p->first_packet = p->last_packet = TRACE_NONE;
	p->packets_n = 0;
	p->in_tuple = 0;
	p->judged_at = 0;
	p->older = t->servers[p->server].newest_probe;
	t->servers[p->server].newest_probe = index;
	index_probe(t, index, link);
	return index;
}

/* Puts a reply at the end of its probe's chain. */
static void chain_reply(struct trace *t, uint32_t index)
{
	struct reply *r = &t->replies[index];
	struct probe *p = &t->probes[r->probe];
	r->next = TRACE_NONE;
	if (p->last_reply == TRACE_NONE)
		p->first_reply = index;
	else
		t->replies[p->last_reply].next = index;
	p->last_reply = index;
	/* A router's expiry or a reset says that this SYN left nothing half open. */
	if (r->kind == REPLY_EXPIRED || (r->kind == REPLY_RESET && r->ack_valid))
		p->ended = true;
}

bool trace_add_reply(struct trace *t, const struct reply *item)
{
	if (t->replies_n >= TRACE_REPLIES_MAX) {
		t->full = true;
		return false;
	}
	if (!array_reserve(&t->replies, &t->replies_cap, t->replies_n + 1, sizeof(*t->replies))) {
		t->failed = true;
		return false;
	}
	uint32_t index = (uint32_t)t->replies_n++;
	t->changes++;
	t->newest_reply_ns = item->at_ns;
	t->replies[index] = *item;
	chain_reply(t, index);
	return true;
}

void trace_move_reply(struct trace *t, uint32_t reply, uint32_t probe)
{
	struct probe *p = &t->probes[t->replies[reply].probe];
	uint32_t *link = &p->first_reply, before = TRACE_NONE;
	while (*link != reply) {
		before = *link;
		link = &t->replies[before].next;
	}
	*link = t->replies[reply].next;
	if (p->last_reply == reply)
		p->last_reply = before;
	t->replies[reply].probe = probe;
	t->changes++;
	chain_reply(t, reply);
}

bool trace_add_flow_packet(struct trace *t, const struct flow_packet *item)
{
	struct probe *p = &t->probes[item->probe];
	if (p->packets_n >= TRACE_TALK_MAX)
		return false;
	if (t->flow_packets_n >= TRACE_FLOW_PACKETS_MAX) {
		t->full = true;
		return false;
	}
	if (!array_reserve(&t->flow_packets, &t->flow_packets_cap, t->flow_packets_n + 1,
			   sizeof(*t->flow_packets))) {
		t->failed = true;
		return false;
	}
	uint32_t index = (uint32_t)t->flow_packets_n++;
	t->flow_packets[index] = *item;
	t->flow_packets[index].next = TRACE_NONE;
	if (p->last_packet == TRACE_NONE)
		p->first_packet = index;
	else
		t->flow_packets[p->last_packet].next = index;
	p->last_packet = index;
	p->packets_n++;
	return true;
}

uint32_t trace_session_probe(const struct trace *t, const struct session *s)
{
	if (s->server >= t->servers_n)
		return TRACE_NONE;
	return trace_find_tuple(t, &t->servers[s->server].addr, s->port, s->src_port);
}

/*
 * Whether a SYN that drew nothing opened nothing either: control SYNs with its TTL or a greater one
 * expired on the way, and no SYN to its port was ever accepted, as it would be where somebody gives
 * SYNs to that port a greater TTL.
 */
static bool fell_short(const struct trace *t, const struct probe *silent)
{
	bool expired = false;
	for (uint32_t at = t->servers[silent->server].newest_probe; at != TRACE_NONE && t->run.own;
	     at = t->probes[at].older) {
		const struct probe *p = &t->probes[at];
		bool same_port = p->dst_port == silent->dst_port;
		for (uint32_t r = p->first_reply; r != TRACE_NONE; r = t->replies[r].next) {
			if (same_port && t->replies[r].kind == REPLY_SYNACK)
				return false;
			expired = expired || (!same_port && p->ttl >= silent->ttl &&
					      t->replies[r].kind == REPLY_EXPIRED);
		}
	}
	return expired;
}

/* The same SYN again, perhaps with another TTL, only draws the same answer again. */
static bool is_alone(const struct trace *t, const struct probe *p)
{
	if (p->in_tuple > TRACE_TUPLE_MAX)
		return false;
	for (uint32_t at = p->next_in_tuple; at != TRACE_NONE; at = t->probes[at].next_in_tuple) {
		const struct probe *older = &t->probes[at];
		if (older->ended || older->seq == p->seq)
			continue;
		if (p->at_ns - older->last_ns < HALF_OPEN_NS && !fell_short(t, older))
			return false;
	}
	return true;
}

/* Asked many times while a trace is judged, and then it does not change. */
bool trace_alone(const struct trace *t, const struct probe *p)
{
	struct probe *own = &t->probes[p - t->probes];
	if (own->judged_at != t->changes) {
		own->alone = is_alone(t, p);
		own->judged_at = t->changes;
	}
	return own->alone;
}
