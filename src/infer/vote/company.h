/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_VOTE_COMPANY_H
#define INFER_VOTE_COMPANY_H

/*
 * Who fares how: the servers of one family and port, counted once for each state.
 */

#include "infer/rules/claim.h"

struct model_result;

/* The servers of a company that are in one state and have a vote. */
struct ballot {
	uint32_t servers; /* addresses */
	uint32_t sites;	  /* their networks */
	bool listed;	  /* one of them is on the list of known-good servers */
	bool controlled;  /* a control answered that is no submission port */
};

/* All servers' claims, counted. */
struct votes {
	const struct scene *scene;
	const struct claim *claims;	  /* one a server */
	const struct model_result *model; /* what weighs all answers at once; NULL: nothing does */
	struct ballot *ballots;		  /* by company, and in it by state */
};

/*
 * Counts them; *model may be NULL and must outlive *v. 0, or -1 when there is no memory. Free with
 * votes_free() in either case.
 */
int votes_count(struct votes *v, const struct scene *scene, const struct claim *claims,
		const struct model_result *model);
void votes_free(struct votes *v);

/* The servers that share s's family and port and have the state. */
const struct ballot *votes_in(const struct votes *v, uint32_t s, enum state state);

/* What other servers say of the same port. */
struct company {
	uint32_t sites_alike; /* networks whose servers fare like this one, its own included */
	uint32_t sites_open;  /* networks whose servers are open */
	bool submission_only; /* no control but submission ports answered anywhere alike */
};

struct company company_of(const struct votes *v, uint32_t s);

#endif
