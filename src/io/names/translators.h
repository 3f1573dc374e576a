/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_TRANSLATORS_H
#define IO_NAMES_TRANSLATORS_H

/*
 * The prefixes under which this network's resolver gives IPv4 addresses to IPv6 hosts (DNS64), by
 * the name that everybody knows to have IPv4 addresses alone (RFC 7050). Nothing here waits unless
 * it is told to.
 */

#include "base/addr.h"
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

#define TRANSLATORS_MAX 4 /* prefixes of one network */

struct translators;

/* NULL with *err: there is no resolver, or no memory. */
struct translators *translators_open(struct err *err);

/* Asks, the first time; takes what has come, and waits at most wait_ms (0: not at all) for more. */
void translators_step(struct translators *t, int wait_ms);

/* Whether it was asked. */
bool translators_asked(const struct translators *t);

/* The next prefix, from *at (first: 0); false: no more. */
bool translators_next(const struct translators *t, size_t *at, struct prefix *out);

/* NULL is fine. */
void translators_close(struct translators *t);

#endif
