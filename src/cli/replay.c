/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/load/load.h"
#include "cli/out/log.h"
#include "cli/show/comparison.h"
#include "cli/show/outward.h"
#include "cli/show/present.h"
#include "io/results/outside_file.h"
#include <string.h>

/* A folder is made of one capture that can be read a second time. */
static int open_all(const struct options *o, struct saving *saving, struct err *err)
{
	if (o->output && (o->files_n > 1 || strcmp(o->files[0], "-") == 0))
		return err_set(err, EXIT_USAGE, "--output needs one capture FILE, and no '-'");
	return save_open_reading(o, saving, err);
}

static int replay(const struct options *o, struct log *log, struct saving *saving)
{
	struct loaded loaded;
	int status;
	if (o->files_n == 1 && comparison_is(o->files[0]))
		return comparison_replay(o, saving);
	if (o->files_n == 1 && (outside_file_is(o->files[0]) || outward_is_folder(o->files[0])))
		return outward_replay(o, saving);
	status = load_evidence(o, log, &loaded);
	if (status == 0) {
		struct run_info info = load_run(&loaded);
		info.argv = o->argv;
		saving->copied = loaded.file;
		saving->vantages = &loaded.vantages.list;
		saving->outside = &loaded.vantages.raw;
		status = present_and_save(&loaded.o, log, &info, &loaded.trace, saving);
	}
	load_free(&loaded);
	return status;
}

int replay_main(const struct options *o)
{
	struct log log;
	struct saving saving = {0};
	struct err err = {0};
	int status;
	log_init(&log, o);
	if (open_all(o, &saving, &err) == 0) {
		status = replay(o, &log, &saving);
	} else {
		log_error(&log, "%s", err.msg);
		status = err.code;
	}
	save_close(&saving, &log);
	return status;
}
