/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/present.h"
#include "cli/command.h"
#include "cli/output.h"
#include "infer/infer.h"
#include <jansson.h>

int present_trace(const struct options *o, struct log *log, struct run_info *run,
		  const struct trace *t)
{
	struct result result;
	if (infer_judge(t, &result) != 0) {
		log_error(log, "no memory to judge the measurement");
		return EXIT_SYSTEM;
	}
	run->stop = t->run.stop;
	if (!run->stop)
		run->stop = "end-of-capture";
	run->started_ns = t->run.started_ns;
	run->duration_ns = t->run.ended_ns > t->run.started_ns ? t->run.ended_ns - t->run.started_ns
							       : t->last_ns - t->run.started_ns;
	int status = result_exit_status(&result.verdict.judgement);
	if (o->json) {
		json_t *value = report_json(run, t, &result);
		status = output_json(log, value, status);
		json_decref(value);
	} else {
		struct text_style style = output_style(o);
		struct text text = {0};
		report_text(run, t, &result, &style, &text);
		status = output_text(log, &text, status);
		text_free(&text);
	}
	result_free(&result);
	return status;
}
