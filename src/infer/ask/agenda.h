/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_ASK_AGENDA_H
#define INFER_ASK_AGENDA_H

/*
 * The sorts of questions: what decides the state, what shows the way and the place, what settles a
 * doubt. Each adds those that are still worth asking.
 */

#include "infer/ask/asking.h"

/* What is asked of a family before everything else; whether nothing else is to be asked of it yet.
 */
bool ask_opening(struct asking *a, uint8_t family);

/* The state: enough SYNs at full TTL, on control and target, that silence means something. */
void ask_state(struct asking *a, uint32_t s);

/* Where the port loses SYNs that the control does not lose: is it a limit? */
void ask_limited(struct asking *a, uint32_t s);

/* As ask_limited() for a server whose way is traced: does the flow decide, and where are they lost?
 */
void ask_flows_fate(struct asking *a, uint32_t s);

/* Other TTLs for resets that could come from a box that copies them. */
void ask_triggers(struct asking *a, uint32_t s);

/* Three pairs a hop, over all sweepers. */
void ask_sweep(struct asking *a, uint32_t s);

/* The distance: further while every TTL expired, again where a TTL drew nothing. */
void ask_distance(struct asking *a, uint32_t s);

/* More flows where both ports meet other routers: is it the port that decides? */
void ask_parting(struct asking *a, uint32_t s);

/* Beside a boundary of silence: until the first hop that misses the port's SYNs is certain. */
void ask_boundary(struct asking *a, uint32_t s);

/* The router at the first hop where SYNs to the port expire in the server's name. */
void ask_renamed(struct asking *a, uint32_t s);

/* A place is named for an answer that came twice from nearer than the server. */
void ask_again(struct asking *a, uint32_t s);

/* The hops before a server whose resets may be somebody nearer's. */
void ask_beside_reset(struct asking *a, uint32_t s);

/* The hops beside a rejection, before its router has no answers left for them. */
void ask_beside_rejection(struct asking *a, uint32_t s);

/* The hop from which an earlier sweeper's router rejects this server's SYNs as well, 0: none. */
int ask_rejected_alike(const struct asking *a, uint32_t s);

/* SYNs with unlimited TTL to the mail ports of a server whose port under test fails. */
void ask_ladder(struct asking *a, uint32_t s);

/* The server from which on there are enough failing ones for that before it. */
uint32_t ask_ladder_end(const struct scene *scene);

/* Mail ports that accepted, once more when nothing else is left to ask about a silence. */
void ask_witnesses(struct asking *a, uint8_t family);

/* Beyond the place that silence shows, a SYN after a rest: a limit may have taken the others.
 * Whether one is still to come. */
bool ask_rested(struct asking *a, uint8_t family);

#endif
