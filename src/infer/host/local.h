/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_HOST_LOCAL_H
#define INFER_HOST_LOCAL_H

/*
 * Is it this host itself? Each way in which a host can keep its own SYNs from
 * leaving, or the answers from coming in, leaves another signature in what the
 * raw socket, the kernel's connect() and the capture saw: a row of a table each.
 */

#include "infer/host/signs.h"
#include "infer/result/result.h"

#define LOCAL_USERS_MAX 16

/* The ways in which this host may keep the port from working, as local_name() has them. */
enum local_kind {
	LOCAL_NOTHING,
	LOCAL_TABLE_FULL,
	LOCAL_REDIRECT,
	LOCAL_OWNER_RULE,
	LOCAL_RESET,
	LOCAL_REJECT,
	LOCAL_DROP,
	LOCAL_EGRESS_DROP,
	LOCAL_INPUT_DROP,
	LOCAL_POLICY_ROUTE,
	LOCAL_DENIED,
	LOCAL_LIMIT,
	LOCAL_CONTROLS,
	LOCAL_QUEUE,
};

/* As in host.facts: "output-drop" ...; NULL of LOCAL_NOTHING. */
const char *local_name(enum local_kind kind);

/* What this host does to the port under test of one server. */
struct local_finding {
	enum local_kind kind;
	enum state state; /* UNKNOWN: it spoils the measurement and is no answer */
	enum mechanism mechanism;
	bool beyond_by_link; /* the raw socket is blocked too: only link probes show what follows */
	enum filter_hook hook; /* where to look for the rule, and what it does */
	enum filter_action action;
	bool by_owner;
	bool deaf;		  /* no answer of the server's gets in, whatever the port */
	int error;		  /* errno that the kernel gave, 0: none */
	const struct user *user;  /* the one it happens to, NULL: everybody */
	const struct user *other; /* one who gets through, NULL: nobody or unknown */
	uint8_t icmp_type, icmp_code;
	struct addr to; /* where connections go instead */
	uint16_t to_port;
	const char *interface;	    /* the device that a routing rule leads to, NULL: none */
	struct frame_ref frames[4]; /* what shows it; most of these mechanisms leave no packet */
	size_t frames_n;
};

/* Everything that the predicates look at. */
struct local_case {
	const struct path *path;
	struct sign_raw raw_target, raw_control;
	size_t users_n;
	const struct user *users;
	struct sign_try target[LOCAL_USERS_MAX], control[LOCAL_USERS_MAX];
};

struct local_rule {
	enum local_kind kind;
	bool (*holds)(const struct local_case *c, struct local_finding *out);
};

/* The predicate of the row "policy-route". */
bool local_policy_route(const struct local_case *c, struct local_finding *out);

/* The predicate of the row "queue-drop": a program lets no connection out, whatever it does with
 * other ports, and whichever of the raw socket's SYNs it knows. */
bool local_queue(const struct local_case *c, struct local_finding *out);

/* A finding that a program explains, which decides over these packets, becomes its finding. */
void local_amend_queue(const struct local_case *c, struct local_finding *f);

/*
 * How many connections of a user (NULL: of all) to servers of `s`'s family, on its port, left no
 * SYN in the capture; *seen is set when one did.
 */
unsigned local_unseen(const struct trace *t, size_t s, const struct user *user, bool *seen);

/* The table; the first row that holds decides. */
const struct local_rule *local_rules(size_t *n);

/*
 * One finding a server into out[0..n-1]: from its own evidence, or from that of the servers whose
 * connections were tried when they all agree.
 */
void local_find(const struct trace *t, const struct path *paths, size_t n,
		struct local_finding *out);

/*
 * Whether of this host's connections to servers of `s`'s family none came about on its port,
 * although it was tried, and some did on others.
 */
bool local_connects_fail(const struct trace *t, const struct path *paths, size_t s);

#endif
