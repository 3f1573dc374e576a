/* SPDX-License-Identifier: BSD-2-Clause */
/* Of a machine that does not measure only its name counts. */
#include "io/host/system.h"
#include <stdio.h>
#include <sys/utsname.h>

void system_read(struct system_facts *out)
{
	struct utsname host;

	*out = (struct system_facts){0};
	if (uname(&host) >= 0)
		snprintf(out->os, sizeof(out->os), "%.64s %.64s %.64s", host.sysname, host.release,
			 host.machine);
}
