/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare.h"
#include "infer/compare_clock.h"
#include "infer/compare_fates.h"
#include "infer/compare_words.h"
#include "infer/infer.h"
#include "infer/vote.h"
#include "infer/words.h"
#include <stdlib.h>

struct comparing {
	const struct trace *t;
	const struct pairs *p;
	struct result *out;
	struct comparison *c;
	struct scene scene;
	struct cross *crosses; /* one a server */
	struct compared_claim *claims;
};

/* --- captures -------------------------------------------------------------------------------- */

/* Hops before the capture, by the TTLs of the SYNs; and the client's address there. */
static void place_capture(const struct pairs *p, uint8_t capture, struct compared_capture *out)
{
	for (uint32_t at = 0; at < p->attempts_n; at++) {
		const struct attempt *a = &p->attempts[at];
		const struct sighting *s = a->first == TRACE_NONE
						   ? NULL
						   : pairs_seen(p, &p->packets[a->first], capture);
		const struct pair_view *own = pairs_view(p, at, 0);

		if (!s)
			continue;
		int hops = (int)a->ttl - (int)s->ttl;
		out->hop_min = !out->placed || hops < out->hop_min ? hops : out->hop_min;
		out->hop_max = !out->placed || hops > out->hop_max ? hops : out->hop_max;
		out->placed = true;
		out->client = s->src;
		out->translated = out->translated || !addr_equal(&s->src, &own->src);
	}
}

static void look_at_captures(struct comparing *g)
{
	bool any = false;

	g->c->captures_n = g->p->captures_n;
	for (size_t i = 1; i < g->p->captures_n; i++) {
		struct compared_capture *c = &g->c->captures[i];

		c->hop_min = c->hop_max = -1;
		place_capture(g->p, (uint8_t)i, c);
		c->clock = compare_clock(g->p, (uint8_t)i);
		c->frames = g->p->captures[i].frames;
		c->matched = (uint32_t)g->p->captures[i].matched;
		g->c->swapped = g->c->swapped || (c->placed && c->hop_min < 0);
		any = any || c->placed || c->matched > 0 ||
		      (g->p->captures[i].receiver && g->p->captures[i].expects);
	}
	g->c->apart = !any;
}

/* --- servers --------------------------------------------------------------------------------- */

/* The client's own evidence decides where the captures add nothing. */
static bool keeps(const struct cross *x, const struct judgement *own,
		  const struct compared_claim *claim)
{
	if (claim->rule == COMPARED_NOTHING || own->blocker == BLOCKER_LOCAL_HOST)
		return true;
	/*
	 * What limits or damages it is no affair of single packets; what answers in the server's
	 * place may do so beyond the last place.
	 */
	return claim->rule == COMPARED_PASSES &&
	       (own->state == STATE_OPEN || own->state == STATE_DEGRADED ||
		!x->points[x->n - 1].at_server);
}

static void judge_server(struct comparing *g, uint32_t s)
{
	struct cross *x = &g->crosses[s];
	struct compared_claim *claim = &g->claims[s];
	struct finding *f = &g->out->findings[s];
	struct judgement *j = &f->judgement;

	*x = (struct cross){.t = g->t, .p = g->p, .c = g->c};
	cross_build(x, s, g->scene.paths[s].distance);
	*claim = compare_claim(x);
	claim->kept = keeps(x, j, claim);
	if (claim->kept) {
		if (claim->rule == COMPARED_PASSES && j->state == STATE_OPEN)
			f->sentence = compare_sentence(x, claim, j, &g->out->arena);
		return;
	}
	j->suspects_n = claim->state == j->state || j->state == STATE_BLOCKED ? j->suspects_n : 0;
	/* The client's own dialogue may say more of what answers. */
	if (claim->mechanism != MECHANISM_REDIRECT || j->state != STATE_INTERCEPTED)
		j->mechanism = claim->mechanism;
	j->state = claim->state;
	if (claim->state == STATE_OPEN) {
		*j = (struct judgement){.state = STATE_OPEN,
					.blocker = BLOCKER_NONE,
					.has_confidence = true,
					.confidence = 0.99};
	} else {
		bool forward = claim->rule != COMPARED_WAY_BACK;

		if (forward && claim->state != STATE_CLOSED)
			place_narrow(&claim->place, x, f);
		place_judge(&claim->place, x, &g->scene, claim->sure, &g->out->arena, j);
	}
	f->votes = true;
	f->sentence = compare_sentence(x, claim, j, &g->out->arena);
}

/* --- the verdict ----------------------------------------------------------------------------- */

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
		bool worse = vote_rank(j->state) < vote_rank(b->state);
		bool even = vote_rank(j->state) == vote_rank(b->state);
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
	return arena_printf(arena, " This holds for IPv%d; IPv%d is %s.", speaks ? 6 : 4,
			    speaks ? 4 : 6,
			    j->state == STATE_UNKNOWN ? "undecided" : state_name(j->state));
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

static void speak(struct comparing *g)
{
	uint32_t speakers[2] = {speaker(g, 4), speaker(g, 6)};
	struct verdict *v = &g->out->verdict;
	struct arena *arena = &g->out->arena;
	int speaks = speakers[0] == TRACE_NONE ? 1 : 0;

	if (speakers[0] == TRACE_NONE && speakers[1] == TRACE_NONE)
		return;
	fill_families(g, speakers);
	if (speakers[0] != TRACE_NONE && speakers[1] != TRACE_NONE) {
		int a = vote_rank(g->out->family[0].state), b = vote_rank(g->out->family[1].state);

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
	words_next(&g->scene, &vote, arena, v);
	compare_rows(x, claim, arena, g->c);
}

/* Nothing can be held against each other: what the client's capture says alone is no comparison. */
static void give_up(struct comparing *g)
{
	struct verdict *v = &g->out->verdict;
	struct arena *arena = &g->out->arena;
	const char *alone = v->sentence ? v->sentence : "";

	*v = (struct verdict){
		.judgement = {.state = STATE_UNKNOWN,
			      .blocker = BLOCKER_UNKNOWN,
			      .mechanism = MECHANISM_UNKNOWN},
		.sentence = compare_apart(g->p, g->c, arena),
	};
	v->reasons[v->reasons_n++] = (struct reason){
		.rule = "compare-alone",
		.text = arena_printf(arena, "The client's capture alone says: %s", alone),
		.server = TRACE_NONE,
	};
	v->next[v->next_n++] = g->c->swapped ? "Give the client's capture first."
					     : "Capture at both places at the same time, while the "
					       "client probes, and compare these.";
}

static int compare_all(struct comparing *g)
{
	size_t n = g->scene.n ? g->scene.n : 1;

	g->crosses = calloc(n, sizeof(*g->crosses));
	g->claims = calloc(n, sizeof(*g->claims));
	g->c->packets = arena_alloc(&g->out->arena, COMPARE_PACKETS_MAX * sizeof(*g->c->packets));
	if (!g->crosses || !g->claims || !g->c->packets)
		return -1;
	look_at_captures(g);
	if (g->c->apart || g->c->swapped) {
		give_up(g);
		return 0;
	}
	for (uint32_t s = 0; s < g->scene.n; s++) {
		judge_server(g, s);
		if (g->t->servers[s].peer == s)
			compare_fates(&g->crosses[s], g->c);
	}
	speak(g);
	return 0;
}

int compare_judge(const struct trace *t, const struct pairs *p, struct result *out)
{
	struct comparing g = {.t = t, .p = p, .out = out};
	int status = -1;

	if (infer_judge(t, out) != 0)
		return -1;
	g.c = arena_alloc(&out->arena, sizeof(*g.c));
	if (scene_build(&g.scene, t) == 0 && g.c) {
		g.c->telling_server = TRACE_NONE;
		status = compare_all(&g);
	}
	out->comparison = g.c;
	if (out->arena.failed || p->failed)
		status = -1;
	free(g.crosses);
	free(g.claims);
	scene_free(&g.scene);
	if (status != 0)
		result_free(out);
	return status;
}
