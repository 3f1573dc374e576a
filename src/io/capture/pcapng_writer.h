/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_PCAPNG_WRITER_H
#define IO_CAPTURE_PCAPNG_WRITER_H

/*
 * Builds pcapng blocks in memory: one section, one interface with Linux cooked
 * frames of version 2 and nanoseconds. No custom blocks, so that every reader
 * of the format takes the file.
 */

#include "base/text.h"
#include "io/capture/evidence.h"
#include "wire/frame.h"
#include <stdint.h>

/* Each appends one block to *out, whose `failed` tells of lack of memory. */

/* The section header with what `end` says, or a plain one for NULL. */
void pcapng_put_section(struct text *out, const struct evidence_end *end);
void pcapng_put_interface(struct text *out);

/* `comment` is UTF-8, cut at EVIDENCE_FRAME_NOTE_BYTES; NULL for none. */
void pcapng_put_frame(struct text *out, const struct frame *frame, const char *comment);
void pcapng_put_names(struct text *out, const struct evidence_name *names, size_t n);
void pcapng_put_statistics(struct text *out, const struct evidence_end *end);

#endif
