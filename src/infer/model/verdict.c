/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/verdict.h"
#include "infer/numbers.h"

/* The state that a rule at a position puts the port in. */
static enum state state_of(const struct way *way, const struct hypothesis *rule, int position)
{
	if (rule->unit != UNIT_ALL)
		return STATE_DEGRADED;
	bool by_server = position == way_last(way) && way->end > 1;
	return rule->deed == DEED_RESET && by_server ? STATE_CLOSED : STATE_BLOCKED;
}

void verdict_sum(const struct posterior *post, size_t w, struct verdict_sums *out)
{
	const struct way *way = &post->ways[w];
	*out = (struct verdict_sums){.bad = 0};
	out->state[STATE_OPEN] = post->beliefs[w].nobody;
	out->state[STATE_UNKNOWN] = post->beliefs[w].something_else;
	for (int r = 0; r < post->hypotheses_n; r++) {
		for (int x = 1; x <= way_last(way); x++) {
			double p = posterior_at(post, w, r, x);
			for (int seg = 0; seg < SEGMENT_COUNT && p > 0; seg++)
				out->party[seg] += posterior_by(post, w, r, x, (enum segment)seg);
			out->state[state_of(way, &post->hypotheses[r], x)] += p;
			out->deed[post->hypotheses[r].deed] += p;
			out->bad += p;
		}
	}
	for (int seg = 0; seg < SEGMENT_COUNT && out->bad > 0; seg++)
		out->party[seg] /= out->bad;
}

static double capped(const struct prior *p, double probability)
{
	return probability < p->surest ? probability : p->surest;
}

/* The state that is sure enough; STATE_UNKNOWN: none. Fills how sure. */
static enum state choose(const struct prior *p, const struct verdict_sums *sums, double *sure)
{
	const double *state = sums->state;
	*sure = state[STATE_OPEN];
	if (state[STATE_OPEN] >= p->sure_open)
		return STATE_OPEN;
	/* Something is wrong for sure: how much of it, and whether by the server, may be open. */
	*sure = sums->bad;
	if (sums->bad < p->sure)
		return STATE_UNKNOWN;
	if (state[STATE_CLOSED] >= p->sure * sums->bad)
		return STATE_CLOSED;
	return state[STATE_DEGRADED] < 0.5 * sums->bad ? STATE_BLOCKED : STATE_DEGRADED;
}

static enum mechanism mechanism_of(const struct verdict_sums *sums)
{
	double sum[MECHANISM_UNKNOWN + 1] = {0};
	enum mechanism best = MECHANISM_UNKNOWN;
	for (int deed = 0; deed < DEEDS; deed++) {
		enum mechanism m = deed_row((enum deed)deed)->mechanism;
		sum[m] += sums->deed[deed];
		if (sum[m] > sum[best])
			best = m;
	}
	return best;
}

/* The parties that are not excluded, most likely first. */
static void list_suspects(const struct prior *p, const struct verdict_sums *sums,
			  struct judgement *out)
{
	for (int seg = 0; seg < SEGMENT_COUNT; seg++) {
		if (sums->party[seg] >= p->suspect)
			judgement_suspect(out, (struct suspect){
						       .blocker = blocker_of((enum segment)seg),
						       .mechanism = out->mechanism,
						       .probability = capped(p, sums->party[seg]),
					       });
	}
}

/* The probability of a blocker on the way there, by position; what is done on the way back. */
static double spread(const struct posterior *post, size_t w, double at[3 * WAY_HOPS])
{
	double back = 0;
	for (int r = 0; r < post->hypotheses_n; r++) {
		for (int x = 1; x <= way_last(&post->ways[w]); x++) {
			double p = posterior_at(post, w, r, x);
			if (deed_row(post->hypotheses[r].deed)->back)
				back += p;
			else
				at[x] += p;
		}
	}
	return back;
}

static struct addr hop_addr(const struct posterior *post, const struct way *way, int hop)
{
	const struct server *s = &post->scene->trace->servers[way->server];
	if (hop == 0)
		return s->client;
	return hop == way->end ? s->addr : way->router[hop];
}

/* The smallest run of positions that holds most of the probability, as hops. */
static void fill_link(const struct posterior *post, size_t w, double bad, struct judgement *out)
{
	const struct way *way = &post->ways[w];
	double at[3 * WAY_HOPS] = {0}, got = 0;
	struct span span = {.lo = 3 * WAY_HOPS, .hi = 0};
	double back = spread(post, w, at);
	if (back >= post->prior->suspect * bad)
		return;
	while (got <= post->prior->placed * bad) {
		int best = 0;
		for (int x = 1; x <= way_last(way); x++)
			best = at[x] > at[best] ? x : best;
		if (at[best] <= 0)
			break;
		got += at[best];
		at[best] = 0;
		/* Silence behind a router's output is that of the link as well. */
		bool open = way_is_out(best) && out->mechanism == MECHANISM_SILENT_DROP;
		span.lo = best < span.lo ? best : span.lo;
		span.hi = best + open > span.hi ? best + open : span.hi;
	}
	if (span_empty(&span))
		return;
	out->link.known = true;
	span_hops(&span, &out->link.from_hop, &out->link.to_hop);
	/* Where balanced ways differ in length a place is only known to the hop beside it. */
	if (way->uneven && out->link.from_hop > 0)
		out->link.from_hop--;
	if (way->uneven && out->link.to_hop < way->end)
		out->link.to_hop++;
	out->link.from = hop_addr(post, way, out->link.from_hop);
	out->link.to = hop_addr(post, way, out->link.to_hop);
}

void verdict_judge(const struct posterior *post, size_t w, struct judgement *out)
{
	const struct prior *p = post->prior;
	struct verdict_sums sums;
	double sure;
	verdict_sum(post, w, &sums);
	*out = (struct judgement){
		.state = choose(p, &sums, &sure),
		.blocker = BLOCKER_UNKNOWN,
		.mechanism = MECHANISM_UNKNOWN,
	};
	if (out->state == STATE_DEGRADED && way_accepted(&post->ways[w]) < TELLS_LEAST)
		out->state = STATE_BLOCKED;
	if (out->state == STATE_UNKNOWN)
		return;
	out->has_confidence = true;
	out->confidence = capped(p, sure);
	if (out->state == STATE_OPEN) {
		out->blocker = BLOCKER_NONE;
		out->mechanism = MECHANISM_NONE;
		return;
	}
	out->mechanism = out->state == STATE_CLOSED ? MECHANISM_CLOSED : mechanism_of(&sums);
	list_suspects(p, &sums, out);
	if (out->suspects_n && out->suspects[0].probability >= p->named) {
		out->blocker = out->suspects[0].blocker;
		out->confidence = capped(p, sure * out->suspects[0].probability);
	}
	if (out->state == STATE_CLOSED && out->blocker != BLOCKER_REMOTE)
		out->state = STATE_BLOCKED;
	fill_link(post, w, sums.bad, out);
}
