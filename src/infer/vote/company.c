/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/vote/company.h"
#include "infer/scene/others.h"
#include <stdlib.h>

#define STATES (STATE_UNKNOWN + 1)

/* Of a network, whose servers were counted last, and in which states: a bit each. */
struct mark {
	uint32_t company;
	uint32_t states;
};

static struct ballot *ballot_of(const struct votes *v, uint32_t s, enum state state)
{
	return &v->ballots[v->scene->speakers[s].company * STATES + state];
}

/* Counts a server in the ballot of its state, if it has a vote, and its network once. */
static void count(struct votes *v, uint32_t s, struct mark *marks)
{
	const struct scene *scene = v->scene;
	struct mark *mark = &marks[scene->sites[s]];
	struct ballot *ballot = ballot_of(v, s, v->claims[s].state);
	uint32_t company = scene->speakers[s].company, bit = 1U << v->claims[s].state;
	uint16_t control = scene->paths[s].control.port;
	ballot->controlled = ballot->controlled || (control && !path_submission_port(control));
	if (!scene_votes(scene, s))
		return;
	ballot->servers++;
	ballot->listed = ballot->listed || scene->trace->servers[s].listed;
	if (mark->company != company)
		*mark = (struct mark){.company = company};
	ballot->sites += !(mark->states & bit);
	mark->states |= bit;
}

int votes_count(struct votes *v, const struct scene *scene, const struct claim *claims,
		const struct model_result *model)
{
	size_t n = scene->n ? scene->n : 1;
	*v = (struct votes){.scene = scene, .claims = claims, .model = model};
	v->ballots = calloc(n * STATES, sizeof(*v->ballots));
	struct mark *marks = calloc(n, sizeof(*marks));
	bool room = v->ballots && marks;
	/* Company by company, so that a network's mark is of one at a time. */
	for (uint32_t first = 0; room && first < scene->n; first++) {
		if (scene->speakers[first].first != first)
			continue;
		for (uint32_t s = first; s != TRACE_NONE; s = scene->speakers[s].next)
			count(v, s, marks);
	}
	free(marks);
	return room ? 0 : -1;
}

void votes_free(struct votes *v)
{
	free(v->ballots);
	*v = (struct votes){0};
}

const struct ballot *votes_in(const struct votes *v, uint32_t s, enum state state)
{
	return ballot_of(v, s, state);
}

struct company company_of(const struct votes *v, uint32_t s)
{
	const struct ballot *alike = votes_in(v, s, v->claims[s].state);
	return (struct company){
		.sites_alike = alike->sites,
		.sites_open = votes_in(v, s, STATE_OPEN)->sites,
		.submission_only = !alike->controlled,
	};
}
