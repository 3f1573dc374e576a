/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_HOST_SIGNS_H
#define INFER_HOST_SIGNS_H

/*
 * What this host did with its own SYNs to one port of one server: those of the
 * raw socket together, and each user's connect().
 */

#include "infer/way/path.h"

/* The raw socket's SYNs to a port. */
struct sign_raw {
	uint32_t left;	    /* seen on a device */
	uint32_t denied;    /* EPERM */
	uint32_t swallowed; /* ENOBUFS, or accepted and never seen in a capture without losses */
	uint32_t resets;    /* resets on the loopback interface, for SYNs never seen */
	uint32_t errors;    /* ICMP errors there */
	uint32_t elsewhere; /* seen on their way to somebody else */
	uint8_t icmp_type, icmp_code;
	struct addr other; /* where those went, none where only the port was changed */
	uint16_t other_port;
};

enum sign_end {
	SIGN_NONE,    /* not tried, or the trial itself failed */
	SIGN_WAITING, /* no outcome yet, and none is overdue */
	SIGN_OK,
	SIGN_HANGS,
	SIGN_FAILED,
};

/* One user's connect() to a port. */
struct sign_try {
	const struct connect_result *connect; /* NULL: not tried */
	enum sign_end end;
	const struct probe *syn;	/* as seen on a device, or NULL */
	bool answered;			/* a SYN-ACK to it was seen */
	bool reached;			/* the server's own answer came, and the kernel took it */
	bool resets, errors, elsewhere; /* as above, one each */
	uint8_t icmp_type, icmp_code;
	struct addr other;
	uint16_t other_port;
	bool lossy; /* the capture lost packets meanwhile: what it did not see proves nothing */
};

struct sign_raw signs_raw(const struct path *path, uint16_t port);
/* Whether raw SYNs to other ports, of any server, were swallowed: a limit or a full queue hits them
 * at random. */
bool signs_others_swallowed(const struct path *path);

struct sign_try signs_try(const struct path *path, uint16_t port, const struct user *user);

/* The same to another port of the server, one that passed if any did. */
struct sign_try signs_control(const struct path *path, const struct user *user);

/* The look-up of the user's way to the port, or NULL. */
const struct flow_route *signs_route(const struct path *path, uint16_t port,
				     const struct user *user);

/* The connection ends here: nothing of it was seen on a device. */
bool signs_fails_here(const struct sign_try *try);

/* The server was reached, whatever it said. */
bool signs_passes(const struct sign_try *try);

#endif
