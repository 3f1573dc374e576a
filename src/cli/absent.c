/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands that a build without WHOBLOCKS_LIVE has by name alone: parts_need_command() speaks.
 */
#include "cli/command.h"

int probe_main(const struct options *o)
{
	(void)o;
	return EXIT_USAGE;
}

int receive_main(const struct options *o)
{
	return probe_main(o);
}

int watch_main(const struct options *o)
{
	return probe_main(o);
}

int check_main(const struct options *o)
{
	return probe_main(o);
}
