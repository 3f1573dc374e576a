/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_SHOW_JUDGED_H
#define CLI_SHOW_JUDGED_H

/*
 * A measurement with its verdict: what every output is made from.
 */

#include "infer/result/result.h"
#include "outside/view.h"
#include "report/report.h"
#include "trace/trace.h"

struct pairs;

/* Everything but the result is a loan. */
struct judged {
	struct run_info *run;
	struct trace *trace;
	const struct pairs *pairs; /* of captures that are compared; NULL: one measurement */
	const struct vantage_list *vantages; /* places elsewhere; NULL: none were asked */
	const struct catalogue *catalogue;   /* of the reader's language; NULL: English */
	struct result result;		     /* freed, like the view, with judged_free() */
	struct outside_view view;
};

static inline void judged_free(struct judged *j)
{
	result_free(&j->result);
	outside_free(&j->view);
}

#endif
