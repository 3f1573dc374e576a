/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_NETWORKS_H
#define IO_NAMES_NETWORKS_H

/*
 * The prefixes that the user names (--networks), one a line:
 *
 *	PREFIX ROLE [ASN] [NAME]
 *
 * ROLE is local-network, isp, transit or remote; ASN is a number, with or without
 * AS before it; NAME is the rest of the line. Empty lines and lines that start
 * with # are passed over.
 */

#include "base/arena.h"
#include "base/err.h"
#include "trace/trace.h"
#include <stddef.h>

#define NETWORKS_MAX 4096

/* Everything belongs to the list. by_user is set in each. */
struct network_list {
	struct network *networks;
	size_t n, cap;
	struct arena strings;
};

/*
 * Reads the text of a list into *out; `name` is what messages call it. 0, or -1 with *err
 * (code 4, the line's number in it; 5 without memory) and *out empty.
 */
int networks_parse(const char *text, size_t len, const char *name, struct network_list *out,
		   struct err *err);

/* The same from a file ("-": standard input). */
int networks_read(const char *path, struct network_list *out, struct err *err);

void networks_free(struct network_list *list);

#endif
