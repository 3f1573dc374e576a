/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RULES_REJECT_H
#define INFER_RULES_REJECT_H

/*
 * The ICMP rejections that a port drew, and the places that each kind of evidence in them allows.
 */

#include "base/arena.h"
#include "infer/rules/claim.h"

/* What the rejections say of their place, each by itself. */
struct rejections {
	unsigned n, local;
	struct span sweep, quote, source;
	struct span quotes; /* all that is quoted, where ways differ in length */
	bool by_server;	    /* signed with the server's own address */
	bool as_far;	    /* one of those came back from as far as the server's own answers */
	bool elsewhere;	    /* signed with a router's that no expiry shows to be the sender */
	struct span signer;
};

/* Reads all rejections of the port under test; `far` is the server's distance. */
void rejections_gather(const struct path *path, int far, struct rejections *out);

/*
 * All that they say of their place, into the claim's span. False: they contradict each other, and
 * the claim has both places.
 */
bool rejections_place(const struct rejections *sides, int far, struct claim *out);

/* The smallest span that has both. */
void rejections_join(struct span *out, const struct span *more);

#endif
