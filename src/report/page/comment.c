/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/comment.h"
#include "report/page/phrase.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TTL_LIMITED_MAX 40 /* larger ones are a host's usual first TTL */

/* What the making of comments sees. */
struct maker {
	const struct trace *t;
	const struct result *r;
	struct comments *out;
	struct text text; /* scratch */
	/* By address (its first server) and by finding: the next one's number from 1, 0: none. */
	uint32_t *first, *next;
};

uint32_t comment_probe_number(uint32_t probe)
{
	return probe + 1;
}

static bool is_limited(const struct probe *p)
{
	return p->ttl <= TTL_LIMITED_MAX;
}

/* Chains the findings of each address, in their order. Whether there is memory for it. */
static bool chain_findings(struct maker *m)
{
	struct arena *arena = &m->out->arena;

	m->first = arena_alloc(arena, sizeof(*m->first) * (m->t->servers_n + 1));
	m->next = arena_alloc(arena, sizeof(*m->next) * (m->r->findings_n + 1));
	for (size_t i = m->r->findings_n; m->first && m->next && i-- > 0;) {
		uint32_t peer = m->t->servers[m->r->findings[i].server].peer;

		m->next[i] = m->first[peer];
		m->first[peer] = (uint32_t)i + 1;
	}
	return m->first && m->next;
}

/* The finding of the server and port that a probe went to, another one of its address, or NULL. */
static const struct finding *finding_of(const struct maker *m, const struct probe *p)
{
	uint32_t first = m->first[p->server];

	for (uint32_t at = first; at; at = m->next[at - 1]) {
		const struct finding *f = &m->r->findings[at - 1];

		if (m->t->servers[f->server].port == p->dst_port)
			return f;
	}
	return first ? &m->r->findings[first - 1] : NULL;
}

static void add_server(struct maker *m, const struct probe *p)
{
	const struct server *s = &m->t->servers[p->server];
	char buf[ADDR_TEXT_BYTES];

	if (s->host && *s->host && strcmp(s->host, addr_text(&s->addr, buf)) != 0)
		text_add_untrusted(&m->text, s->host, strlen(s->host));
	else
		text_add(&m->text, addr_text(&s->addr, buf));
}

static const char *way_of(enum probe_kind kind)
{
	switch (kind) {
	case PROBE_RAW:
	case PROBE_FOREIGN:
		return "";
	case PROBE_LINK:
		return " past this host's firewall";
	case PROBE_KERNEL:
		return " by the kernel's own connect()";
	}
	return "";
}

static const char *icmp_words(const struct reply *r)
{
	bool v6 = r->from.family == 6;

	if (r->kind == REPLY_EXPIRED)
		return "time exceeded";
	if (v6 ? r->icmp_type == 1 && r->icmp_code == 1
	       : r->icmp_code == 9 || r->icmp_code == 10 || r->icmp_code == 13)
		return "unreachable, administratively prohibited";
	if (v6 ? r->icmp_code == 4 : r->icmp_code == 3)
		return "port unreachable";
	return "unreachable";
}

/* What became of a probe, in a few words. */
static void add_outcome(struct maker *m, const struct probe *p)
{
	const struct reply *r;
	char buf[ADDR_TEXT_BYTES];

	if (p->first_reply == TRACE_NONE) {
		text_add(&m->text, ": no answer");
		return;
	}
	r = &m->t->replies[p->first_reply];
	switch (r->kind) {
	case REPLY_SYNACK:
		text_addf(&m->text, ": accepted (SYN-ACK in frame %" PRIu32 ")", r->frame);
		return;
	case REPLY_RESET:
		text_addf(&m->text, ": reset (frame %" PRIu32 ")", r->frame);
		return;
	case REPLY_EXPIRED:
		text_addf(&m->text, ": expires at hop %u, %s (frame %" PRIu32 ")", p->ttl,
			  addr_text(&r->from, buf), r->frame);
		return;
	case REPLY_REJECTED:
		text_addf(&m->text, ": rejected by %s (%s, frame %" PRIu32 ")",
			  addr_text(&r->from, buf), icmp_words(r), r->frame);
		return;
	case REPLY_ODD:
		text_addf(&m->text, ": an unusual answer (frame %" PRIu32 ")", r->frame);
		return;
	}
}

static void tell_probe(struct maker *m, uint32_t index)
{
	const struct probe *p = &m->t->probes[index];

	text_addf(&m->text, "probe %" PRIu32 ": SYN to port %u of ", comment_probe_number(index),
		  p->dst_port);
	add_server(m, p);
	text_add(&m->text, way_of(p->kind));
	if (is_limited(p))
		text_addf(&m->text, ", TTL %u", p->ttl);
	add_outcome(m, p);
	if (p->sent > 1)
		text_addf(&m->text, "; sent %u times", p->sent);
}

/* A segment that claims to come from the server: whether it can. */
static void tell_segment(struct maker *m, const struct reply *r, const char *what)
{
	const struct probe *p = &m->t->probes[r->probe];
	const struct finding *f = finding_of(m, p);
	int distance = f ? f->distance_control : -1;

	text_addf(&m->text, "answer to probe %" PRIu32 ": ", comment_probe_number(r->probe));
	if (is_limited(p) && distance > 0 && p->ttl < distance)
		text_addf(&m->text,
			  "this %s claims to come from the server (%d hops), but it answers a SYN "
			  "that could travel only %u",
			  what, distance, p->ttl);
	else
		text_addf(&m->text, "%s from port %u", what, p->dst_port);
	if (r->loopback)
		text_add(&m->text, ", made on this host");
	text_addf(&m->text, "; %.1f ms after frame %" PRIu32, (double)(r->at_ns - p->at_ns) / 1e6,
		  p->frame);
}

static void tell_icmp(struct maker *m, const struct reply *r)
{
	const struct probe *p = &m->t->probes[r->probe];
	const struct server *s = &m->t->servers[p->server];
	char buf[ADDR_TEXT_BYTES];

	text_addf(&m->text, "answer to probe %" PRIu32 ": %s (ICMP) from %s",
		  comment_probe_number(r->probe), icmp_words(r), addr_text(&r->from, buf));
	if (r->kind == REPLY_EXPIRED)
		text_addf(&m->text, ": the SYN to port %u got as far as hop %u", p->dst_port,
			  p->ttl);
	else if (addr_equal(&r->from, &s->addr))
		text_add(&m->text, ", the address that was asked");
	text_addf(&m->text, "; the SYN that it quotes had TTL %u left", r->quoted_ttl);
}

static void tell_reply(struct maker *m, uint32_t index)
{
	const struct reply *r = &m->t->replies[index];

	switch (r->kind) {
	case REPLY_SYNACK:
		tell_segment(m, r, "SYN-ACK");
		return;
	case REPLY_RESET:
		tell_segment(m, r, "reset");
		return;
	case REPLY_EXPIRED:
	case REPLY_REJECTED:
		tell_icmp(m, r);
		return;
	case REPLY_ODD:
		tell_segment(m, r, "unusual segment");
		return;
	}
}

/* What went on after the handshake of a connection that is followed. */
static void tell_flow(struct maker *m, const struct flow_packet *p)
{
	const char *who = p->kind == FLOW_OUT ? "this host" : "the server's address";

	text_addf(&m->text, "connection of probe %" PRIu32 ": ", comment_probe_number(p->probe));
	if (p->kind == FLOW_ICMP)
		text_addf(&m->text, "an ICMP error (type %u, code %u) about a segment of ours",
			  p->icmp_type, p->icmp_code);
	else if (p->flags & FLOW_RESET)
		text_addf(&m->text, "a reset from %s", who);
	else if (p->len == 0)
		text_addf(&m->text, "an acknowledgement from %s", who);
	else
		text_addf(&m->text, "%u bytes from %s%s", p->len, who, p->again ? ", again" : "");
}

/* Which reasons of the verdict name the frame. */
static void add_reasons(struct maker *m, uint32_t frame)
{
	const struct verdict *v = &m->r->verdict;

	for (size_t i = 0; i < v->reasons_n; i++) {
		for (size_t k = 0; k < v->reasons[i].packets_n; k++) {
			const struct frame_ref *at = &v->reasons[i].packets[k];

			if (at->file == 1 && at->frame == frame)
				text_addf(&m->text, " [reason %zu]", i + 1);
		}
	}
}

static void keep(struct maker *m, uint32_t file, uint32_t frame)
{
	struct comments *out = m->out;

	add_reasons(m, frame);
	if (file == 1 && frame > 0)
		out->items[out->n++] = (struct comment){
			.frame = frame,
			.text = arena_copy(&out->arena, text_str(&m->text)),
		};
	out->arena.failed |= m->text.failed;
	m->text.len = 0;
	if (m->text.s)
		m->text.s[0] = '\0';
}

static int by_frame(const void *a, const void *b)
{
	const struct comment *x = a, *y = b;

	return x->frame < y->frame ? -1 : x->frame > y->frame;
}

int comments_make(const struct trace *t, const struct result *r, struct comments *out)
{
	struct maker m = {.t = t, .r = r, .out = out};

	*out = (struct comments){0};
	out->items = arena_alloc(&out->arena, sizeof(*out->items) * (t->probes_n + t->replies_n +
								     t->flow_packets_n + 1));
	bool room = chain_findings(&m) && out->items;
	for (uint32_t i = 0; room && i < t->probes_n; i++) {
		tell_probe(&m, i);
		keep(&m, t->probes[i].file, t->probes[i].frame);
	}
	for (uint32_t i = 0; room && i < t->replies_n; i++) {
		tell_reply(&m, i);
		keep(&m, t->replies[i].file, t->replies[i].frame);
	}
	for (size_t i = 0; room && i < t->flow_packets_n; i++) {
		tell_flow(&m, &t->flow_packets[i]);
		keep(&m, t->flow_packets[i].file, t->flow_packets[i].frame);
	}
	text_free(&m.text);
	if (!room || out->arena.failed) {
		comments_free(out);
		return -1;
	}
	qsort(out->items, out->n, sizeof(*out->items), by_frame);
	return 0;
}

const char *comments_find(const struct comments *c, uint32_t frame)
{
	const struct comment key = {.frame = frame};
	const struct comment *found =
		c->n ? bsearch(&key, c->items, c->n, sizeof(*c->items), by_frame) : NULL;

	return found ? found->text : NULL;
}

void comments_free(struct comments *c)
{
	arena_free(&c->arena);
	*c = (struct comments){0};
}

void comment_filter(const struct reason *reason, struct text *out)
{
	size_t listed = 0;

	for (size_t i = 0; i < reason->packets_n; i++) {
		if (reason->packets[i].file != 1)
			continue;
		text_add(out, listed++ == 0 ? "frame.number in {" : ", ");
		text_addf(out, "%" PRIu32, reason->packets[i].frame);
	}
	if (listed > 0)
		text_add(out, "}");
}
