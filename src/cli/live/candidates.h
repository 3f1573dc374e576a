/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_CANDIDATES_H
#define CLI_LIVE_CANDIDATES_H

/*
 * Who may be asked: HOSTs and servers of the known-good list, before their addresses are known.
 */

#include "cli/options.h"
#include "io/names/known.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>

struct candidate {
	struct server server; /* addr and client still empty */
	bool numeric;
	struct addr addr;
};

/* The caller sets o and known, and frees items. */
struct candidates {
	const struct options *o;
	const struct known_list *known;
	struct candidate *items;
	size_t n, cap;
};

/* Appends every HOST. 0, or -1 with *err (code 5). */
int candidates_add_hosts(struct candidates *c, struct err *err);

/*
 * Appends at most `most` servers of the list that document the port under test, of operators not
 * there yet. 0, or -1 with *err (code 5).
 */
int candidates_add_known(struct candidates *c, size_t most, bool reference, struct err *err);

#endif
