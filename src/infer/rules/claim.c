/* SPDX-License-Identifier: BSD-2-Clause */
/* What is done to every claim, whichever rule made it. */
#include "infer/rules/claim.h"
#include "infer/way/parting.h"

void claim_say(struct claim *out, enum state state, enum mechanism mechanism, double sure)
{
	out->state = state;
	out->mechanism = mechanism;
	out->sure = sure;
}

void claim_between(struct claim *out, int last_seen, int first_missing, int far)
{
	out->placed = true;
	out->last_seen = last_seen;
	out->first_missing = first_missing;
	out->span =
		(struct span){.lo = line_behind(last_seen), .hi = line_before(first_missing, far)};
}

void claim_widen_uneven(const struct scene *scene, uint32_t s, struct claim *claim)
{
	int far = scene->roles[s].server_hop;
	bool by_hops = claim->mechanism == MECHANISM_SILENT_DROP ||
		       claim->mechanism == MECHANISM_ICMP_REJECT ||
		       (claim->mechanism == MECHANISM_TCP_RESET && claim->state == STATE_BLOCKED);
	/* Flows that fail were followed one by one: each has its own way. */
	if (claim->state == STATE_DEGRADED || !claim->placed || !by_hops || claim->loop ||
	    claim->span.lo <= 0 || !parting_is_uneven(&scene->paths[s]))
		return;
	int from = claim->last_seen > 1 ? claim->last_seen - 1 : 0;
	int to = claim->first_missing < far ? claim->first_missing + 1 : far;
	claim->span.lo = line_behind(from);
	claim->span.hi = line_before(to, far);
	for (int hop = from; hop < to; hop++)
		claim->weight[hop] = 1.0;
}

void claim_open_end(const struct scene *scene, uint32_t s, struct claim *claim)
{
	int parting = scene->paths[s].parting;
	if (parting && claim->placed && !claim->loop && claim->last_seen >= parting &&
	    claim->span.hi > line_out(claim->last_seen))
		claim->open_end = true;
}

void claim_contradicts(struct claim *claim)
{
	claim_say(claim, STATE_UNKNOWN, MECHANISM_UNKNOWN, 0.0);
	claim->placed = false;
	claim->contradicts = true;
}

void claim_heed_forgery(const struct scene *scene, uint32_t s, struct claim *claim)
{
	bool blames = claim->state == STATE_BLOCKED || claim->state == STATE_DEGRADED ||
		      claim->state == STATE_INTERCEPTED || claim->state == STATE_CLOSED;
	const struct forgery *forgery = &scene->forgeries[scene_family(scene, s) == 6];
	enum forgery_kind kind = forgery->kind;
	/* Open to some TTLs is not open. */
	if (kind == FORGERY_TTL && claim->state == STATE_OPEN)
		claim_contradicts(claim);
	if (kind == FORGERY_TTL && claim->state == STATE_UNKNOWN)
		claim->played = true;
	if (!kind || !blames || scene->here[s].kind ||
	    (claim->placed && !claim->span.way_back && claim->span.hi <= line_in(1)))
		return;
	claim->played = true;
	if (claim->state == STATE_CLOSED) {
		claim_contradicts(claim);
		return;
	}
	if (!claim->placed) {
		claim->placed = true;
		claim->span = span_whole(scene->roles[s].server_hop);
	}
	claim->span.lo = line_link(0);
	claim->loop = claim->not_remote = claim->open_end = false;
	int before = forgery->before;
	if (before && claim->mechanism == MECHANISM_TCP_RESET && !claim->span.way_back &&
	    claim->span.hi > line_out(before - 1) &&
	    (s == forgery->server || scene_same_hop(scene, s, forgery->server, before)))
		claim->span.hi = line_out(before - 1);
	/* Who plays others seems further out, never nearer: what lies beyond stays excluded. */
	int end = claim->span.way_back ? PATH_TTL_MAX + 1 : claim->first_missing;
	for (int hop = 0; hop < end; hop++)
		claim->weight[hop] = 1.0;
}
