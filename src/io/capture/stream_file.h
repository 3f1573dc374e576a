/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_STREAM_FILE_H
#define IO_CAPTURE_STREAM_FILE_H

/*
 * A stream as the FILE that libpcap reads from.
 */

#include "base/err.h"
#include "io/capture/stream.h"
#include <stdio.h>

/*
 * Takes the stream over, also when it fails; its next byte is the file's first. The caller closes
 * the file. `name` is for messages. NULL with *err (IO_INPUT, IO_SYSTEM).
 */
FILE *stream_file(struct stream *in, const char *name, struct err *err);

#endif
