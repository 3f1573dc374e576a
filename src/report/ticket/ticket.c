/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/about.h"
#include "report/page/telling.h"
#include "report/ticket/parts.h"

static void attachments(struct ticket *k)
{
	ticket_heading(k, LINE_ATTACHED);
	for (size_t i = 0; i < k->attached->n; i++) {
		const struct attachment *file = &k->attached->files[i];

		page_put(&k->page, "   ");
		page_put(&k->page, file->name);
		page_end(&k->page);
		page_put(&k->page, "     ");
		page_put(&k->page, file->sha256);
		page_end(&k->page);
	}
	if (k->attached->n == 0)
		ticket_say(k, "   ", ticket_line(LINE_NONE_ATTACHED));
}

void report_ticket(const struct run_info *run, const struct trace *t, const struct result *r,
		   const struct attachments *attached, struct text *out)
{
	const struct text_style style = {
		.columns = TICKET_COLUMNS,
		.utf8 = result_catalogue(r) != NULL,
	};
	struct ticket k = {
		.page = page_on(out, &style),
		.run = run,
		.t = t,
		.r = r,
		.attached = attached,
		.arena.catalogue = result_catalogue(r),
	};

	if (r->findings_n > 0) {
		k.f = &r->findings[telling_finding(r)];
		k.server = &t->servers[k.f->server];
	}
	ticket_fill(&k);
	ticket_claim(&k);
	ticket_observed(&k);
	ticket_where(&k);
	ticket_probes(&k);
	ticket_hops(&k);
	ticket_outside(&k);
	if (k.party != PARTY_NOBODY && k.party != PARTY_UNDECIDED) {
		ticket_excluded(&k);
		ticket_not_claimed(&k);
	}
	ticket_reproduce(&k);
	ticket_request(&k);
	attachments(&k);
	out->failed |= k.arena.failed;
	arena_free(&k.arena);
}
