/* SPDX-License-Identifier: BSD-2-Clause */
#include "state/record.h"
#include <string.h>

enum run_worth run_worth(int status)
{
	if (status == 0 || (status >= 10 && status <= 17))
		return RUN_DECIDED;
	return status == 20 ? RUN_UNDECIDED : RUN_FAILED;
}

const char *gap_why_name(enum gap_why why)
{
	static const char *const names[] = {
		[GAP_STOPPED] = "stopped",
		[GAP_SUSPENDED] = "suspended",
		[GAP_NO_NETWORK] = "no-network",
		[GAP_FAILED] = "failed",
	};
	return names[why];
}

bool gap_why_named(const char *name, enum gap_why *out)
{
	for (int why = 0; name && why <= GAP_FAILED; why++) {
		*out = (enum gap_why)why;
		if (strcmp(gap_why_name(*out), name) == 0)
			return true;
	}
	return false;
}
