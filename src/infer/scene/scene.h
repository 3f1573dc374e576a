/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_SCENE_H
#define INFER_SCENE_SCENE_H

/*
 * All servers' paths side by side, and what only their comparison tells: which
 * hops they share and how a hop answers, pooled over the servers that cross it.
 */

#include "infer/host/local.h"
#include "infer/mail/mail.h"
#include "infer/scene/roles.h"
#include "infer/way/path.h"

/* What the port under test did at a server, before any place is considered. */
enum conduct {
	CONDUCT_ABSENT,	  /* neither the control nor the port answers: no vote */
	CONDUCT_PENDING,  /* not enough outcomes yet */
	CONDUCT_REFUSED,  /* this host's kernel refuses to send to the port, not to the control */
	CONDUCT_ANSWERS,  /* a valid SYN-ACK */
	CONDUCT_RESET,	  /* a valid reset, no SYN-ACK */
	CONDUCT_REJECTED, /* an ICMP unreachable, no TCP answer */
	CONDUCT_SILENT,	  /* nothing but expiries */
};

/* How full-TTL SYNs fare in a family. */
struct family_rate {
	struct outcome control; /* to all controls */
	struct outcome target;	/* to the port under test, where it answers */
	uint32_t answering;	/* servers where it does */
	/*
	 * Routers answered some control SYNs with an expiry and not others, by more than what the
	 * way to the servers loses: their answers are limited, and run out.
	 */
	bool runs_short;
};

/* By which name an address speaks for its port, and who comes after it (scene/others.h). */
struct speaker {
	uint32_t self;	       /* the server whose name that is */
	uint32_t company;      /* number of its family and port */
	uint32_t next;	       /* the company's next speaker, TRACE_NONE: the last */
	uint32_t next_address; /* the family's next address, by its first name */
	uint32_t first;	       /* the company's first speaker */
};

/* What shows that somebody on the way plays the part of others (scene/forgery.h). */
enum forgery_kind {
	FORGERY_NONE,
	FORGERY_SOURCE,	   /* an ICMP error from an address that nobody has */
	FORGERY_COPIES,	   /* one SYN expired at two routers */
	FORGERY_ROUTER,	   /* one router's expiries for both ports travelled different ways back */
	FORGERY_QUOTE,	   /* and quote different TTLs */
	FORGERY_DISTANCES, /* one router shows itself to the port at several distances */
	FORGERY_TIME,	   /* an answer came before it could have been there and back */
	FORGERY_TTL,	   /* the TTL decides which SYNs pass that would all reach the server */
	FORGERY_PLACES,	   /* SYNs of ways that have parted all end at one distance */
};

struct forgery {
	enum forgery_kind kind;
	uint32_t server;
	const struct reply *a, *b; /* answers that show it, NULL: none */
	int before; /* who resets is nearer than this hop of the server's way; 0: nothing shows it
		     */
};

struct scene {
	const struct trace *trace;
	struct path *paths;	  /* one a server */
	enum conduct *conducts;	  /* one a server */
	struct roles *roles;	  /* one a server */
	uint32_t *sites;	  /* one a server: servers of one network have the same number */
	struct speaker *speakers; /* one a server */
	size_t companies_n;
	uint32_t first[2];	    /* IPv4, IPv6: the first server, TRACE_NONE: none */
	struct mail *mails;	    /* one a server: what the mail sessions show */
	struct local_finding *here; /* one a server: what this host itself does */
	size_t n;
	struct family_rate rates[2]; /* IPv4, IPv6 */
	struct forgery forgeries[2]; /* the first sign in each family */
	bool beyond;		     /* without what this host does */
	/* Indexes of the SYNs that no limit on their rate takes (scene/rested.h), and when the
	 * newest of a family left that such a limit counts. */
	uint32_t *rested;
	size_t rested_n, rested_cap;
	int64_t counted_ns[2]; /* IPv4, IPv6; INT64_MIN / 2: none did */
	struct arena arena;    /* the tables of the paths on which routers are known */
};

/* Whether two servers' paths show the same router at a hop. */
bool scene_same_hop(const struct scene *scene, uint32_t a, uint32_t b, int hop);

/*
 * Takes back a path's distance where the control's answers are not the server's, or TTLs tell
 * nothing; part of scene_build(). `shared`, by hop: servers of other networks are reached through
 * it, too.
 */
void scene_doubt_distance(struct scene *scene, uint32_t s, const bool *shared);

/*
 * Takes it back, too, where TTLs tell nothing on the way to another server and no router further
 * out is known on this one; part of scene_build(), once each server's own was looked at.
 */
void scene_share_void(struct scene *scene);

/*
 * What else tells the server's distance, and the routers on the way, in somebody else's capture;
 * part of scene_build().
 */
void scene_tell_distance(struct scene *scene, uint32_t s);

/* Whether this very router rejects SYNs to a server of another network, too. */
bool scene_rejects_elsewhere(const struct scene *scene, uint32_t s, const struct addr *from);

uint8_t scene_family(const struct scene *scene, uint32_t s);

/* Whether server s takes part: it answered on some port. */
bool scene_votes(const struct scene *scene, uint32_t s);

/* Whether nobody asked any other port of these servers than the one under test. */
bool scene_uncontrolled(const struct scene *scene);

#endif
