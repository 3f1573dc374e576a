/* SPDX-License-Identifier: BSD-2-Clause */
#include "outside/view.h"
#include "report/text/parts.h"

/* The measurements, which anybody may open. */
static void say_ids(const struct view *v, const struct outside_view *view)
{
	struct text line = {0};

	for (size_t i = 0; i < view->ids_n; i++)
		text_addf(&line, "%s%s", i ? ", " : "", view->ids[i]);
	if (line.len > 0)
		page_paragraph(v->page, &(struct margin){"  measurements: ", 4, "", PAINT_FAINT},
			       text_str(&line));
	v->page->out->failed |= line.failed;
	text_free(&line);
}

void text_outside(const struct view *v)
{
	const struct outside_view *view = v->run->outside;

	if (!view)
		return;
	page_end(v->page);
	page_put(v->page, "Seen from outside:\n");
	/* Where nothing was measured here they are the verdict. */
	for (size_t i = 0; i < view->sentences_n && v->r->findings_n > 0; i++)
		page_paragraph(v->page, &(struct margin){"  ", 4, "", PAINT_NONE},
			       view->sentences[i]);
	say_ids(v, view);
}
