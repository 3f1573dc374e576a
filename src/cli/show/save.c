/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/show/save.h"
#include "cli/command.h"
#include "cli/confine.h"
#include "io/folder/folder.h"
#include "io/folder/sha256.h"
#include "io/host/system.h"
#include "report/json/record.h"
#include "report/page/about.h"
#include "report/page/comment.h"
#include "trace/facts.h"
#include "trace/pairs.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX  4
#define NAME_BYTES 48
#define COPY_BYTES 65536
#define KEY_SUFFIX ".key"

/* The captures of the rounds before, under their numbers. */
static int keep_rounds(struct saving *s, size_t n, struct err *err)
{
	char name[NAME_BYTES];
	int status = 0;
	for (size_t i = 1; i < n && status == 0 && !s->o->redact; i++) {
		snprintf(name, sizeof(name), "capture-%zu.pcapng", i);
		status = outputs_keep(s->outputs, name, name, err);
	}
	if (n == 0 || status != 0 || s->o->redact)
		return status;
	snprintf(name, sizeof(name), "capture-%zu.pcapng", n);
	return outputs_keep(s->outputs, FOLDER_CAPTURE, name, err);
}

/* Captures of rounds stay where a folder of one's own is written anew with what others saw. */
static int keep_captures(struct saving *s, struct err *err)
{
	const struct options *o = s->o;
	bool own = o->command == COMMAND_OUTSIDE && o->files_n > 0;
	if (!own || strcmp(o->files[0], o->output) != 0)
		return 0;
	return outputs_keep_rounds(s->outputs, o->output, err);
}

/* The folder, whatever may come into it, and the key beside it. */
static int open_folder(struct saving *s, struct err *err)
{
	static const char *const names[] = {FOLDER_CAPTURE, "result.json", "report.html",
					    "ticket.txt",   "README.txt",  "result.txt",
					    FOLDER_OUTSIDE};
	const char *path = s->o->output;
	size_t len = strlen(path);
	char *key = NULL, name[NAME_BYTES];
	if (outputs_folder(s->outputs, path, err) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (outputs_member(s->outputs, names[i], err) < 0)
			return -1;
	}
	for (size_t i = 2; i <= PAIRS_CAPTURES_MAX && s->o->command != COMMAND_PROBE; i++) {
		snprintf(name, sizeof(name), "capture-%zu.pcapng", i);
		if (outputs_member(s->outputs, name, err) < 0)
			return -1;
	}
	if (!s->o->redact)
		return 0;
	while (len > 1 && path[len - 1] == '/')
		len--;
	if (asprintf(&key, "%.*s" KEY_SUFFIX, (int)len, path) < 0)
		return err_set(err, EXIT_SYSTEM, "no memory for the key of the pseudonyms");
	s->key = outputs_file(s->outputs, key, MARKED_KEY, err);
	free(key);
	return s->key < 0 ? -1 : 0;
}

/* Where frames are kept while they come: beside the file that they end in, else without a name. */
static int open_spool(struct saving *s, int *fd, struct err *err)
{
	int number = s->write;
	if (s->o->output && !s->o->redact)
		number = outputs_find(s->outputs, FOLDER_CAPTURE);
	*fd = number >= 0 ? outputs_spool(s->outputs, number, err) : -1;
	return number >= 0 && *fd < 0 ? -1 : 0;
}

int save_open(const struct options *o, struct rounds *rounds, const struct caller *owner,
	      struct saving *out, struct err *err)
{
	size_t before = rounds && rounds->items ? rounds->n : 0;
	bool live = o->command == COMMAND_PROBE || o->command == COMMAND_RECEIVE;
	int fd = -1;
	*out = (struct saving){.o = o, .write = -1, .key = -1, .rounds = rounds};
	if (!o->write && !o->output)
		return 0;
	out->outputs = outputs_new(o->force || before > 0, err);
	if (!out->outputs)
		return -1;
	if (o->write) {
		out->write = outputs_file(out->outputs, o->write, MARKED_CAPTURE, err);
		if (out->write < 0)
			return -1;
	}
	if (o->output && (open_folder(out, err) != 0 || keep_rounds(out, before, err) != 0 ||
			  keep_captures(out, err) != 0))
		return -1;
	if (live && open_spool(out, &fd, err) != 0)
		return -1;
	if (live)
		out->evidence = evidence_open(fd, o->write, err);
	if (live && !out->evidence)
		return -1;
	return outputs_guard(out->outputs, owner, err);
}

int save_open_reading(const struct options *o, struct saving *out, struct err *err)
{
	struct caller owner;
	if (privilege_caller(&owner, err) != 0 || save_open(o, NULL, &owner, out, err) != 0)
		return -1;
	return o->output ? confine_reading(o, err) : 0;
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

/* Ends an output: 0, or -1 with *err and nothing left of it. */
static int end_file(struct saving *s, int number, FILE *f, bool good, struct err *err)
{
	if (good)
		return outputs_finish(s->outputs, number, f, err);
	outputs_abandon(s->outputs, number, f);
	return -1;
}

/* The frames into one file. 0, or -1 with *err. */
static int write_frames(struct saving *s, int number, const char *path,
			const struct evidence_end *end, struct err *err)
{
	FILE *f = outputs_begin(s->outputs, number, err);
	bool good = f && evidence_write(s->evidence, f, path, end, err) == 0;
	if (good && s->write != number)
		good = fflush(f) == 0 && sha256_fd(fileno(f), path, s->sha256, err) == 0;
	int status = f ? end_file(s, number, f, good, err) : -1;
	s->unsaved = s->unsaved || status != 0;
	return status;
}

static int write_captures(struct saving *s, const struct evidence_end *end, struct err *err)
{
	int number = s->o->output && !s->o->redact ? outputs_find(s->outputs, FOLDER_CAPTURE) : -1;
	if (s->write >= 0 && write_frames(s, s->write, s->o->write, end, err) != 0)
		return -1;
	return number < 0 ? 0 : write_frames(s, number, FOLDER_CAPTURE, end, err);
}

int save_receiver(struct saving *s, const struct evidence_end *end, struct err *err)
{
	return write_captures(s, end, err);
}

/* A file from elsewhere, as it is. 0, or -1 with *err. */
static int copy_file(struct saving *s, const char *from, const char *name, char *sha256,
		     struct err *err)
{
	char buf[COPY_BYTES];
	int number = outputs_find(s->outputs, name);
	FILE *source = fopen(from, "re"), *f = NULL;
	size_t n;
	int status = -1;
	if (!source)
		return err_set(err, EXIT_INPUT, "cannot read '%s': %s", from, strerror(errno));
	f = outputs_begin(s->outputs, number, err);
	/* What could not be written is found out when the file is finished. */
	while (f && (n = fread(buf, 1, sizeof(buf), source)) > 0)
		fwrite(buf, 1, n, f);
	if (f && ferror(source))
		err_set(err, EXIT_INPUT, "cannot read '%s': %s", from, strerror(errno));
	bool good = f && !ferror(source);
	if (good && sha256 && fflush(f) == 0)
		good = sha256_fd(fileno(f), name, sha256, err) == 0;
	if (f)
		status = end_file(s, number, f, good, err);
	fclose(source);
	return status;
}

/* Saved captures go into the folder as they are: their frames keep their numbers. */
static int copy_captures(struct saving *s, struct err *err)
{
	char name[NAME_BYTES];
	if (!s->outputs || s->o->redact)
		return 0;
	if (copy_file(s, s->copied, FOLDER_CAPTURE, s->sha256, err) != 0)
		return -1;
	for (size_t i = 0; i < s->others_n; i++) {
		snprintf(name, sizeof(name), "capture-%zu.pcapng", i + 2);
		if (copy_file(s, s->others[i], name, NULL, err) != 0)
			return -1;
	}
	return 0;
}

int save_capture(struct saving *s, const struct run_info *run, const struct trace *t,
		 const struct result *r, struct err *err)
{
	struct comments comments;
	struct system_facts system;
	struct names names;
	int status;
	if (s->copied)
		return copy_captures(s, err);
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
		status = write_captures(s, &end, err);
	else
		status = err_set(err, EXIT_SYSTEM, "no memory for the facts of the capture");
	free(facts);
	free(names.items);
	if (commented)
		comments_free(&comments);
	return status;
}

/* A text as one output, and (NULL: nobody wants it) its checksum. The text is freed. */
static int put_text(struct saving *s, int number, struct text *text, char *sha256, struct err *err)
{
	FILE *f = NULL;
	int status = -1;
	if (text->failed)
		err_set(err, EXIT_SYSTEM, "no memory for the outputs");
	else
		f = outputs_begin(s->outputs, number, err);
	if (f) {
		/* What did not fit is found out when the file is finished. */
		fwrite(text_str(text), 1, text->len, f);
		status = outputs_finish(s->outputs, number, f, err);
	}
	if (status == 0 && sha256)
		status = sha256_bytes(text_str(text), text->len, sha256, err);
	text_free(text);
	return status;
}

int save_key(struct saving *s, struct text *key, struct err *err)
{
	return put_text(s, s->key, key, NULL, err);
}

/* One file while the folder is filled: its text, and what it hands to the ticket. */
static int put_file(struct saving *s, const char *name, struct text *text, char *sha256,
		    struct err *err)
{
	return put_text(s, outputs_find(s->outputs, name), text, sha256, err);
}

/* The text result stands in a folder whose one capture cannot give it again. */
static int put_plain(struct saving *s, const struct run_info *run, const struct trace *t,
		     const struct result *r, struct err *err)
{
	const struct text_style plain = {.utf8 = true, .columns = 80};
	struct text text = {0};
	if (!s->o->redact && !s->pairs && s->sha256[0] != '\0')
		return 0;
	report_text(run, t, r, &plain, &text);
	return put_file(s, "result.txt", &text, NULL, err);
}

/* What measurement engines answered, as it was received. */
static int put_outside(struct saving *s, struct err *err)
{
	struct text copy = {0};
	if (s->o->redact || !s->outside || s->outside->len == 0)
		return 0;
	text_add_bytes(&copy, text_str(s->outside), s->outside->len);
	return put_file(s, FOLDER_OUTSIDE, &copy, NULL, err);
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
	report_json(run, t, r, false, &text);
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
	return put_outside(s, err) == 0 ? put_plain(s, run, t, r, err) : -1;
}

int save_folder(struct saving *s, struct run_info *run, const struct trace *t,
		const struct result *r, struct err *err)
{
	struct run_info inside = *run;
	if (!s->outputs || !s->o->output)
		return 0;
	inside.capture_file = s->sha256[0] != '\0' ? FOLDER_CAPTURE : NULL;
	inside.capture_sha256 = s->sha256[0] != '\0' ? s->sha256 : NULL;
	if (put_files(s, &inside, t, r, err) != 0)
		return -1;
	if (asprintf(&s->capture_path, "%s/" FOLDER_CAPTURE, outputs_folder_path(s->outputs)) < 0) {
		s->capture_path = NULL;
		return err_set(err, EXIT_SYSTEM, "no memory for the evidence");
	}
	if (outputs_publish(s->outputs, err) != 0)
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
	bool stake = measured && (s->unsaved || evidence_is_at_stake(s->evidence));
	char *left;
	evidence_close(s->evidence);
	if (outputs_end(s->outputs, stake, measured, &left))
		log_error(log, "what was measured is left in '%s'", left);
	free(left);
	free(s->capture_path);
	*s = (struct saving){0};
}
