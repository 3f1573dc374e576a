/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/history/history.h"
#include "cli/command.h"
#include "cli/out/output.h"
#include "cli/watch/store.h"
#include "io/host/clock.h"
#include <jansson.h>
#include <stdlib.h>

/* The metrics of what is stored; nothing is fresh. */
static void show_metrics(const struct history_list *list, int64_t now_us, struct text *out)
{
	const struct metrics_about about = {.now_us = now_us};

	past_metrics(list->items, list->n, &about, out);
}

/* The newest run of each subject: a line of JSON, or two of text. */
static int show_last(const struct options *o, const struct history_list *list, int64_t now_us,
		     struct text *out)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct past *past = &list->items[i];
		json_t *json;
		char *line;

		if (!o->json && o->format != FORMAT_JSON) {
			past_text_last(past, now_us, out);
			continue;
		}
		if (past->runs_n == 0)
			continue;
		json = past_json_run(past, &past->runs[past->runs_n - 1], now_us);
		line = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
		json_decref(json);
		if (!line)
			return -1;
		text_addf(out, "%s\n", line);
		free(line);
	}
	return 0;
}

static int show(const struct options *o, struct log *log, const struct history_list *list)
{
	int64_t now_us = clock_real_ns() / 1000;
	enum report_format format = o->json ? FORMAT_JSON : o->format;
	struct text out = {0};
	json_t *json = NULL;
	int status = 0;

	if (o->watch.last) {
		out.failed = show_last(o, list, now_us, &out) != 0;
	} else if (format == FORMAT_JSON) {
		json = past_json(list->items, list->n, o->watch.changes, now_us);
		status = output_json(log, json, o->json_line, EXIT_OK);
		json_decref(json);
		return status;
	} else if (format == FORMAT_CSV) {
		past_csv(list->items, list->n, o->watch.changes, &out);
	} else if (format == FORMAT_HTML) {
		past_html(list->items, list->n, now_us, &out);
	} else if (format == FORMAT_PROMETHEUS) {
		show_metrics(list, now_us, &out);
	} else {
		past_text(list->items, list->n, o->watch.changes, now_us, &out);
	}
	status = output_text(log, &out, EXIT_OK);
	text_free(&out);
	return status;
}

/* One subject where it is named, else all; the verdict is no matter of the exit status. */
int history_main(const struct options *o)
{
	struct history_list list;
	struct err err = {0};
	struct log log;
	int status;

	log_init(&log, o);
	if (store_confine(&err) != 0 ||
	    store_read(o, o->watch.subject_given ? o->watch.subject : NULL, &list, &err) != 0) {
		log_error(&log, "%s", err.msg);
		return err.code;
	}
	status = show(o, &log, &list);
	history_list_free(&list);
	return status;
}
