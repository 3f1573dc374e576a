/* SPDX-License-Identifier: BSD-2-Clause */
/* What the model believes of one server. */
#include "infer/explain/parts.h"

#define LISTED	 5     /* the likeliest rules and places */
#define UNLIKELY 0.001 /* of these */

static const char *const units[UNITS] = {[UNIT_ALL] = "all SYNs",
					 [UNIT_FLOW] = "a share of the flows",
					 [UNIT_PROBE] = "a share of the SYNs"};

/* States and parties, each with its probability. */
static void add_sums(const struct explaining *x, const struct verdict_sums *sums)
{
	const char *before = "";
	text_add(x->out, "    states       ");
	for (int state = 0; state <= STATE_UNKNOWN; state++) {
		if (sums->state[state] < UNLIKELY)
			continue;
		text_addf(x->out, "%s%s %.3f", before, state_name((enum state)state),
			  sums->state[state]);
		before = ", ";
	}
	before = "\n    parties      ";
	for (int seg = 0; seg < SEGMENT_COUNT && sums->bad >= UNLIKELY; seg++) {
		if (sums->party[seg] < UNLIKELY)
			continue;
		text_addf(x->out, "%s%s %.3f", before, segment_name((enum segment)seg),
			  sums->party[seg]);
		before = ", ";
	}
	text_add(x->out, "\n");
}

/* A rule at a place, and how likely it is. */
struct guess {
	double p;
	int rule, place;
};

static bool is_likelier(const struct guess *a, const struct guess *b)
{
	if (a->p != b->p)
		return a->p > b->p;
	return a->rule != b->rule ? a->rule < b->rule : a->place < b->place;
}

/* The likeliest guess after this one; p 0: there is none that counts. */
static struct guess next_guess(const struct posterior *post, size_t way, const struct guess *after)
{
	struct guess best = {.p = 0};
	for (int r = 0; r < post->hypotheses_n; r++) {
		for (int at = 1; at <= way_last(&post->ways[way]); at++) {
			struct guess g = {posterior_at(post, way, r, at), r, at};
			if (g.p >= UNLIKELY && is_likelier(after, &g) && is_likelier(&g, &best))
				best = g;
		}
	}
	return best;
}

/* The likeliest rules at their places, the first `LISTED` of them. */
static void add_rules(const struct explaining *x, const struct posterior *post, size_t way)
{
	struct guess guess = {.p = 2};
	for (int listed = 0; listed < LISTED; listed++) {
		guess = next_guess(post, way, &guess);
		if (guess.p == 0)
			return;
		const struct hypothesis *h = &post->hypotheses[guess.rule];
		text_addf(x->out, "    %.3f        %s, %s, at ", guess.p, deed_row(h->deed)->name,
			  units[h->unit]);
		explain_place(x->out, guess.place);
		text_add(x->out, "\n");
	}
}

void explain_model(const struct explaining *x, uint32_t s)
{
	const struct model_server *m = &x->model->servers[s];
	if (!m->applies) {
		text_add(x->out, m->left_out ? "  model          left out: others speak for many\n"
					     : "  model          judges no such server: TTLs tell "
					       "it nothing, or this host blocks\n");
		return;
	}
	const struct posterior *post = &x->model->groups[m->group];
	struct verdict_sums sums;
	verdict_sum(post, m->way, &sums);
	text_add(x->out, "  model          ");
	explain_judgement(x, &m->judgement);
	add_sums(x, &sums);
	add_rules(x, post, m->way);
}
