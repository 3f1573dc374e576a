/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_RESOLVER_H
#define IO_NAMES_RESOLVER_H

/*
 * The resolver library at work: its sockets are looked at, what came is taken. It is the same for
 * every version of the library, and without a thread of its own, which would keep the rights that
 * this one gives up.
 */

#include "base/err.h"
#include <ares.h>

struct resolver;

/*
 * The system's resolvers, each asked `tries` times, try_ms apart at first. NULL with *err: there is
 * none, or no memory; it begins with `what`, which then cannot be done.
 */
struct resolver *resolver_open(int try_ms, int tries, const char *what, struct err *err);

/* For the library's own questions; a loan. */
ares_channel resolver_channel(const struct resolver *r);

/* One text of an answer, a loan until it returns; NULL: there are no more, or no answer came. */
typedef void resolver_text_fn(void *arg, const char *text);

/* Asks for the texts (TXT) of a name: `take` gets each, and NULL at the end, also at once. */
void resolver_ask_texts(struct resolver *r, const char *name, resolver_text_fn *take, void *arg);

/* Waits at most wait_ms (0: not at all) for one of the sockets, and lets the library act. */
void resolver_work(struct resolver *r, int wait_ms);

/* Pending questions call back as cancelled. NULL is fine. */
void resolver_close(struct resolver *r);

#endif
