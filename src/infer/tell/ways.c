/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/ways.h"
#include "base/text.h"
#include "infer/numbers.h"
#include "infer/rules/way_place.h"
#include "infer/scene/ways.h"
#include "infer/tell/phrases.h"
#include "infer/tell/words.h"
#include "infer/way/parting.h"

static bool flow_decides(const struct vote *vote)
{
	return vote->claim.state == STATE_DEGRADED &&
	       vote->claim.mechanism == MECHANISM_SILENT_DROP;
}

/* A few source ports of one sort, for whoever wants to see it for themselves. */
static void list_ports(const struct flows *flows, bool failing, struct text *out)
{
	unsigned shown = 0;
	for (size_t i = 0; i < flows->n && shown < PORTS_SHOWN; i++) {
		const struct flow *flow = &flows->item[i];
		if (flow->tries < 2 || (failing ? !flow_fails(flow) : !flow_passes(flow)))
			continue;
		text_addf(out, "%s%u", shown++ ? ", " : "", flow->src_port);
	}
}

static const char *examples(const struct path *path, struct arena *arena)
{
	struct text failing = {0}, passing = {0};
	struct flows flows;
	const char *said = "";
	flows_read(path, path->target.port, &flows);
	list_ports(&flows, true, &failing);
	list_ports(&flows, false, &passing);
	if (failing.len && passing.len)
		said = arena_printf(arena, " To %s, source ports %s fail and %s pass.",
				    path->trace->servers[path->server].host, text_str(&failing),
				    text_str(&passing));
	text_free(&failing);
	text_free(&passing);
	return said;
}

/* How many SYNs a limit lets pass. */
static const char *limit_reason(const struct scene *scene, const struct vote *vote,
				const struct ways *ways, struct arena *arena)
{
	const struct path *path = &scene->paths[vote->speaker];
	struct outcome control = path_reaching(path, &path->control);
	const char *order = ways_used_up(ways)
				    ? " All that are answered come before all that are not: a "
				      "limit on how many, which this measurement itself may have "
				      "used up."
				    : "";
	return arena_printf(arena,
			    "%u of %u SYNs to port %u are answered and the others are not, while "
			    "the control port %u answers %u of %u: something limits the port.%s",
			    ways->passed, ways->passed + ways->lost, path->target.port,
			    path->control.port, control.reached, control.sent, order);
}

const char *way_reason(const struct scene *scene, const struct vote *vote, struct arena *arena)
{
	const struct path *path = &scene->paths[vote->speaker];
	struct ways ways;
	if (vote->claim.state != STATE_DEGRADED ||
	    (vote->claim.mechanism != MECHANISM_RATE_LIMIT && !flow_decides(vote)))
		return NULL;
	ways_read(scene, vote->speaker, &ways);
	if (!flow_decides(vote))
		return limit_reason(scene, vote, &ways, arena);
	const char *cause =
		ways.high ? arena_printf(arena, "a rule looks at source ports (%u to %u fail)",
					 ways.low, ways.high)
			  : "as where a router spreads connections over several ways";
	return arena_printf(
		arena,
		"Of %u flows (source ports) to port %u, %u always pass and %u never do, "
		"also when they are tried again: %s.%s",
		ways.passing + ways.failing + ways.mixed, path->target.port, ways.passing,
		ways.failing, cause, examples(path, arena));
}

const char *way_where(const struct scene *scene, const struct vote *vote, struct arena *arena)
{
	const struct claim *claim = &vote->claim;
	struct way_place place;
	char buf[ADDR_TEXT_BYTES];
	struct ways ways;
	if (!flow_decides(vote))
		return NULL;
	ways_read(scene, vote->speaker, &ways);
	if (!way_place_find(scene, vote->speaker, &ways, &place) || !place.near)
		return NULL;
	bool unseen = claim->first_missing < scene->roles[vote->speaker].server_hop;
	const char *missed = claim->span.way_back || !unseen
				     ? "and go on, but no answer comes back"
				     : arena_printf(arena, "and not %s",
						    phrase_hop(scene, vote->speaker,
							       claim->first_missing, arena));
	if (!addr_is_set(&place.member))
		return arena_printf(arena, "The failing flows reach hop %d last, %s.", place.near,
				    missed);
	const char *router = addr_text(&place.member, buf);
	if (place.passing_through)
		return arena_printf(arena,
				    "The failing flows reach hop %d (%s) last, %s; passing "
				    "flows cross that router, too.",
				    place.near, router, missed);
	if (!place.passing_beside)
		return arena_printf(arena, "The failing flows reach hop %d (%s) last, %s.",
				    place.near, router, missed);
	return arena_printf(arena,
			    "The failing flows reach hop %d (%s) last, %s. Of the flows seen at "
			    "that hop, %u failing ones cross this router and no passing one; %u "
			    "passing ones cross another.",
			    place.near, router, missed, place.failing_through,
			    place.passing_beside);
}

const char *way_advice(const struct scene *scene, const struct vote *vote)
{
	struct ways ways;
	if (flow_decides(vote)) {
		return N_(
			"Give whoever runs that place the source ports that fail and that pass "
			"(first reason): with these they see it at once; without them, every test "
			"that happens to pass looks like a repair.");
	}
	if (vote->claim.mechanism != MECHANISM_RATE_LIMIT)
		return NULL;
	ways_read(scene, vote->speaker, &ways);
	if (!ways_used_up(&ways))
		return NULL;
	return N_("Wait ten minutes and try with one connection: this measurement may itself have "
		  "reached the limit.");
}

const char *way_of_its_own(const struct scene *scene, const struct vote *vote, struct arena *arena)
{
	const struct claim *claim = &vote->claim;
	const struct path *path = &scene->paths[vote->speaker];
	const char *hop = phrase_hop(scene, vote->speaker, claim->last_seen, arena);
	if (claim->loop && claim->last_seen == 0)
		return arena_printf(arena,
				    "SYNs to port %u go round: routers let them expire again at "
				    "greater TTLs.",
				    path->target.port);
	if (claim->loop)
		return arena_printf(arena,
				    "SYNs to port %u go round from %s on: routers let them expire "
				    "again at greater TTLs, where those to the control port %u go "
				    "on to the server.",
				    path->target.port, hop, path->control.port);
	if (!claim->open_end || claim->last_seen < path->parting || !path->parting)
		return NULL;
	return arena_printf(arena,
			    "SYNs to port %u reach %s, where those to the control port %u do "
			    "not pass, and what goes further draws no answer.",
			    path->target.port, hop, path->control.port);
}
