/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/load/gather.h"
#include "cli/out/log.h"
#include "cli/show/comparison.h"
#include "cli/show/present.h"
#include <string.h>

static int check(const struct options *o, struct log *log)
{
	size_t standard = 0;
	if (o->files_n < 2) {
		log_error(log,
			  "compare needs the client's capture and at least one OTHER: "
			  "'%s' is alone",
			  o->files[0]);
		return EXIT_USAGE;
	}
	if (o->files_n > PAIRS_CAPTURES_MAX) {
		log_error(log, "compare takes at most %d captures, not %zu", PAIRS_CAPTURES_MAX,
			  o->files_n);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < o->files_n; i++)
		standard += strcmp(o->files[i], "-") == 0;
	if (standard > 1 || (standard && o->output)) {
		log_error(log, "standard input ('-') can be one of the captures, and none with "
			       "--output");
		return EXIT_USAGE;
	}
	return 0;
}

int compare_files(const struct options *o, struct saving *saving)
{
	struct log log;
	struct loaded loaded;
	struct pairs pairs;
	log_init(&log, o);
	int status = gather_captures(o, &log, &loaded, &pairs);
	if (status == 0) {
		struct run_info info = load_run(&loaded);
		info.mode = "compare";
		info.argv = o->argv;
		saving->copied = o->files[0];
		saving->others = o->files + 1;
		saving->others_n = o->files_n - 1;
		saving->pairs = &pairs;
		status = present_and_save(&loaded.o, &log, &info, &loaded.trace, saving);
	}
	pairs_free(&pairs);
	load_free(&loaded);
	return status;
}

int compare_main(const struct options *o)
{
	struct log log;
	struct saving saving = {0};
	struct err err = {0};
	log_init(&log, o);
	int status = check(o, &log);
	if (status != 0)
		return status;
	if (save_open_reading(o, &saving, &err) == 0) {
		status = compare_files(o, &saving);
	} else {
		log_error(&log, "%s", err.msg);
		status = err.code;
	}
	save_close(&saving, &log);
	return status;
}
