/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RULES_RESET_SERIES_H
#define INFER_RULES_RESET_SERIES_H

/*
 * The resets that a port drew, as a series over the TTLs that triggered them: from where they can
 * come.
 */

#include "infer/rules/claim.h"

/* Resets to the port under test, as a series over the TTLs that triggered them. */
struct reset_series {
	unsigned n, nearer;	/* all; those drawn by SYNs that could not reach the server */
	unsigned dressed;	/* those that look like a SYN-ACK but for the flags */
	int first;		/* smallest limited TTL that drew one, 0: none */
	int ttl_min, ttl_max;	/* as they arrived */
	int drop_min, drop_max; /* trigger TTL minus arrival TTL */
	int trigger_min, trigger_max;
};

struct reset_series resets_gather(const struct scene *scene, uint32_t s);

/* SYNs of the lane that got to the hop and no further, and drew no reset there, proof or not. */
static inline uint32_t resets_spared(const struct lane *lane, int hop)
{
	return lane->at[hop].sent - lane->at[hop].unproven;
}

/* The last hop before the nearest place that could have sent the resets, 0: this host. */
int resets_nearest_source(const struct scene *scene, uint32_t s, const struct reset_series *all);

/* Whether the resets travelled as far back as the control's SYN-ACKs. */
bool resets_same_way_back(const struct path *path, const struct reset_series *all);

/* The nearer of the hop and of where a short way back shows the resets to come from. */
int resets_short_way(const struct path *path, const struct reset_series *all, int hop);

/* Whether the resets come from so much nearer than the server's SYN-ACKs, by the way back. */
bool resets_come_short(const struct path *path, const struct reset_series *all);

/* The chance that so many SYNs would all have drawn nothing from whoever resets those that reach
 * the server. */
double resets_spared_doubt(const struct scene *scene, uint32_t s, uint32_t spared);

#endif
