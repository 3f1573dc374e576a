/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/rules/reject.h"
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"

static bool one_network(const struct trace *t, const struct addr *a, const struct addr *b)
{
	const struct network *x = trace_network(t, a), *y = trace_network(t, b);
	return addr_is_set(a) && addr_is_set(b) &&
	       (trace_same_site(t, a, b) || (x && y && x->asn && x->asn == y->asn));
}

/* Whose the address is: by the user's word, or as a hop of the same network is. 0: unknown. */
static uint8_t owners_of(const struct scene *scene, uint32_t s, const struct addr *addr)
{
	const struct trace *t = scene->trace;
	const struct network *n = trace_network(t, addr);
	uint8_t owners = 0;
	if (n && n->has_role && n->by_user)
		return ROLE_BIT(n->role);
	for (int hop = 1; hop < scene->roles[s].server_hop; hop++) {
		struct addr here = parting_addr(&scene->paths[s], hop);
		owners |= one_network(t, addr, &here) ? scene->roles[s].owners[hop] : 0;
	}
	return one_network(t, addr, &t->servers[s].addr) ? owners | ROLE_REMOTE : owners;
}

/*
 * A source that no router of the place has, of another network: where ways differ in length the hop
 * that the quote tells is not the one that the expiries show, and the hops beside it stay as well.
 */
static void heed_source(const struct scene *scene, uint32_t s, struct claim *out)
{
	struct addr from = path_rejecter(&scene->paths[s]);
	uint8_t owners = addr_is_set(&from) ? owners_of(scene, s, &from) : 0;
	int first, last, far = scene->roles[s].server_hop;
	if (!owners || (owners & roles_over(&scene->roles[s], &out->span)))
		return;
	span_hops(&out->span, &first, &last);
	out->also = owners;
	out->span.lo = line_behind(first - 1);
	out->span.hi = line_before(last + 1, far);
}

/*
 * In somebody else's capture: signed with the server's address beside this host, and nothing shows
 * the server further away. A box here may sign so, but a server may also be here.
 */
static void heed_neighbour(const struct scene *scene, uint32_t s, const struct rejections *sides,
			   struct claim *out)
{
	bool here = sides->by_server && out->span.lo == line_link(0);
	if (scene->trace->run.own || !here || hops_server_back(&scene->paths[s]) > 0)
		return;
	out->forged = false;
	out->also |= ROLE_REMOTE;
}

/* The claim from what TTLs, quotes and signatures say of the sender's place. */
static void claim_rejected(const struct scene *scene, uint32_t s, const struct rejections *sides,
			   struct claim *out)
{
	int from, to, far = scene->roles[s].server_hop;
	out->mechanism = MECHANISM_ICMP_REJECT;
	out->sure = sides->n >= TELLS_LEAST ? SURE_MOST : SURE_REJECTED_ONCE;
	out->placed = true;
	if (sides->local) {
		out->span = (struct span){.lo = line_out(0), .hi = line_out(0)};
	} else if (!rejections_place(sides, far, out)) {
		if (!parting_is_uneven(&scene->paths[s])) {
			claim_contradicts(out);
			return;
		}
		rejections_join(&out->span, &sides->quotes);
		out->span.way_back = false;
	} else if (!out->forged) {
		heed_source(scene, s, out);
	}
	heed_neighbour(scene, s, sides, out);
	out->not_remote = scene->paths[s].stranger && !out->forged && !sides->local;
	span_hops(&out->span, &from, &to);
	out->last_seen = from;
	out->first_missing = to;
}

/* Whether the same router rejects some SYNs to other servers and lets others pass, so that chance
 * explains that none to this one did. */
static bool by_luck(const struct scene *scene, uint32_t s)
{
	struct addr own = path_rejecter(&scene->paths[s]);
	uint32_t accepted = 0, rejected = 0;
	OTHERS_EACH(o, scene, s, OTHERS_PORT)
	{
		const struct outcome *full = &scene->paths[o.server].target.at[0];
		struct addr addr = path_rejecter(&scene->paths[o.server]);
		if (!full->synack || !full->rejected || !addr_equal(&addr, &own))
			continue;
		accepted += full->synack;
		rejected += full->rejected;
	}
	return accepted && stats_silence(accepted, accepted + rejected,
					 scene->paths[s].target.at[0].rejected) > RATE_PROVEN;
}

bool rule_rejected(const struct scene *scene, uint32_t s, struct claim *out)
{
	struct rejections sides;
	if (scene->conducts[s] != CONDUCT_REJECTED)
		return false;
	rejections_gather(&scene->paths[s], scene->roles[s].server_hop, &sides);
	out->state = by_luck(scene, s) ? STATE_DEGRADED : STATE_BLOCKED;
	claim_rejected(scene, s, &sides, out);
	return true;
}

static uint32_t count_rejected(const struct lane *lane)
{
	uint32_t n = 0;
	for (int slot = 0; slot <= PATH_TTL_MAX; slot++)
		n += lane->at[slot].rejected;
	return n;
}

/* Some SYNs are accepted beside others that are rejected, which the control's are not. */
bool rule_rejected_sometimes(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	struct addr from = path_rejecter(path);
	struct rejections sides;
	if (scene->conducts[s] != CONDUCT_ANSWERS || !scene->trace->run.own ||
	    !addr_is_set(&from) || count_rejected(&path->control) > 0)
		return false;
	/* One of a limited TTL alone may be an accident. */
	if (!path->target.at[0].rejected && count_rejected(&path->target) < TELLS_LEAST &&
	    !scene_rejects_elsewhere(scene, s, &from))
		return false;
	rejections_gather(path, scene->roles[s].server_hop, &sides);
	out->state = STATE_DEGRADED;
	claim_rejected(scene, s, &sides, out);
	return true;
}
