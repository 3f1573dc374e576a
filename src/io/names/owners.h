/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_OWNERS_H
#define IO_NAMES_OWNERS_H

/*
 * Whose addresses are: the AS that announces them, by a data base on this
 * machine, in MaxMind's format (GeoLite2-ASN, ipinfo and their like) or in
 * libloc's. Which one a file is shows in its first and last bytes.
 */

#include "base/addr.h"
#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

#define OWNERS_NAME_BYTES 128

/* What a data base says of an address. */
struct owner {
	struct prefix prefix; /* the entry's */
	uint32_t asn;
	char name[OWNERS_NAME_BYTES]; /* "": unknown; untrusted text */
};

struct owners;

/* Where libloc's data base is, or would be, installed; NULL in a build that does not read it. */
const char *owners_installed(void);

/* NULL with *err: code 4 for what cannot be read or understood, 5 without memory. */
struct owners *owners_open(const char *path, struct err *err);

/* False when the data base knows no AS of the address. */
bool owners_find(struct owners *o, const struct addr *addr, struct owner *out);

/* When the data was made, in seconds since 1970; 0: the file does not say. */
int64_t owners_made_s(const struct owners *o);

void owners_close(struct owners *o);

#endif
