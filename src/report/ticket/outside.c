/* SPDX-License-Identifier: BSD-2-Clause */
/* What others saw, with the public measurements that the reader can open. */
#include "outside/view.h"
#include "report/ticket/parts.h"

void ticket_outside(struct ticket *k)
{
	const struct outside_view *view = k->run->outside;
	struct text ids = {0};

	if (!view)
		return;
	ticket_heading(k, LINE_OUTSIDE);
	for (size_t i = 0; i < view->told_n; i++)
		page_paragraph(&k->page, &(struct margin){"   ", 3, "", PAINT_NONE}, view->told[i]);
	for (size_t i = 0; i < view->ids_n; i++)
		text_addf(&ids, "%s%s", i ? ", " : "", view->ids[i]);
	if (ids.len > 0) {
		ticket_say(k, "   ", ticket_line(LINE_OUTSIDE_IDS));
		page_paragraph(&k->page, &(struct margin){"     ", 5, "", PAINT_NONE},
			       text_str(&ids));
	}
	k->page.out->failed |= ids.failed;
	text_free(&ids);
}
