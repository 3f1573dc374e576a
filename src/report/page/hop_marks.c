/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/hop_marks.h"
#include "base/catalogue.h"
#include "report/page/phrase.h"
#include <inttypes.h>
#include <string.h>

static bool is_answered(const struct hop_lane *lane)
{
	return lane->expired > 0 || lane->terminal > 0 || lane->answers_n > 0;
}

static struct mark control_mark(const struct hop_lane *lane)
{
	return (struct mark){
		.asked = lane->sent > 0 || is_answered(lane),
		.glyph = is_answered(lane) ? GLYPH_SEEN : GLYPH_SILENT,
	};
}

static struct mark target_mark(const struct finding *f, const struct hop_row *row)
{
	struct mark mark = control_mark(&row->target);
	const char *kind = f->reply.kind ? f->reply.kind : "";
	bool nearer = f->judgement.state == STATE_INTERCEPTED ||
		      (!row->is_server && row->hop < f->distance_control);

	if (row->target.terminal == 0 || row->target.expired > 0)
		return mark;
	if (strcmp(kind, "reset") == 0 || strcmp(kind, "icmp") == 0)
		mark.glyph = GLYPH_REFUSED;
	else if (strcmp(kind, "syn-ack") == 0 && nearer)
		mark.glyph = GLYPH_STRANGER;
	return mark;
}

struct marks hop_marks(const struct finding *f, const struct hop_row *row)
{
	return (struct marks){
		.control = control_mark(&row->control),
		.target = target_mark(f, row),
	};
}

static struct hop_lane lane_of_host(const struct trace *t, uint32_t index, uint16_t port)
{
	uint32_t peer = t->servers[index].peer;
	struct hop_lane lane = {0};

	for (uint32_t i = t->servers[peer].newest_probe; i != TRACE_NONE; i = t->probes[i].older) {
		const struct probe *p = &t->probes[i];

		/* What goes past the firewall says nothing of what the host lets out. */
		if (p->dst_port == port && !p->loopback && p->kind != PROBE_LINK)
			lane.sent = lane.expired = 1;
	}
	for (size_t i = 0; i < t->send_errors_n; i++) {
		const struct send_error *e = &t->send_errors[i];

		if ((e->server == index || e->server == peer) && e->port == port)
			lane.sent = 1;
	}
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];

		if ((c->server == index || c->server == peer) && c->port == port)
			lane.sent = 1;
	}
	return lane;
}

struct hop_row hop_of_host(const struct trace *t, const struct finding *f)
{
	const struct server *server = &t->servers[f->server];
	struct hop_row row = {.owners = 1u << SEGMENT_HOST};

	row.target = lane_of_host(t, f->server, server->port);
	if (f->control != 0)
		row.control = lane_of_host(t, f->server, f->control);
	return row;
}

/* The answer that stands for the row: the control lane's first, else the target's. */
static const struct hop_answer *first_answer(const struct hop_row *row)
{
	if (row->control.answers_n > 0)
		return &row->control.answers[0];
	return row->target.answers_n > 0 ? &row->target.answers[0] : NULL;
}

static bool is_listed(const struct hop_lane *lane, size_t n, const struct addr *addr)
{
	for (size_t i = 0; i < n; i++) {
		if (addr_equal(&lane->answers[i].addr, addr))
			return true;
	}
	return false;
}

static size_t distinct_addresses(const struct hop_row *row)
{
	size_t n = 0;

	for (size_t i = 0; i < row->control.answers_n; i++)
		n += !is_listed(&row->control, i, &row->control.answers[i].addr);
	for (size_t i = 0; i < row->target.answers_n; i++) {
		const struct addr *addr = &row->target.answers[i].addr;

		n += !is_listed(&row->target, i, addr) &&
		     !is_listed(&row->control, row->control.answers_n, addr);
	}
	return n;
}

void hop_address(const struct hop_row *row, const struct server *server, const struct catalogue *c,
		 struct text *out)
{
	const struct hop_answer *answer = first_answer(row);
	size_t n = distinct_addresses(row);
	char buf[ADDR_TEXT_BYTES];

	if (row->hop == 0) {
		text_add(out, addr_text(&server->client, buf));
		return;
	}
	if (!answer || !addr_is_set(&answer->addr)) {
		text_add(out, catalogue_say(c, "(no answer)"));
		return;
	}
	text_add(out, addr_text(&answer->addr, buf));
	if (n > 1)
		text_addf(out, " +%zu", n - 1);
}

void hop_owner(const struct hop_row *row, const struct server *server, const struct catalogue *c,
	       struct text *out)
{
	const struct hop_answer *answer = first_answer(row);
	bool several = (row->owners & (row->owners - 1)) != 0;

	if (row->hop == 0) {
		text_add(out, catalogue_say(c, "this host"));
	} else if (row->is_server && server->owner) {
		text_add(out, server->owner);
	} else if (row->is_server) {
		text_add(out, catalogue_say(c, "the server"));
	} else if (answer && (answer->asn != 0 || answer->owner)) {
		if (answer->asn != 0)
			text_addf(out, "AS%" PRIu32, answer->asn);
		if (answer->asn != 0 && answer->owner)
			text_add(out, " ");
		if (answer->owner)
			text_add(out, answer->owner);
	} else if (answer && answer->name && (row->owners == 0 || several)) {
		text_add(out, answer->name);
	} else if (answer) {
		phrase_owners(row->owners, row->hop == 1, c, out);
	}
}
