/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/load.h"
#include "cli/log.h"
#include "cli/present.h"

int replay_main(const struct options *o)
{
	struct log log;
	struct loaded loaded;
	log_init(&log, o);
	int status = load_evidence(o, &log, &loaded);
	if (status == 0) {
		struct run_info info = load_run(&loaded);
		info.argv = o->argv;
		status = present_trace(&loaded.o, &log, &info, &loaded.trace);
	}
	load_free(&loaded);
	return status;
}
