/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/vote/vote.h"
#include "infer/rules/foreign.h"
#include "infer/way/parting.h"

/* More servers that fare alike say nothing new. */
#define COMPARED_MAX 24

bool vote_has(const struct scene *scene, uint32_t s)
{
	return scene->conducts[s] != CONDUCT_ABSENT && !scene->trace->servers[s].dark;
}

int vote_rank(enum state state)
{
	static const int ranks[] = {
		[STATE_INTERCEPTED] = 0, [STATE_BLOCKED] = 1, [STATE_DEGRADED] = 2,
		[STATE_UNKNOWN] = 3,	 [STATE_CLOSED] = 4,  [STATE_OPEN] = 5,
	};
	return ranks[state];
}

static bool in_family(const struct scene *scene, uint32_t s, uint8_t family)
{
	return scene_family(scene, s) == family && vote_has(scene, s);
}

bool vote_alike(const struct scene *scene, const struct claim *claims, uint32_t a, uint32_t b)
{
	const struct server *servers = scene->trace->servers;
	return scene_family(scene, a) == scene_family(scene, b) &&
	       servers[a].port == servers[b].port && claims[a].state == claims[b].state;
}

uint32_t vote_sites(const struct scene *scene, const struct claim *claims, uint32_t a,
		    enum state state)
{
	uint32_t sites = 0;
	for (uint32_t s = 0; s < scene->n; s++) {
		bool counts = in_family(scene, s, scene_family(scene, a)) &&
			      scene->trace->servers[s].port == scene->trace->servers[a].port &&
			      claims[s].state == state;
		for (uint32_t earlier = 0; counts && earlier < s; earlier++) {
			counts = scene->sites[earlier] != scene->sites[s] ||
				 claims[earlier].state != state || !vote_has(scene, earlier) ||
				 scene_family(scene, earlier) != scene_family(scene, s);
		}
		sites += counts;
	}
	return sites;
}

static struct company company_of(const struct scene *scene, const struct claim *claims, uint32_t s)
{
	struct company c = {
		.sites_alike = vote_sites(scene, claims, s, claims[s].state),
		.sites_open = vote_sites(scene, claims, s, STATE_OPEN),
		.submission_only = true,
	};
	for (uint32_t other = 0; other < scene->n; other++) {
		uint16_t control = scene->paths[other].control.port;
		if (vote_alike(scene, claims, s, other) && control &&
		    !path_submission_port(control))
			c.submission_only = false;
	}
	return c;
}

/* HOSTs are judged themselves; references only help. Without HOSTs everybody is judged. */
static bool is_judged(const struct scene *scene, uint32_t s)
{
	return !scene->trace->run.hosts_given || !scene->trace->servers[s].reference;
}

/* The worst HOST, or a server of the state that most networks share; TRACE_NONE when none counts.
 */
static uint32_t choose(const struct scene *scene, const struct claim *claims, uint8_t family)
{
	uint32_t best = TRACE_NONE, best_sites = 0;
	bool tie = false;
	for (uint32_t s = 0; s < scene->n; s++) {
		if (!in_family(scene, s, family) || !is_judged(scene, s))
			continue;
		if (best != TRACE_NONE && claims[s].state == claims[best].state)
			continue;
		if (scene->trace->run.hosts_given) {
			if (best == TRACE_NONE ||
			    vote_rank(claims[s].state) < vote_rank(claims[best].state))
				best = s;
			continue;
		}
		uint32_t sites = vote_sites(scene, claims, s, claims[s].state);
		tie = best != TRACE_NONE && sites == best_sites;
		if (sites > best_sites) {
			best = s;
			best_sites = sites;
		}
	}
	if (tie && best != TRACE_NONE) {
		/* Half and half: the worse state stands, its evidence says how far. */
		for (uint32_t s = 0; s < scene->n; s++) {
			if (in_family(scene, s, family) &&
			    vote_sites(scene, claims, s, claims[s].state) == best_sites &&
			    vote_rank(claims[s].state) < vote_rank(claims[best].state))
				best = s;
		}
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

/* The first hop beside the place at which two paths are known to cross other routers, 0: none. */
static int parting_hop(const struct scene *scene, uint32_t a, uint32_t b, const struct span *span)
{
	int from, to;
	span_hops(span, &from, &to);
	for (int hop = from > 0 ? from : 1; hop <= to && hop <= PATH_TTL_MAX; hop++) {
		struct addr x = parting_addr(&scene->paths[a], hop);
		struct addr y = parting_addr(&scene->paths[b], hop);
		if (addr_is_set(&x) && addr_is_set(&y) && !scene_same_hop(scene, a, b, hop))
			return hop;
	}
	return 0;
}

/* Where one cause for both could sit: a wide range is cut off where the ways part. False: nowhere.
 */
static bool common_place(const struct scene *scene, uint32_t a, uint32_t b, struct span *span)
{
	if (span_empty(span))
		return false;
	int parting = parting_hop(scene, a, b, span);
	if (parting && span->way_back && line_link(parting - 1) < span->hi)
		span->hi = line_link(parting - 1);
	else if (parting)
		return false;
	return !span_empty(span);
}

/* Whether one cause could explain both, in a place or on the way back. */
static bool one_cause(const struct scene *scene, const struct claim *claims, uint32_t a, uint32_t b)
{
	if (!claims[a].placed || !claims[b].placed)
		return true;
	struct span both = span_meet(&claims[a].span, &claims[b].span);
	return common_place(scene, a, b, &both) ||
	       (claims[a].span.way_back && claims[b].span.way_back);
}

/* How many of the servers that fare alike could have the same cause. */
static uint32_t support(const struct scene *scene, const struct claim *claims, uint32_t s)
{
	uint32_t n = 0, compared = 0;
	for (uint32_t other = 0; other < scene->n && compared < COMPARED_MAX; other++) {
		if (!vote_has(scene, other) || !vote_alike(scene, claims, s, other))
			continue;
		compared++;
		n += other == s || one_cause(scene, claims, s, other);
	}
	return n;
}

/* The one whose place most of the others could share; of these the one that tells most. */
static uint32_t choose_speaker(const struct scene *scene, const struct claim *claims, uint32_t a)
{
	uint32_t best = a, most = support(scene, claims, a), tried = 0;
	for (uint32_t s = 0; s < scene->n && tried < COMPARED_MAX; s++) {
		if (s == a || !vote_has(scene, s) || !vote_alike(scene, claims, a, s))
			continue;
		uint32_t shared = support(scene, claims, s);
		tried++;
		if (shared < most || (shared == most && !tells_more(&claims[s], &claims[best])))
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
static void merge(const struct scene *scene, const struct claim *claims, struct vote *vote)
{
	double unsure = 1.0;
	struct span span = claims[vote->speaker].span;
	for (uint32_t s = 0; s < scene->n; s++) {
		if (!vote_has(scene, s) || !vote_alike(scene, claims, vote->speaker, s))
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
	vote->claim.sure = 1.0 - (unsure > 0.0005 ? unsure : 0.0005);
}

void vote_family(const struct scene *scene, const struct claim *claims, uint8_t family,
		 struct arena *arena, struct vote *out)
{
	*out = (struct vote){.family = family, .speaker = TRACE_NONE};
	out->judgement = (struct judgement){
		.state = STATE_UNKNOWN,
		.blocker = BLOCKER_UNKNOWN,
		.mechanism = foreign_uncontrolled(scene) ? MECHANISM_UNKNOWN : MECHANISM_NO_NETWORK,
	};
	for (uint32_t s = 0; s < scene->n; s++) {
		out->servers += in_family(scene, s, family);
		out->open += in_family(scene, s, family) && claims[s].state == STATE_OPEN;
	}
	uint32_t chosen = choose(scene, claims, family);
	if (chosen == TRACE_NONE)
		return;
	out->counts = true;
	out->speaker = choose_speaker(scene, claims, chosen);
	out->claim = claims[out->speaker];
	out->company = company_of(scene, claims, out->speaker);
	out->networks = out->company.sites_alike;
	merge(scene, claims, out);
	bool divided = foreign_divided(scene, claims, family);
	if (divided || vote_closed_doubt(scene, claims, chosen)) {
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
	out->list_doubt = out->judgement.blocker == BLOCKER_REMOTE &&
			  vote_remote_doubt(scene, claims, chosen, arena);
	vote_soften(out, &out->judgement, arena);
	if (out->judgement.state == STATE_UNKNOWN)
		out->claim.state = STATE_UNKNOWN;
}

void vote_server(const struct scene *scene, const struct claim *claims, uint32_t s,
		 struct arena *arena, struct judgement *out)
{
	struct company company = company_of(scene, claims, s);
	*out = suspects_judge(scene, s, &claims[s], &company, arena);
}
