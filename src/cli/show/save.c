/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/show/save.h"
#include "cli/command.h"
#include "io/folder/sha256.h"
#include "io/host/system.h"
#include "report/json/comment.h"
#include "report/json/record.h"
#include "report/page/about.h"
#include "trace/facts.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX  4
#define NAME_BYTES 48

/* The captures of the rounds before, under their numbers. */
static int keep_rounds(struct saving *s, size_t n, struct err *err)
{
	char name[NAME_BYTES];
	int status = 0;
	for (size_t i = 1; i < n && status == 0 && !s->o->redact; i++) {
		snprintf(name, sizeof(name), "capture-%zu.pcapng", i);
		status = folder_keep(&s->folder, name, name, err);
	}
	if (n == 0 || status != 0 || s->o->redact)
		return status;
	snprintf(name, sizeof(name), "capture-%zu.pcapng", n);
	return folder_keep(&s->folder, FOLDER_CAPTURE, name, err);
}

int save_open(const struct options *o, struct rounds *rounds, struct saving *out, struct err *err)
{
	size_t before = rounds && rounds->items ? rounds->n : 0;
	char *capture = NULL;
	*out = (struct saving){.o = o, .folder = {.fd = -1}, .rounds = rounds};
	if (o->write && evidence_check_writable(o->write, err) != 0)
		return -1;
	if (o->output && folder_open(&out->folder, o->output, o->force || before > 0, err) != 0)
		return -1;
	if (o->output && keep_rounds(out, before, err) != 0)
		return -1;
	if (o->command != COMMAND_PROBE || (!o->write && !o->output))
		return 0;
	/* A folder under pseudonyms gets no capture; its frames have no name. */
	if (o->output && !o->redact) {
		capture = folder_file(&out->folder, FOLDER_CAPTURE);
		if (!capture)
			return err_set(err, EXIT_SYSTEM, "no memory for the evidence");
	}
	out->evidence = evidence_open(capture ? capture : o->write, err);
	free(capture);
	return out->evidence ? 0 : -1;
}

/* The facts of the trace, and how the run was made, as one text. */
static char *facts_text(const struct run_info *run, const struct trace *t)
{
	json_t *facts = facts_encode(t), *record = record_encode(run, t);
	char *text = NULL;
	if (facts && record && json_array_append(facts, record) == 0)
		text = json_dumps(facts, JSON_COMPACT);
	json_decref(facts);
	json_decref(record);
	return text;
}

struct names {
	struct evidence_name *items;
	size_t n;
};

static void add_name(struct names *names, const struct addr *addr, const char *text)
{
	struct addr numeric;
	if (text && !addr_parse(text, &numeric))
		names->items[names->n++] = (struct evidence_name){*addr, text};
}

/* The names that were asked for, and those that were found. */
static bool collect_names(const struct trace *t, struct names *names)
{
	*names = (struct names){calloc(t->servers_n + t->names_n + 1, sizeof(*names->items)), 0};
	for (size_t i = 0; names->items && i < t->servers_n; i++)
		add_name(names, &t->servers[i].addr, t->servers[i].host);
	for (size_t i = 0; names->items && i < t->names_n; i++)
		add_name(names, &t->names[i].addr, t->names[i].text);
	return names->items != NULL;
}

static const char *comment_of(void *arg, uint32_t number)
{
	return comments_find(arg, number);
}

static int write_frames(struct saving *s, const struct evidence_end *end, struct err *err)
{
	char *path = NULL;
	int status = 0;
	if (s->o->write)
		status = evidence_write(s->evidence, s->o->write, end, err);
	if (status != 0 || !s->folder.path || s->o->redact)
		return status;
	path = folder_file(&s->folder, FOLDER_CAPTURE);
	if (!path)
		return err_set(err, EXIT_SYSTEM, "no memory for the evidence");
	status = evidence_write(s->evidence, path, end, err);
	if (status == 0)
		status = sha256_file(path, s->sha256, err);
	free(path);
	return status;
}

/* Captures from elsewhere are numbered as they were given. */
static int copy_others(struct saving *s, struct err *err)
{
	for (size_t i = 0; i < s->others_n; i++) {
		char name[32];
		snprintf(name, sizeof(name), "capture-%zu.pcapng", i + 2);
		if (folder_copy(&s->folder, s->others[i], name, err) != 0)
			return -1;
	}
	return 0;
}

/* A saved capture goes into the folder as it is: its frames keep their numbers. */
static int copy_capture(struct saving *s, struct err *err)
{
	char *path;
	int status;
	if (!s->folder.path || s->o->redact)
		return 0;
	if (folder_copy(&s->folder, s->copied, FOLDER_CAPTURE, err) != 0 ||
	    copy_others(s, err) != 0)
		return -1;
	path = folder_file(&s->folder, FOLDER_CAPTURE);
	status = path ? sha256_file(path, s->sha256, err)
		      : err_set(err, EXIT_SYSTEM, "no memory for the evidence");
	free(path);
	return status;
}

int save_capture(struct saving *s, const struct run_info *run, const struct trace *t,
		 const struct result *r, struct err *err)
{
	struct comments comments;
	struct system_facts system;
	struct names names;
	int status;
	if (s->copied)
		return copy_capture(s, err);
	if (!s->evidence)
		return 0;
	system_read(&system);
	char *facts = facts_text(run, t);
	bool named = collect_names(t, &names);
	bool commented = comments_make(t, r, &comments) == 0;
	struct evidence_end end = {
		.os = system.os,
		.application = "whoblocks " WHOBLOCKS_VERSION,
		.facts = facts,
		.names = names.items,
		.names_n = names.n,
		.comment = comment_of,
		.arg = &comments,
		.received = s->received,
		.dropped = s->dropped,
		.started_ns = t->run.started_ns,
		.ended_ns = t->run.ended_ns,
	};
	if (facts && named && commented)
		status = write_frames(s, &end, err);
	else
		status = err_set(err, EXIT_SYSTEM, "no memory for the facts of the capture");
	free(facts);
	free(names.items);
	if (commented)
		comments_free(&comments);
	return status;
}

/* One file while the folder is filled: its text, and what it hands to the ticket. */
static int put_file(struct saving *s, const char *name, struct text *text, char *sha256,
		    struct err *err)
{
	int status;
	if (text->failed)
		status = err_set(err, EXIT_SYSTEM, "no memory for '%s'", name);
	else
		status = folder_write(&s->folder, name, text_str(text), text->len, err);
	if (status == 0 && sha256)
		status = sha256_bytes(text_str(text), text->len, sha256, err);
	text_free(text);
	return status;
}

/* The text result stands in a folder whose one capture cannot give it again. */
static int put_text(struct saving *s, const struct run_info *run, const struct trace *t,
		    const struct result *r, struct err *err)
{
	const struct text_style plain = {.utf8 = true, .columns = 80};
	struct text text = {0};
	if (!s->o->redact && !s->pairs)
		return 0;
	report_text(run, t, r, &plain, &text);
	return put_file(s, "result.txt", &text, NULL, err);
}

static int put_files(struct saving *s, const struct run_info *run, const struct trace *t,
		     const struct result *r, struct err *err)
{
	char json_sum[SHA256_TEXT_BYTES], html_sum[SHA256_TEXT_BYTES];
	struct attachment files[FILES_MAX];
	struct attachments attached = {files, 0};
	struct text text = {0};
	if (s->sha256[0] != '\0')
		files[attached.n++] = (struct attachment){FOLDER_CAPTURE, s->sha256};
	json_t *json = report_json(run, t, r);
	report_json_text(json, &text);
	json_decref(json);
	if (put_file(s, "result.json", &text, json_sum, err) != 0)
		return -1;
	files[attached.n++] = (struct attachment){"result.json", json_sum};
	report_html(run, t, r, &text);
	if (put_file(s, "report.html", &text, html_sum, err) != 0)
		return -1;
	files[attached.n++] = (struct attachment){"report.html", html_sum};
	report_ticket(run, t, r, &attached, &text);
	if (put_file(s, "ticket.txt", &text, NULL, err) != 0)
		return -1;
	report_readme(run, t, r, &text);
	if (put_file(s, "README.txt", &text, NULL, err) != 0)
		return -1;
	return put_text(s, run, t, r, err);
}

int save_folder(struct saving *s, struct run_info *run, const struct trace *t,
		const struct result *r, struct err *err)
{
	struct run_info inside = *run;
	if (!s->folder.path)
		return 0;
	inside.capture_file = s->sha256[0] != '\0' ? FOLDER_CAPTURE : NULL;
	inside.capture_sha256 = s->sha256[0] != '\0' ? s->sha256 : NULL;
	if (put_files(s, &inside, t, r, err) != 0)
		return -1;
	if (s->evidence)
		evidence_close(s->evidence);
	s->evidence = NULL;
	if (asprintf(&s->capture_path, "%s/" FOLDER_CAPTURE, s->folder.path) < 0) {
		s->capture_path = NULL;
		return err_set(err, EXIT_SYSTEM, "no memory for the evidence");
	}
	if (folder_publish(&s->folder, err) != 0)
		return -1;
	run->folder = s->o->output;
	if (inside.capture_file) {
		run->capture_file = s->capture_path;
		run->capture_sha256 = s->sha256;
	}
	return 0;
}

void save_close(struct saving *s, struct log *log)
{
	bool measured = s->evidence && evidence_count(s->evidence) > 0;
	if (s->evidence)
		evidence_close(s->evidence);
	if (s->folder.path && measured && !folder_is_empty(&s->folder)) {
		log_error(log, "what was measured is left in '%s'", s->folder.partial);
		folder_close(&s->folder, true);
	}
	folder_close(&s->folder, false);
	free(s->capture_path);
	*s = (struct saving){.folder = {.fd = -1}};
}
