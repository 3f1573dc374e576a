/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SITES_SITES_H
#define SITES_SITES_H

/*
 * What the results of many places say together: which router or link those share whose SYNs
 * to the port get lost, and that nobody passes for whom they arrive. Each place was judged
 * by itself before; here is counted, and nobody is accused by a count alone.
 */

#include "base/addr.h"
#include "base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum site_state {
	SITE_OPEN,    /* the port works */
	SITE_FAILS,   /* blocked or intercepted */
	SITE_UNKNOWN, /* anything else: says nothing of any link */
};

enum way_fate {
	WAY_PASSES, /* the server saw the SYN to the port */
	WAY_FAILS,
	WAY_UNDECIDED,
};

/* A router that answered on the way, as the control port shows it. */
struct site_hop {
	uint8_t hop; /* TTL that expires there */
	struct addr addr;
	uint32_t asn;	/* 0: unknown */
	uint32_t scope; /* 0: the address names one router everywhere; else it does at this site */
};

/* Scope of an address at the site of that index: private ones name nobody elsewhere. */
uint32_t site_scope(const struct addr *addr, uint32_t site);

/* One site's way to one server. */
struct site_way {
	struct addr server;
	enum way_fate fate;
	const struct site_hop *hops; /* by rising TTL */
	size_t hops_n;
	/* Of a way that fails: the last hop that saw the SYN, the first one that did not. */
	bool placed; /* false: anywhere on the way */
	uint8_t from_hop, to_hop;
};

struct site {
	const char *name;  /* untrusted */
	uint32_t asn;	   /* of its provider, 0: unknown */
	const char *owner; /* of that network, untrusted; NULL: unknown */
	enum site_state state;
	const struct site_way *ways;
	size_t ways_n;
};

/* Where a SYN may get lost: in a router, or between two that answered. */
struct stretch {
	struct site_hop from, to; /* equal: the router itself; `hop` is one site's count */
	uint32_t failing;	  /* sites that may lose their SYNs here */
	uint32_t passing;	  /* sites whose SYNs got past it */
};

enum share_kind {
	SHARE_LINK,	    /* the sites have a stretch in common that no SYN got past */
	SHARE_NETWORK,	    /* all of one provider, lost inside its network at several places */
	SHARE_ALONE,	    /* one site with nobody beside it */
	SHARE_CONTRADICTED, /* every stretch that may be the cause lets other sites' SYNs pass */
};

struct share {
	enum share_kind kind;
	const uint32_t *sites; /* indexes of the input, rising */
	size_t sites_n;
	const struct stretch *suspects; /* what explains all of them, in the order of the way */
	size_t suspects_n;
	bool named;	 /* the suspects are one link with its ends */
	uint32_t asn;	 /* of SHARE_NETWORK */
	uint32_t places; /* of SHARE_NETWORK: how many links its sites lose their SYNs at */
	uint32_t apart; /* of SHARE_LINK: sites that may as well fail where only their own way is */
	uint32_t behind; /* open sites that pass the first suspect's router, over other links */
};

struct provider_row {
	uint32_t asn;	   /* 0: unknown */
	const char *owner; /* NULL: unknown */
	uint32_t sites, open, failing, unknown;
};

struct sites_result {
	struct arena arena;
	uint32_t sites, open, failing, unknown;
	const struct share *shares; /* most sites first */
	size_t shares_n;
	const struct provider_row *providers; /* most failing sites first, then by number */
	size_t providers_n;
};

/*
 * Combines the sites; *out refers to their strings. False when there is no memory. The caller
 * frees with sites_free() in either case.
 */
bool sites_combine(const struct site *sites, size_t n, struct sites_result *out);
void sites_free(struct sites_result *r);

#endif
