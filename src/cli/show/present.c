/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/show/present.h"
#include "cli/command.h"
#include "cli/out/language.h"
#include "cli/out/output.h"
#include "infer/compare/compare.h"
#include "infer/infer.h"
#include "report/json/flat.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Judges in a language; NULL: English. 0, or -1 without memory. */
static int judge_in(const struct judged *j, const struct catalogue *catalogue, struct result *out)
{
	return j->pairs ? compare_judge(j->trace, j->pairs, catalogue, out)
			: infer_judge_in(j->trace, catalogue, out);
}

/* The same once more, in the reader's language. 0, or -1 without memory. */
static int tell(struct judged *j)
{
	struct result *told = malloc(sizeof(*told));
	if (!told || judge_in(j, j->catalogue, told) != 0) {
		free(told);
		return -1;
	}
	j->result.told = told;
	return 0;
}

/* What they say alone, in the reader's language. */
static int tell_outside(struct judged *j)
{
	struct result *told = malloc(sizeof(*told));
	if (!told || outside_verdict(&j->view, true, told) != 0) {
		free(told);
		return -1;
	}
	j->result.told = told;
	return 0;
}

/*
 * What places elsewhere say beside the measurement that was made here, or, where nothing was,
 * alone.
 */
static int judge_outside(struct judged *j)
{
	bool measured = j->trace->servers_n > 0;
	uint32_t asn = j->vantages->asn;
	if (asn == 0 && measured)
		asn = outside_provider(&j->result);
	if (outside_judge(j->vantages, asn, measured ? &j->result : NULL, j->catalogue, &j->view) !=
	    0)
		return -1;
	j->run->outside = &j->view;
	if (measured && j->result.told && outside_amend(&j->view, j->result.told) != 0)
		return -1;
	if (measured)
		return outside_amend(&j->view, &j->result);
	result_free(&j->result);
	if (outside_verdict(&j->view, false, &j->result) != 0)
		return -1;
	return j->catalogue ? tell_outside(j) : 0;
}

int present_judge(struct log *log, struct judged *j)
{
	const struct trace *t = j->trace;
	struct run_info *run = j->run;
	int status = judge_in(j, NULL, &j->result);
	if (status == 0 && j->catalogue)
		status = tell(j);
	if (status == 0 && j->vantages && j->vantages->n > 0)
		status = judge_outside(j);
	if (status != 0) {
		outside_free(&j->view);
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

/* On one line nothing stands that is this machine's alone: no path, no command line. */
static void show_json(const struct options *o, const struct judged *j, struct text *out)
{
	static const char *const argv[] = {"whoblocks", NULL};
	struct run_info run = *j->run;
	bool flat = o->flat || o->format == FORMAT_FLAT;
	if (o->json_line) {
		const char *slash = run.capture_file ? strrchr(run.capture_file, '/') : NULL;
		run.argv = argv;
		run.capture_file = slash ? slash + 1 : run.capture_file;
	}
	if (!flat) {
		report_json(&run, j->trace, &j->result, o->json_line, out);
		return;
	}
	json_t *json = report_flat(&run, j->trace, &j->result);
	report_json_line(json, out);
	json_decref(json);
}

int present_result(const struct options *o, struct log *log, const struct judged *j,
		   const struct attachments *attached)
{
	enum report_format format = o->json ? FORMAT_JSON : o->format;
	int status = result_exit_status(&j->result.verdict.judgement);
	struct text_style style = output_style(o);
	struct text text = {0};
	switch (format) {
	case FORMAT_CSV: /* of a history alone, and refused before */
	case FORMAT_PROMETHEUS:
	case FORMAT_TEXT:
		report_text(j->run, j->trace, &j->result, &style, &text);
		break;
	case FORMAT_JSON:
	case FORMAT_FLAT:
		show_json(o, j, &text);
		break;
	case FORMAT_HTML:
		report_html(j->run, j->trace, &j->result, &text);
		break;
	case FORMAT_TICKET:
		report_ticket(j->run, j->trace, &j->result, attached, &text);
		break;
	}
	status = output_text(log, &text, status);
	text_free(&text);
	return status;
}

int present_redact(const struct options *o, struct log *log, struct judged *j,
		   struct pseudonyms **pseudonyms)
{
	int before = result_exit_status(&j->result.verdict.judgement);
	struct judged again = {
		.run = j->run, .trace = j->trace, .pairs = j->pairs, .catalogue = j->catalogue};
	int status = o->redact ? pseudonyms_use(log, j, pseudonyms) : 0;
	if (!o->redact || status != 0)
		return status;
	if (present_judge(log, &again) != 0)
		return EXIT_SYSTEM;
	if (j->run->outside)
		log_note(log, "what was seen from outside is left out: the measurements' numbers "
			      "lead to your provider");
	j->run->outside = NULL;
	result_free(&j->result);
	j->result = again.result;
	if (result_exit_status(&j->result.verdict.judgement) == before)
		return 0;
	log_error(log, "under pseudonyms the verdict would be another one; nothing is shown");
	return EXIT_SYSTEM;
}

/* This round's outcome is part of what the evidence says of the run. */
static void note_round(struct saving *saving, struct judged *j)
{
	struct rounds *rounds = saving->rounds;
	rounds_add(rounds, j->trace, &j->result);
	if (!rounds->items || !saving->about)
		return;
	saving->about->rounds = rounds->items;
	saving->about->rounds_n = rounds->n;
	j->run->rounds = (unsigned)rounds->n;
}

/* Beside the folder, for its owner: what the pseudonyms stand for. 0, or a status with *err. */
static int keep_key(struct saving *saving, const struct pseudonyms *pseudonyms, struct log *log,
		    struct err *err)
{
	struct text key = {0};
	pseudonyms_key(pseudonyms, &key);
	if (save_key(saving, &key, err) != 0)
		return err->code;
	log_note(log, "what the pseudonyms stand for is in '%s.key'; keep it to yourself",
		 outputs_folder_path(saving->outputs));
	return 0;
}

int present_and_save(const struct options *o, struct log *log, struct run_info *run,
		     struct trace *t, struct saving *saving)
{
	const struct attachments none = {0};
	struct pseudonyms *pseudonyms = NULL;
	struct judged j = {
		.run = run,
		.trace = t,
		.pairs = saving ? saving->pairs : NULL,
		.vantages = saving ? saving->vantages : NULL,
		.catalogue = language_catalogue(o),
	};
	struct err err = {0};
	int saved = 0, status;
	if (present_judge(log, &j) != 0)
		return EXIT_SYSTEM;
	if (saving && saving->rounds)
		note_round(saving, &j);
	if (saving && save_capture(saving, run, t, &j.result, &err) != 0)
		saved = err.code;
	status = present_redact(o, log, &j, &pseudonyms);
	if (status == 0 && saving && saving->key >= 0 && saved == 0)
		saved = keep_key(saving, pseudonyms, log, &err);
	if (status == 0 && saving && saved == 0 &&
	    save_folder(saving, run, t, &j.result, &err) != 0)
		saved = err.code;
	if (saved != 0)
		log_error(log, "%s", err.msg);
	if (status == 0)
		status = present_result(o, log, &j, &none);
	judged_free(&j);
	pseudonyms_free(pseudonyms);
	return saved != 0 ? saved : status;
}
