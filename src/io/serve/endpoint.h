/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SERVE_ENDPOINT_H
#define IO_SERVE_ENDPOINT_H

/*
 * Where metrics are fetched over HTTP: /metrics and /-/healthy, nothing else,
 * within the caller's own loop. By libmicrohttpd: its bounds on connections,
 * memory and time are its own, and it lets its caller wait for it, which the
 * HTTP server of libevent does not. No TLS and no passwords: that is for a proxy.
 *
 * A build without it has the same functions: they say what is missing.
 */

#include "base/addr.h"
#include "base/err.h"
#include "base/text.h"
#include <stdint.h>

struct endpoint;

/* Writes what is answered to a request for /metrics. */
typedef void endpoint_answer(void *arg, struct text *out);

/*
 * Listens. NULL with *err: IO_SYSTEM when the address cannot be had, IO_USAGE when the build lacks
 * it.
 */
struct endpoint *endpoint_open(const struct addr *addr, uint16_t port, endpoint_answer *answer,
			       void *arg, struct err *err);

/* A descriptor that is readable when endpoint_step() has something to do; -1 of NULL. */
int endpoint_fd(const struct endpoint *e);

/* How long the caller may wait at most before the next step, in ms; -1: as long as it likes. */
int endpoint_wait_ms(const struct endpoint *e);

/* Does what can be done without waiting. */
void endpoint_step(struct endpoint *e);

void endpoint_close(struct endpoint *e);

#endif
