/* SPDX-License-Identifier: BSD-2-Clause */
/* A build that unpacks nothing says so. */
#include "io/capture/packed.h"
#include "io/host/status.h"

FILE *packed_copy(FILE *f, const char *name, const struct captures_watch *watch, struct err *cut,
		  struct err *err)
{
	(void)f;
	(void)watch;
	(void)cut;
	err_set(err, IO_USAGE,
		"'%s' is compressed, and this whoblocks unpacks nothing: it was built with "
		"WHOBLOCKS_PACKED=OFF; unpack it first",
		name);
	return NULL;
}
