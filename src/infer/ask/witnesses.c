/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Before anybody is accused by silence: mail ports that accepted are asked once more, for a list
 * may have shut this host out since; and the port itself after a rest, for a limit on the rate may
 * have taken what was sent at speed.
 */
#include "infer/ask/agenda.h"
#include "infer/rules/claim.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/scene/rested.h"
#include "infer/scene/shut_out.h"

/* SYNs of a server's port with full TTL that were sent later than that. */
static unsigned asked_since(const struct path *path, uint16_t port, int64_t since_ns)
{
	unsigned n = 0;
	PATH_EACH_PROBE(path, p)
	{
		n += p->dst_port == port && p->at_ns > since_ns &&
		     path_slot(path->trace, p->ttl) == 0;
	}
	return n;
}

/* When the newest SYN left to a silent port under test; 0: none is silent. */
static int64_t silent_since(const struct scene *scene, uint8_t family)
{
	int64_t newest = 0;
	bool silent = false;
	for (uint32_t s = 0; s < scene->n; s++) {
		const struct path *path = &scene->paths[s];
		if (scene_family(scene, s) != family || !others_speaks(scene, s))
			continue;
		silent = silent || scene->conducts[s] == CONDUCT_SILENT;
		PATH_EACH_PROBE(path, p)
		{
			if (p->dst_port == path->target.port && p->at_ns > newest)
				newest = p->at_ns;
		}
	}
	return silent ? newest : 0;
}

static void ask_last(struct asking *a, uint32_t s, uint16_t port)
{
	ask_one(a, (struct question){.server = s, .port = port, .alone = true, .last = true});
}

void ask_witnesses(struct asking *a, uint8_t family)
{
	const struct scene *scene = a->scene;
	int64_t since = silent_since(scene, family);
	size_t servers = 0;
	if (!since || a->whole || !scene->trace->run.own)
		return;
	struct shut_out all = scene_count_all_repeats(scene, family);
	unsigned tries = all.losing ? SHUT_OUT_TRIES : 1;
	for (uint32_t s = 0; s < scene->n && servers < SWEEPERS_MAX; s++) {
		const struct path *path = &scene->paths[s];
		uint16_t port = scene_mail_witness(path);
		if (scene_family(scene, s) != family || !others_speaks(scene, s) ||
		    (!port && !all.losing))
			continue;
		servers++;
		if (port && asked_since(path, port, since) < tries)
			ask_last(a, s, port);
		/* What nobody counts is compared, of every server. */
		for (size_t i = 1; i < path->ports_n && all.losing; i++) {
			uint16_t other = path->ports[i].port;
			bool compares = !mail_is_counted(other) && path->ports[i].full.synack > 0;
			if (compares && asked_since(path, other, since) < tries)
				ask_last(a, s, other);
		}
	}
}

/* One SYN beyond the place; beside it one to the control, where nobody counts that. */
static void ask_beyond_place(struct asking *a, uint32_t s, int ttl)
{
	const struct path *path = &a->scene->paths[s];
	struct question q = {
		.server = s,
		.port = path->target.port,
		.ttl = (uint8_t)ttl,
		.alone = true,
		.quiet = ttl > 0 && ask_quiet(path, ttl),
		.rank = 1,
		.last = true,
		.after_ns = a->scene->counted_ns[scene_family(a->scene, s) == 6] + RESTED_NS +
			    RESTED_JITTER_NS,
	};
	if (ttl > 0 && !mail_is_counted(path->control.port))
		q.partner = path->control.port;
	ask_one(a, q);
}

/* How many SYNs after a rest one place is worth: more where a limit shows, or SYNs are lost. */
static unsigned rested_tries(const struct scene *scene, uint32_t s)
{
	if (rested_refute(scene, scene_family(scene, s)))
		return RESTED_TRIES;
	return rate_way_loses(scene, s) ? 2 : 1;
}

/* Whether a rule accuses by silence, or would but for a limit. */
static bool rests_on_silence(const struct scene *scene, uint32_t s)
{
	struct claim claim;
	claim_make(scene, s, &claim);
	return claim.row && (claim.row->holds == rule_silence || claim.row->holds == rule_hurried);
}

bool ask_rested(struct asking *a, uint8_t family)
{
	const struct scene *scene = a->scene;
	if (a->whole || !scene->trace->run.own)
		return false;
	for (size_t i = 0; i < a->sweepers_n; i++) {
		uint32_t s = a->sweepers[i];
		struct rested_place place;
		if (scene_family(scene, s) != family || !rests_on_silence(scene, s) ||
		    !claim_rested_place(scene, s, &place))
			continue;
		struct outcome o = rested_beyond(scene, s, place);
		if (o.pending || rested_confirm(scene, s, place) ||
		    o.sent >= rested_tries(scene, s))
			continue;
		ask_beyond_place(a, s, place.ttl);
		return true;
	}
	return false;
}
