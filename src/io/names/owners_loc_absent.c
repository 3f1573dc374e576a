/* SPDX-License-Identifier: BSD-2-Clause */
/* A build that reads no data bases in libloc's format says so. */
#include "io/host/status.h"
#include "io/names/owners_impl.h"

const struct owners_format owners_loc;

const char *owners_installed(void)
{
	return NULL;
}

void *owners_loc_open(const char *path, struct err *err)
{
	err_set(err, IO_USAGE,
		"'%s' is a data base of libloc, and this whoblocks reads none: it was built with "
		"WHOBLOCKS_OWNERS_LOC=OFF",
		path);
	return NULL;
}
