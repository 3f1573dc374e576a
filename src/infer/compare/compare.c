/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare/clock.h"
#include "infer/compare/fates.h"
#include "infer/compare/verdict.h"
#include "infer/infer.h"
#include "infer/numbers.h"
#include "infer/scene/build.h"
#include <stdlib.h>

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
	/* Resets that pass the last place on their way back may be the server's: how far they come
	 * from is in the client's capture. */
	if (claim->rule == COMPARED_RESET_BEYOND && own->state == STATE_CLOSED)
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
					.confidence = SURE_MOST};
	} else {
		bool forward = claim->rule != COMPARED_WAY_BACK;

		if (forward && claim->state != STATE_CLOSED)
			place_narrow(&claim->place, x, f);
		place_judge(&claim->place, x, &g->scene, &g->out->arena, j);
	}
	f->votes = true;
	f->sentence = compare_sentence(x, claim, j, &g->out->arena);
}

/* Nothing can be held against each other: what the client's capture says alone is no comparison. */
static void give_up(struct comparing *g)
{
	struct verdict *v = &g->out->verdict;
	struct arena *arena = &g->out->arena;
	const char *alone = v->sentence ? v->sentence : "";

	*v = (struct verdict){
		.judgement = judgement_unknown(MECHANISM_UNKNOWN),
		.sentence = compare_apart(g->p, g->c, arena),
	};
	v->reasons[v->reasons_n++] = (struct reason){
		.rule = "compare-alone",
		.text = arena_printf(arena, "The client's capture alone says: %s", alone),
		.server = TRACE_NONE,
	};
	v->next[v->next_n++] = arena_word(
		arena, g->c->swapped ? N_("Give the client's capture first.")
				     : N_("Capture at both places at the same time, while "
					  "the client probes, and compare these."));
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
	compare_speak(g);
	return 0;
}

int compare_judge(const struct trace *t, const struct pairs *p, const struct catalogue *catalogue,
		  struct result *out)
{
	struct comparing g = {.t = t, .p = p, .out = out};
	int status = -1;

	if (infer_judge_by_rules(t, catalogue, out) != 0)
		return -1;
	g.c = arena_alloc(&out->arena, sizeof(*g.c));
	if (scene_build(&g.scene, t) == 0 && g.c)
		status = compare_all(&g);
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
