/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load.h"
#include "cli/command.h"
#include "cli/survey.h"
#include "io/folder.h"
#include "io/source.h"
#include "trace/facts.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The facts of the file into the trace, when it is one of our own. */
static int read_facts(struct source *source, const char *path, struct loaded *out, struct log *log,
		      struct err *err)
{
	const char *text;
	json_error_t where;
	switch (source_facts(source, &text)) {
	case SOURCE_FACTS_NONE:
		return 0;
	case SOURCE_FACTS_BROKEN:
		log_note(log, "%s: the facts of the run are incomplete; only the frames count",
			 path);
		return 0;
	case SOURCE_FACTS_WHOLE:
		break;
	}
	json_t *facts = json_loads(text, JSON_REJECT_DUPLICATES, &where);
	if (!facts)
		return err_set(err, EXIT_INPUT, "%s: the facts of the run are broken: %s", path,
			       where.text);
	int status = facts_decode(facts, &out->trace, err);
	if (!record_decode(facts, &out->record) && status == 0)
		status = err_set(err, EXIT_SYSTEM, "no memory for the facts of %s", path);
	json_decref(facts);
	return status;
}

/* All frames of a file into the trace. */
static int read_frames(struct source *source, const char *path, struct loaded *out, struct log *log)
{
	struct frame frame;
	struct err err = {0};
	enum source_event event;
	while ((event = source_next(source, &frame, &err)) == SOURCE_FRAME)
		(void)feed_frame(&out->trace, &frame, &out->counts);
	if (event == SOURCE_CUT) {
		out->trace.run.cut = true;
		log_note(log, "%s", err.msg);
	} else if (event == SOURCE_FAILED) {
		log_error(log, "%s: %s", path, err.msg);
		return err.code;
	}
	trace_clock(&out->trace, out->trace.run.ended_ns);
	return 0;
}

static int read_capture(const char *path, struct log *log, struct loaded *out)
{
	struct err err = {0};
	struct source *source = source_open_file(path, 1, &err);
	int status = EXIT_INPUT;
	if (!source || read_facts(source, path, out, log, &err) != 0) {
		log_error(log, "%s", err.msg);
		status = err.code;
	} else if (out->trace.run.own) {
		status = read_frames(source, path, out, log);
	} else {
		status = survey_replay(&out->o, log, &out->trace, &out->counts);
	}
	if (source)
		source_close(source);
	return status;
}

/* Only a folder that is what it was when it was written counts as evidence. */
static int open_folder(const char *path, struct log *log, struct loaded *out)
{
	struct err err = {0};
	if (folder_verify(path, &err) != 0) {
		log_error(log, "%s", err.msg);
		return err.code;
	}
	out->folder = path;
	if (asprintf(&out->capture, "%s/" FOLDER_CAPTURE, path) < 0) {
		out->capture = NULL;
		log_error(log, "no memory to read '%s'", path);
		return EXIT_SYSTEM;
	}
	if (access(out->capture, F_OK) != 0) {
		log_error(log, "'%s' holds no " FOLDER_CAPTURE, path);
		return EXIT_INPUT;
	}
	out->file = out->capture;
	return 0;
}

int load_evidence(const struct options *o, struct log *log, struct loaded *out)
{
	struct stat st;
	int status = 0;
	*out = (struct loaded){.o = *o};
	trace_init(&out->trace);
	if (o->files_n == 0) {
		log_error(log, "a capture FILE or an evidence FOLDER is needed");
		return EXIT_USAGE;
	}
	out->file = o->files[0];
	if (o->files_n == 1 && stat(out->file, &st) == 0 && S_ISDIR(st.st_mode)) {
		status = open_folder(out->file, log, out);
		out->o.files = &out->file;
	}
	return status == 0 ? read_capture(out->file, log, out) : status;
}

struct run_info load_run(const struct loaded *loaded)
{
	struct run_info run = {.rounds = 1};
	if (loaded->record.found) {
		run = loaded->record.run;
		run.about = &loaded->record.about;
	} else {
		run.packets_seen = loaded->counts.frames;
		run.packets_sent = loaded->trace.probes_n;
	}
	run.mode = "replay";
	run.capture_file = loaded->file;
	if (loaded->trace.routes_n)
		run.interface = loaded->trace.routes[0].interface;
	return run;
}

void load_free(struct loaded *loaded)
{
	free(loaded->capture);
	record_free(&loaded->record);
	trace_free(&loaded->trace);
}
