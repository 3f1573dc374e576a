/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_FOREIGN_H
#define TRACE_FOREIGN_H

/*
 * What differs where a capture is somebody else's. Its SYNs may share sequence
 * numbers and differ in TTL or IP ID alone, may have been captured twice on their
 * way, or may be missing although their answers are there.
 */

#include "trace/match.h"

/* Copies of one packet (bridge and port, veth ends, a mirror) follow each other at once. */
#define FOREIGN_COPY_NS (300 * INT64_C(1000000))

/* Whether a packet between a server of the trace and this client is of the measurement. */
bool foreign_admits(const struct trace *t, uint32_t server, const struct addr *client);

/* The probe that a SYN repeats, later or further on its way; TRACE_NONE: it is a new one. */
uint32_t foreign_find_syn(const struct trace *t, uint32_t newest, const struct packet *packet);

/* Takes note of a SYN that repeats the probe, or that was known by its answer alone so far. */
enum match foreign_again(struct probe *p, const struct packet *packet);

/* The probe that an ICMP error quotes, by sequence number and, where it tells, IP ID. */
uint32_t foreign_find_quoted(const struct trace *t, uint32_t newest, const struct packet *packet);

/*
 * The newest probe of the 5-tuple that the packet answers, or TRACE_NONE. When the packet can
 * only answer a SYN and no SYN of the 5-tuple was captured, or those with other numbers were reset
 * before it was accepted, that SYN is added as implied; never one to port 0, where nothing listens
 * (RFC 6335, 6).
 */
uint32_t foreign_answered(struct trace *t, const struct packet *packet);

/*
 * The client's ACK of a SYN-ACK whose SYN the capture lacks, so that it was kept as an oddity of
 * another one: that SYN is added as implied, with this answer. TRACE_NONE: it is no such ACK.
 */
uint32_t foreign_accepted(struct trace *t, uint32_t newest, const struct packet *packet);

/* Whether `b` is the answer `a` once more, captured further on its way. */
bool foreign_same_answer(const struct reply *a, const struct reply *b, const struct packet *packet);

#endif
