/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the input as answers of measurement engines: what is accepted is judged and counted. */
#include "fuzz_check.h"
#include "io/engines/orders.h"
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

/* The same bytes as what a service answers to an order. */
static void check_answers(const uint8_t *data, size_t size)
{
	struct order order = {.asn = 64500, .servers_n = 1};
	struct ordered_ids ids = {0};
	struct atlas_progress progress;
	struct text answer = {0}, told = {0};
	int64_t probes[4];
	size_t n = 0;
	bool object;

	text_add_bytes(&answer, size ? (const char *)data : "", size);
	(void)atlas_choose(&answer, 4, false, ORDERS_PROBES_MAX, &order);
	(void)atlas_choose(&answer, 4, true, ORDERS_PROBES_MAX, &order);
	(void)atlas_created(&answer, &ids);
	(void)globalping_created(&answer, &ids);
	(void)atlas_progress(&answer, &progress);
	(void)atlas_results(&answer, probes, &n, 4);
	(void)globalping_goes_on(&answer, &object);
	engine_complaint(&answer, &told);
	require(order.probes_n <= ORDERS_PROBES_MAX && ids.n <= ORDERS_IDS_MAX && n <= 4);
	for (size_t i = 0; i < told.len; i++)
		require(told.s[i] != '\x1b' && told.s[i] != '\n');
	text_free(&told);
	atlas_body(&order, &told);
	require(told.failed || told.len > 0);
	text_free(&told);
	text_free(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct outside_wish wish = {.port = 587, .port_given = true};
	struct vantage_list list;
	struct outside_view view;
	struct result result;
	struct err err = {0};

	check_answers(data, size);
	if (outside_read(size ? (const char *)data : "", size, &wish, &list, &err) == 0) {
		for (size_t i = 0; i < list.n; i++)
			check_trace(&list.items[i].trace);
		if (outside_judge(&list, list.asn, NULL, NULL, &view) == 0) {
			check_view(&view);
			require(outside_verdict(&view, false, &result) == 0);
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
