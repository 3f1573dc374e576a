/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/load/comparison.h"
#include "cli/load/load.h"
#include "cli/out/log.h"
#include "cli/show/present.h"
#include <string.h>

/* A folder is made of one capture that can be read a second time. */
static int open_folder(const struct options *o, const struct loaded *loaded, struct saving *saving,
		       struct err *err)
{
	if (o->output && (o->files_n > 1 || strcmp(loaded->file, "-") == 0))
		return err_set(err, EXIT_USAGE, "--output needs one capture FILE, and no '-'");
	return o->output ? save_open(o, NULL, saving, err) : 0;
}

int replay_main(const struct options *o)
{
	struct log log;
	struct loaded loaded;
	struct saving saving = {.folder = {.fd = -1}};
	struct err err = {0};
	if (o->files_n == 1 && comparison_is(o->files[0]))
		return comparison_replay(o);
	log_init(&log, o);
	int status = load_evidence(o, &log, &loaded);
	if (status == 0 && open_folder(o, &loaded, &saving, &err) != 0) {
		log_error(&log, "%s", err.msg);
		status = err.code;
	} else if (status == 0) {
		struct run_info info = load_run(&loaded);
		info.argv = o->argv;
		saving.copied = loaded.file;
		status = present_and_save(&loaded.o, &log, &info, &loaded.trace, &saving);
	}
	save_close(&saving, &log);
	load_free(&loaded);
	return status;
}
