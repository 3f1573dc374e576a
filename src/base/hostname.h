/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_HOSTNAME_H
#define BASE_HOSTNAME_H

/*
 * What may be asked for as a host name.
 */

#include <stdbool.h>

#define HOSTNAME_MAX 253 /* RFC 1035: 255 bytes on the wire */

/*
 * Labels of letters, digits, hyphens and underscores, up to 63 bytes each, with or without the
 * final dot (RFC 1123 2.1, plus the underscore that zones do contain). A name whose last label
 * is a number is none: it would be read as an address.
 */
bool hostname_valid(const char *s);

#endif
