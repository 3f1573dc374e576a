/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/vote/doubt.h"
#include "infer/model/model.h"
#include "infer/vote/suspects.h"

/* What the model says of a server; NULL where it has no better word on who blocks. */
static const struct judgement *second_opinion(const struct votes *v, uint32_t s)
{
	if (!v->model || !v->model->servers[s].applies)
		return NULL;
	const struct judgement *j = &v->model->servers[s].judgement;
	return j->suspects_n ? j : NULL;
}

/* How likely a judgement finds a party. */
static double probability_of(const struct judgement *j, enum blocker blocker)
{
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].blocker == blocker)
			return j->suspects[i].probability;
	}
	return 0;
}

static bool accuses(const struct judgement *j)
{
	bool blocks = j->state == STATE_BLOCKED || j->state == STATE_DEGRADED;
	return blocks && j->blocker != BLOCKER_UNKNOWN && j->blocker != BLOCKER_LOCAL_HOST;
}

/* What each left out as too unlikely is shared out among those that are left. */
static void share_out(struct judgement *j)
{
	double sum = 0;
	for (size_t i = 0; i < j->suspects_n; i++)
		sum += j->suspects[i].probability;
	for (size_t i = 0; i < j->suspects_n; i++)
		j->suspects[i].probability /= sum;
}

/* The suspects of both, each as likely as both find it on average. */
static void merge_suspects(struct judgement *j, const struct judgement *other, struct arena *arena)
{
	struct judgement both = {.suspects_n = 0};
	for (size_t i = 0; i < j->suspects_n; i++) {
		struct suspect item = j->suspects[i];
		item.probability = (item.probability + probability_of(other, item.blocker)) / 2;
		judgement_suspect(&both, item);
	}
	for (size_t i = 0; i < other->suspects_n; i++) {
		struct suspect item = other->suspects[i];
		if (probability_of(j, item.blocker) > 0)
			continue;
		item.probability /= 2;
		item.text = arena_copy(arena,
				       arena_word(arena, blocker_party(item.blocker, j->beside)));
		judgement_suspect(&both, item);
	}
	share_out(&both);
	j->suspects_n = both.suspects_n;
	for (size_t i = 0; i < both.suspects_n; i++)
		j->suspects[i] = both.suspects[i];
}

/* The place that covers both, unknown where one of them knows none. */
static void merge_links(struct link_span *link, const struct link_span *other)
{
	if (!link->known || !other->known) {
		*link = (struct link_span){0};
		return;
	}
	if (other->from_hop < link->from_hop) {
		link->from_hop = other->from_hop;
		link->from = other->from;
		link->from_silent = other->from_silent;
	}
	if (other->to_hop > link->to_hop) {
		link->to_hop = other->to_hop;
		link->to = other->to;
		link->to_silent = other->to_silent;
	}
}

struct doubt doubt_name(const struct votes *v, uint32_t s, double sure, struct judgement *j,
			struct arena *arena)
{
	struct doubt none = {.accused = BLOCKER_NONE};
	const struct judgement *model = second_opinion(v, s);
	if (!model || !accuses(j))
		return none;
	struct doubt doubt = {j->blocker, probability_of(model, j->blocker)};
	if (doubt.probability >= prior_table.doubt)
		return none;
	j->blocker = BLOCKER_UNKNOWN;
	j->confidence = sure < prior_table.surest ? sure : prior_table.surest;
	merge_suspects(j, model, arena);
	merge_links(&j->link, &model->link);
	return doubt;
}
