/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OUTSIDE_VANTAGE_H
#define OUTSIDE_VANTAGE_H

/*
 * Places elsewhere that were asked for the same port, and what each of them sent and got, as a
 * ledger of its own. All strings belong to the list's arena.
 */

#include "base/addr.h"
#include "base/arena.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VANTAGE_CANNOT_SEND "it could not send: " /* and the words of the place's own system */

#define VANTAGES_MAX	 1024
#define VANTAGE_IDS_MAX	 16 /* measurements of one place that are named */
#define VANTAGE_NETWORKS 20000

enum vantage_engine { VANTAGE_ATLAS, VANTAGE_GLOBALPING };

struct vantage {
	enum vantage_engine engine;
	const char *probe;		  /* its number at the engine, untrusted */
	uint8_t family;			  /* 4 or 6 */
	uint32_t asn;			  /* its network, as the engine says; 0: unknown */
	struct prefix prefix;		  /* its prefix; no address: unknown */
	const char *country;		  /* two letters, untrusted; NULL: unknown */
	struct addr from;		  /* its public address; none: unknown */
	const char *ids[VANTAGE_IDS_MAX]; /* of the public measurements, untrusted */
	size_t ids_n;
	bool forged; /* a reset answered a SYN that expired on its way: no server sent it */
	const char *excluded; /* why what it saw says nothing, a sentence; NULL: it counts */
	struct trace trace;
};

struct vantage_list {
	struct vantage *items;
	size_t n, cap;
	uint16_t port; /* under test */
	uint32_t asn;  /* the network that the question is about, as the file says; 0: unknown */
	bool own;      /* written by whoblocks: owners of addresses come with it */
	struct network *networks; /* whose the addresses on the ways are, as the file says */
	size_t networks_n, networks_cap;
	size_t results; /* that were read */
	size_t unread;	/* values that are no result, or of no known measurement */
	struct arena arena;
};

void vantages_free(struct vantage_list *list);

/* A new one at the end; NULL when there is no memory, or there are VANTAGES_MAX. */
struct vantage *vantages_add(struct vantage_list *list, enum vantage_engine engine,
			     const char *probe, uint8_t family);

/* A server that it asked for the port under test, and another port of one of them. */
void vantages_add_server(struct vantage *v, const struct addr *server, const struct addr *client,
			 uint16_t port);
void vantages_add_control(struct vantage *v, const struct addr *server, uint16_t port);

/* Everything is in its trace: no answer comes any more. */
void vantages_end(struct vantage *v, uint16_t port, int64_t started_ns, int64_t ended_ns);

/* "RIPE Atlas", "Globalping"; and as the result names it. */
const char *vantage_engine_title(enum vantage_engine engine);
const char *vantage_engine_name(enum vantage_engine engine);

#endif
