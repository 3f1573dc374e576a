/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_RESOLVE_H
#define IO_NAMES_RESOLVE_H

/*
 * Names to addresses, many at once, within a deadline, the way this host is set
 * up (numeric, /etc/hosts, DNS).
 */

#include "base/addr.h"
#include "base/err.h"
#include "io/host/privilege.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESOLVE_ADDRS_MAX 32

enum resolve_outcome {
	RESOLVE_FOUND,
	RESOLVE_NONE,	/* the name exists not, or has no address of the family */
	RESOLVE_LATE,	/* no answer within the deadline */
	RESOLVE_FAILED, /* no resolver answered usably */
};

/* One name to look up. The first four fields are the question. */
struct resolve_host {
	const char *name;
	bool ipv4, ipv6; /* families wanted */
	bool all;	 /* every address; otherwise the first of each family */
	enum resolve_outcome outcome;
	struct addr addrs[RESOLVE_ADDRS_MAX];
	size_t addrs_n;
	const char *why; /* a phrase when nothing was found, static */
};

/* Looks all up together. 0 (each says its own outcome), or -1 with *err: no resolver at all. */
int resolve_hosts(struct resolve_host *hosts, size_t n, int64_t wait_ns, struct err *err);

/* The same by a process of its own, which is `as` without any capability and ends with it. */
int resolve_hosts_apart(struct resolve_host *hosts, size_t n, int64_t wait_ns,
			const struct caller *as, struct err *err);

/* Why a name has no address, as a static phrase; NULL when it has. */
const char *resolve_phrase(enum resolve_outcome outcome);

#endif
