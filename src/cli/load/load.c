/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load/load.h"
#include "cli/command.h"
#include "cli/load/reading.h"
#include "cli/out/progress.h"
#include "io/folder/folder.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_captures(struct log *log, struct loaded *out)
{
	struct err err = {0};
	struct progress progress = {.log = log};
	struct captures_watch watch = progress_watch(&progress);
	struct captures *captures = captures_open(out->o.files, out->o.files_n, &watch, &err);
	progress_end(&progress);
	int status = captures ? reading_fill(captures, out, &err) : err.code;
	const struct trace *t = &out->trace;
	for (size_t i = out->notes_from; i < t->notes_n && status == 0; i++)
		log_note(log, "%s", t->notes[i].text);
	if (status != 0)
		log_error(log, "%s", err.msg);
	captures_close(captures);
	return status;
}

/* Only folders that are what they were when they were written count as evidence. */
static int verify_folders(const struct options *o, struct log *log)
{
	struct err err = {0};
	struct stat st;
	for (size_t i = 0; i < o->files_n; i++) {
		if (stat(o->files[i], &st) == 0 && S_ISDIR(st.st_mode) &&
		    folder_verify(o->files[i], &err) != 0) {
			log_error(log, "%s", err.msg);
			return err.code;
		}
	}
	return 0;
}

static int open_folder(const char *path, struct log *log, struct loaded *out)
{
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

/* What engines answered stands beside the capture, where any was asked. */
static int read_outside(struct log *log, struct loaded *out)
{
	char *path = vantages_beside(out->folder);
	int status = 0;
	if (path && access(path, F_OK) == 0)
		status = vantages_load(&out->o, log, path, out->trace.run.port, &out->vantages);
	free(path);
	return status;
}

/* What the user says now of this host's public addresses stands in the result. */
static void state_addresses(struct loaded *out)
{
	for (int i = 0; i < 2; i++) {
		if (addr_is_set(&out->o.public_address[i]))
			about_set_public(&out->record.about, &out->o.public_address[i],
					 ABOUT_STATED);
	}
}

int load_evidence(const struct options *o, struct log *log, struct loaded *out)
{
	struct stat st;
	int status = 0;
	*out = (struct loaded){.o = *o, .log = log};
	trace_init(&out->trace);
	if (o->files_n == 0) {
		log_error(log, "a capture FILE or an evidence FOLDER is needed");
		return EXIT_USAGE;
	}
	out->file = o->files[0];
	status = verify_folders(o, log);
	if (status == 0 && o->files_n == 1 && stat(out->file, &st) == 0 && S_ISDIR(st.st_mode)) {
		status = open_folder(out->file, log, out);
		out->o.files = &out->file;
	}
	if (status == 0)
		status = read_captures(log, out);
	state_addresses(out);
	return status == 0 && out->folder ? read_outside(log, out) : status;
}

/* SYNs in the capture; those that only their answers show are not. */
static uint64_t syns_seen(const struct trace *t)
{
	uint64_t n = 0;
	for (size_t i = 0; i < t->probes_n; i++)
		n += t->probes[i].implied ? 0 : t->probes[i].sent;
	return n;
}

struct run_info load_run(const struct loaded *loaded)
{
	struct run_info run = {.rounds = 1};
	if (loaded->record.found) {
		run = loaded->record.run;
	} else {
		run.packets_seen = loaded->counts.frames;
		run.packets_sent = syns_seen(&loaded->trace);
	}
	if (loaded->record.found || loaded->record.about.public_n)
		run.about = &loaded->record.about;
	run.mode = "replay";
	run.capture_file = loaded->file;
	if (loaded->trace.routes_n)
		run.interface = loaded->trace.routes[0].interface;
	return run;
}

void load_free(struct loaded *loaded)
{
	free(loaded->capture);
	vantages_end_of(&loaded->vantages);
	record_free(&loaded->record);
	trace_free(&loaded->trace);
}
