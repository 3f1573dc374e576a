/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_PACKED_H
#define IO_CAPTURE_PACKED_H

/*
 * Compressed captures: gzip, xz, zstd, bzip2 and lz4 are unpacked into a temporary
 * file without a name. A file that unpacks to more than it can honestly hold is
 * refused, and one that holds no capture is left after its first bytes. A
 * build without WHOBLOCKS_PACKED knows a compressed file and refuses it (IO_USAGE).
 */

#include "io/capture/spool.h"
#include <stdbool.h>

/*
 * What may come of a file: at least PACKED_LEAST bytes, at most PACKED_MOST, in between
 * PACKED_RATIO for each of its own.
 */
#define PACKED_LEAST (UINT64_C(1) << 30)
#define PACKED_MOST  (UINT64_C(1) << 36)
#define PACKED_RATIO 100

/* Whether the file, which can be rewound and is, begins like a compressed one. */
bool packed_is(FILE *f);

/*
 * What the file holds, to be read from its first byte; the caller closes it. Where the file is cut
 * off or damaged, it is what came before, with *cut. `watch` may be NULL. NULL with *err (IO_INPUT,
 * IO_SYSTEM).
 */
FILE *packed_copy(FILE *f, const char *name, const struct captures_watch *watch, struct err *cut,
		  struct err *err);

#endif
