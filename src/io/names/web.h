/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_WEB_H
#define IO_NAMES_WEB_H

/*
 * One small document from a web service that the user names.
 */

#include "base/err.h"
#include "base/text.h"
#include <stdint.h>

#define WEB_BYTES_MAX (1024 * 1024)

/*
 * Fetches the URL (http or https, at most three redirections) over IPv4, IPv6 or (family 0) either.
 * Appends at most WEB_BYTES_MAX bytes to *out, untrusted. 0, or -1 with *err (IO_INPUT).
 */
int web_get(const char *url, uint8_t family, int64_t wait_ns, struct text *out, struct err *err);

#endif
