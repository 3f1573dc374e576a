/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TEMP_DIR_H
#define TEMP_DIR_H

/*
 * One folder for a test program, which must leave it empty.
 */

#include "io_test.h"

static char folder[TEMP_PATH_BYTES];

static int set_up(void **state)
{
	(void)state;
	temp_folder(folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(folder);
}

#endif
