/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_OWNERS_IMPL_H
#define IO_NAMES_OWNERS_IMPL_H

/*
 * The two formats behind io/owners.h.
 */

#include "io/names/owners.h"

/* What a format can do; `data` is what its open() made. */
struct owners_format {
	bool (*find)(void *data, const struct addr *addr, struct owner *out);
	int64_t (*made_s)(const void *data);
	void (*close)(void *data);
};

extern const struct owners_format owners_mmdb;
extern const struct owners_format owners_loc;

/* The data, or NULL with *err as owners_open() gives it. */
void *owners_mmdb_open(const char *path, struct err *err);
void *owners_loc_open(const char *path, struct err *err);

#endif
