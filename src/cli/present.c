/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/present.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/pseudonyms.h"
#include "infer/compare.h"
#include "infer/infer.h"
#include <jansson.h>

static int judge(struct log *log, struct run_info *run, const struct trace *t,
		 const struct pairs *pairs, struct result *out)
{
	if ((pairs ? compare_judge(t, pairs, out) : infer_judge(t, out)) != 0) {
		log_error(log, "no memory to judge the measurement");
		return EXIT_SYSTEM;
	}
	run->stop = t->run.stop;
	if (!run->stop)
		run->stop = "end-of-capture";
	run->started_ns = t->run.started_ns;
	run->duration_ns = t->run.ended_ns > t->run.started_ns ? t->run.ended_ns - t->run.started_ns
							       : t->last_ns - t->run.started_ns;
	return 0;
}

int present_judge(struct log *log, struct run_info *run, const struct trace *t, struct result *out)
{
	return judge(log, run, t, NULL, out);
}

int present_result(const struct options *o, struct log *log, const struct run_info *run,
		   const struct trace *t, const struct result *r,
		   const struct attachments *attached)
{
	enum report_format format = o->json ? FORMAT_JSON : o->format;
	int status = result_exit_status(&r->verdict.judgement);
	struct text_style style = output_style(o);
	struct text text = {0};
	json_t *json;
	switch (format) {
	case FORMAT_TEXT:
		report_text(run, t, r, &style, &text);
		break;
	case FORMAT_JSON:
		json = report_json(run, t, r);
		report_json_text(json, &text);
		json_decref(json);
		break;
	case FORMAT_HTML:
		report_html(run, t, r, &text);
		break;
	case FORMAT_TICKET:
		report_ticket(run, t, r, attached, &text);
		break;
	}
	status = output_text(log, &text, status);
	text_free(&text);
	return status;
}

/* The judged trace under pseudonyms, if the options ask for them. 0, or an exit status. */
static int redact(const struct options *o, struct log *log, struct run_info *run, struct trace *t,
		  struct result *r, struct pseudonyms **pseudonyms)
{
	int before = result_exit_status(&r->verdict.judgement);
	struct result again;
	int status = o->redact ? pseudonyms_use(o, log, run, t, r, pseudonyms) : 0;
	if (!o->redact || status != 0)
		return status;
	if (present_judge(log, run, t, &again) != 0)
		return EXIT_SYSTEM;
	result_free(r);
	*r = again;
	if (result_exit_status(&r->verdict.judgement) == before)
		return 0;
	log_error(log, "under pseudonyms the verdict would be another one; nothing is shown");
	return EXIT_SYSTEM;
}

/* This round's outcome is part of what the evidence says of the run. */
static void note_round(struct saving *saving, struct run_info *run, const struct trace *t,
		       const struct result *r)
{
	struct rounds *rounds = saving->rounds;
	rounds_add(rounds, t, r);
	if (!rounds->items || !saving->about)
		return;
	saving->about->rounds = rounds->items;
	saving->about->rounds_n = rounds->n;
	run->rounds = (unsigned)rounds->n;
}

int present_and_save(const struct options *o, struct log *log, struct run_info *run,
		     struct trace *t, struct saving *saving)
{
	const struct attachments none = {0};
	struct pseudonyms *pseudonyms = NULL;
	struct result result;
	struct err err = {0};
	int saved = 0, status;
	if (judge(log, run, t, saving ? saving->pairs : NULL, &result) != 0)
		return EXIT_SYSTEM;
	if (saving && saving->rounds)
		note_round(saving, run, t, &result);
	if (saving && save_capture(saving, run, t, &result, &err) != 0)
		saved = err.code;
	status = redact(o, log, run, t, &result, &pseudonyms);
	if (status == 0 && saving && saved == 0 && save_folder(saving, run, t, &result, &err) != 0)
		saved = err.code;
	if (saved != 0)
		log_error(log, "%s", err.msg);
	if (status == 0)
		status = present_result(o, log, run, t, &result, &none);
	result_free(&result);
	pseudonyms_free(pseudonyms);
	return saved != 0 ? saved : status;
}

int present_trace(const struct options *o, struct log *log, struct run_info *run, struct trace *t)
{
	return present_and_save(o, log, run, t, NULL);
}
