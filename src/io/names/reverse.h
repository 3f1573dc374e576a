/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_REVERSE_H
#define IO_NAMES_REVERSE_H

/*
 * The names of addresses by this host's own resolver, asked for while something
 * else goes on: nothing here waits unless it is told to.
 */

#include "base/addr.h"
#include "base/err.h"
#include <stddef.h>
#include <stdint.h>

#define REVERSE_MAX 256 /* addresses in one run */

struct reverse;

/* NULL with *err: there is no resolver, or no memory. */
struct reverse *reverse_open(struct err *err);

/* Asks for the address's name, once; more than REVERSE_MAX addresses are not asked for. */
void reverse_ask(struct reverse *r, const struct addr *addr);

/* Takes what has come and waits at most wait_ns (0: not at all) for what has not. */
void reverse_step(struct reverse *r, int64_t wait_ns);

size_t reverse_asked(const struct reverse *r);

/* The next address with a name, from *at (first: 0); the untrusted name, or NULL: no more. */
const char *reverse_next(const struct reverse *r, size_t *at, struct addr *addr);

void reverse_close(struct reverse *r);

#endif
