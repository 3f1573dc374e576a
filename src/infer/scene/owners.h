/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_OWNERS_H
#define INFER_SCENE_OWNERS_H

/*
 * A way as the owners of its addresses show it: what kind of address answers at each hop, whose
 * network it is, where the provider's begins and ends.
 */

#include "infer/numbers.h"
#include "infer/scene/roles.h"
#include "infer/scene/scene.h"

/* What answers at a hop. */
enum hop_kind {
	HOP_SILENT,
	HOP_PUBLIC,
	HOP_PRIVATE,  /* a number that anybody may use (RFC 1918, 4193), or that nobody has */
	HOP_SHARED,   /* 100.64.0.0/10 (RFC 6598) */
	HOP_EXCHANGE, /* on the LAN of an exchange */
	HOP_SERVERS,  /* an expiry in the name of the server, which is further away */
};

/* The networks of a path's hops, as far as known. */
struct owner_line {
	const struct path *path;
	const bool *shared;   /* as in roles_assign(); may be NULL */
	const enum fan *fans; /* the same */
	enum hop_kind kind[PATH_TTL_MAX + 2];
	uint32_t asn[PATH_TTL_MAX + 2];	     /* 0: unknown; siblings have one number */
	bool unrouted[PATH_TTL_MAX + 2];     /* public, and nobody is known to announce it */
	bool carries[PATH_TTL_MAX + 2];	     /* of an AS that has no lines to homes */
	const char *names[PATH_TTL_MAX + 2]; /* the networks' names, NULL: unknown */
	bool own_site[PATH_TTL_MAX + 2];     /* beside the server: the same /24 or /48 */
	bool near_home[PATH_TTL_MAX + 2];    /* numbered like the client or the first hop */
	/* The nearest hop on a side whose AS is known, 0: none; the server is one, too. */
	int before[PATH_TTL_MAX + 2], behind[PATH_TTL_MAX + 2];
	int far;	     /* the server's hop */
	int translator;	     /* the first hop whose address stands for another, 0: none */
	uint32_t access;     /* the provider's AS, 0: unknown */
	bool sure;	     /* nothing unknown lies between the gateway and the provider */
	bool by_client;	     /* the provider's is the AS that announces the client's address */
	int first_public;    /* the first hop with a public address, far: none */
	int last_inner;	     /* last hop with a private address before another network, 0: none */
	int access_begin;    /* first hop of the provider's, 0: none */
	int access_end;	     /* last hop before which all known ASs are the provider's */
	int server_begin;    /* from here on all known ASs are the server's */
	uint32_t server_asn; /* 0: unknown */
	const char *server_name, *access_name;
	bool inside; /* the hop that is asked about comes next after the local network's */
};

/* Reads the path; `far` is the server's hop (PATH_TTL_MAX while unknown). */
void owner_line_read(struct owner_line *line, const struct path *path, int far, const bool *shared,
		     const enum fan *fans);

/* Whose the AS of a hop is, were the hop in its interior: a set of ROLE_BIT. */
uint8_t owner_line_role(const struct owner_line *line, int hop);

/* The AS of a server by the networks of the trace, else as the list says; 0: unknown. */
uint32_t roles_server_asn(const struct trace *t, const struct server *s);

/* By hop: where ways lead on from the router. Part of scene_build(). */
void scene_mark_fans(const struct scene *scene, uint32_t s, const struct path *path,
		     enum fan fans[PATH_TTL_MAX + 2]);

#endif
