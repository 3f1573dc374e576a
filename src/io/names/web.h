/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_WEB_H
#define IO_NAMES_WEB_H

/*
 * One small document from a web service that the user names.
 */

#include "base/addr.h"
#include "base/err.h"
#include "base/text.h"
#include <stdint.h>

#define WEB_BYTES_MAX (1024 * 1024)

struct web_answer {
	struct text text; /* untrusted; the caller frees it */
	/* Where this host asked from; none where the environment names a proxy, which may have
	   asked in its place. */
	struct addr from;
};

/*
 * Fetches the URL (http or https, at most three redirections) over IPv4, IPv6 or (family 0) either.
 * Appends at most WEB_BYTES_MAX bytes to out->text. 0, or -1 with *err (IO_INPUT).
 */
int web_get(const char *url, uint8_t family, int64_t wait_ns, struct web_answer *out,
	    struct err *err);

#endif
