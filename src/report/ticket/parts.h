/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_TICKET_PARTS_H
#define REPORT_TICKET_PARTS_H

/*
 * The parts of the ticket and what they share.
 */

#include "base/arena.h"
#include "report/page/page.h"
#include "report/report.h"
#include "report/ticket/words.h"

#define TICKET_COLUMNS 78
#define TICKET_VALUES  24

/* What {name} in a sentence stands for. */
struct ticket_value {
	const char *name, *text;
};

struct ticket {
	struct page page;
	const struct run_info *run;
	const struct trace *t;
	const struct result *r;
	const struct attachments *attached;
	const struct finding *f; /* the one that is shown; NULL: there is none */
	const struct server *server;
	enum ticket_party party;
	struct ticket_value values[TICKET_VALUES];
	size_t values_n;
	unsigned headings; /* so far */
	struct arena arena;
};

/* Who gets it, and the values of the sentences. */
void ticket_fill(struct ticket *k);

/* Defines {name}. */
void ticket_define(struct ticket *k, const char *name, const char *text);

/* A sentence with its values, as a paragraph behind `lead` or as a heading. */
void ticket_say(struct ticket *k, const char *lead, const char *words);
void ticket_heading(struct ticket *k, enum ticket_line line);

void ticket_claim(struct ticket *k);
void ticket_observed(struct ticket *k);
void ticket_where(struct ticket *k);
void ticket_probes(struct ticket *k);
void ticket_hops(struct ticket *k);
void ticket_outside(struct ticket *k); /* nothing where nobody was asked */
void ticket_excluded(struct ticket *k);
void ticket_not_claimed(struct ticket *k);
void ticket_reproduce(struct ticket *k);
void ticket_request(struct ticket *k);

#endif
