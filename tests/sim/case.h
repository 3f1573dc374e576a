/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_CASE_H
#define SIM_CASE_H

/*
 * One measurement to be simulated: a network made from a seed, who blocks in it,
 * and what is true of that.
 */

#include "infer/result/result.h"
#include "net.h"

enum case_kind {
	CASE_OPEN,
	CASE_DROP,
	CASE_RESET,
	CASE_REJECT,
	CASE_CLOSED,
	CASE_SERVER, /* the server's own firewall */
	CASE_BACK,
	CASE_MEMBER, /* one of several branches drops */
	CASE_LIMITED,
	CASE_KINDS,
};

/* What is varied, for tables. */
enum case_loss { LOSS_NONE, LOSS_LITTLE, LOSS_MUCH, LOSS_HEAVY, LOSS_CLASSES };

/* Limits of the grid; all zero is everything. */
struct case_wish {
	int kind; /* enum case_kind + 1, 0: any */
	int servers;
	int rtt_ms;    /* -1: near zero; 0: any */
	bool clean;    /* no loss, no silent hop, one way, no tight limits */
	bool networks; /* --networks always given */
	bool numbered; /* a data base of owners, and links that are numbered by chance */
};

struct truth {
	unsigned states; /* bit per enum state that is right */
	enum blocker culprit;
	enum blocker also; /* as right: the other side of a link between two networks; or NONE */
	bool placed;
	int lo_max, hi_min; /* a link from <= lo_max to >= hi_min has the place */
};

/* Who announces a prefix, as a data base of owners has it. */
struct announced {
	struct prefix prefix;
	uint32_t asn;
};

#define CASE_ANNOUNCED_MAX (2 * NET_SERVERS_MAX + 4 + 2 * NET_ROUTERS_MAX)

struct sim_case {
	uint64_t seed;
	enum case_kind kind;
	enum case_loss loss;
	struct net net;
	struct truth truth;
	bool networks;	  /* roles are given */
	bool hosts_given; /* server 0 is the HOST, the others are references */
	bool clean;
	int rtt_ms;
	uint16_t flows;
	uint8_t local_n, isp_n, transit_n; /* routers */
	struct announced announced[CASE_ANNOUNCED_MAX];
	size_t announced_n;
	uint32_t server_asn[NET_SERVERS_MAX]; /* 0: as the list has it */
};

/* Fills *out (large: not for the stack), whose network the caller frees with queue_free(). */
void case_make(uint64_t seed, const struct case_wish *wish, struct sim_case *out);

const char *case_kind_name(enum case_kind kind);

/* What it is, as text on standard output. */
void case_print(const struct sim_case *c);

#endif
