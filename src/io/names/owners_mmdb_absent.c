/* SPDX-License-Identifier: BSD-2-Clause */
/* A build that reads no data bases in MaxMind's format says so. */
#include "io/host/status.h"
#include "io/names/owners_impl.h"

const struct owners_format owners_mmdb;

void *owners_mmdb_open(const char *path, struct err *err)
{
	err_set(err, IO_USAGE,
		"'%s' is no data base of libloc, and this whoblocks reads no other: it was built "
		"with "
		"WHOBLOCKS_OWNERS_MMDB=OFF",
		path);
	return NULL;
}
