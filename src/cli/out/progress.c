/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/out/progress.h"
#include "io/host/clock.h"
#include <string.h>

#define WATCH_FRAMES 4096 /* between two looks at the clock */
#define WATCH_NS     INT64_C(200000000)
#define BAR_CELLS    20
#define MIB	     (1024.0 * 1024.0)

static bool is_due(struct progress *p)
{
	int64_t now_ns = clock_mono_ns();
	bool begins = p->shown_ns == 0;

	if (!begins && now_ns - p->shown_ns < WATCH_NS)
		return false;
	p->shown_ns = now_ns;
	return !begins;
}

void progress_bar(struct text *out, double part, const char *what)
{
	double done = part < 0 ? 0 : part > 1 ? 1 : part;
	int cells = (int)(done * BAR_CELLS);

	text_addf(out, "%3.0f %% [", done * 100);
	for (int i = 0; i < BAR_CELLS; i++)
		text_add(out, i < cells ? "=" : i == cells ? ">" : " ");
	text_addf(out, "] %s", what);
}

/* The line is short: the folders that a file lies in are left out. */
static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

void progress_frame(struct progress *p, const char *what, const struct captures *captures)
{
	struct text line = {0}, bar = {0};
	size_t n = captures_count(captures);

	if (!p->log || ++p->frames % WATCH_FRAMES != 0 || !is_due(p))
		return;
	if (n == 1)
		text_addf(&line, "%s %s", what, last_part(captures_name(captures, 0)));
	else
		text_addf(&line, "%s %zu captures", what, n);
	progress_bar(&bar, captures_progress(captures), text_str(&line));
	log_progress(p->log, "%s", text_str(&bar));
	text_free(&line);
	text_free(&bar);
}

static void show_copied(void *who, const char *name, uint64_t bytes)
{
	struct progress *p = who;

	if (p->log && is_due(p))
		log_progress(p->log, "%.1f MiB copied of %s", (double)bytes / MIB, last_part(name));
}

struct captures_watch progress_watch(struct progress *p)
{
	return (struct captures_watch){show_copied, p};
}

void progress_end(struct progress *p)
{
	if (p->log)
		log_progress_end(p->log);
}
