/* SPDX-License-Identifier: BSD-2-Clause */
/* Single probes of the ticket: those that fail beside those that work. */
#include "base/catalogue.h"
#include "report/page/phrase.h"
#include "report/ticket/parts.h"
#include <inttypes.h>
#include <string.h>

#define PROBES_SHOWN 3
#define TTL_FULL     40 /* smaller ones were meant to expire */

/* A probe is shown when it could have reached the server, was alone and has its outcome. */
static bool is_telling(const struct ticket *k, const struct finding *f, const struct probe *p,
		       bool failing)
{
	const struct server *s = &k->t->servers[f->server];
	bool accepted =
		p->first_reply != TRACE_NONE && k->t->replies[p->first_reply].kind == REPLY_SYNACK;

	if (p->kind == PROBE_LINK || p->ttl <= TTL_FULL || p->loopback)
		return false;
	if (p->dst_port != (failing ? s->port : f->control))
		return false;
	return accepted != failing && trace_alone(k->t, p);
}

/* The nth such probe of a server, oldest first; TRACE_NONE: there are fewer. */
static uint32_t nth_probe(const struct ticket *k, const struct finding *f, bool failing, size_t n)
{
	uint32_t peer = k->t->servers[f->server].peer;

	for (uint32_t i = 0; i < k->t->probes_n; i++) {
		const struct probe *p = &k->t->probes[i];

		if (p->server == peer && is_telling(k, f, p, failing) && n-- == 0)
			return i;
	}
	return TRACE_NONE;
}

static void add_outcome(const struct ticket *k, const struct probe *p, struct text *out)
{
	const struct reply *r;
	char buf[ADDR_TEXT_BYTES];

	if (p->first_reply == TRACE_NONE) {
		text_add(out, catalogue_say(k->arena.catalogue, "no answer"));
		return;
	}
	r = &k->t->replies[p->first_reply];
	switch (r->kind) {
	case REPLY_SYNACK:
		text_addf(out, "SYN-ACK %.1f ms", (double)(r->at_ns - p->at_ns) / 1e6);
		return;
	case REPLY_RESET:
		text_addf(out, catalogue_say(k->arena.catalogue, "reset %.1f ms"),
			  (double)(r->at_ns - p->at_ns) / 1e6);
		return;
	case REPLY_EXPIRED:
	case REPLY_REJECTED:
		text_addf(out, catalogue_say(k->arena.catalogue, "ICMP type %u code %u from %s"),
			  r->icmp_type, r->icmp_code, addr_text(&r->from, buf));
		return;
	case REPLY_ODD:
		text_add(out, catalogue_say(k->arena.catalogue, "an unusual answer"));
		return;
	}
}

static void add_endpoint(const struct addr *addr, uint16_t port, struct text *out)
{
	char buf[ADDR_TEXT_BYTES];

	text_addf(out, addr->family == 6 ? "[%s]:%u" : "%s:%u", addr_text(addr, buf), port);
}

static void show(struct ticket *k, const struct finding *f, uint32_t index)
{
	const struct server *s = &k->t->servers[f->server];
	const struct probe *p = &k->t->probes[index];
	char time[PHRASE_TIME_BYTES];
	struct text line = {0};

	phrase_time(p->at_ns, time);
	time[strlen(time) - strlen("000Z")] = '\0';
	text_addf(&line, "%s  ", time + strlen("2000-01-01T"));
	add_endpoint(&s->client, p->src_port, &line);
	text_add(&line, " > ");
	add_endpoint(&s->addr, p->dst_port, &line);
	text_add(&line, "  ");
	add_outcome(k, p, &line);
	text_addf(&line, " [%" PRIu32 "]", p->frame);
	page_paragraph(&k->page, &(struct margin){"     ", 7, "", PAINT_NONE}, text_str(&line));
	k->page.out->failed |= line.failed;
	text_free(&line);
}

static bool is_shown(const struct ticket *k, const struct finding *f, bool failing)
{
	uint8_t family = k->t->servers[f->server].addr.family;

	if (k->f && family != k->server->addr.family)
		return false;
	return failing ? f->judgement.state != STATE_OPEN : f->control != 0;
}

/* One of each server, then a second one of each, until there are enough. */
static size_t list(struct ticket *k, bool failing)
{
	size_t shown = 0;

	for (size_t n = 0; n < PROBES_SHOWN; n++) {
		for (size_t i = 0; i < k->r->findings_n && shown < PROBES_SHOWN; i++) {
			const struct finding *f = &k->r->findings[i];
			uint32_t probe = TRACE_NONE;

			if (is_shown(k, f, failing))
				probe = nth_probe(k, f, failing, n);
			if (probe == TRACE_NONE)
				continue;
			if (shown++ == 0)
				ticket_say(k, "   ",
					   ticket_line(failing ? LINE_FAILING : LINE_WORKING));
			show(k, f, probe);
		}
	}
	return shown;
}

/* What the kernel would not send has no frame. */
static size_t list_refused(struct ticket *k, size_t shown)
{
	size_t before = shown;

	for (size_t i = 0; i < k->t->send_errors_n && shown < PROBES_SHOWN; i++) {
		const struct send_error *e = &k->t->send_errors[i];
		const struct server *s = &k->t->servers[e->server];
		const char *name = phrase_errno(e->error);
		char time[PHRASE_TIME_BYTES];
		struct text line = {0};

		if (e->port != k->server->port || s->addr.family != k->server->addr.family)
			continue;
		if (shown++ == 0)
			ticket_say(k, "   ", ticket_line(LINE_FAILING));
		phrase_time(e->at_ns, time);
		time[strlen(time) - strlen("000Z")] = '\0';
		text_addf(&line, "%s  ", time + strlen("2000-01-01T"));
		add_endpoint(&s->client, e->src_port, &line);
		text_add(&line, " > ");
		add_endpoint(&s->addr, e->port, &line);
		text_add(&line, "  ");
		text_addf(&line, catalogue_say(k->arena.catalogue, "not sent: %s"),
			  name ? name : catalogue_say(k->arena.catalogue, "an error"));
		page_paragraph(&k->page, &(struct margin){"     ", 7, "", PAINT_NONE},
			       text_str(&line));
		k->page.out->failed |= line.failed;
		text_free(&line);
	}
	return shown - before;
}

void ticket_probes(struct ticket *k)
{
	size_t shown;

	if (!k->f)
		return;
	ticket_heading(k, LINE_PROBES);
	shown = list(k, true);
	shown += list_refused(k, shown);
	if (shown + list(k, false) == 0)
		page_put(&k->page, "   -\n");
}
