/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_HOP_MARKS_H
#define REPORT_PAGE_HOP_MARKS_H

/*
 * What one row of the hop table shows: which glyph each lane gets, whose address
 * and whose name. Counts become glyphs here; nothing is judged.
 */

#include "infer/result/result.h"
#include "report/page/page.h"
#include "trace/trace.h"
#include <stdbool.h>

/* What a lane's cell shows. */
struct mark {
	bool asked; /* false: an empty cell */
	enum glyph glyph;
};

struct marks {
	struct mark control, target;
};

/* The glyphs of a row of the finding's table. */
struct marks hop_marks(const struct finding *f, const struct hop_row *row);

/* Row 0, this host, made from the probes that the capture shows leaving it. */
struct hop_row hop_of_host(const struct trace *t, const struct finding *f);

/* In the catalogue's language, NULL: English. The address that answered, with "+N" for N further
 * ones; "(no answer)" without any. */
void hop_address(const struct hop_row *row, const struct server *server, const struct catalogue *c,
		 struct text *out);

/* The owner as far as it is known: number and name, the role, the reverse name. Not escaped. */
void hop_owner(const struct hop_row *row, const struct server *server, const struct catalogue *c,
	       struct text *out);

#endif
