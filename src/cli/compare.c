/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/load/gather.h"
#include "cli/out/log.h"
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

static int show(const struct options *o, struct log *log, struct loaded *loaded,
		const struct pairs *pairs)
{
	struct saving saving = {.folder = {.fd = -1}};
	struct err err = {0};
	struct run_info info = load_run(loaded);
	int status = 0;
	info.mode = "compare";
	info.argv = o->argv;
	if (o->output && save_open(o, NULL, &saving, &err) != 0) {
		log_error(log, "%s", err.msg);
		status = err.code;
	}
	saving.copied = o->files[0];
	saving.others = o->files + 1;
	saving.others_n = o->files_n - 1;
	saving.pairs = pairs;
	if (status == 0)
		status = present_and_save(&loaded->o, log, &info, &loaded->trace, &saving);
	save_close(&saving, log);
	return status;
}

int compare_main(const struct options *o)
{
	struct log log;
	struct loaded loaded;
	struct pairs pairs;
	log_init(&log, o);
	int status = check(o, &log);
	if (status != 0)
		return status;
	status = gather_captures(o, &log, &loaded, &pairs);
	if (status == 0)
		status = show(o, &log, &loaded, &pairs);
	pairs_free(&pairs);
	load_free(&loaded);
	return status;
}
