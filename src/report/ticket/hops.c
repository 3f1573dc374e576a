/* SPDX-License-Identifier: BSD-2-Clause */
/* The paired hop table of the ticket, short enough for a page. */
#include "report/page/hop_marks.h"
#include "report/ticket/parts.h"
#include <stdio.h>
#include <string.h>

#define ROWS_SHOWN 14
#define OWNER_MIN  10
#define GAP	   2

struct columns {
	size_t address, owner;
};

/* The first rows, those around the break, and the last. */
static bool is_kept(const struct ticket *k, size_t i)
{
	const struct link_span *link = &k->r->verdict.judgement.link;
	const struct hop_row *row = &k->f->hops[i];
	size_t n = k->f->hops_n;

	if (n <= ROWS_SHOWN || i < 3 || i + 2 >= n)
		return true;
	return link->known && row->hop + 2 >= link->from_hop && row->hop <= link->to_hop + 1;
}

static void put_counts(struct ticket *k, const struct hop_lane *lane)
{
	unsigned got = (unsigned)lane->expired + lane->terminal;
	char cell[24] = "-";

	if (lane->sent > 0 || got > 0)
		snprintf(cell, sizeof(cell), "%u/%u", got, lane->sent > got ? lane->sent : got);
	page_cell(&k->page, &(struct cell){cell, 6, ALIGN_RIGHT, PAINT_NONE});
	page_spaces(&k->page, GAP);
}

static void put_rtt(struct ticket *k, const struct hop_row *row)
{
	const struct hop_lane *lane = row->control.answers_n > 0 ? &row->control : &row->target;
	char cell[16] = "-";

	if (lane->answers_n > 0 && lane->answers[0].rtt_ms >= 0 && lane->answers[0].rtt_ms < 1e5)
		snprintf(cell, sizeof(cell), "%.1f", lane->answers[0].rtt_ms);
	page_cell(&k->page, &(struct cell){cell, 6, ALIGN_RIGHT, PAINT_NONE});
}

static void put_cell(struct ticket *k, const char *s, size_t columns)
{
	page_cell(&k->page, &(struct cell){s, columns, ALIGN_LEFT, PAINT_NONE});
	page_spaces(&k->page, GAP);
}

static void put_row(struct ticket *k, const struct hop_row *row, const struct columns *c)
{
	struct text address = {0}, owner = {0};
	char hop[16];

	hop_address(row, k->server, k->arena.catalogue, &address);
	hop_owner(row, k->server, k->arena.catalogue, &owner);
	snprintf(hop, sizeof(hop), "   %3u  ", row->hop);
	page_put(&k->page, hop);
	put_cell(k, text_str(&address), c->address);
	put_cell(k, text_str(&owner), c->owner);
	put_counts(k, &row->target);
	put_counts(k, &row->control);
	put_rtt(k, row);
	page_end(&k->page);
	k->page.out->failed |= address.failed || owner.failed;
	text_free(&address);
	text_free(&owner);
}

static void put_header(struct ticket *k, const struct columns *c)
{
	char port[16], control[16];

	snprintf(port, sizeof(port), "%u", k->server->port);
	snprintf(control, sizeof(control), "%u", k->f->control);
	page_put(&k->page, "   ");
	page_cell(&k->page,
		  &(struct cell){arena_word(&k->arena, N_("hop")), 3, ALIGN_RIGHT, PAINT_NONE});
	page_spaces(&k->page, GAP);
	put_cell(k, arena_word(&k->arena, N_("address")), c->address);
	put_cell(k, arena_word(&k->arena, N_("whose")), c->owner);
	page_cell(&k->page, &(struct cell){port, 6, ALIGN_RIGHT, PAINT_NONE});
	page_spaces(&k->page, GAP);
	page_cell(&k->page, &(struct cell){control, 6, ALIGN_RIGHT, PAINT_NONE});
	page_spaces(&k->page, GAP);
	page_put(&k->page, "RTT ms");
	page_end(&k->page);
}

static struct columns lay_out(struct ticket *k)
{
	const size_t fixed = 8 + GAP + GAP + 6 + GAP + 6 + GAP + 6;
	struct columns c = {.address = 11};

	for (size_t i = 0; i < k->f->hops_n; i++) {
		struct text address = {0};
		size_t wide;

		hop_address(&k->f->hops[i], k->server, k->arena.catalogue, &address);
		wide = page_measure(&k->page, text_str(&address));
		c.address = wide > c.address ? wide : c.address;
		k->page.out->failed |= address.failed;
		text_free(&address);
	}
	if (fixed + c.address + OWNER_MIN > TICKET_COLUMNS)
		c.address = TICKET_COLUMNS - fixed - OWNER_MIN;
	c.owner = TICKET_COLUMNS - fixed - c.address;
	return c;
}

void ticket_hops(struct ticket *k)
{
	const struct link_span *link = &k->r->verdict.judgement.link;
	bool marked = !link->known || link->from_hop >= link->to_hop, gap = false;
	struct columns c;

	if (!k->f || k->f->hops_n == 0)
		return;
	ticket_heading(k, LINE_HOPS);
	c = lay_out(k);
	put_header(k, &c);
	for (size_t i = 0; i < k->f->hops_n; i++) {
		const struct hop_row *row = &k->f->hops[i];

		if (!is_kept(k, i)) {
			page_put(&k->page, gap ? "" : "   ...\n");
			gap = true;
			continue;
		}
		gap = false;
		if (!marked && row->hop > link->from_hop) {
			page_put(&k->page, "        ");
			page_rule(&k->page, TICKET_COLUMNS - 8);
			page_end(&k->page);
			marked = true;
		}
		put_row(k, row, &c);
	}
	ticket_say(k, "   ", ticket_line(LINE_HOPS_NOTE));
}
