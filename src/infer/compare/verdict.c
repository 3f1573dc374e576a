/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare/verdict.h"
#include "infer/compare/fates.h"
#include "infer/tell/words.h"
#include "infer/vote/vote.h"

static bool counts(const struct comparing *g, uint32_t s, uint8_t family)
{
	return g->claims[s].rule != COMPARED_NOTHING && g->t->servers[s].addr.family == family;
}

static bool same_claim(const struct comparing *g, uint32_t a, uint32_t b)
{
	const struct judgement *x = &g->out->findings[a].judgement;
	const struct judgement *y = &g->out->findings[b].judgement;

	return x->state == y->state && x->mechanism == y->mechanism;
}

/* The server that speaks for the family: of most servers alike, or the worst with HOSTs. */
static uint32_t speaker(const struct comparing *g, uint8_t family)
{
	uint32_t best = TRACE_NONE, most = 0;

	for (uint32_t s = 0; s < g->scene.n; s++) {
		uint32_t alike = 0;

		if (!counts(g, s, family))
			continue;
		for (uint32_t k = 0; k < g->scene.n; k++)
			alike += counts(g, k, family) && same_claim(g, s, k);
		const struct judgement *j = &g->out->findings[s].judgement;
		const struct judgement *b =
			best == TRACE_NONE ? j : &g->out->findings[best].judgement;
		bool worse = state_rank(j->state) < state_rank(b->state);
		bool even = state_rank(j->state) == state_rank(b->state);
		bool surer = even && j->confidence > b->confidence;
		bool better = g->t->run.hosts_given
				      ? worse || surer
				      : alike > most || (alike == most && (worse || surer));
		if (best == TRACE_NONE || better) {
			best = s;
			most = alike;
		}
	}
	return best;
}

static bool suspected(const struct judgement *j, enum blocker blocker)
{
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].blocker == blocker)
			return true;
	}
	return false;
}

/* One cause for all servers alike: only who is suspected for each of them. */
static void intersect(const struct comparing *g, uint32_t s, struct judgement *j)
{
	for (uint32_t k = 0; k < g->scene.n; k++) {
		const struct judgement *other = &g->out->findings[k].judgement;
		struct judgement both = *j;

		if (!counts(g, k, g->t->servers[s].addr.family) || !same_claim(g, s, k))
			continue;
		both.suspects_n = 0;
		for (size_t i = 0; i < j->suspects_n; i++) {
			if (suspected(other, j->suspects[i].blocker))
				both.suspects[both.suspects_n++] = j->suspects[i];
		}
		if (both.suspects_n > 0)
			*j = both;
	}
	for (size_t i = 0; i < j->suspects_n; i++)
		j->suspects[i].probability = 1.0 / (double)j->suspects_n;
	if (j->suspects_n == 1)
		j->blocker = j->suspects[0].blocker;
}

static const char *other_family(const struct comparing *g, const uint32_t speakers[2], int speaks)
{
	uint32_t s = speakers[1 - speaks];
	const struct judgement *j = s == TRACE_NONE ? NULL : &g->out->findings[s].judgement;
	struct arena *arena = &g->out->arena;

	if (!j || (g->out->family[0].state == g->out->family[1].state &&
		   g->out->family[0].blocker == g->out->family[1].blocker))
		return "";
	const char *state = j->state == STATE_UNKNOWN ? N_("undecided") : state_name(j->state);
	return arena_say(arena, " This holds for IPv%d; IPv%d is %s.", speaks ? 6 : 4,
			 speaks ? 4 : 6, arena_word(arena, state));
}

static void fill_families(struct comparing *g, const uint32_t speakers[2])
{
	for (int i = 0; i < 2; i++) {
		g->out->family_counts[i] = speakers[i] != TRACE_NONE;
		if (speakers[i] == TRACE_NONE)
			continue;
		g->out->family[i] = g->out->findings[speakers[i]].judgement;
		if (g->out->family[i].state != STATE_OPEN)
			intersect(g, speakers[i], &g->out->family[i]);
	}
}

void compare_speak(struct comparing *g)
{
	uint32_t speakers[2] = {speaker(g, 4), speaker(g, 6)};
	struct verdict *v = &g->out->verdict;
	struct arena *arena = &g->out->arena;
	int speaks = speakers[0] == TRACE_NONE ? 1 : 0;

	if (speakers[0] == TRACE_NONE && speakers[1] == TRACE_NONE)
		return;
	fill_families(g, speakers);
	if (speakers[0] != TRACE_NONE && speakers[1] != TRACE_NONE) {
		int a = state_rank(g->out->family[0].state),
		    b = state_rank(g->out->family[1].state);

		speaks = b < a ||
			 (a == b && g->out->family[1].confidence > g->out->family[0].confidence);
	}
	const struct compared_claim *claim = &g->claims[speakers[speaks]];
	const struct cross *x = &g->crosses[speakers[speaks]];
	const char *own = g->out->findings[speakers[speaks]].sentence;
	*v = (struct verdict){.judgement = g->out->family[speaks]};
	bool agree = g->out->family_counts[0] && g->out->family_counts[1] &&
		     g->out->family[0].state == g->out->family[1].state &&
		     g->out->family[0].blocker == g->out->family[1].blocker;
	v->family = agree ? 46 : speaks ? 6 : 4;
	if (!claim->kept)
		own = compare_sentence(x, claim, &v->judgement, arena);
	v->sentence = arena_printf(arena, "%s%s", own, other_family(g, speakers, speaks));
	compare_reasons(x, claim, arena, v);
	compare_clock_reasons(g->c, arena, v);
	struct vote vote = {
		.family = speaks ? 6 : 4,
		.counts = true,
		.speaker = speakers[speaks],
		.judgement = v->judgement,
	};
	words_next(&g->scene, &vote, NULL, arena, v);
	compare_rows(x, claim, arena, g->c);
}
