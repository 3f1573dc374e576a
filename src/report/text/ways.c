/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text/parts.h"
#include <stdio.h>

/* How one mail port fared over all servers that live and on which it was asked. */
struct tally {
	size_t asked, open;
	size_t closed, rejected;
	size_t kept;   /* its SYNs did not leave this host */
	size_t nearer; /* somebody nearer than the server accepts them */
};

static struct tally count(const struct view *v, uint16_t port)
{
	const struct result *r = v->r;
	const int shown = r->verdict.family;
	struct tally tally = {0};

	for (size_t i = 0; i < r->findings_n; i++) {
		const struct finding *f = &r->findings[i];
		const uint8_t family = v->t->servers[f->server].addr.family;
		/* Not of a dead server's or one whose answers this host drops, nor of the family
		 * that is spoken of as the other one. */
		const bool counts =
			f->votes && !f->deaf && (shown == 46 || !shown || shown == family);

		for (size_t k = 0; counts && k < f->ports_n; k++) {
			const struct port_row *row = &f->ports[k];

			if (row->port != port || row->is_target || row->state == PORT_UNASKED)
				continue;
			tally.asked++;
			tally.kept += row->kept && row->state == PORT_SILENT;
			tally.open += row->state == PORT_OPEN && !row->nearer;
			tally.nearer += row->state == PORT_OPEN && row->nearer;
			tally.closed += row->state == PORT_CLOSED;
			tally.rejected += row->state == PORT_REJECTED;
		}
	}
	return tally;
}

static void add_tally(uint16_t port, const struct tally *tally, struct text *line)
{
	text_addf(line, "%s%u ", line->len > 0 ? ", " : "", port);
	if (tally->open > 0)
		text_add(line, "open");
	else if (tally->closed == tally->asked)
		text_add(line, "closed");
	else if (tally->rejected == tally->asked)
		text_add(line, "rejected");
	else if (tally->nearer == tally->asked)
		text_add(line, "intercepted");
	else if (tally->kept == tally->asked)
		text_add(line, "not let out");
	else
		text_add(line, tally->closed + tally->rejected + tally->nearer > 0 ? "not open"
										   : "silent");
	if (tally->open > 0 && tally->open < tally->asked)
		text_addf(line, " on %zu of %zu servers", tally->open, tally->asked);
}

void text_ways_out(const struct view *v)
{
	static const uint16_t mail_ports[] = {465, 587, 2525, 25};
	const enum state state = v->r->verdict.judgement.state;
	struct text line = {0};

	bool open = false;
	const char *lead;

	if (state == STATE_OPEN || state == STATE_UNKNOWN)
		return;
	for (size_t i = 0; i < sizeof(mail_ports) / sizeof(mail_ports[0]); i++) {
		struct tally tally = count(v, mail_ports[i]);

		if (tally.asked > 0)
			add_tally(mail_ports[i], &tally, &line);
		open |= tally.open > 0;
	}
	lead = open ? "  other ways out: " : "  other mail ports: ";
	if (line.len > 0)
		page_paragraph(v->page, &(struct margin){lead, 4, "", PAINT_NONE}, text_str(&line));
	v->page->out->failed |= line.failed;
	text_free(&line);
}
