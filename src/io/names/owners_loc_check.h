/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_OWNERS_LOC_CHECK_H
#define IO_NAMES_OWNERS_LOC_CHECK_H

/*
 * Whether a data base of libloc's can be given to libloc, which follows the offsets
 * and indexes in it without a look.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether every offset, index and string of version 1 stays within the n bytes. */
bool owners_loc_sound(const uint8_t *bytes, size_t n);

/* The same of a regular file. */
bool owners_loc_sound_file(int fd);

#endif
