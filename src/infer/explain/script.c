/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server's SYNs as the words of tests/unit/trace_script.h, from which a test makes a trace that
 * is much the same: routers, ports and times are others, TTLs and outcomes are those of the
 * capture.
 */
#include "infer/explain/parts.h"
#include "infer/way/hops.h"
#include <stdio.h>
#include <string.h>

#define WORD_BYTES  48
#define WORDS_MAX   512 /* different ones; a script of more helps nobody */
#define FULL_TTL    64	/* what "*" stands for */
#define SYNACK_TTL  61	/* that of a script's SYN-ACK without a number */
#define SERVER_SIGN 9	/* who signs in the server's name, in a script */

struct word {
	char text[WORD_BYTES];
	unsigned n;
};

struct script {
	const struct path *path;
	struct word words[WORDS_MAX];
	size_t n;
	bool full; /* some were left out */
};

static bool has_addr(const struct hop_addrs *hop, const struct addr *addr)
{
	for (size_t i = 0; i < hop->n; i++) {
		if (addr_equal(&hop->addr[i], addr))
			return true;
	}
	return false;
}

/* The number of a router in a script: the first hop at which it answers either port. */
static int router_number(const struct path *path, const struct addr *from)
{
	if (addr_equal(from, &path->trace->servers[path->server].addr))
		return SERVER_SIGN;
	for (int hop = 1; hop <= PATH_TTL_MAX; hop++) {
		if (has_addr(&path->control.hop[hop], from) ||
		    has_addr(&path->target.hop[hop], from))
			return hop;
	}
	return 0;
}

/* What the first answer that counts makes of a SYN: "e", "s60", "r63", "i2/62"; "." for none. */
static void outcome_word(const struct path *path, const struct probe *p, char *out, size_t room)
{
	snprintf(out, room, ".");
	PATH_EACH_REPLY(path->trace, p, r)
	{
		if (!path_counts(path->trace, p, r) || r->kind == REPLY_ODD)
			continue;
		int number = router_number(path, &r->from);
		bool plain = number == p->ttl || number == 0;
		switch (r->kind) {
		case REPLY_SYNACK:
			if (r->ttl == SYNACK_TTL)
				snprintf(out, room, r->window ? "s" : "z");
			else
				snprintf(out, room, r->window ? "s%u" : "z%u", r->ttl);
			break;
		case REPLY_RESET:
			snprintf(out, room, "%c%u", r->seq && r->options_len ? 'w' : 'r', r->ttl);
			break;
		case REPLY_EXPIRED:
			snprintf(out, room, plain ? "e" : "e%d", number);
			break;
		case REPLY_REJECTED:
			snprintf(out, room, "i%d/%u", number ? number : 7, r->quoted_ttl);
			break;
		case REPLY_ODD:
			break;
		}
		return;
	}
}

/* Whether another SYN of this port left from the same source port. */
static bool shares_flow(const struct path *path, const struct probe *p)
{
	PATH_EACH_PROBE(path, other)
	{
		if (other != p && other->src_port == p->src_port && other->dst_port == p->dst_port)
			return true;
	}
	return false;
}

/* Counts one SYN's word. */
static void add_word(struct script *s, const struct probe *p)
{
	const struct path *path = s->path;
	char outcome[WORD_BYTES / 2], word[WORD_BYTES];
	char lane = p->dst_port == path->target.port ? 't' : 'c';
	int at;
	outcome_word(path, p, outcome, sizeof(outcome));
	if (p->ttl == FULL_TTL)
		at = snprintf(word, sizeof(word), "%c*%s", lane, outcome);
	else
		at = snprintf(word, sizeof(word), "%c%d%s", lane, p->ttl, outcome);
	if (shares_flow(path, p))
		snprintf(word + at, sizeof(word) - (size_t)at, "@%u", p->src_port % 10000U);
	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->words[i].text, word) == 0) {
			s->words[i].n++;
			return;
		}
	}
	s->full = s->full || s->n == WORDS_MAX;
	if (s->n < WORDS_MAX) {
		memcpy(s->words[s->n].text, word, sizeof(word));
		s->words[s->n++].n = 1;
	}
}

void explain_script(const struct explaining *x, uint32_t s)
{
	const struct path *path = &x->scene->paths[s];
	struct script *script = arena_alloc(x->arena, sizeof(*script));
	if (!script)
		return;
	script->path = path;
	PATH_EACH_PROBE(path, p)
	{
		bool ours = p->dst_port == path->target.port || p->dst_port == path->control.port;
		if (ours && p->kind != PROBE_LINK && !p->implied)
			add_word(script, p);
	}
	text_add(x->out, "  as words      ");
	/* The newest was found first. */
	for (size_t i = script->n; i-- > 0;) {
		text_add(x->out, " ");
		if (script->words[i].n > 1)
			text_addf(x->out, "%ux", script->words[i].n);
		text_add(x->out, script->words[i].text);
	}
	text_add(x->out, script->full ? " ...\n" : "\n");
}
