/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ENGINE_PAST_H
#define ENGINE_PAST_H

/*
 * What the trace shows of the way that a question would take.
 */

#include "infer/infer.h"

/* The router where a SYN with this TTL expired before, on its way to the same server; or none. */
struct addr past_router(const struct trace *t, uint32_t server, uint8_t ttl);

/* Whether a SYN to the port got to the server with this TTL or less: no router lets it expire. */
bool past_reaches(const struct trace *t, const struct question *q);

/* Whether a mail session there came to its end with the server's own certificate. */
bool past_verified(const struct trace *t, uint32_t server);

/* Whether the port accepts, or nobody knows yet: some SYN drew a SYN-ACK, or none had its time. */
bool past_accepts(const struct trace *t, uint32_t server, uint16_t port);

#endif
