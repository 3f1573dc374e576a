/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_RATE_H
#define INFER_SCENE_RATE_H

/*
 * How likely a SYN draws nothing though nobody stops it, and what silence therefore proves.
 */

#include "infer/scene/scene.h"

/* Whether the server is proven to be further away than `ttl`. */
bool rate_server_beyond(const struct scene *scene, uint32_t s, int ttl);

/* Whether the port may be answered at `ttl` hops, and the control not, because flows take ways of
 * unlike length: several routers are seen up to there, and too few of the control's flows were. */
bool rate_ways_unlike(const struct scene *scene, uint32_t s, int ttl);

/* The chance that n SYNs find the routers of this way silent which answered the control before. */
double rate_way_silence(const struct scene *scene, uint32_t s, uint32_t n);

/* The last hop before `far` that provably saw a SYN to the port: this server's, or another's at the
 * same router. */
int rate_last_seen(const struct scene *scene, uint32_t s, int far);

/* The chance that a hop which sees both ports kept silent to the port's SYNs alone. */
double rate_hop_doubt(const struct scene *scene, uint32_t s, int hop);

/* Below this the far side of a boundary of silence counts as proven. */
double rate_boundary_doubt(const struct scene *scene, uint32_t s);

/* How control and target SYNs fared at one hop, over all servers known to cross that router. */
struct hop_pool {
	uint32_t control_sent, control_answered;
	uint32_t target_sent;
	bool target_expired; /* the router is proven to have seen a SYN to the port under test */
};

/* Pools the hop of server `s` over servers whose port under test fares alike. */
struct hop_pool rate_pool(const struct scene *scene, uint32_t s, int hop);

/* Counts the families' figures; part of scene_build(). */
void rate_count(struct scene *scene);

/* The figures of the server's family. */
const struct family_rate *rate_of(const struct scene *scene, uint32_t s);

/* Whether the way to the family's servers loses packets: SYNs to a control did, though their TTLs
 * reach the server. */
bool rate_way_loses(const struct scene *scene, uint32_t s);

/* The chance that n SYNs to a port that answers like the controls all draw nothing. */
double rate_control_silence(const struct scene *scene, uint32_t s, uint32_t n);

/*
 * The chance that n SYNs to a port that is not blocked all draw nothing: by the controls' rate, or
 * by that of the port under test on servers where it answers, whichever is lossier.
 */
double rate_silence(const struct scene *scene, uint32_t s, uint32_t n);

#endif
