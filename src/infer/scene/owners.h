/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_OWNERS_H
#define INFER_SCENE_OWNERS_H

/*
 * What the AS of each hop says of its owner. An address names a network with
 * certainty only in that network's interior: at a border, a router often answers
 * with an address of its neighbour's, so there both stay suspected.
 */

#include "infer/scene/roles.h"

/* The AS of each hop of a path, as far as known. */
struct owner_line {
	const struct path *path;
	const bool *shared;		     /* as in roles_assign(), may be NULL */
	uint32_t asn[PATH_TTL_MAX + 2];	     /* 0: unknown */
	const char *names[PATH_TTL_MAX + 2]; /* the networks' names, NULL: unknown */
	bool own_site[PATH_TTL_MAX + 2];     /* beside the server: the same /24 or /48 */
	int far;			     /* the server's hop */
	uint32_t access;		     /* the provider's AS, 0: unknown */
	bool sure;	     /* nothing unknown lies between the gateway and the provider */
	int access_end;	     /* last hop before which all known ASs are the provider's */
	int server_begin;    /* from here on all known ASs are the server's */
	uint32_t server_asn; /* 0: unknown */
	const char *server_name, *access_name;
};

/* Reads the path; `far` is the server's hop (PATH_TTL_MAX while unknown). */
void owner_line_read(struct owner_line *line, const struct path *path, int far, const bool *shared);

/*
 * Who may own the hop by these data, a set of ROLE_BIT; 0: they say nothing. `behind_gateway`: the
 * hop before is certainly the local network's.
 */
uint8_t roles_by_owner(const struct owner_line *line, int hop, bool behind_gateway);

/* The AS of a server by the networks of the trace, else as the list says; 0: unknown. */
uint32_t roles_server_asn(const struct trace *t, const struct server *s);

#endif
