/* SPDX-License-Identifier: BSD-2-Clause */
/* When the servers' own words against several of them at once are not believed. */
#include "infer/vote/vote.h"

/* Networks that say no by themselves before a common cause is the better explanation. */
#define LISTED_DOUBT 3
/* More servers that fare alike say nothing new. */
#define COMPARED_MAX 24

/* Nobody believes that the operators of several listed servers all closed a documented port at
 * once. */
bool vote_closed_doubt(const struct scene *scene, const struct claim *claims, uint32_t a)
{
	bool listed = false;
	for (uint32_t s = 0; s < scene->n; s++)
		listed = listed || (vote_has(scene, s) && vote_alike(scene, claims, a, s) &&
				    scene->trace->servers[s].listed);
	return listed && claims[a].state == STATE_CLOSED && scene->conducts[a] == CONDUCT_RESET &&
	       vote_sites(scene, claims, a, STATE_CLOSED) >= LISTED_DOUBT &&
	       vote_sites(scene, claims, a, STATE_OPEN) == 0;
}

/*
 * Nor that their own sides all reject or drop it alike, each by itself: whoever imitates one server
 * can imitate all.
 */
bool vote_remote_doubt(const struct scene *scene, const struct claim *claims, uint32_t a,
		       struct arena *arena)
{
	uint32_t sites[LISTED_DOUBT], n = 0, compared = 0;
	bool listed = false;
	if (claims[a].state != STATE_BLOCKED || vote_sites(scene, claims, a, STATE_OPEN) > 0)
		return false;
	for (uint32_t s = 0; s < scene->n && compared < COMPARED_MAX && n < LISTED_DOUBT; s++) {
		struct judgement own;
		bool fresh = vote_has(scene, s) && vote_alike(scene, claims, a, s);
		for (uint32_t i = 0; fresh && i < n; i++)
			fresh = sites[i] != scene->sites[s];
		if (!fresh)
			continue;
		compared++;
		vote_server(scene, claims, s, arena, &own);
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
