/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/others.h"
#include "infer/numbers.h"
#include <stdlib.h>

/* What is known while speakers are listed: by the first server of an address, and by company. */
struct listing {
	uint32_t *newest;    /* its newest speaker; chained by `older` */
	uint32_t *older;     /* by speaker: the one for another port of the same address */
	uint32_t *last;	     /* by company: its last speaker so far */
	uint32_t last_of[2]; /* by family */
};

/* The speaker for the server's address and port, TRACE_NONE: itself. */
static uint32_t speaker_before(const struct scene *scene, const struct listing *l, uint32_t s)
{
	const struct server *servers = scene->trace->servers;
	uint32_t at = l->newest[servers[s].peer];
	while (at != TRACE_NONE && servers[at].port != servers[s].port)
		at = l->older[at];
	return at;
}

/* The company of a new speaker: who has its family and port. */
static uint32_t company_of(struct scene *scene, const struct listing *l, uint32_t s)
{
	const struct server *servers = scene->trace->servers;
	for (uint32_t i = 0; i < scene->companies_n; i++) {
		const struct server *one = &servers[l->last[i]];
		if (one->port == servers[s].port && one->addr.family == servers[s].addr.family)
			return i;
	}
	return (uint32_t)scene->companies_n++;
}

/* Puts a new speaker at the end of its company, and its address at the end of its family. */
static void append(struct scene *scene, struct listing *l, uint32_t s)
{
	const struct server *servers = scene->trace->servers;
	struct speaker *speakers = scene->speakers;
	size_t before = scene->companies_n;
	uint32_t company = company_of(scene, l, s);
	int family = scene_family(scene, s) == 6;
	bool fresh = scene->companies_n > before;
	speakers[s] = (struct speaker){s, company, TRACE_NONE, TRACE_NONE, s};
	if (!fresh) {
		speakers[l->last[company]].next = s;
		speakers[s].first = speakers[l->last[company]].first;
	}
	l->last[company] = s;
	l->older[s] = l->newest[servers[s].peer];
	l->newest[servers[s].peer] = s;
	if (servers[s].peer != s)
		return;
	if (l->last_of[family] == TRACE_NONE)
		scene->first[family] = s;
	else
		speakers[l->last_of[family]].next_address = s;
	l->last_of[family] = s;
}

/* Finds for each server the name by which its address speaks for its port. */
static void list_speakers(struct scene *scene, struct listing *l)
{
	scene->first[0] = scene->first[1] = TRACE_NONE;
	for (uint32_t s = 0; s < scene->n; s++)
		l->newest[s] = l->older[s] = TRACE_NONE;
	for (uint32_t s = 0; s < scene->n; s++) {
		uint32_t before = speaker_before(scene, l, s);
		if (before == TRACE_NONE)
			append(scene, l, s);
		else
			scene->speakers[s] = scene->speakers[before];
	}
}

int others_build(struct scene *scene)
{
	size_t n = scene->n ? scene->n : 1;
	uint32_t *room = calloc(3 * n, sizeof(*room));
	if (!room)
		return -1;
	struct listing l = {
		.newest = room,
		.older = room + n,
		.last = room + 2 * n,
		.last_of = {TRACE_NONE, TRACE_NONE},
	};
	list_speakers(scene, &l);
	free(room);
	return 0;
}

struct others others_of(const struct scene *scene, uint32_t s, unsigned who)
{
	int family = scene_family(scene, s) == 6;
	return (struct others){
		.scene = scene,
		.self = s,
		.at = who & OTHERS_PORT ? scene->speakers[s].first : scene->first[family],
		.who = who,
	};
}

static bool fares_as_wanted(const struct others *o, uint32_t other)
{
	const enum conduct *conducts = o->scene->conducts;
	if ((o->who & OTHERS_ANSWER) && conducts[other] != CONDUCT_ANSWERS)
		return false;
	return !(o->who & OTHERS_ALIKE) || conducts[other] == conducts[o->self];
}

static bool may_speak(const struct others *o, uint32_t other)
{
	const struct server *servers = o->scene->trace->servers;
	const uint32_t *sites = o->scene->sites;
	return servers[other].peer != servers[o->self].peer &&
	       !((o->who & OTHERS_APART) && sites[other] == sites[o->self]) &&
	       fares_as_wanted(o, other);
}

bool others_next(struct others *o)
{
	if (!o->begun) {
		o->begun = true;
		o->server = o->self;
		if ((o->who & OTHERS_AND_SELF) && fares_as_wanted(o, o->self))
			return true;
	}
	while (o->at != TRACE_NONE && o->spoken < OTHERS_MAX && o->tried < OTHERS_TRIED) {
		const struct speaker *one = &o->scene->speakers[o->at];
		o->server = o->at;
		o->at = o->who & OTHERS_PORT ? one->next : one->next_address;
		o->tried++;
		if (may_speak(o, o->server)) {
			o->spoken++;
			return true;
		}
	}
	return false;
}
