/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/load/load.h"
#include "cli/out/log.h"
#include "cli/show/outward.h"
#include "cli/show/present.h"
#include "infer/infer.h"
#include "io/folder/folder.h"
#include <sys/stat.h>

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Answers of a file of their own, beside what was measured here. 0, or an exit status. */
static int add_answers(const struct options *o, struct log *log, struct loaded *loaded)
{
	struct result own;
	vantages_end_of(&loaded->vantages);
	int status = vantages_load(o, log, o->files[1], loaded->trace.run.port, &loaded->vantages);
	if (status != 0)
		return status;
	if (infer_judge(&loaded->trace, &own) != 0) {
		log_error(log, "no memory to judge the measurement");
		return EXIT_SYSTEM;
	}
	uint32_t asn = loaded->vantages.list.asn;
	status = vantages_seal(&loaded->vantages, log, asn ? asn : outside_provider(&own));
	result_free(&own);
	return status;
}

/* An evidence folder of our own, with what engines answered in it or in a file. */
static int judge_folder(const struct options *o, struct log *log, struct saving *saving)
{
	struct options alone = *o;
	struct loaded loaded;
	alone.files_n = 1;
	int status = load_evidence(&alone, log, &loaded);
	if (status == 0 && o->files_n == 2)
		status = add_answers(o, log, &loaded);
	if (status == 0 && loaded.vantages.list.n == 0) {
		log_error(log, "'%s' holds no " FOLDER_OUTSIDE, o->files[0]);
		status = EXIT_INPUT;
	}
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

static int check(const struct options *o, struct log *log)
{
	if (o->files_n == 1 || (o->files_n == 2 && is_folder(o->files[0])))
		return 0;
	log_error(log, "outside needs a FOLDER, a FILE of results, or both in that order");
	return EXIT_USAGE;
}

int outside_main(const struct options *o)
{
	struct saving saving = {0};
	struct err err = {0};
	struct log log;
	log_init(&log, o);
	int status = check(o, &log);
	if (status != 0)
		return status;
	if (save_open_reading(o, &saving, &err) != 0) {
		log_error(&log, "%s", err.msg);
		status = err.code;
	} else if (is_folder(o->files[0])) {
		status = judge_folder(o, &log, &saving);
	} else {
		status = outward_replay(o, &saving);
	}
	save_close(&saving, &log);
	return status;
}
