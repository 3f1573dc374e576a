/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/talks.h"
#include "base/array.h"
#include <stdlib.h>
#include <string.h>

#define HEADS_N 16384
#define NONE	UINT32_MAX

static size_t head_of(const struct talk *key)
{
	uint32_t h = addr_hash(&key->client, key->port);
	return addr_hash(&key->server, h) % HEADS_N;
}

static bool add_syn(struct talks *talks, const struct talk *key)
{
	uint32_t *head = &talks->heads[head_of(key)];
	for (uint32_t at = *head; at != NONE; at = talks->items[at].next) {
		struct talk *t = &talks->items[at];
		if (t->port == key->port && addr_equal(&t->server, &key->server) &&
		    addr_equal(&t->client, &key->client)) {
			t->syns++;
			return true;
		}
	}
	if (talks->n >= TALKS_MAX) {
		talks->passed_over++;
		return true;
	}
	if (!array_reserve(&talks->items, &talks->cap, talks->n + 1, sizeof(*talks->items)))
		return false;
	talks->items[talks->n] = *key;
	talks->items[talks->n].syns = 1;
	talks->items[talks->n].next = *head;
	*head = (uint32_t)talks->n++;
	return true;
}

bool talks_add(struct talks *talks, const struct packet *packet)
{
	if (!talks->heads) {
		talks->heads = malloc(HEADS_N * sizeof(*talks->heads));
		if (!talks->heads)
			return false;
		memset(talks->heads, 0xff, HEADS_N * sizeof(*talks->heads));
	}
	if (!talks->first_ns || packet->at_ns < talks->first_ns)
		talks->first_ns = packet->at_ns;
	if (packet->at_ns > talks->last_ns)
		talks->last_ns = packet->at_ns;
	if (packet->kind != PACKET_TCP) {
		talks->attempts += packet->icmp.quoted;
		return true;
	}
	talks->attempts += (packet->tcp.flags & (TCP_SYN | TCP_RST)) != 0;
	if ((packet->tcp.flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return true;
	struct talk key = {
		.client = packet->ip.src,
		.server = packet->ip.dst,
		.port = packet->tcp.dst_port,
	};
	return add_syn(talks, &key);
}

struct addr talks_client(const struct talks *talks, uint16_t port)
{
	const struct talk *best = NULL;
	uint64_t best_syns = 0;
	for (size_t i = 0; i < talks->n; i++) {
		uint64_t syns = 0;
		if (talks->items[i].port != port)
			continue;
		for (size_t k = 0; k < talks->n && talks->n < 4096; k++) {
			const struct talk *other = &talks->items[k];
			if (other->port == port &&
			    addr_equal(&other->client, &talks->items[i].client))
				syns += other->syns;
		}
		if (syns == 0)
			syns = talks->items[i].syns;
		if (syns > best_syns) {
			best_syns = syns;
			best = &talks->items[i];
		}
	}
	return best ? best->client : (struct addr){0};
}

uint16_t talks_likeliest_port(const struct talks *talks)
{
	static const uint16_t mail[] = {587, 465, 2525, 25};
	uint64_t best_syns = 0;
	uint16_t best = 0;
	for (size_t m = 0; m < sizeof(mail) / sizeof(*mail); m++) {
		for (size_t i = 0; i < talks->n; i++) {
			if (talks->items[i].port == mail[m])
				return mail[m];
		}
	}
	for (size_t i = 0; i < talks->n; i++) {
		uint64_t syns = talks->items[i].syns;
		if (syns > best_syns) {
			best_syns = syns;
			best = talks->items[i].port;
		}
	}
	return best;
}

void talks_free(struct talks *talks)
{
	free(talks->items);
	free(talks->heads);
	*talks = (struct talks){0};
}
