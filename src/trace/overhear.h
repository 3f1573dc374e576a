/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_OVERHEAR_H
#define TRACE_OVERHEAR_H

/*
 * Mail sessions in somebody else's capture, as far as they are in clear text:
 * lines in their order, until TLS begins, a packet is missing or mail is sent.
 * Of the client's words only the command is kept, never what comes with it.
 */

#include "trace/trace.h"
#include "wire/packet.h"

/* A packet of the connection that began with this probe. */
void overhear_packet(struct trace *t, uint32_t probe, const struct packet *packet, bool out);

/* The capture is over: sessions that had gone dead before did not just end with it. */
void overhear_finish(struct trace *t);

/* Frees what trace.overheard points to. */
void overhear_free(struct trace *t);

#endif
