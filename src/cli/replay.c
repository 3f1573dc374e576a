/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/feed.h"
#include "cli/log.h"
#include "cli/present.h"
#include "cli/survey.h"
#include "io/source.h"
#include "trace/facts.h"
#include <jansson.h>
#include <string.h>

/* The facts of the file into the trace, when it is one of our own. */
static int read_facts(struct source *source, const char *path, struct trace *t, struct log *log,
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
	int status = facts_decode(facts, t, err);
	json_decref(facts);
	return status;
}

/* All frames of a file into the trace. */
static int read_frames(struct source *source, const char *path, struct trace *t,
		       struct feed_counts *counts, struct log *log)
{
	struct frame frame;
	struct err err = {0};
	enum source_event event;
	while ((event = source_next(source, &frame, &err)) == SOURCE_FRAME)
		(void)feed_frame(t, &frame, counts);
	if (event == SOURCE_CUT) {
		t->run.cut = true;
		log_note(log, "%s", err.msg);
	} else if (event == SOURCE_FAILED) {
		log_error(log, "%s: %s", path, err.msg);
		return err.code;
	}
	return 0;
}

static int replay_own(struct source *source, const char *path, struct trace *t,
		      struct feed_counts *counts, struct log *log)
{
	int status = read_frames(source, path, t, counts, log);
	trace_clock(t, t->run.ended_ns);
	return status;
}

int replay_main(const struct options *o)
{
	struct log log;
	struct err err = {0};
	struct trace trace;
	struct feed_counts counts = {0};
	struct run_info info = {.mode = "replay", .argv = o->argv, .rounds = 1};
	const char *path = o->files_n ? o->files[0] : NULL;
	int status = EXIT_INPUT;

	log_init(&log, o);
	trace_init(&trace);
	if (!path) {
		log_error(&log, "replay needs a capture FILE");
		return EXIT_USAGE;
	}
	struct source *source = source_open_file(path, 1, &err);
	if (!source || read_facts(source, path, &trace, &log, &err) != 0) {
		log_error(&log, "%s", err.msg);
		status = err.code;
		goto out;
	}
	if (trace.run.own)
		status = replay_own(source, path, &trace, &counts, &log);
	else
		status = survey_replay(o, &log, &trace, &counts);
	if (status != 0)
		goto out;
	info.capture_file = path;
	info.packets_seen = counts.frames;
	info.packets_sent = trace.probes_n;
	if (trace.routes_n)
		info.interface = trace.routes[0].interface;
	status = present_trace(o, &log, &info, &trace);
out:
	if (source)
		source_close(source);
	trace_free(&trace);
	return status;
}
