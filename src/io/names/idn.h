/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_IDN_H
#define IO_NAMES_IDN_H

/*
 * International names, as people write them, to the letters of the DNS (IDNA 2008).
 */

#include "base/err.h"
#include <stddef.h>

/*
 * "münchen.example", UTF-8, to "xn--mnchen-3ya.example" in out[size]. 0, or -1 with *err
 * (IO_USAGE) for what is no such name, or in a build that does not measure.
 */
int idn_ascii(const char *name, char *out, size_t size, struct err *err);

#endif
