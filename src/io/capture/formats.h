/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_FORMATS_H
#define IO_CAPTURE_FORMATS_H

/*
 * What a file is, by its first bytes: a capture that is read here, one that is
 * packed, or one of the other formats in which packets are saved, with the command
 * that converts it.
 */

#include "base/text.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORMATS_HEAD_BYTES 512 /* as many tell, where there are so many */

/* Whether it begins like pcapng, or like classic pcap in one of its kinds. */
bool format_is_pcapng(const uint8_t *head, size_t n);
bool format_is_classic(const uint8_t *head, size_t n);

/* The compression that unpacks to a capture ("gzip"), or NULL. */
const char *format_packed(const uint8_t *head, size_t n);

/*
 * Adds what else the file of this name is, and what to do about it, as the rest of a sentence that
 * begins with its name.
 */
void format_tell(struct text *out, const char *name, const uint8_t *head, size_t n);

#endif
