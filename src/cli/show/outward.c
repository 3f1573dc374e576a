/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/show/outward.h"
#include "cli/command.h"
#include "cli/show/present.h"
#include "io/folder/folder.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What stands in a run of others: nothing was sent from here. */
static struct run_info run_of(const struct options *o)
{
	return (struct run_info){.mode = "replay", .argv = o->argv, .rounds = 1};
}

/* One place: its ledger is the measurement. */
static int show_one(const struct options *o, struct log *log, struct vantage *v,
		    struct saving *saving)
{
	struct run_info run = run_of(o);
	if (v->excluded) {
		log_error(log, "the only place that was asked says nothing: %s", v->excluded);
		return EXIT_INPUT;
	}
	return present_and_save(o, log, &run, &v->trace, saving);
}

/* When the first place began and the last one ended. */
static void span(const struct vantage_list *list, struct run_facts *run)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct run_facts *one = &list->items[i].trace.run;
		if (run->started_ns == 0 || one->started_ns < run->started_ns)
			run->started_ns = one->started_ns;
		if (one->ended_ns > run->ended_ns)
			run->ended_ns = one->ended_ns;
	}
	run->port = list->port;
}

int outward_show(const struct options *o, struct log *log, struct vantages *v,
		 struct saving *saving)
{
	struct run_info run = run_of(o);
	struct trace nothing;
	int status = vantages_seal(v, log, 0);
	if (status != 0)
		return status;
	saving->outside = &v->raw;
	if (v->list.n == 1 && o->command == COMMAND_REPLAY)
		return show_one(o, log, &v->list.items[0], saving);
	saving->vantages = &v->list;
	trace_init(&nothing);
	span(&v->list, &nothing.run);
	status = present_and_save(o, log, &run, &nothing, saving);
	trace_free(&nothing);
	return status;
}

static bool holds(const char *folder, const char *name)
{
	char *path = NULL;
	bool there = asprintf(&path, "%s/%s", folder, name) >= 0 && access(path, F_OK) == 0;
	free(path);
	return there;
}

bool outward_is_folder(const char *path)
{
	return holds(path, FOLDER_OUTSIDE) && !holds(path, FOLDER_CAPTURE);
}

/* The file, or that of the folder, which must be what it was. 0, or an exit status after a message.
 */
static int load(const struct options *o, struct log *log, struct vantages *out)
{
	const char *path = o->files[0];
	struct err err = {0};
	char *inside = NULL;
	*out = (struct vantages){0};
	if (outward_is_folder(path)) {
		inside = vantages_beside(path);
		if (!inside || folder_verify(path, &err) != 0) {
			log_error(log, "%s", inside ? err.msg : "no memory to read the folder");
			free(inside);
			return inside ? err.code : EXIT_SYSTEM;
		}
	}
	int status = vantages_load(o, log, inside ? inside : path, (uint16_t)o->port, out);
	free(inside);
	return status;
}

int outward_replay(const struct options *o, struct saving *saving)
{
	struct vantages v;
	struct log log;
	log_init(&log, o);
	int status = load(o, &log, &v);
	if (status == 0)
		status = outward_show(o, &log, &v, saving);
	vantages_end_of(&v);
	return status;
}
