/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions that narrow a place or a manner down. */
#include "base/stats.h"
#include "infer/ask/agenda.h"
#include "infer/ask/edge.h"
#include "infer/numbers.h"
#include "infer/rules/reset.h"
#include "infer/scene/rate.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"

/*
 * A doubt about a hop that is not worth a question. Where the port to others passes the places
 * before it, those beyond weigh more beside them: until these are no suspects either.
 */
static double settled_doubt(const struct scene *scene, uint32_t s)
{
	double doubt = rate_boundary_doubt(scene, s), suspect = SUSPECT_LEAST * CROSSED_WEIGHT;
	return rate_of(scene, s)->answering && suspect < doubt ? suspect : doubt;
}

/* The parties that the boundary leaves, and those that it would leave were it as narrow as it can
 * get. */
static bool parties_settled(const struct scene *scene, uint32_t s, const struct claim *claim)
{
	const struct roles *roles = &scene->roles[s];
	uint8_t best = 0, now = 0;
	for (int hop = claim->last_seen; hop < roles->server_hop; hop++) {
		if (claim->weight[hop] <= settled_doubt(scene, s))
			break;
		now |= roles_at(roles, line_out(hop)) | roles_at(roles, line_in(hop + 1));
		if (hop == claim->last_seen)
			best = now;
	}
	return now == best && !claim->span.way_back;
}

/* Whether the port's last router is the control's, too: else nothing beyond is worth a question. */
static bool ask_meeting(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	int hop = parting_unmet(path);
	const struct outcome *control = &path->control.at[hop];
	if (!hop)
		return true;
	if (!control->pending && ask_tried(control) < HOP_TRIES)
		ask_control(a, s, hop, 3);
	return false;
}

/* Whether a SYN with this TTL is among the questions already. */
static bool is_asked_now(const struct asking *a, uint32_t s, int ttl)
{
	for (size_t i = 0; i < a->n; i++) {
		if (a->out[i].server == s && a->out[i].ttl == ttl)
			return true;
	}
	return false;
}

/* How many of those that sweep are asked about one router: they share its pairs. */
static unsigned sharers(struct asking *a, uint32_t s, int hop)
{
	unsigned n = 1;
	for (size_t i = 0; i < a->sweepers_n; i++) {
		uint32_t other = a->sweepers[i];
		n += other != s && a->scene->conducts[other] == CONDUCT_SILENT &&
		     scene_same_hop(a->scene, s, other, hop);
	}
	return n;
}

/* As many pairs as it takes, should all of them find the port silent, until its doubt is no more
 * than `left`. */
static void ask_silent_hop(struct asking *a, uint32_t s, int hop, double left, unsigned limit)
{
	struct hop_pool pool = rate_pool(a->scene, s, hop);
	unsigned n = 1;
	while (pool.target_sent + n < limit &&
	       stats_silence(pool.control_answered ? pool.control_answered + n : 0,
			     pool.control_sent + n, pool.target_sent + n) > left)
		n++;
	unsigned shared = sharers(a, s, hop);
	for (unsigned i = 0; i < (n + shared - 1) / shared; i++)
		ask_pair(a, s, hop, 3);
}

/* Beside a boundary of silence: until the first hop that misses the port's SYNs is certain. */
void ask_boundary(struct asking *a, uint32_t s)
{
	struct claim claim = {0};
	if (!rule_silence(a->scene, s, &claim) || claim.loop || !ask_meeting(a, s) ||
	    claim.open_end || parties_settled(a->scene, s, &claim))
		return;
	const struct path *path = &a->scene->paths[s];
	/* From where the control is answered on there are no routers to compare. */
	int far = path->answered ? path->answered : a->scene->roles[s].server_hop;
	double doubt = settled_doubt(a->scene, s);
	/* Where SYNs are lost it must be surer, and a pair of which one half is lost tells less. */
	unsigned most = rate_way_loses(a->scene, s) ? HOP_TRIES + HOP_TRIES / 2 : HOP_TRIES;
	for (int hop = claim.last_seen + 1; hop < far; hop++) {
		struct hop_pool pool = rate_pool(a->scene, s, hop);
		if (claim.weight[hop - 1] <= doubt)
			return;
		/* The sweep comes first. */
		if (path->control.at[hop].pending || edge_awaited(a, hop) ||
		    is_asked_now(a, s, hop) || !ask_tried(&path->control.at[hop]))
			return;
		bool quiet = pool.control_answered == 0;
		unsigned limit = quiet ? QUIET_HOP_TRIES : most;
		double left = doubt / claim.weight[hop - 1];
		if (pool.target_sent < limit && claim.weight[hop] > doubt)
			ask_silent_hop(a, s, hop, left, limit);
		if (!quiet && pool.target_sent < limit)
			return;
	}
}

/* Whose router it is that lets SYNs to the port expire in the server's name, its control tells. */
void ask_renamed(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	int hop = claim_renamed_from(path);
	const struct outcome *control = &path->control.at[hop];
	if (hop && (!path->answered || hop < path->answered) && !path->control.hop[hop].n &&
	    !control->pending && ask_tried(control) < HOP_TRIES)
		ask_control(a, s, hop, 3);
}

/* To the port under test alone, on fresh ports: what was answered before may have left the flows'
 * own half open. `quiet`: no router's expiry is wanted. */
static void ask_target(struct asking *a, uint32_t s, int ttl, bool quiet)
{
	const struct path *path = &a->scene->paths[s];
	ask_one(a, (struct question){
			   .server = s,
			   .port = path->target.port,
			   .ttl = (uint8_t)ttl,
			   .alone = true,
			   .quiet = quiet || ask_quiet(path, ttl),
			   .rank = 3,
		   });
}

/* A place is named for an answer that came twice from nearer than the server. */
void ask_again(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	const struct lane *target = &path->target;
	int first = target->first_reset ? target->first_reset : target->first_synack;
	bool odd = first && rate_server_beyond(a->scene, s, first);
	/* The first may still turn out to be nearer. */
	for (int ttl = 1; ttl < first; ttl++)
		odd = odd && (!target->at[ttl].pending || edge_lags(a, s, target, ttl));
	if (!odd || target->at[first].pending || ask_tried(&target->at[first]) >= HOP_TRIES)
		return;
	const struct outcome *control = &path->control.at[first];
	if (!control->pending && ask_tried(control) < HOP_TRIES && target->at[first].synack &&
	    rate_ways_unlike(a->scene, s, first))
		ask_control(a, s, first, 3);
	if (target->at[first].reached < 2)
		ask_target(a, s, first, true);
	if (!ask_meeting(a, s))
		return;
	struct claim claim = {0}, copied = {0};
	bool resets = !rule_reset_copied_ttl(a->scene, s, &copied) &&
		      (rule_reset_nearer(a->scene, s, &claim) ||
		       rule_reset_sometimes(a->scene, s, &claim));
	/* Lost expiries widen the place, and so do lost resets of a box that SYNs pass. */
	struct addr before = hops_addr(path, first - 1);
	unsigned most = addr_is_set(&before) ? HOP_TRIES : QUIET_HOP_TRIES;
	if (resets && first > 1 && claim.last_seen < first - 1 &&
	    ask_tried(&target->at[first - 1]) < most)
		ask_target(a, s, first - 1, false);
	for (int ttl = first - 1; ttl >= 1 && ttl >= first - 2; ttl--) {
		if (ask_tried(&target->at[ttl]) < 2 && !rate_pool(a->scene, s, ttl).target_expired)
			ask_target(a, s, ttl, false);
	}
}

/* SYNs that no longer expire enclose a box that copies TTLs, whatever way its resets take. */
static void ask_beside_copied(struct asking *a, uint32_t s)
{
	int hop = resets_copied_unsure(a->scene, s);
	const struct outcome *own = &a->scene->paths[s].target.at[hop];
	if (hop && !own->pending && ask_tried(own) < HOP_TRIES &&
	    rate_pool(a->scene, s, hop).target_sent < HOP_TRIES)
		ask_pair(a, s, hop, 3);
}

/* Resets from about the server: nearer hops that miss their expiry by loss alone widen the place.
 */
void ask_beside_reset(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	struct claim claim = {0}, better = {0};
	if (rule_reset_copied_ttl(a->scene, s, &better)) {
		ask_beside_copied(a, s);
		return;
	}
	/* A reset by which the server itself is met may have been lost. */
	const struct outcome *at = &path->target.at[path->distance];
	bool met = path->target.first_reset && path->target.first_reset <= path->distance;
	if (path->distance && !met && path->target.at[0].reset && !at->pending &&
	    ask_tried(at) < HOP_TRIES)
		ask_target(a, s, path->distance, false);
	if (!path->distance || rule_reset_nearer(a->scene, s, &better) ||
	    !rule_reset_by_server(a->scene, s, &claim) || claim.state == STATE_CLOSED)
		return;
	for (int hop = claim.last_seen + 1; hop < path->distance; hop++) {
		const struct outcome *o = &path->target.at[hop];
		bool quiet = !path->control.hop[hop].n && ask_tried(o) >= QUIET_HOP_TRIES;
		if (o->expired || o->pending || ask_tried(o) >= HOP_TRIES)
			continue;
		/* Where no router shows itself, resets that are missing still tell. */
		if (!quiet)
			ask_pair(a, s, hop, 3);
		else if (hop + 1 == path->distance)
			ask_target(a, s, hop, true);
	}
}

/* SYNs with this very TTL; whether one drew a reset. */
static unsigned tried_trigger(const struct path *path, uint8_t ttl, bool *reset)
{
	unsigned n = 0;
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		if (p->ttl != ttl)
			continue;
		n++;
		PATH_EACH_REPLY(path->trace, p, r)
		*reset = *reset || (r->kind == REPLY_RESET && path_counts(path->trace, p, r));
	}
	return n;
}

/* Whether SYNs of limited TTL went to the port and nothing of them is awaited any more: resets from
 * nearer than the server need no other sign. */
static bool has_swept(const struct path *path)
{
	bool tried = false;
	for (int ttl = 1; ttl <= PATH_TTL_MAX; ttl++) {
		if (path->target.at[ttl].pending)
			return false;
		tried = tried || ask_tried(&path->target.at[ttl]) > 0;
	}
	return tried;
}

/* A box that copies the trigger's TTL into its resets gives itself away when that changes. */
void ask_triggers(struct asking *a, uint32_t s)
{
	static const uint8_t triggers[] = {128, 255};
	const struct path *path = &a->scene->paths[s];
	int first = path->target.first_reset;
	if (sweepers_has(a->sweepers, a->sweepers_n, s) && !has_swept(path))
		return;
	if (!path->target.at[0].reset || path->target.at[0].pending ||
	    (first && rate_server_beyond(a->scene, s, first)))
		return;
	for (size_t i = 0; i < sizeof(triggers); i++) {
		bool reset = false;
		unsigned tried = tried_trigger(path, triggers[i], &reset);
		if (reset || tried >= TRIGGER_TRIES)
			continue;
		ask_one(a, (struct question){
				   .server = s,
				   .port = path->target.port,
				   .ttl = triggers[i],
				   .alone = true,
				   .rank = 3,
			   });
	}
}

/*
 * Where a router rejects: it has few answers, and each rejection takes one. Once the place is known
 * from one server, others ask it nothing that would only be rejected again.
 */
static bool same_router(const struct asking *a, uint32_t s, uint32_t other)
{
	struct addr x = path_rejecter(&a->scene->paths[s]);
	struct addr y = path_rejecter(&a->scene->paths[other]);
	return a->scene->conducts[other] == CONDUCT_REJECTED && addr_is_set(&x) &&
	       addr_equal(&x, &y);
}

int ask_rejected_alike(const struct asking *a, uint32_t s)
{
	struct claim claim = {0};
	if (a->scene->conducts[s] != CONDUCT_REJECTED || !rule_rejected(a->scene, s, &claim) ||
	    claim.last_seen < 1)
		return 0;
	for (size_t i = 0; i < a->sweepers_n && a->sweepers[i] != s; i++) {
		if (same_router(a, s, a->sweepers[i]))
			return claim.last_seen;
	}
	return 0;
}

/* Whether a router shows itself at the hop, or may yet. */
static bool is_served(const struct path *path, int hop)
{
	struct addr addr = hops_addr(path, hop);
	return addr_is_set(&addr) || path->control.at[hop].pending;
}

static bool is_served_elsewhere(const struct asking *a, uint32_t s, int hop)
{
	for (size_t i = 0; i < a->sweepers_n; i++) {
		uint32_t other = a->sweepers[i];
		if (other != s && same_router(a, s, other) &&
		    is_served(&a->scene->paths[other], hop))
			return true;
	}
	return false;
}

void ask_beside_rejection(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	struct claim claim = {0};
	if (!rule_rejected(a->scene, s, &claim) || claim.last_seen == claim.first_missing)
		return;
	for (int hop = claim.last_seen; hop <= claim.first_missing && hop <= PATH_TTL_MAX; hop++) {
		unsigned tried = ask_tried(&path->control.at[hop]);
		/* Before the sweep, which would draw rejections beyond the place. */
		bool first = tried == 0 && hop == claim.last_seen && !ask_rejected_alike(a, s);
		if (hop == 0 || is_served(path, hop) || is_served_elsewhere(a, s, hop) ||
		    tried >= REJECTED_TRIES || (tried == 0 && !first))
			continue;
		ask_control(a, s, hop, first ? 1 : 3);
		if (first)
			return;
	}
}
