/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the input as answers of measurement engines: what is accepted is judged and counted. */
#include "fuzz_check.h"
#include "io/results/outside_file.h"
#include "outside/view.h"

static void check_view(const struct outside_view *view)
{
	for (size_t i = 0; i < view->rows_n; i++) {
		const struct outside_row *row = &view->rows[i];

		require(row->fate <= OUTSIDE_OUT && row->judgement.confidence <= OUTSIDE_SURE_MAX);
		require(!row->counted || row->fate != OUTSIDE_OUT);
		require((row->fate != OUTSIDE_OUT && row->fate != OUTSIDE_UNDECIDED) || row->why);
	}
	for (int family = 0; family < 2; family++) {
		const struct outside_count *c = &view->same[family];

		require(c->open + c->blocked + c->undecided == c->lines);
		require(c->inside <= c->blocked && c->at_server <= c->blocked);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct outside_wish wish = {.port = 587, .port_given = true};
	struct vantage_list list;
	struct outside_view view;
	struct result result;
	struct err err = {0};

	if (outside_read(size ? (const char *)data : "", size, &wish, &list, &err) == 0) {
		for (size_t i = 0; i < list.n; i++)
			check_trace(&list.items[i].trace);
		if (outside_judge(&list, list.asn, NULL, &view) == 0) {
			check_view(&view);
			require(outside_verdict(&view, &result) == 0);
			check_judgement(&result.verdict.judgement);
			result_free(&result);
		}
		outside_free(&view);
	} else {
		require(err.code != 0 && err.msg[0]);
	}
	vantages_free(&list);
	return 0;
}
