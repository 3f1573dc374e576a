/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_HOST_H
#define TRACE_HOST_H

/*
 * Facts about what this host itself does with its SYNs, which no frame can show.
 */

#include "trace/packets.h"

/* A SYN that the kernel refused to send. */
struct send_error {
	uint32_t server;
	uint16_t port, src_port;
	uint8_t ttl;
	enum probe_kind kind;
	int error; /* errno */
	int64_t at_ns;
};

/* A SYN that was handed over without an error and never came by in the capture. */
struct unseen {
	uint32_t server;
	uint16_t port, src_port;
	uint32_t seq;
	uint8_t ttl;
	enum probe_kind kind;
	int64_t at_ns;
};

/* Somebody whose connections are tried: owner rules tell users apart. */
struct user {
	uint32_t uid;
	const char *name;
	bool by_rule; /* asked since a rule of this host looks at users, not since somebody said so
		       */
};

/* The outcome of the kernel's own connect(). */
struct connect_result {
	uint32_t server;
	uint16_t port, src_port;
	uint32_t uid;
	const char *user;
	int error; /* errno; 0: connected; EINPROGRESS: no outcome yet */
	int64_t at_ns, took_ns;
};

/* How the routing tables treat a user's TCP connection to a port: rules may look at both. */
struct flow_route {
	uint32_t server;
	uint16_t port;
	uint32_t uid;
	int error; /* errno of the look-up, 0: there is a way */
	uint32_t ifindex, table;
	const char *interface;
};

enum filter_hook { HOOK_OUTPUT, HOOK_INPUT, HOOK_EGRESS, HOOK_INGRESS, HOOK_NAT, HOOK_ROUTE };
enum filter_action {
	FILTER_DROP,
	FILTER_RESET,
	FILTER_REJECT,
	FILTER_REDIRECT,
	FILTER_ROUTE,
	FILTER_QUEUE,
};

/* A rule of this host that names the port under test, in the firewall's own words. */
struct filter_rule {
	uint8_t family; /* 4 or 6; 0: both */
	enum filter_hook hook;
	enum filter_action action;
	bool by_owner; /* looks at the user as well */
	bool policy;   /* what happens to all that no rule accepts */
	const char *text;
	const char *command; /* what would let the port through, NULL: unknown */
	const char *advice;  /* what else may be done than to give that command, NULL: nothing */
	const char *program; /* FILTER_QUEUE: the queue, and who decides over it; else NULL */
};

/* 1: this host has more rules than could be read. */
#define COUNTER_RULES_UNREAD "rules-unread"

/* A number of the kernel's own book-keeping, or of what was read there. */
struct counter {
	const char *name;
	int64_t value;
};

#endif
