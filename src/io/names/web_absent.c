/* SPDX-License-Identifier: BSD-2-Clause */
/* A build that asks no web service says so. */
#include "io/host/status.h"
#include "io/names/web.h"

int web_get(const char *url, uint8_t family, int64_t wait_ns, struct web_answer *out,
	    struct err *err)
{
	(void)family;
	(void)wait_ns;
	(void)out;
	return err_set(err, IO_USAGE,
		       "'%s' is not asked: this whoblocks was built with WHOBLOCKS_WEB=OFF", url);
}
