/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/hop_table.h"
#include "report/page/hop_marks.h"
#include <stdio.h>
#include <string.h>

#define NOTE_COLUMNS  16 /* the label of the break may need more */
#define OWNER_COLUMNS 12 /* a narrower column is worth nothing */

const struct hop_row *hop_table_row(const struct hop_table *t, size_t i)
{
	return i == 0 ? &t->host : &t->rows[i - 1];
}

/* How the break is called; before and after the port. */
void hop_table_label(struct hop_table *t, enum mechanism mechanism)
{
	const char *before = "", *after = "";

	switch (mechanism) {
	case MECHANISM_TCP_RESET:
		after = " is reset";
		break;
	case MECHANISM_CLOSED:
		after = " is refused";
		break;
	case MECHANISM_ICMP_REJECT:
		after = " is rejected";
		break;
	case MECHANISM_REDIRECT:
	case MECHANISM_SYN_PROXY:
	case MECHANISM_CAPTIVE_PORTAL:
	case MECHANISM_STARTTLS_STRIPPED:
	case MECHANISM_TLS_INTERCEPTED:
		after = " is answered";
		break;
	case MECHANISM_NONE:
	case MECHANISM_SILENT_DROP:
	case MECHANISM_RETURN_DROP:
	case MECHANISM_POLICY_ROUTE:
	case MECHANISM_RATE_LIMIT:
	case MECHANISM_RESET_AFTER_HANDSHAKE:
	case MECHANISM_STALL_AFTER_HANDSHAKE:
	case MECHANISM_MTU:
	case MECHANISM_NO_NETWORK:
	case MECHANISM_UNKNOWN:
		before = "silence to ";
		break;
	}
	snprintf(t->label, sizeof(t->label), "%s%s%s", before, t->port, after);
}

static size_t widest(struct hop_table *t,
		     void (*cell)(const struct hop_row *, const struct server *,
				  const struct catalogue *, struct text *))
{
	size_t most = 0;

	for (size_t i = 0; i <= t->rows_n; i++) {
		struct text text = {0};
		size_t columns;

		cell(hop_table_row(t, i), t->server, NULL, &text);
		columns = page_measure(t->page, text_str(&text));
		most = columns > most ? columns : most;
		t->page->out->failed |= text.failed;
		text_free(&text);
	}
	return most;
}

/* Gives up the notes, then the owners, where the page is too narrow for all columns. */
void hop_table_lay_out(struct hop_table *t)
{
	size_t owner = widest(t, hop_owner), note = strlen(t->label), lanes, rest;

	note = note > NOTE_COLUMNS ? note : NOTE_COLUMNS;
	t->address = widest(t, hop_address);
	t->target = strlen(t->port) > 3 ? strlen(t->port) : 3;
	t->control = strlen("control");
	lanes = HOP_GAP + t->control + HOP_GAP + t->target;
	t->owner = owner > OWNER_COLUMNS ? owner : OWNER_COLUMNS;
	rest = HOP_COLUMNS + t->address + HOP_GAP + lanes;
	t->notes = rest + OWNER_COLUMNS + HOP_GAP + note <= t->page->columns;
	if (t->notes)
		rest += HOP_GAP + note;
	if (rest + OWNER_COLUMNS > t->page->columns)
		t->owner = 0;
	else if (rest + t->owner > t->page->columns)
		t->owner = t->page->columns - rest;
	if (t->owner > 0)
		return;
	t->control = strlen(t->control_name) > 3 ? strlen(t->control_name) : 3;
	rest = HOP_COLUMNS + HOP_GAP + t->control + HOP_GAP + t->target;
	if (rest + t->address > t->page->columns)
		t->address = t->page->columns - rest;
}
