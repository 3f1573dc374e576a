/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_APART_H
#define IO_HOST_APART_H

/*
 * Work by a process that has nothing to lose, while this one still has rights: reading what comes
 * from elsewhere.
 */

#include "io/host/privilege.h"
#include <stddef.h>
#include <stdint.h>

/* What the process does; what it leaves in `shared` is not to be trusted. */
typedef void apart_work(void *shared);

/*
 * Has a child do the work as `as`, without rights and confined, for at most `wait_ns` and a second;
 * `shared` is memory that both have (apart_memory()). The child ends without working where it
 * cannot give up its rights. 0, or -1: there was no child.
 */
int apart_run(apart_work *work, void *shared, int64_t wait_ns, const struct caller *as);

/* Zeroed memory that a child shares, to be given back by apart_free(); NULL: there is none. */
void *apart_memory(size_t bytes);
void apart_free(void *shared, size_t bytes);

#endif
