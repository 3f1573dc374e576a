/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_DIGEST_H
#define IO_FOLDER_DIGEST_H

/*
 * The computation behind sha256.h: by OpenSSL, or by our own code in a build that
 * has to do with libpcap and jansson alone.
 */

#include <stdbool.h>
#include <stddef.h>

#define DIGEST_BYTES 32

struct digest;

/* NULL where it cannot be computed. */
struct digest *digest_begin(void);

/* False where it failed. */
bool digest_add(struct digest *d, const void *bytes, size_t n);

/* The digest of all that was added; frees *d (which may be NULL: then it failed). */
bool digest_end(struct digest *d, unsigned char out[DIGEST_BYTES]);

#endif
