/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"

int probe_main(const struct options *o)
{
	(void)o;
	return EXIT_USAGE;
}
