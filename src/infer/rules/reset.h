/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RULES_RESET_H
#define INFER_RULES_RESET_H

/*
 * The resets that a port drew, for the rules that tell whose they are.
 */

#include "infer/rules/claim.h"

#define REFUSED_LEAST 2 /* one reset may be an accident */

/* Resets to the port under test, as a series over the TTLs that triggered them. */
struct resets {
	unsigned n, nearer;	/* all; those drawn by SYNs that could not reach the server */
	unsigned dressed;	/* those that look like a SYN-ACK but for the flags */
	int first;		/* smallest limited TTL that drew one, 0: none */
	int ttl_min, ttl_max;	/* as they arrived */
	int drop_min, drop_max; /* trigger TTL minus arrival TTL */
	int trigger_min, trigger_max;
};

struct resets resets_gather(const struct scene *scene, uint32_t s);

/* SYNs of the lane that got to the hop and no further, and drew no reset there, proof or not. */
static inline uint32_t resets_spared(const struct lane *lane, int hop)
{
	return lane->at[hop].sent - lane->at[hop].unproven;
}

/* The last hop before the nearest place that could have sent the resets, 0: this host. */
int resets_nearest_source(const struct scene *scene, uint32_t s, const struct resets *all);

/* Whether the resets travelled as far back as the control's SYN-ACKs. */
bool resets_same_way_back(const struct path *path, const struct resets *all);

/* The place of resets that came from nearer than the server, and how sure. */
void resets_place_nearer(const struct scene *scene, uint32_t s, const struct resets *all,
			 struct claim *out);

/* The place of a sender that copies the SYN's TTL into its resets; false: nothing shows one. */
bool resets_place_copied(const struct scene *scene, uint32_t s, const struct resets *all,
			 struct claim *out);

/* The hop that must miss more SYNs before it encloses such a sender, 0: none. */
int resets_copied_unsure(const struct scene *scene, uint32_t s);

/*
 * Whether chance explains that none of this server's SYNs was accepted: whoever resets them, on the
 * same routers, lets SYNs to others pass now and then.
 */
bool resets_by_luck(const struct scene *scene, uint32_t s, const struct resets *all);

/* The nearer of the hop and of where a short way back shows the resets to come from. */
int resets_short_way(const struct path *path, const struct resets *all, int hop);

#endif
