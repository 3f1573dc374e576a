/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/vote/suspects.h"
#include "infer/numbers.h"
#include "infer/scene/beside.h"
#include "infer/scene/others.h"
#include "infer/scene/seen.h"
#include <math.h>

/* Likelihood of each segment, as the forward culprit and as one on the way back. */
struct weighing {
	double forward[SEGMENT_COUNT];
	double back[SEGMENT_COUNT];
};

/* The last hop that a SYN blocked at this position has passed. */
static int passed(int position)
{
	return position % 3 == 2 ? (position + 1) / 3 - 1 : position / 3;
}

static void weigh_position(struct weighing *w, uint8_t owners, double weight)
{
	for (int seg = 0; seg < SEGMENT_COUNT; seg++) {
		if ((owners & ROLE_BIT(seg)) && weight > w->forward[seg])
			w->forward[seg] = weight;
	}
}

/* One measurement is never surer: over many simulated networks, about one in a hundred misleads. */
static double capped(double confidence)
{
	return confidence < SURE_MOST ? confidence : SURE_MOST;
}

/* The last hop that SYNs to the same port of an open server have crossed, 0: none. */
static int last_crossed(const struct scene *scene, uint32_t s)
{
	int last = 0;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_ANSWER)
	{
		int most = path_last_router(&scene->paths[o.server]);
		for (int hop = last + 1; hop <= most; hop++)
			last = scene_same_hop(scene, s, o.server, hop) ? hop : last;
	}
	return last;
}

/* How well each party fits the claim: as the best of its places does. */
static struct weighing weigh(const struct scene *scene, uint32_t s, const struct claim *claim)
{
	struct weighing w = {0};
	const struct roles *roles = &scene->roles[s];
	int far = roles->server_hop;
	bool silent = claim->mechanism == MECHANISM_SILENT_DROP && claim->last_seen < far;
	int crossed = silent && claim->state == STATE_BLOCKED ? line_in(last_crossed(scene, s)) : 0;
	bool further = silent && claim->span.lo > 0 && !claim->loop;
	int hi = further ? line_out(far) : claim->span.hi;
	for (int at = claim->span.lo; at <= hi; at++) {
		double weight = 1.0;
		if (silent && claim->span.lo > 0)
			weight = claim->weight[passed(at)] * (at <= crossed ? CROSSED_WEIGHT : 1.0);
		weigh_position(&w, roles_at(roles, at), weight);
	}
	weigh_position(&w, claim->also, 1.0);
	if (claim->not_remote)
		w.forward[SEGMENT_REMOTE] = 0;
	for (int seg = SEGMENT_LOCAL; claim->span.way_back && seg < SEGMENT_COUNT; seg++)
		w.back[seg] = span_empty(&claim->span) ? 1.0 : claim->weight[far];
	/* A server on this host's own link: nobody but a switch lies between. */
	if (far == 1 && roles->owners[far] == ROLE_REMOTE && claim->span.lo <= line_link(0)) {
		w.forward[SEGMENT_LOCAL] = w.forward[SEGMENT_REMOTE];
		w.back[SEGMENT_ISP] = w.back[SEGMENT_TRANSIT] = 0;
	}
	return w;
}

/* How likely the party is the culprit, on whichever way. */
static double weight_of(const struct weighing *w, int seg)
{
	return w->forward[seg] > w->back[seg] ? w->forward[seg] : w->back[seg];
}

static double total(const struct weighing *w)
{
	double sum = 0;
	for (int seg = 0; seg < SEGMENT_COUNT; seg++)
		sum += weight_of(w, seg);
	return sum;
}

/* Every router up to the server is proven to have seen the port's SYN. */
static bool complete_path(const struct claim *claim, int far)
{
	return claim->span.way_back && claim->last_seen >= far - 1;
}

/* The same, but for routers that are the server's side's as well, silent or not. */
static bool complete_but_own(const struct claim *claim, const struct roles *roles)
{
	int last = claim->last_seen;
	while (last < roles->server_hop - 1 && roles->owners[last + 1] == ROLE_REMOTE &&
	       !roles->between[last + 1])
		last++;
	return claim->span.way_back && last >= roles->server_hop - 1;
}

/*
 * The server's side, nine to one; but where the last router that the SYN passed may be somebody
 * else's, its output is as good a place.
 */
static void weigh_end(struct weighing *w, uint8_t beside)
{
	double others = 0;
	for (int seg = 0; seg < SEGMENT_REMOTE; seg++) {
		if (!(beside & ROLE_BIT(seg)))
			others += weight_of(w, seg);
	}
	double weight = REMOTE_ODDS * (others > 0 ? others : 1.0);
	for (int seg = 0; seg < SEGMENT_REMOTE; seg++) {
		if (beside & ROLE_BIT(seg))
			w->forward[seg] *= weight;
	}
	w->forward[SEGMENT_REMOTE] = weight;
}

/* What other servers of the same port say for and against the server's side. */
static void consider_company(struct weighing *w, const struct claim *claim,
			     const struct company *company, const struct roles *roles)
{
	int last = claim->last_seen;
	double remote = weight_of(w, SEGMENT_REMOTE);
	double others = total(w) - remote;
	bool complete = complete_but_own(claim, roles);
	/* Where the flow decides, the others may be open by their flows' luck. */
	bool by_flow = claim->state == STATE_DEGRADED && claim->mechanism == MECHANISM_SILENT_DROP;
	if (claim->open_end && others > 0)
		w->forward[SEGMENT_REMOTE] *= pow(ACCIDENT_CHANCE, company->sites_alike - 1.0);
	if (!claim->span.way_back || remote <= 0 || by_flow)
		return;
	if (company->sites_open > 0 && complete) {
		weigh_end(w, roles_at(roles, line_out(last)) | roles_at(roles, line_link(last)));
	} else if (company->sites_open > 0) {
		w->forward[SEGMENT_REMOTE] = REMOTE_ODDS_HIDDEN * (others > 0 ? others : 1.0);
	} else if (company->sites_alike >= 2 && !complete && others > 0) {
		w->forward[SEGMENT_REMOTE] *= ACCIDENT_CHANCE;
		w->back[SEGMENT_REMOTE] *= ACCIDENT_CHANCE;
	}
}

static const char *suspect_text(struct arena *arena, const char *place, bool forward, bool back)
{
	if (forward && back)
		return arena_say(arena, "%s, on the way there or back", place);
	if (back)
		return arena_say(arena, "%s, on the way back", place);
	return arena_copy(arena, place);
}

/* The parties that are not excluded, most likely first. */
static void list_suspects(const struct weighing *w, const struct claim *claim, struct arena *arena,
			  struct judgement *out)
{
	double sum = 0, all = total(w);
	for (int seg = 0; seg < SEGMENT_COUNT; seg++) {
		if (all > 0 && weight_of(w, seg) / all >= SUSPECT_LEAST)
			sum += weight_of(w, seg);
	}
	for (int seg = 0; seg < SEGMENT_COUNT && sum > 0; seg++) {
		double forward = w->forward[seg], weight = weight_of(w, seg);
		if (weight / all < SUSPECT_LEAST)
			continue;
		struct suspect item = {
			.blocker = blocker_of((enum segment)seg),
			.mechanism = forward > 0 ? claim->mechanism : MECHANISM_RETURN_DROP,
			.probability = capped(weight / sum),
		};
		item.text = suspect_text(
			arena, arena_word(arena, blocker_party(item.blocker, out->beside)),
			forward > 0, w->back[seg] > 0);
		judgement_suspect(out, item);
	}
}

void suspects_anybody(struct judgement *j, struct arena *arena)
{
	struct weighing w = {0};
	struct claim claim = {.mechanism = j->mechanism};
	for (int seg = SEGMENT_LOCAL; seg < SEGMENT_COUNT; seg++)
		w.forward[seg] = 1.0;
	j->suspects_n = 0;
	list_suspects(&w, &claim, arena, j);
	j->blocker = BLOCKER_UNKNOWN;
	j->link = (struct link_span){0};
}

/* Whether the near end is one of several routers. */
static bool at_member(const struct claim *claim, int hop)
{
	return hop == claim->last_seen && addr_is_set(&claim->member);
}

/* Who refuses does answer, though no SYN may expire there. */
static bool is_answered(const struct claim *claim)
{
	return claim->mechanism == MECHANISM_ICMP_REJECT || claim->mechanism == MECHANISM_TCP_RESET;
}

/* The hops beside the place, and whether they were asked in vain. */
static void fill_link(const struct scene *scene, uint32_t s, const struct claim *claim,
		      struct judgement *out)
{
	if (!claim->placed || claim->span.way_back || span_empty(&claim->span))
		return;
	struct link_span *link = &out->link;
	const struct path *path = &scene->paths[s];
	const struct server *server = &path->trace->servers[s];
	struct hop_seen from, to;
	int far = scene->roles[s].server_hop;
	span_hops(&claim->span, &link->from_hop, &link->to_hop);
	if (link->to_hop > far)
		link->to_hop = far;
	/* A place that reaches up to a server of unknown distance has no far end. */
	if (path->distance == 0 && link->to_hop == far)
		return;
	link->known = true;
	from = scene_hop_seen(scene, s, link->from_hop);
	to = scene_hop_seen(scene, s, link->to_hop);
	link->from = link->from_hop == 0		? server->client
		     : at_member(claim, link->from_hop) ? claim->member
							: from.addr;
	link->to = link->to_hop == 0 ? server->client : to.addr;
	link->from_silent = from.silent && !is_answered(claim);
	link->to_silent = to.silent && !is_answered(claim);
}

/* Names a party that is probable enough, and how sure all of it is. */
static void name_blocker(struct judgement *out, const struct claim *claim,
			 const struct company *company)
{
	const struct suspect *top = &out->suspects[0];
	bool near = out->suspects_n &&
		    (top->blocker == BLOCKER_LOCAL_NETWORK || top->blocker == BLOCKER_ISP);
	bool named = out->suspects_n && top->probability >= SUSPECT_NAMED;
	if (near && company->submission_only && claim->mechanism == MECHANISM_SILENT_DROP)
		named = false;
	out->blocker = named ? top->blocker : BLOCKER_UNKNOWN;
	bool back = out->suspects_n && top->mechanism == MECHANISM_RETURN_DROP;
	if (out->suspects_n && claim->state != STATE_DEGRADED && (named || back))
		out->mechanism = top->mechanism;
	out->has_confidence = true;
	out->confidence = capped(claim->sure * (named ? top->probability : 1.0));
}

struct judgement suspects_judge(const struct scene *scene, uint32_t s, const struct claim *claim,
				const struct company *company, struct arena *arena)
{
	struct judgement out = {
		.state = claim->state,
		.mechanism = claim->mechanism,
		.blocker = BLOCKER_UNKNOWN,
		.beside = beside_of(scene->trace, scene_family(scene, s)),
	};
	if (claim->state == STATE_UNKNOWN)
		return out;
	if (claim->state == STATE_OPEN) {
		out.blocker = BLOCKER_NONE;
		out.has_confidence = true;
		out.confidence = capped(claim->sure);
		return out;
	}
	struct weighing w = weigh(scene, s, claim);
	consider_company(&w, claim, company, &scene->roles[s]);
	list_suspects(&w, claim, arena, &out);
	/* What nobody can have done was not seen as it is. */
	if (out.suspects_n == 0)
		return judgement_unknown(MECHANISM_UNKNOWN);
	fill_link(scene, s, claim, &out);
	out.passes_all = complete_path(claim, scene->roles[s].server_hop);
	name_blocker(&out, claim, company);
	return out;
}
