/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_STRAY_H
#define TRACE_STRAY_H

/*
 * Packets of our own source ports that belong to no probe: a SYN that this host
 * sends elsewhere than it was told to, and what its firewall answers, on the
 * loopback interface, to SYNs that never leave. They are the frames behind a
 * finding about this host.
 */

#include "trace/trace.h"
#include "wire/packet.h"

/* Records the packet when it is one; whether it was. Only for captures of our own. */
bool stray_match(struct trace *t, const struct packet *packet);

#endif
