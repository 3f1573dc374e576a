/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare/rules.h"
#include "base/stats.h"
#include "infer/numbers.h"

static struct compared_claim claim_between(const struct cross *x, enum compared_rule rule, int near,
					   int far)
{
	return (struct compared_claim){
		.rule = rule,
		.near = near,
		.far = far,
		.place = {.lo = place_after(x, near), .hi = place_before(x, far), .sure = 1},
		.attempt = TRACE_NONE,
	};
}

/* The chance that SYNs which are not blocked were all missed at a place. */
static double chance_missed(const struct cross *x, int point)
{
	const struct cross_point *at = &x->points[point];

	if (at->control_seen == 0)
		return RECEIVER_MISSES;
	return stats_silence(at->control_seen, at->control_sent, at->target_sent);
}

/* The chance that answers which are genuine were all missed at a place. */
static double chance_unseen(const struct cross *x, const struct cross_answers *a)
{
	const struct cross_point *at = &x->points[a->hi];
	double unseen = stats_silence(at->back_seen, at->back_sent, a->forged);

	/* Whoever never got the SYN cannot have answered it. */
	if (at->target_seen == 0 && at->target_sent > 0) {
		double missed = chance_missed(x, a->hi);
		unseen = missed < unseen ? missed : unseen;
	}
	return unseen;
}

static bool is_forged(const struct cross *x, const struct cross_answers *a)
{
	return a->forged > 0 && a->hi >= 0 && chance_unseen(x, a) < FORGED_MISSES;
}

static struct compared_claim forged(const struct cross *x, const struct cross_answers *a,
				    enum compared_rule rule)
{
	struct compared_claim claim = claim_between(x, rule, a->lo, a->hi);

	claim.place.sure = 1 - chance_unseen(x, a);
	claim.proof = &a->forged_at;
	return claim;
}

/* Somebody in between shakes hands: by himself, for another server, or before he calls it. */
static struct compared_claim forged_synack(const struct cross *x)
{
	struct compared_claim claim = forged(x, &x->synack, COMPARED_FORGED_SYNACK);
	struct compared_claim content;
	bool proxied = x->points[x->synack.hi].target_seen > 0;

	claim.state = STATE_INTERCEPTED;
	claim.mechanism = proxied ? MECHANISM_SYN_PROXY : MECHANISM_REDIRECT;
	if (x->remade > 0 && compare_content(x, &content))
		claim.mechanism = content.mechanism;
	return claim;
}

static struct compared_claim forged_reset(const struct cross *x)
{
	struct compared_claim claim = forged(x, &x->reset, COMPARED_FORGED_RESET);
	/* The client believes what comes first. */
	bool works = x->synack.first > x->reset.first;

	claim.on_path = x->last_seen >= x->reset.hi;
	claim.state = works ? STATE_DEGRADED : STATE_BLOCKED;
	claim.mechanism = MECHANISM_TCP_RESET;
	return claim;
}

static struct compared_claim late_reset(const struct cross *x)
{
	struct compared_claim claim = forged(x, &x->late_reset, COMPARED_RESET_LATER);

	claim.state = STATE_DEGRADED;
	claim.mechanism = MECHANISM_RESET_AFTER_HANDSHAKE;
	return claim;
}

static struct compared_claim rewritten(const struct cross *x)
{
	struct compared_claim claim =
		claim_between(x, COMPARED_REWRITTEN, x->reset.lo, x->reset.hi);

	claim.state = STATE_BLOCKED;
	claim.mechanism = MECHANISM_TCP_RESET;
	claim.proof = &x->reset.forged_at;
	return claim;
}

static struct compared_claim rejected(const struct cross *x)
{
	const struct cross_answers *a = &x->rejected;
	bool between = is_forged(x, a);
	struct compared_claim claim =
		between ? forged(x, a, COMPARED_REJECTED)
			: claim_between(x, COMPARED_REJECTED_BEYOND, x->last_seen, (int)x->n);

	claim.proof = between ? &a->forged_at : &a->genuine_at;
	claim.state = STATE_BLOCKED;
	claim.mechanism = MECHANISM_ICMP_REJECT;
	return claim;
}

/* Where the destination is still the client's, and where it is another one. */
static bool moved(const struct cross *x, struct compared_claim *out)
{
	int near = -1;

	for (size_t i = 0; i < x->n; i++) {
		if (x->points[i].moved == 0 && x->points[i].target_seen > 0)
			near = (int)i;
		if (x->points[i].moved == 0)
			continue;
		*out = claim_between(x, COMPARED_MOVED, near, (int)i);
		out->state = STATE_INTERCEPTED;
		out->mechanism = MECHANISM_REDIRECT;
		out->proof = &x->synack.genuine_at;
		return true;
	}
	return false;
}

/* The client's bytes come to no place that its SYNs came to. */
static bool stalled(const struct cross *x, struct compared_claim *out)
{
	int near = -1;

	for (size_t i = 0; i < x->n; i++) {
		const struct cross_point *at = &x->points[i];

		if (at->data_seen > 0)
			near = (int)i;
		if (at->data_seen > 0 || at->data_sent < 2 || at->target_seen == 0)
			continue;
		*out = claim_between(x, COMPARED_STALL, near, (int)i);
		out->state = STATE_DEGRADED;
		out->mechanism = MECHANISM_STALL_AFTER_HANDSHAKE;
		out->place.sure =
			1 - stats_silence(at->target_seen, at->target_sent, at->data_sent);
		return true;
	}
	return false;
}

static struct compared_claim handshakes(const struct cross *x)
{
	struct compared_claim claim;

	if (is_forged(x, &x->late_reset))
		return late_reset(x);
	if (compare_content(x, &claim) || stalled(x, &claim))
		return claim;
	claim = claim_between(x, COMPARED_PASSES, -1, (int)x->n);
	claim.state = STATE_OPEN;
	claim.proof = &x->synack.genuine_at;
	return claim;
}

static struct compared_claim genuine_reset(const struct cross *x)
{
	bool server = x->n > 0 && x->points[x->n - 1].at_server;
	struct compared_claim claim =
		claim_between(x, server ? COMPARED_CLOSED : COMPARED_RESET_BEYOND,
			      server ? (int)x->n - 1 : x->last_seen, (int)x->n);

	claim.state = server ? STATE_CLOSED : STATE_BLOCKED;
	claim.mechanism = server ? MECHANISM_CLOSED : MECHANISM_TCP_RESET;
	claim.proof = &x->reset.genuine_at;
	return claim;
}

static struct compared_claim lost_answers(const struct cross *x, const struct cross_answers *a)
{
	struct compared_claim claim = claim_between(x, COMPARED_WAY_BACK, a->near, a->far);
	const struct cross_point *at = &x->points[a->far];

	claim.state = STATE_BLOCKED;
	claim.mechanism = MECHANISM_RETURN_DROP;
	claim.place.sure = at->back_sent
				   ? 1 - stats_silence(at->back_seen, at->back_sent, a->vanished)
				   : SURE_ENOUGH;
	claim.proof = &a->vanished_at;
	if (claim.place.sure < SURE_ENOUGH)
		claim.rule = COMPARED_NOTHING;
	return claim;
}

/* The chance that SYNs which came so far drew no answer by bad luck alone. */
static double chance_silent(const struct cross *x, int point)
{
	const struct cross_point *at = &x->points[point];

	if (at->control_reach == 0)
		return stats_silence(1, 1, at->target_reach);
	return stats_silence(at->control_answered, at->control_reach, at->target_reach);
}

static double least_sure(const struct cross *x)
{
	const struct cross_point *at = &x->points[0];
	bool lossy = 2 * at->control_answered < at->control_reach;

	return lossy ? SURE_LOSSY : SURE_ENOUGH;
}

static struct compared_claim silence(const struct cross *x)
{
	struct compared_claim claim;

	if (x->synack.vanished > 0 || x->reset.vanished > 0)
		return lost_answers(x, x->synack.vanished > 0 ? &x->synack : &x->reset);
	if (x->first_missing >= 0) {
		claim = claim_between(x, COMPARED_DROPPED, x->last_seen, x->first_missing);
		claim.place.sure = 1 - chance_missed(x, x->first_missing);
		claim.proof = &x->lost;
	} else if (x->last_seen >= 0) {
		claim = claim_between(x, COMPARED_NO_ANSWER, x->last_seen, (int)x->n);
		claim.place.way_back = !x->points[x->last_seen].at_server;
		claim.place.back_lo = claim.place.lo;
		claim.place.sure = 1 - chance_silent(x, x->last_seen);
	} else {
		return (struct compared_claim){.rule = COMPARED_NOTHING};
	}
	claim.state = STATE_BLOCKED;
	claim.mechanism = MECHANISM_SILENT_DROP;
	claim.place.forward = true;
	if (claim.place.sure < least_sure(x))
		claim.rule = COMPARED_NOTHING;
	return claim;
}

struct compared_claim compare_claim(const struct cross *x)
{
	struct compared_claim claim;

	if (x->n == 0 || x->attempts == 0)
		return (struct compared_claim){.rule = COMPARED_NOTHING};
	if (moved(x, &claim))
		return claim;
	if (is_forged(x, &x->synack))
		return forged_synack(x);
	if (is_forged(x, &x->reset))
		return forged_reset(x);
	if (x->reset.made > 0 && x->synack.n == 0)
		return rewritten(x);
	if (x->synack.n > 0 && (x->synack.first > 0 || x->reset.first == 0) &&
	    x->synack.first >= x->reset.first)
		return x->synack.genuine > 0 ? handshakes(x)
					     : (struct compared_claim){.rule = COMPARED_NOTHING};
	if (x->reset.n > 0)
		return x->reset.genuine > 0 ? genuine_reset(x)
					    : (struct compared_claim){.rule = COMPARED_NOTHING};
	if (x->rejected.n > 0)
		return rejected(x);
	return silence(x);
}
