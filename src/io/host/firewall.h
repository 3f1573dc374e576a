/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_FIREWALL_H
#define IO_HOST_FIREWALL_H

/*
 * What this host's firewall and routing rules say in their own words: read by
 * the host's own tools while there are privileges, looked at only when
 * something was found that a rule could explain. Nothing is ever changed.
 */

#include "base/err.h"
#include "io/host/privilege.h"
#include "trace/trace.h"

struct firewall;

/*
 * Starts the tools (nft, iptables-save, ip6tables-save, ip) that are installed, with an empty
 * environment; they end by themselves within seconds. NULL when none can be started: then nothing
 * is known of rules.
 */
struct firewall *firewall_open(void);

/* Waits for the tools, at most as long as they may run, and adds the rules that name the port to
 * the trace; that some were not read, as the counter COUNTER_RULES_UNREAD. */
void firewall_explain(struct firewall *f, uint16_t port, struct trace *t);

void firewall_close(struct firewall *f);

/*
 * Whom the rules in the trace refuse by name where they look at the owner of the socket: users, and
 * users of groups. At most `cap` into out, root never; returns how many.
 */
size_t firewall_users(const struct trace *t, struct caller *out, size_t cap);

/* The same of rules that are being asked for, which a process without rights reads as `as`. */
size_t firewall_users_apart(struct firewall *f, uint16_t port, const struct caller *as,
			    struct caller *out, size_t cap);

/* Adds how full the connection table is, and how full it can be, to the trace. */
void firewall_count_table(struct trace *t);

/* TCP segments with a wrong checksum that this host's kernel dropped so far; -1: unknown. */
int64_t firewall_bad_checksums(void);

#endif
