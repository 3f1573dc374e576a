/* SPDX-License-Identifier: BSD-2-Clause */
/* A build that measures nothing looks up no names. */
#include "io/host/status.h"
#include "io/names/idn.h"

int idn_ascii(const char *name, char *out, size_t size, struct err *err)
{
	(void)out;
	(void)size;
	return err_set(err, IO_USAGE,
		       "HOST '%s' is an international name, and this whoblocks knows none: it was "
		       "built with WHOBLOCKS_LIVE=OFF",
		       name);
}
