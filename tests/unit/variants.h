/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VARIANTS_H
#define VARIANTS_H

/*
 * Recorded measurements, judged as they are and in variants: frames left out,
 * servers in another order, ports and flows with other numbers.
 */

#include "../seeded.h"
#include "infer/infer.h"
#include "io/folder/captures.h"
#include "trace/facts.h"
#include "trace/match.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct recording {
	json_t *facts;
	struct arena arena; /* the frames' bytes */
	struct packet *packets;
	size_t n;
	size_t variants; /* judged so far */
};

/* What is different; all zero is nothing. */
struct change {
	const bool *without; /* by frame; NULL: all are there */
	unsigned servers;    /* 1: in reverse order, more: turned by one less */
	bool ports;	     /* 443 and 993 change their numbers */
	bool flows;	     /* source ports in reverse order */
};

/* What is compared of a verdict. */
struct said {
	enum state state;
	enum blocker blocker;
	unsigned suspects; /* bit per enum blocker */
	struct link_span link;
	double confidence;
};

static bool recording_add(struct recording *r, const struct frame *frame, size_t *cap)
{
	struct frame copy = *frame;
	uint8_t *bytes = arena_alloc(&r->arena, frame->captured_len ? frame->captured_len : 1);
	if (!bytes)
		return false;
	memcpy(bytes, frame->bytes, frame->captured_len);
	copy.bytes = bytes;
	if (r->n == *cap) {
		*cap = *cap ? 2 * *cap : 256;
		struct packet *more = realloc(r->packets, *cap * sizeof(*more));
		if (!more)
			return false;
		r->packets = more;
	}
	if (packet_decode(&copy, &r->packets[r->n]) == DECODE_OK)
		r->n++;
	return true;
}

/* A capture of our own with its facts. False when it cannot be read. */
static bool recording_open(struct recording *r, const char *path)
{
	struct err err;
	struct frame frame;
	const char *text = NULL;
	size_t cap = 0;
	*r = (struct recording){0};
	struct captures *captures = captures_open(&path, 1, NULL, &err);
	if (!captures)
		return false;
	bool ok = source_facts(captures_source(captures, 0), &text) == SOURCE_FACTS_WHOLE;
	r->facts = ok ? json_loads(text, 0, NULL) : NULL;
	while (ok && captures_next(captures, &frame, &err) == SOURCE_FRAME)
		ok = recording_add(r, &frame, &cap);
	captures_close(captures);
	return ok && r->facts;
}

static void recording_close(struct recording *r)
{
	json_decref(r->facts);
	arena_free(&r->arena);
	free(r->packets);
}

static uint16_t other_port(const struct change *change, uint16_t port)
{
	if (!change->ports || (port != 443 && port != 993))
		return port;
	return port == 443 ? 993 : 443;
}

static uint16_t other_flow(const struct change *change, const struct trace *t, uint16_t port)
{
	for (size_t i = 0; change->flows && i < t->ranges_n; i++) {
		const struct port_range *range = &t->ranges[i];
		if (port >= range->first && port <= range->last)
			return (uint16_t)(range->first + range->last - port);
	}
	return port;
}

static void renumber(const struct change *change, const struct trace *t, struct packet *p)
{
	struct tcp_header *tcp = p->kind == PACKET_TCP ? &p->tcp : &p->icmp.tcp;
	bool back = p->kind == PACKET_TCP && trace_find_server(t, &p->ip.dst) == TRACE_NONE;
	uint16_t *ours = back ? &tcp->dst_port : &tcp->src_port;
	uint16_t *theirs = back ? &tcp->src_port : &tcp->dst_port;
	*ours = other_flow(change, t, *ours);
	*theirs = other_port(change, *theirs);
}

static uint32_t other_server(const struct change *change, const struct trace *t, uint32_t server)
{
	uint32_t n = (uint32_t)t->servers_n;
	if (!change->servers || server >= n)
		return server;
	return change->servers == 1 ? n - 1 - server : (server + change->servers - 1) % n;
}

/* The servers in the other order; their strings stay the trace's. */
static bool reorder_servers(const struct change *change, struct trace *t)
{
	struct trace fresh;
	bool ok = true;
	trace_init(&fresh);
	for (uint32_t at = 0; at < t->servers_n && ok; at++) {
		uint32_t old = 0;
		while (other_server(change, t, old) != at)
			old++;
		ok = trace_add_server(&fresh, &t->servers[old]);
		fresh.servers[at].host = t->servers[old].host;
		fresh.servers[at].owner = t->servers[old].owner;
	}
	struct trace kept = *t;
	t->servers = fresh.servers;
	t->servers_cap = fresh.servers_cap;
	t->server_slots = fresh.server_slots;
	t->server_slots_n = fresh.server_slots_n;
	fresh.servers = kept.servers;
	fresh.server_slots = kept.server_slots;
	trace_free(&fresh);
	return ok;
}

/* Server, port and source port of a fact under their new numbers. */
#define CHANGE_FACTS(change, t, list)                                                              \
	for (size_t i = 0; i < (t)->list##_n; i++) {                                               \
		(t)->list[i].server = other_server(change, t, (t)->list[i].server);                \
		(t)->list[i].port = other_port(change, (t)->list[i].port);                         \
	}
#define CHANGE_FLOWS(change, t, list)                                                              \
	for (size_t i = 0; i < (t)->list##_n; i++)                                                 \
		(t)->list[i].src_port = other_flow(change, t, (t)->list[i].src_port);

static bool change_facts(const struct change *change, struct trace *t)
{
	CHANGE_FACTS(change, t, send_errors)
	CHANGE_FACTS(change, t, unseen)
	CHANGE_FACTS(change, t, connects)
	CHANGE_FACTS(change, t, flow_routes)
	CHANGE_FACTS(change, t, notes)
	CHANGE_FACTS(change, t, sessions)
	CHANGE_FLOWS(change, t, send_errors)
	CHANGE_FLOWS(change, t, unseen)
	CHANGE_FLOWS(change, t, connects)
	CHANGE_FLOWS(change, t, sessions)
	for (size_t i = 0; i < t->servers_n; i++) {
		struct server *s = &t->servers[i];
		for (size_t k = 0; k < s->controls_n; k++)
			s->controls[k] = other_port(change, s->controls[k]);
	}
	return !change->servers || reorder_servers(change, t);
}

static struct said said_of(const struct judgement *j)
{
	struct said said = {
		.state = j->state,
		.blocker = j->blocker,
		.link = j->link,
		.confidence = j->has_confidence ? j->confidence : -1,
	};
	for (size_t i = 0; i < j->suspects_n; i++)
		said.suspects |= 1u << j->suspects[i].blocker;
	return said;
}

/* Judges the recording with the change. False when there is no memory or the facts are broken. */
static bool recording_judge(struct recording *r, const struct change *change, struct said *out)
{
	struct trace t;
	struct result result = {0};
	struct err err;
	trace_init(&t);
	bool ok = facts_decode(r->facts, &t, &err) == 0 && change_facts(change, &t);
	for (size_t i = 0; i < r->n && ok; i++) {
		if (change->without && change->without[i])
			continue;
		struct packet p = r->packets[i];
		renumber(change, &t, &p);
		(void)match_packet(&t, &p);
	}
	trace_clock(&t, t.run.ended_ns);
	ok = ok && infer_judge(&t, &result) == 0;
	if (ok)
		*out = said_of(&result.verdict.judgement);
	r->variants++;
	result_free(&result);
	trace_free(&t);
	return ok;
}

#endif
