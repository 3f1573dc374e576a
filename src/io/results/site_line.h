/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_RESULTS_SITE_LINE_H
#define IO_RESULTS_SITE_LINE_H

/*
 * A saved result object (schema whoblocks/1) as a site's report. What an object may hold
 * beside what is read here does not matter; what is read is checked.
 */

#include "base/err.h"
#include "io/results/json_cut.h"
#include "sites/sites.h"
#include <jansson.h>

struct site_record {
	struct site site;    /* its strings and lists belong to the arena */
	const char *key;     /* the same for every run of one site; NULL: the object does not say */
	const char *started; /* RFC 3339 in UTC, so that texts compare as times; "": unknown */
};

/* The members of a result that are read; an object may come without all others. */
extern const struct json_member site_line_members[];

/*
 * Reads the object as the site of that index, which names it where it does not say. 0, or -1
 * with a sentence in *err (code 4): it is no result, or of another schema; code 5: no memory.
 */
int site_line_read(const json_t *object, uint32_t index, struct arena *arena,
		   struct site_record *out, struct err *err);

/* Whether it tells of a site of its own: what was seen from outside alone does not. */
bool site_line_is_own(const json_t *object);

/* The places elsewhere that it tells of beside; NULL: none. */
const json_t *site_line_places(const json_t *object);

/* Reads one of these; otherwise as site_line_read(). */
int site_line_read_place(const json_t *row, uint32_t index, struct arena *arena,
			 struct site_record *out, struct err *err);

#endif
