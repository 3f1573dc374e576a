/* SPDX-License-Identifier: BSD-2-Clause */
/* When the servers' own words against several of them at once are not believed. */
#include "infer/scene/others.h"
#include "infer/vote/vote.h"

/* Networks that say no by themselves before a common cause is the better explanation. */
#define LISTED_DOUBT 3

/* Nobody believes that the operators of several listed servers all closed a documented port at
 * once. */
bool vote_closed_doubt(const struct votes *v, uint32_t a)
{
	const struct ballot *closed = votes_in(v, a, STATE_CLOSED);
	return v->claims[a].state == STATE_CLOSED && v->scene->conducts[a] == CONDUCT_RESET &&
	       closed->listed && closed->sites >= LISTED_DOUBT &&
	       votes_in(v, a, STATE_OPEN)->sites == 0;
}

/*
 * Nor that their own sides all reject or drop it alike, each by itself: whoever imitates one server
 * can imitate all.
 */
bool vote_remote_doubt(const struct votes *v, uint32_t a, struct arena *arena)
{
	const struct scene *scene = v->scene;
	uint32_t sites[LISTED_DOUBT], n = 0, compared = 0, s = scene->speakers[a].first;
	bool listed = false;
	if (v->claims[a].state != STATE_BLOCKED || votes_in(v, a, STATE_OPEN)->sites > 0)
		return false;
	for (; s != TRACE_NONE && compared < OTHERS_MAX && n < LISTED_DOUBT;
	     s = scene->speakers[s].next) {
		struct judgement own;
		bool fresh = scene_votes(scene, s) && v->claims[s].state == STATE_BLOCKED;
		for (uint32_t i = 0; fresh && i < n; i++)
			fresh = sites[i] != scene->sites[s];
		if (!fresh)
			continue;
		compared++;
		vote_server(v, s, arena, &own);
		if (own.blocker != BLOCKER_REMOTE)
			continue;
		listed = listed || scene->trace->servers[s].listed;
		sites[n++] = scene->sites[s];
	}
	return listed && n >= LISTED_DOUBT;
}

void vote_soften(const struct vote *vote, struct judgement *j, struct arena *arena)
{
	if (!vote->list_doubt || j->blocker != BLOCKER_REMOTE ||
	    (j->state != STATE_CLOSED && j->state != STATE_BLOCKED))
		return;
	if (j->state == STATE_CLOSED) {
		*j = (struct judgement){
			.state = STATE_UNKNOWN,
			.blocker = BLOCKER_UNKNOWN,
			.mechanism = MECHANISM_UNKNOWN,
		};
		return;
	}
	suspects_anybody(j, arena);
}
