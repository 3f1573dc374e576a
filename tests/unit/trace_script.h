/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_TRACE_SCRIPT_H
#define TESTS_TRACE_SCRIPT_H

/*
 * A trace from a line of words, one word a SYN: lane, TTL, outcome.
 *
 *   lane     c control (993), t port under test (587), k further control (465)
 *   TTL      a number, or * for 64
 *   outcome  e expired at its hop; e22 expired at router 22, e9 in the server's name; s SYN-ACK;
 *            s60 the same, arriving with TTL 60; z60 the same with a window of 0; r60 reset
 * arriving with TTL 60; b60 the same behind a SYN-ACK, with the next sequence number; w60 reset
 * that looks like a SYN-ACK; i2/62 ICMP rejection by router 2 quoting TTL 62; i9/62 the same signed
 * by the server; . silence; - refused by the kernel flow     @1 the same source port for all words
 * with this number; each its own without
 *
 * "3x" before a word repeats it; ~ is a rest of two seconds. Router 1 is 192.168.1.1, router k
 * 198.51.100.k, server n 203.0.n.25.
 */

#include "trace/trace.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SCRIPT_CONTROL 993
#define SCRIPT_TARGET  587
#define SCRIPT_MS      INT64_C(1000000)

struct script {
	struct trace *t;
	uint32_t server;
	uint16_t next_port;
	int64_t at_ns;
};

static struct addr script_router(int hop)
{
	uint8_t near[4] = {192, 168, 1, 1}, far[4] = {198, 51, 100, (uint8_t)hop};
	return addr_v4(hop == 1 ? near : far);
}

static uint32_t script_server(struct trace *t, uint8_t n)
{
	uint8_t addr[4] = {203, 0, n, 25}, client[4] = {192, 168, 1, 20};
	struct server s = {
		.host = "mx.example",
		.addr = addr_v4(addr),
		.client = addr_v4(client),
		.port = SCRIPT_TARGET,
		.controls = {SCRIPT_CONTROL, 465},
		.controls_n = 2,
		.listed = true,
	};
	return trace_add_server(t, &s) ? (uint32_t)t->servers_n - 1 : TRACE_NONE;
}

/* The answer that the word asks for, or false for silence. */
static bool script_reply(const struct script *s, const char *word, int ttl, struct reply *r)
{
	const struct addr server = s->t->servers[s->server].addr;
	long number = strtol(word + 1, NULL, 10);
	r->from = server;
	r->ack_valid = true;
	switch (word[0]) {
	case 'e':
		r->kind = REPLY_EXPIRED;
		r->from = number == 9 ? server : script_router(number ? (int)number : ttl);
		r->ttl = (uint8_t)(64 - (ttl - 1));
		return true;
	case 'b':
		number = 0;
		/* fall through */
	case 's':
		r->window = 64240;
		/* fall through */
	case 'z':
		r->kind = REPLY_SYNACK;
		r->ttl = number ? (uint8_t)number : 61;
		return true;
	case 'w':
		r->seq = 1234;
		r->window = 65160;
		r->options_len = 20;
		/* fall through */
	case 'r':
		r->kind = REPLY_RESET;
		r->ttl = (uint8_t)number;
		return true;
	case 'i':
		r->kind = REPLY_REJECTED;
		r->icmp_type = 3;
		r->icmp_code = 13;
		r->from = number == 9 ? server : script_router((int)number);
		r->quoted_ttl = (uint8_t)strtol(strchr(word, '/') + 1, NULL, 10);
		/* "a" where the address is not the sender's. */
		r->ttl = number == 9 || strchr(word, 'a') ? 60 : (uint8_t)(64 - (number - 1));
		return true;
	default:
		return false;
	}
}

static void script_syn(struct script *s, const char *word)
{
	if (word[0] == '~') {
		s->at_ns += 2000 * SCRIPT_MS;
		return;
	}
	uint16_t port = word[0] == 'c' ? SCRIPT_CONTROL : word[0] == 'k' ? 465 : SCRIPT_TARGET;
	char *rest;
	int ttl = word[1] == '*' ? 64 : (int)strtol(word + 1, &rest, 10);
	const char *outcome = word[1] == '*' ? word + 2 : rest;
	const char *flow = strchr(word, '@');
	s->at_ns += SCRIPT_MS;
	s->next_port++;
	uint16_t src_port = flow ? (uint16_t)(30000 + strtol(flow + 1, NULL, 10)) : s->next_port;
	if (outcome[0] == '-') {
		struct send_error e = {s->server, port, src_port, (uint8_t)ttl,
				       PROBE_RAW, 1,	s->at_ns};
		trace_add_send_error(s->t, &e);
		return;
	}
	struct probe p = {
		.server = s->server,
		.kind = PROBE_RAW,
		.dst_port = port,
		.src_port = src_port,
		.seq = s->next_port * 7919u,
		.ttl = (uint8_t)ttl,
		.at_ns = s->at_ns,
		.last_ns = s->at_ns,
		.frame = (uint32_t)s->t->probes_n + 1,
		.file = 1,
		.sent = 1,
	};
	struct reply r = {
		.probe = trace_add_probe(s->t, &p), .at_ns = s->at_ns + SCRIPT_MS, .file = 1};
	r.frame = 1000 + r.probe;
	if (script_reply(s, outcome, ttl, &r))
		trace_add_reply(s->t, &r);
	if (outcome[0] == 'b') {
		r.kind = REPLY_RESET;
		r.ttl = (uint8_t)strtol(outcome + 1, NULL, 10);
		r.seq++;
		r.frame += 1000;
		trace_add_reply(s->t, &r);
	}
}

/* Adds the words' SYNs to a server, long enough ago that silence is silence. */
static void script_run(struct trace *t, uint32_t server, const char *words)
{
	struct script s = {.t = t, .server = server, .next_port = 20000};
	char *copy = strdup(words), *save = NULL;
	s.at_ns = 1000 * SCRIPT_MS;
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		long times = 1;
		if (word[0] >= '0' && word[0] <= '9') {
			times = strtol(word, &word, 10);
			word++;
		}
		for (long i = 0; i < times; i++)
			script_syn(&s, word);
	}
	free(copy);
	t->run.own = true;
	trace_clock(t, s.at_ns + 10000 * SCRIPT_MS);
	t->run.ended_ns = t->last_ns;
}

static inline void script_route(struct trace *t)
{
	uint8_t client[4] = {192, 168, 1, 20};
	struct route route = {
		.family = 4,
		.ifindex = 2,
		.interface = "eth0",
		.gateway = script_router(1),
		.client = addr_v4(client),
		.has_link_header = true,
	};
	trace_add_route(t, &route);
}

/* A new trace with the route and the words' SYNs to server 1. */
static inline void script_begin(struct trace *t, const char *words)
{
	trace_init(t);
	script_route(t);
	script_run(t, script_server(t, 1), words);
}

#endif
