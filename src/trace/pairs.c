/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of a packet as they are kept: client's sequence numbers and what acknowledges them are
 * relative to the attempt's SYN. The server's are absolute in its SYN-ACKs and resets, relative to
 * its SYN-ACK after that.
 */
#include "trace/pairs.h"
#include "base/array.h"
#include "base/bytes.h"
#include <stdlib.h>
#include <string.h>

#define HEADS	 65536
#define WALK_MAX 1024

static uint32_t *new_heads(void)
{
	uint32_t *heads = malloc(HEADS * sizeof(*heads));

	if (heads)
		memset(heads, 0xff, HEADS * sizeof(*heads));
	return heads;
}

bool pairs_init(struct pairs *p)
{
	*p = (struct pairs){0};
	p->by_seq = new_heads();
	p->by_ports = new_heads();
	p->by_looks = new_heads();
	p->by_tuple = new_heads();
	p->sightings_max = PAIRS_SIGHTINGS_MAX;
	p->failed = !p->by_seq || !p->by_ports || !p->by_looks || !p->by_tuple;
	return !p->failed;
}

void pairs_free(struct pairs *p)
{
	free(p->streams);
	free(p->attempts);
	free(p->packets);
	free(p->sightings);
	free(p->views);
	free(p->by_seq);
	free(p->by_ports);
	free(p->by_looks);
	free(p->by_tuple);
	*p = (struct pairs){0};
}

static uint32_t hash_seq(uint32_t isn)
{
	return bytes_hash(&isn, sizeof(isn), 1) % HEADS;
}

static uint32_t hash_ports(const struct pair_view *v)
{
	uint16_t ports[2] = {v->src_port, v->dst_port};

	return addr_hash(&v->dst, bytes_hash(ports, sizeof(ports), 2)) % HEADS;
}

static uint32_t hash_looks(const struct sighting *syn)
{
	uint32_t key[2] = {syn->dst_port, syn->stamp ? syn->stamp : syn->ip_id};

	return addr_hash(&syn->dst, bytes_hash(key, sizeof(key), 4)) % HEADS;
}

static uint32_t hash_tuple(const struct pair_view *v)
{
	uint16_t ports[3] = {v->src_port, v->dst_port, v->capture};

	return addr_hash(&v->src, addr_hash(&v->dst, bytes_hash(ports, sizeof(ports), 3))) % HEADS;
}

uint32_t pairs_head_seq(const struct pairs *p, uint32_t isn)
{
	return p->by_seq[hash_seq(isn)];
}

uint32_t pairs_head_ports(const struct pairs *p, const struct pair_view *key)
{
	return p->by_ports[hash_ports(key)];
}

uint32_t pairs_head_looks(const struct pairs *p, const struct sighting *syn)
{
	return p->by_looks[hash_looks(syn)];
}

uint32_t pairs_head_tuple(const struct pairs *p, const struct pair_view *key)
{
	return p->by_tuple[hash_tuple(key)];
}

bool pairs_same_tuple(const struct pair_view *a, const struct pair_view *b)
{
	return a->capture == b->capture && a->src_port == b->src_port &&
	       a->dst_port == b->dst_port && addr_equal(&a->src, &b->src) &&
	       addr_equal(&a->dst, &b->dst);
}

/* Room for one more of a list; the caller tells a full list from a lack of memory. */
static bool room(struct pairs *p, void *items, size_t *cap, size_t n, size_t size)
{
	if (array_reserve(items, cap, n + 1, size))
		return true;
	p->failed = true;
	return false;
}

uint32_t pairs_add_view(struct pairs *p, const struct pair_view *item)
{
	uint32_t index = (uint32_t)p->views_n, *head = &p->by_tuple[hash_tuple(item)];

	if (p->views_n >= 2 * (size_t)PAIRS_ATTEMPTS_MAX * PAIRS_CAPTURES_MAX) {
		p->full = true;
		return TRACE_NONE;
	}
	if (!room(p, &p->views, &p->views_cap, p->views_n, sizeof(*item)))
		return TRACE_NONE;
	p->views[p->views_n] = *item;
	p->views[p->views_n].next = p->attempts[item->attempt].first_view;
	p->views[p->views_n].next_in_bucket = *head;
	p->attempts[item->attempt].first_view = index;
	*head = index;
	p->views_n++;
	return index;
}

uint32_t pairs_add_attempt(struct pairs *p, const struct attempt *item,
			   const struct pair_view *view, const struct sighting *syn)
{
	uint32_t index = (uint32_t)p->attempts_n;
	uint32_t *seq = &p->by_seq[hash_seq(view->isn)];
	uint32_t *ports = &p->by_ports[hash_ports(view)];
	uint32_t *looks = &p->by_looks[hash_looks(syn)];
	struct pair_view own = *view;

	if (p->attempts_n >= PAIRS_ATTEMPTS_MAX) {
		p->full = true;
		return TRACE_NONE;
	}
	if (!room(p, &p->attempts, &p->attempts_cap, p->attempts_n, sizeof(*item)))
		return TRACE_NONE;
	p->attempts[index] = *item;
	p->attempts[index].first = p->attempts[index].last = TRACE_NONE;
	p->attempts[index].first_view = p->attempts[index].first_stream = TRACE_NONE;
	p->attempts[index].by_seq = *seq;
	p->attempts[index].by_ports = *ports;
	p->attempts[index].by_looks = *looks;
	*seq = *ports = *looks = index;
	p->attempts_n++;
	own.attempt = index;
	return pairs_add_view(p, &own) == TRACE_NONE ? TRACE_NONE : index;
}

static bool same_packet(const struct pair_packet *a, const struct pair_packet *b)
{
	bool error = a->kind == PAIR_EXPIRED || a->kind == PAIR_REJECTED;

	if (a->back != b->back || a->seq != b->seq || a->ack != b->ack || a->len != b->len)
		return false;
	if (error || b->kind == PAIR_EXPIRED || b->kind == PAIR_REJECTED)
		return a->kind == b->kind && addr_equal(&a->from, &b->from);
	/* Flags may be rewritten on the way, but nothing becomes a SYN. */
	return (a->kind == PAIR_SYN) == (b->kind == PAIR_SYN);
}

static uint32_t find_packet(const struct pairs *p, const struct pair_packet *key)
{
	uint32_t at = p->attempts[key->attempt].first;

	while (at != TRACE_NONE && !same_packet(&p->packets[at], key))
		at = p->packets[at].next;
	return at;
}

static uint32_t add_packet(struct pairs *p, const struct pair_packet *item)
{
	struct attempt *a = &p->attempts[item->attempt];
	uint32_t index = (uint32_t)p->packets_n;

	if (a->packets_n >= PAIRS_OF_ATTEMPT_MAX)
		return TRACE_NONE;
	if (!room(p, &p->packets, &p->packets_cap, p->packets_n, sizeof(*item)))
		return TRACE_NONE;
	p->packets[index] = *item;
	p->packets[index].next = p->packets[index].first = p->packets[index].last = TRACE_NONE;
	if (a->last == TRACE_NONE)
		a->first = index;
	else
		p->packets[a->last].next = index;
	a->last = index;
	a->packets_n++;
	p->packets_n++;
	return index;
}

void pairs_add_sighting(struct pairs *p, const struct pair_packet *packet,
			const struct sighting *item)
{
	uint32_t at = find_packet(p, packet), index = (uint32_t)p->sightings_n;

	if (p->sightings_n >= p->sightings_max) {
		p->full = true;
		return;
	}
	if (at == TRACE_NONE)
		at = add_packet(p, packet);
	if (at == TRACE_NONE)
		return;
	struct pair_packet *found = &p->packets[at];
	if (found->seen_n >= PAIRS_OF_PACKET_MAX && (found->captures & (1u << item->capture)))
		return;
	if (!room(p, &p->sightings, &p->sightings_cap, p->sightings_n, sizeof(*item)))
		return;
	p->sightings[index] = *item;
	p->sightings[index].packet = at;
	p->sightings[index].next = TRACE_NONE;
	if (found->last == TRACE_NONE)
		found->first = index;
	else
		p->sightings[found->last].next = index;
	found->last = index;
	found->seen_n++;
	found->captures |= (uint8_t)(1u << item->capture);
	p->sightings_n++;
}

bool pairs_walk(struct pairs *p, unsigned *steps)
{
	if (++*steps <= WALK_MAX)
		return true;
	p->full = true;
	return false;
}

const struct pair_view *pairs_view(const struct pairs *p, uint32_t attempt, uint8_t capture)
{
	const struct pair_view *remade = NULL;

	for (uint32_t at = p->attempts[attempt].first_view; at != TRACE_NONE;
	     at = p->views[at].next) {
		const struct pair_view *v = &p->views[at];

		if (v->capture == capture && !v->remade)
			return v;
		if (v->capture == capture)
			remade = v;
	}
	return remade;
}

const struct sighting *pairs_seen(const struct pairs *p, const struct pair_packet *packet,
				  uint8_t capture)
{
	for (uint32_t at = packet->first; at != TRACE_NONE; at = p->sightings[at].next) {
		if (p->sightings[at].capture == capture)
			return &p->sightings[at];
	}
	return NULL;
}
