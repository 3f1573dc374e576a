/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RESULT_TERMS_H
#define INFER_RESULT_TERMS_H

/*
 * The result's enumerations and their names, as the schema has them. Words alone: whoever
 * remembers a verdict speaks of it in these without knowing how it was found.
 */

#include <stdbool.h>

enum state {
	STATE_OPEN,
	STATE_CLOSED,
	STATE_BLOCKED,
	STATE_INTERCEPTED,
	STATE_DEGRADED,
	STATE_UNKNOWN,
};

enum blocker {
	BLOCKER_NONE,
	BLOCKER_LOCAL_HOST,
	BLOCKER_LOCAL_NETWORK,
	BLOCKER_ISP,
	BLOCKER_TRANSIT,
	BLOCKER_REMOTE,
	BLOCKER_UNKNOWN,
};

enum mechanism {
	MECHANISM_NONE,
	MECHANISM_SILENT_DROP,
	MECHANISM_TCP_RESET,
	MECHANISM_ICMP_REJECT,
	MECHANISM_RETURN_DROP,
	MECHANISM_POLICY_ROUTE,
	MECHANISM_REDIRECT,
	MECHANISM_SYN_PROXY,
	MECHANISM_CAPTIVE_PORTAL,
	MECHANISM_RATE_LIMIT,
	MECHANISM_STARTTLS_STRIPPED,
	MECHANISM_TLS_INTERCEPTED,
	MECHANISM_RESET_AFTER_HANDSHAKE,
	MECHANISM_STALL_AFTER_HANDSHAKE,
	MECHANISM_MTU,
	MECHANISM_CLOSED,
	MECHANISM_NO_NETWORK,
	MECHANISM_UNKNOWN,
};

/* The last layer that worked on the port under test. */
enum layer { LAYER_NONE, LAYER_TCP, LAYER_SMTP, LAYER_TLS };

enum port_state { PORT_UNASKED, PORT_OPEN, PORT_CLOSED, PORT_REJECTED, PORT_SILENT };

/* What stands between this host and its provider: who may run the first router. */
enum beside_kind {
	BESIDE_ROUTER, /* a router of the user's own, as far as anything tells */
	BESIDE_CLOUD,  /* a hypervisor: the firmware names somebody who rents machines out */
	BESIDE_TUNNEL, /* the far end of a tunnel, which anybody may run */
	BESIDE_OPEN,   /* this host has an address that no router of a home hands out */
};

const char *state_name(enum state s);
const char *blocker_name(enum blocker b);
const char *mechanism_name(enum mechanism m);
const char *layer_name(enum layer l);
const char *port_state_name(enum port_state s);

/* The other way; false when the name is none of these (NULL, too). */
bool state_named(const char *name, enum state *out);
bool blocker_named(const char *name, enum blocker *out);
bool mechanism_named(const char *name, enum mechanism *out);

/* Worst first: intercepted, blocked, degraded, unknown, closed, open. */
int state_rank(enum state state);

/* "this host", "the local network", "the provider's network"... */
const char *blocker_place(enum blocker blocker);

/* The same, where what is beside this host says more of who the nearest are. */
const char *blocker_party(enum blocker blocker, enum beside_kind beside);

#endif
