/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/survey.h"
#include "base/array.h"
#include "base/bytes.h"
#include <stdlib.h>
#include <string.h>

#define HEADS_N	    (1u << 18)
#define LIMITED_TTL 32 /* tools that trace a path go up to here, stacks start above */

static bool open_tables(struct survey *s)
{
	if (s->talk_heads)
		return true;
	s->talk_heads = calloc((size_t)2 * HEADS_N, sizeof(*s->talk_heads));
	if (!s->talk_heads)
		return false;
	s->party_heads = s->talk_heads + HEADS_N;
	return true;
}

static uint32_t *party_head(const struct survey *s, uint32_t hash)
{
	return &s->party_heads[hash % HEADS_N];
}

/* The index of an address with this hash, or TRACE_NONE. */
static uint32_t find_party(const struct survey *s, const struct addr *addr, uint32_t hash)
{
	uint32_t at = *party_head(s, hash) - 1;

	while (at != TRACE_NONE && !addr_equal(&s->parties[at].addr, addr))
		at = s->parties[at].next;
	return at;
}

/* Whether the chain has room where another address belongs. */
static bool has_party_room(const struct survey *s, uint32_t head)
{
	unsigned n = 0;

	for (uint32_t at = head - 1; at != TRACE_NONE; at = s->parties[at].next) {
		if (++n == BYTES_CHAIN_MAX)
			return false;
	}
	return true;
}

/*
 * Makes an address known that was not found, where `at` is TRACE_NONE; it stays so where there is
 * no room. False without memory.
 */
static bool add_party(struct survey *s, const struct addr *addr, uint32_t hash, uint32_t *at)
{
	uint32_t *head = party_head(s, hash);

	if (*at != TRACE_NONE || !has_party_room(s, *head))
		return true;
	if (!array_reserve(&s->parties, &s->parties_cap, s->parties_n + 1, sizeof(*s->parties)))
		return false;
	*at = (uint32_t)s->parties_n++;
	s->parties[*at] = (struct party){.addr = *addr, .next = *head - 1};
	*head = *at + 1;
	return true;
}

/* Who asked whom, as a packet shows it. */
struct key {
	const struct addr *client, *server;
	uint16_t port;
};

static uint32_t *talk_head(const struct survey *s, uint32_t client_hash, uint32_t server_hash,
			   uint16_t port)
{
	const uint32_t words[] = {client_hash, server_hash, port};

	return &s->talk_heads[bytes_hash(words, sizeof(words), 0) % HEADS_N];
}

/* The talk in the chain that begins at this head, or NULL. */
static struct talk *find_talk(const struct survey *s, uint32_t head, const struct key *key)
{
	for (uint32_t at = head - 1; at != TRACE_NONE; at = s->talks[at].next) {
		struct talk *t = &s->talks[at];

		if (t->port == key->port && addr_equal(&s->parties[t->server].addr, key->server) &&
		    addr_equal(&s->parties[t->client].addr, key->client))
			return t;
	}
	return NULL;
}

/* Whether the chain has room for another talk. */
static bool has_talk_room(const struct survey *s, uint32_t head)
{
	unsigned n = 0;

	for (uint32_t at = head - 1; at != TRACE_NONE; at = s->talks[at].next) {
		if (++n == BYTES_CHAIN_MAX)
			return false;
	}
	return true;
}

static bool is_wanted(const struct survey *s, uint16_t port)
{
	return port == s->port || port == 587 || port == 465 || port == 2525 || port == 25;
}

/* *out: the talk, NULL where there is no room for another. False without memory. */
static bool add_talk(struct survey *s, const struct key *key, struct talk **out)
{
	size_t max = SURVEY_TALKS_MAX + (is_wanted(s, key->port) ? SURVEY_RESERVE : 0);
	uint32_t client_hash = addr_hash(key->client, 0), server_hash = addr_hash(key->server, 0);
	uint32_t *head = talk_head(s, client_hash, server_hash, key->port);
	uint32_t client, server;

	*out = find_talk(s, *head, key);
	if (*out)
		return true;
	/* Nothing listens on port 0 (RFC 6335, 6): it is neither a port under test nor a control.
	 */
	if (key->port == 0)
		return true;
	if (s->talks_n >= max || !has_talk_room(s, *head)) {
		s->passed_over++;
		return true;
	}
	client = find_party(s, key->client, client_hash);
	if (!add_party(s, key->client, client_hash, &client))
		return false;
	/* Somebody may speak with himself. */
	server = find_party(s, key->server, server_hash);
	if (!add_party(s, key->server, server_hash, &server) ||
	    !array_reserve(&s->talks, &s->talks_cap, s->talks_n + 1, sizeof(*s->talks)))
		return false;
	if (client == TRACE_NONE || server == TRACE_NONE) {
		s->passed_over++;
		return true;
	}
	*out = &s->talks[s->talks_n];
	**out = (struct talk){
		.client = client,
		.server = server,
		.port = key->port,
		.next = *head - 1,
	};
	*head = (uint32_t)++s->talks_n;
	return true;
}

static void note_ttl(struct party *client, uint8_t ttl)
{
	if (ttl <= LIMITED_TTL)
		return;
	if (client->ttl_min == 0 || ttl < client->ttl_min)
		client->ttl_min = ttl;
	if (ttl > client->ttl_max)
		client->ttl_max = ttl;
}

/* A packet of one of them to the other: which stations stand for them on this segment. */
static void note_link(struct survey *s, uint32_t from, uint32_t to,
		      const struct survey_segment *segment)
{
	struct party *source = &s->parties[from], *target = &s->parties[to];
	uint8_t ttl = segment->ttl;

	if (segment->tunnel)
		return;
	source->line = source->line || segment->ends.line;
	source->from = source->from ? source->from : segment->ends.from;
	target->to = target->to ? target->to : segment->ends.to;
	/* Stacks start with one of these. */
	source->routed =
		source->routed || (ttl > LIMITED_TTL && ttl != 64 && ttl != 128 && ttl != 255);
}

static bool add_syn(struct survey *s, const struct survey_segment *segment)
{
	struct key key = {&segment->src, &segment->dst, segment->dst_port};
	struct talk *talk;

	s->syns++;
	if (!s->tunnel)
		s->tunnel = segment->tunnel;
	if (!add_talk(s, &key, &talk))
		return false;
	if (talk) {
		talk->syns++;
		talk->traced = talk->traced || segment->ttl <= LIMITED_TTL;
		note_ttl(&s->parties[talk->client], segment->ttl);
		note_link(s, talk->client, talk->server, segment);
	}
	return true;
}

/* An answer; `segment` is the one that it came in, NULL: an ICMP error. */
static bool add_answer(struct survey *s, const struct key *key, bool opened,
		       const struct survey_segment *segment)
{
	struct talk *talk;

	s->answers++;
	if (!add_talk(s, key, &talk))
		return false;
	if (talk) {
		talk->opened += opened;
		talk->refused += !opened;
		if (segment)
			note_link(s, talk->server, talk->client, segment);
	}
	return true;
}

static bool add_tcp(struct survey *s, const struct survey_segment *segment)
{
	struct key key = {&segment->dst, &segment->src, segment->src_port};

	switch (segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) {
	case TCP_SYN:
		return add_syn(s, segment);
	case TCP_SYN | TCP_ACK:
		s->synacks++;
		return add_answer(s, &key, true, segment);
	case TCP_RST | TCP_ACK:
		s->segments++;
		/* Only as an answer to a SYN is the sequence number zero (RFC 9293, 3.10.7.1). */
		return segment->seq != 0 || add_answer(s, &key, false, segment);
	default:
		s->segments++;
		return true;
	}
}

static bool add_icmp(struct survey *s, const struct packet *packet)
{
	const struct icmp_header *icmp = &packet->icmp;
	struct key key = {&packet->ip.dst, &icmp->probe.dst, icmp->tcp.dst_port};
	uint8_t flags = icmp->tcp.flags & (TCP_SYN | TCP_ACK | TCP_RST);

	if (!icmp->quoted || packet->kind == PACKET_ICMP_OTHER)
		return true;
	if (!icmp->tcp.cut && flags != TCP_SYN)
		return true;
	return add_answer(s, &key, false, NULL);
}

static void note_time(struct survey *s, int64_t at_ns)
{
	if (!s->first_ns || at_ns < s->first_ns)
		s->first_ns = at_ns;
	if (at_ns > s->last_ns)
		s->last_ns = at_ns;
}

void survey_pass(struct survey *s, int64_t at_ns)
{
	note_time(s, at_ns);
	s->segments++;
}

bool survey_add_segment(struct survey *s, const struct survey_segment *segment)
{
	if (!open_tables(s))
		return false;
	note_time(s, segment->at_ns);
	return add_tcp(s, segment);
}

bool survey_claim(struct survey *s, const struct addr *addr, hardware at)
{
	uint32_t hash = addr_hash(addr, 0), party;

	if (!open_tables(s))
		return false;
	party = find_party(s, addr, hash);
	if (party == TRACE_NONE && s->claims++ >= SURVEY_CLAIMS_MAX)
		return true;
	if (!add_party(s, addr, hash, &party))
		return false;
	if (party != TRACE_NONE)
		s->parties[party].said = at;
	return true;
}

bool survey_add(struct survey *s, const struct packet *packet, struct link_ends ends)
{
	struct survey_segment segment = {
		.at_ns = packet->at_ns,
		.src = packet->ip.src,
		.dst = packet->ip.dst,
		.src_port = packet->tcp.src_port,
		.dst_port = packet->tcp.dst_port,
		.seq = packet->tcp.seq,
		.flags = packet->tcp.flags,
		.ttl = packet->ip.ttl,
		.tunnel = packet->tunnel,
		.ends = ends,
	};

	if (packet->kind == PACKET_TCP)
		return survey_add_segment(s, &segment);
	if (!open_tables(s))
		return false;
	note_time(s, packet->at_ns);
	return add_icmp(s, packet);
}

bool survey_has_attempts(const struct survey *s)
{
	return s->syns > 0 || s->answers > 0;
}

void survey_free(struct survey *s)
{
	free(s->parties);
	free(s->talks);
	free(s->talk_heads);
	*s = (struct survey){0};
}
