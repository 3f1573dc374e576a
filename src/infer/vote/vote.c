/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/vote/vote.h"
#include "infer/numbers.h"
#include "infer/scene/others.h"
#include "infer/way/parting.h"

static bool in_family(const struct scene *scene, uint32_t s, uint8_t family)
{
	return scene_family(scene, s) == family && scene_votes(scene, s);
}

/* HOSTs are judged themselves; references only help. Without HOSTs everybody is judged. */
static bool is_judged(const struct scene *scene, uint32_t s)
{
	return !scene->trace->run.hosts_given || !scene->trace->servers[s].reference;
}

/* The worst of the HOSTs, TRACE_NONE when none counts. */
static uint32_t choose_worst(const struct votes *v, uint8_t family)
{
	uint32_t best = TRACE_NONE;
	for (uint32_t s = 0; s < v->scene->n; s++) {
		if (in_family(v->scene, s, family) && is_judged(v->scene, s) &&
		    (best == TRACE_NONE ||
		     state_rank(v->claims[s].state) < state_rank(v->claims[best].state)))
			best = s;
	}
	return best;
}

/* Which of two states has more votes, as for qsort(): of networks, then of servers in them. */
static int more_votes(const struct ballot *a, const struct ballot *b)
{
	if (a->sites != b->sites)
		return a->sites > b->sites ? 1 : -1;
	return a->servers > b->servers ? 1 : -(a->servers < b->servers);
}

/*
 * A server of the state that most networks share or, where they have servers of both, most servers;
 * half and half: of the worse state, whose evidence says how far. TRACE_NONE when none counts.
 */
static uint32_t choose_majority(const struct votes *v, uint8_t family)
{
	const struct ballot none = {0}, *most = &none;
	uint32_t best = TRACE_NONE;
	for (uint32_t s = 0; s < v->scene->n; s++) {
		if (!in_family(v->scene, s, family) || !others_speaks(v->scene, s))
			continue;
		enum state state = v->claims[s].state;
		const struct ballot *own = votes_in(v, s, state);
		int more = more_votes(own, most);
		if (more < 0 ||
		    (more == 0 && state_rank(state) >= state_rank(v->claims[best].state)))
			continue;
		best = s;
		most = own;
	}
	return best;
}

/* Narrower evidence speaks for the others; an explicit refusal speaks before silence. */
static bool tells_more(const struct claim *a, const struct claim *b)
{
	int width_a = a->placed ? a->span.hi - a->span.lo + (a->span.way_back ? 1000 : 0) : 5000;
	int width_b = b->placed ? b->span.hi - b->span.lo + (b->span.way_back ? 1000 : 0) : 5000;
	if (width_a != width_b)
		return width_a < width_b;
	bool explicit_a = a->mechanism != MECHANISM_SILENT_DROP;
	bool explicit_b = b->mechanism != MECHANISM_SILENT_DROP;
	if (explicit_a != explicit_b)
		return explicit_a;
	return a->sure > b->sure;
}

/*
 * The first hop beside the place at which two paths are known to cross other routers, and do not
 * meet again: ways that a balancer chooses between do. 0: none.
 */
static int parting_hop(const struct scene *scene, uint32_t a, uint32_t b, const struct span *span)
{
	int from, to;
	span_hops(span, &from, &to);
	for (int hop = from > 0 ? from : 1; hop <= to && hop <= PATH_TTL_MAX; hop++) {
		struct addr x = parting_addr(&scene->paths[a], hop);
		struct addr y = parting_addr(&scene->paths[b], hop);
		if (addr_is_set(&x) && addr_is_set(&y) && !scene_same_hop(scene, a, b, hop))
			return parting_meet_again(&scene->paths[a], &scene->paths[b], hop) ? 0
											   : hop;
	}
	return 0;
}

/*
 * Where one cause for both could sit: the range is cut off where the ways part. False: nowhere;
 * with the way back among the places, that is the likelier one then.
 */
static bool common_place(const struct scene *scene, uint32_t a, uint32_t b, struct span *span)
{
	if (span_empty(span))
		return false;
	int parting = parting_hop(scene, a, b, span);
	if (parting && line_link(parting - 1) < span->hi)
		span->hi = line_link(parting - 1);
	else if (parting && span->way_back)
		return false;
	return !span_empty(span);
}

/* Whether one cause could explain both, in a place or on the way back. */
static bool one_cause(const struct votes *v, uint32_t a, uint32_t b)
{
	const struct claim *x = &v->claims[a], *y = &v->claims[b];
	if (!x->placed || !y->placed)
		return true;
	struct span both = span_meet(&x->span, &y->span);
	return common_place(v->scene, a, b, &both) || (x->span.way_back && y->span.way_back);
}

/* Whether two servers of one company are in the same state, and both vote. */
static bool are_alike(const struct votes *v, uint32_t a, uint32_t b)
{
	return scene_votes(v->scene, b) && v->claims[a].state == v->claims[b].state;
}

/* How many of the servers that fare alike could have the same cause. */
static uint32_t support(const struct votes *v, uint32_t s)
{
	const struct speaker *speakers = v->scene->speakers;
	uint32_t n = 0, compared = 0, other = speakers[s].first;
	for (; other != TRACE_NONE && compared < OTHERS_MAX; other = speakers[other].next) {
		if (!are_alike(v, s, other))
			continue;
		compared++;
		n += other == s || one_cause(v, s, other);
	}
	return n;
}

/* The one whose place most of the others could share; of these the one that tells most. */
static uint32_t choose_speaker(const struct votes *v, uint32_t a)
{
	const struct speaker *speakers = v->scene->speakers;
	uint32_t best = a, most = support(v, a), tried = 0, s = speakers[a].first;
	for (; s != TRACE_NONE && tried < OTHERS_MAX; s = speakers[s].next) {
		if (s == a || !are_alike(v, a, s))
			continue;
		uint32_t shared = support(v, s);
		tried++;
		if (shared < most ||
		    (shared == most && !tells_more(&v->claims[s], &v->claims[best])))
			continue;
		best = s;
		most = shared;
	}
	return best;
}

/*
 * One cause for all: the intersection of their places. When only the way back is common, the
 * forward span comes out empty and stays so.
 */
static void merge(const struct votes *v, struct vote *vote)
{
	double unsure = 1.0;
	const struct scene *scene = v->scene;
	const struct claim *claims = v->claims;
	struct span span = claims[vote->speaker].span;
	uint32_t s = scene->speakers[vote->speaker].first;
	for (; s != TRACE_NONE; s = scene->speakers[s].next) {
		if (!are_alike(v, vote->speaker, s))
			continue;
		vote->alike++;
		unsure *= 1.0 - claims[s].sure;
		if (s == vote->speaker || !claims[s].placed)
			continue;
		struct span both = span_meet(&span, &claims[s].span);
		if (common_place(scene, vote->speaker, s, &both))
			span = both;
		else if (span.way_back && claims[s].span.way_back)
			span = (struct span){.lo = 1, .hi = 0, .way_back = true};
		else
			vote->contradiction = true;
	}
	vote->claim.span = span;
	vote->claim.sure = 1.0 - (unsure > HOP_DOUBT_LEAST ? unsure : HOP_DOUBT_LEAST);
}

/* The family's servers that vote, each address once a port. */
static void count_servers(const struct votes *v, struct vote *out)
{
	for (uint32_t s = 0; s < v->scene->n; s++) {
		bool counts = in_family(v->scene, s, out->family) && others_speaks(v->scene, s);
		out->servers += counts;
		out->open += counts && v->claims[s].state == STATE_OPEN;
	}
}

/* Whether servers differ while nobody knows which of them were asked for. */
static bool is_divided(const struct scene *scene, const struct claim *claims, uint8_t family)
{
	const struct trace *t = scene->trace;
	uint32_t first = TRACE_NONE;
	if (t->run.own || !t->run.hosts_unknown)
		return false;
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene_family(scene, s) != family || scene->conducts[s] == CONDUCT_ABSENT)
			continue;
		if (first == TRACE_NONE)
			first = s;
		else if (claims[s].state != claims[first].state)
			return true;
	}
	return false;
}

/* One server's judgement by the rules alone. */
static struct judgement by_rules(const struct votes *v, uint32_t s, struct arena *arena)
{
	struct company company = company_of(v, s);
	return suspects_judge(v->scene, s, &v->claims[s], &company, arena);
}

/* Nobody believes that the operators of several listed servers all closed a documented port at
 * once. */
static bool closed_doubt(const struct votes *v, uint32_t a)
{
	const struct ballot *closed = votes_in(v, a, STATE_CLOSED);
	return v->claims[a].state == STATE_CLOSED && v->scene->conducts[a] == CONDUCT_RESET &&
	       closed->listed && closed->sites >= LISTED_SITES &&
	       votes_in(v, a, STATE_OPEN)->sites == 0;
}

/*
 * Nor that their own sides all reject or drop it alike, each by itself: whoever imitates one server
 * can imitate all.
 */
static bool remote_doubt(const struct votes *v, uint32_t a, struct arena *arena)
{
	const struct scene *scene = v->scene;
	uint32_t sites[LISTED_SITES], n = 0, compared = 0, s = scene->speakers[a].first;
	bool listed = false;
	if (v->claims[a].state != STATE_BLOCKED || votes_in(v, a, STATE_OPEN)->sites > 0)
		return false;
	for (; s != TRACE_NONE && compared < OTHERS_MAX && n < LISTED_SITES;
	     s = scene->speakers[s].next) {
		bool fresh = scene_votes(scene, s) && v->claims[s].state == STATE_BLOCKED;
		for (uint32_t i = 0; fresh && i < n; i++)
			fresh = sites[i] != scene->sites[s];
		if (!fresh)
			continue;
		compared++;
		if (by_rules(v, s, arena).blocker != BLOCKER_REMOTE)
			continue;
		listed = listed || scene->trace->servers[s].listed;
		sites[n++] = scene->sites[s];
	}
	return listed && n >= LISTED_SITES;
}

/* In doubt about the listed servers of a family, accuses none of them. */
static void soften(const struct vote *vote, struct judgement *j, struct arena *arena)
{
	if (!vote->list_doubt || j->blocker != BLOCKER_REMOTE ||
	    (j->state != STATE_CLOSED && j->state != STATE_BLOCKED))
		return;
	if (j->state == STATE_CLOSED) {
		*j = judgement_unknown(MECHANISM_UNKNOWN);
		return;
	}
	suspects_anybody(j, arena);
}

void vote_server(const struct votes *v, const struct vote *vote, uint32_t s, struct arena *arena,
		 struct judgement *out)
{
	*out = by_rules(v, s, arena);
	soften(vote, out, arena);
	doubt_name(v, s, v->claims[s].sure, out, arena);
}

void vote_family(const struct votes *v, uint8_t family, struct arena *arena, struct vote *out)
{
	const struct scene *scene = v->scene;
	const struct claim *claims = v->claims;
	*out = (struct vote){.family = family, .speaker = TRACE_NONE};
	out->judgement = judgement_unknown(scene_uncontrolled(scene) ? MECHANISM_UNKNOWN
								     : MECHANISM_NO_NETWORK);
	count_servers(v, out);
	uint32_t chosen = scene->trace->run.hosts_given ? choose_worst(v, family)
							: choose_majority(v, family);
	if (chosen == TRACE_NONE)
		return;
	out->counts = true;
	out->speaker = choose_speaker(v, chosen);
	out->claim = claims[out->speaker];
	out->company = company_of(v, out->speaker);
	out->networks = out->company.sites_alike;
	merge(v, out);
	bool divided = is_divided(scene, claims, family);
	if (divided || closed_doubt(v, chosen)) {
		out->list_doubt = !divided;
		out->judgement.mechanism = MECHANISM_UNKNOWN;
		return;
	}
	if (out->contradiction && claims[out->speaker].state != STATE_CLOSED) {
		/* Several places: the speaker's own stands for itself, not for all. */
		out->claim.span = claims[out->speaker].span;
		out->company.sites_alike = 1;
	} else if (claims[out->speaker].state == STATE_CLOSED) {
		out->claim.span = claims[out->speaker].span;
	}
	out->judgement = suspects_judge(scene, out->speaker, &out->claim, &out->company, arena);
	out->list_doubt =
		out->judgement.blocker == BLOCKER_REMOTE && remote_doubt(v, chosen, arena);
	soften(out, &out->judgement, arena);
	out->doubt = doubt_name(v, out->speaker, out->claim.sure, &out->judgement, arena);
	if (out->judgement.state == STATE_UNKNOWN)
		out->claim.state = STATE_UNKNOWN;
}
