/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_RESULTS_OUTSIDE_FILE_H
#define IO_RESULTS_OUTSIDE_FILE_H

/*
 * Results of RIPE Atlas and Globalping, as they were received, into the ledgers of their vantage
 * points.
 */

#include "base/err.h"
#include "base/text.h"
#include "outside/vantage.h"

#define OUTSIDE_FILE_BYTES_MAX (64U * 1024 * 1024)

/* What a text of results is read for. */
struct outside_wish {
	uint16_t port;
	/* The user says so: results whose measurement's object is missing went to that port. */
	bool port_given;
};

/* Whether the file begins as results do, and as no capture does. False when it cannot be read, or
 * not twice: what a pipe holds is gone once somebody looked. */
bool outside_file_is(const char *path);

/* Appends a whole file ("-": standard input). 0, or -1 with *err (4: unreadable, too large; 5). */
int outside_file_text(const char *path, struct text *out, struct err *err);

/*
 * Reads a text into *out. 0, or -1 with *err: 4, it is no JSON; 5, no memory. Values that say
 * nothing are counted, never an error. The caller frees with vantages_free() either way.
 */
int outside_read(const char *text, size_t len, const struct outside_wish *wish,
		 struct vantage_list *out, struct err *err);

#endif
