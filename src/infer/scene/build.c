/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/build.h"
#include "infer/numbers.h"
#include "infer/scene/forgery.h"
#include "infer/scene/others.h"
#include "infer/scene/owners.h"
#include "infer/scene/rate.h"
#include "infer/scene/rested.h"
#include "infer/scene/sites.h"
#include "infer/way/count.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"
#include <stdlib.h>
#include <string.h>

/* Nothing of the server was heard: later perhaps, or it is absent. */
static enum conduct without_control(const struct path *path, const struct outcome *target)
{
	for (size_t i = 1; i < path->ports_n; i++) {
		if (path->ports[i].full.pending)
			return CONDUCT_PENDING;
	}
	return target->pending ? CONDUCT_PENDING : CONDUCT_ABSENT;
}

/* What real clients see is decided by SYNs with their TTL; limited ones only where these say
 * nothing. */
static enum conduct conduct_of(const struct path *path)
{
	const struct outcome *full = &path->target.at[0];
	struct outcome t = path_reaching(path, &path->target);
	struct outcome c = path_reaching(path, &path->control);
	uint32_t resets = t.reset, rejected = t.rejected;
	uint32_t synacks = t.synack;
	for (int ttl = 1; ttl <= PATH_TTL_MAX && !path_reaches(path, ttl); ttl++) {
		resets += path->target.at[ttl].reset;
		rejected += path->target.at[ttl].rejected;
		synacks += path->target.at[ttl].synack;
	}
	/* Whoever went on after a forged reset found the port open. */
	if (!path->trace->run.own && resets && path_went_on(path))
		return CONDUCT_ANSWERS;
	/* Both: a balancer's stacks differ, or somebody nearer resets what does get through. */
	int first = path->target.first_reset;
	bool nearer = first > 0 && first < path->nearest;
	bool mostly_reset = full->reset > 0 && full->reset >= full->synack &&
			    (full->synack < TELLS_LEAST ||
			     full->synack * ACCEPTED_SHARE < full->synack + full->reset);
	if (nearer && mostly_reset)
		return CONDUCT_RESET;
	if (full->synack || (synacks && !full->reset))
		return CONDUCT_ANSWERS;
	if (resets)
		return CONDUCT_RESET;
	if (t.refused && !t.sent && !t.pending &&
	    (c.reached || c.pending || (c.sent && !c.refused)))
		return c.reached ? CONDUCT_REFUSED : CONDUCT_PENDING;
	/* What rejects the port in so many words needs no comparison. */
	if (rejected && !path->trace->run.own && path_rejects_port(path))
		return CONDUCT_REJECTED;
	if (!path->control.port || !c.reached)
		return without_control(path, &t);
	if (rejected)
		return CONDUCT_REJECTED;
	return t.sent ? CONDUCT_SILENT : CONDUCT_PENDING;
}

/* A router that rejects SYNs to another server lies on the way there, whatever else is known. */
static void mark_rejecter(const struct path *path, const struct addr *rejecter, bool *shared)
{
	for (int hop = 1; hop <= PATH_TTL_MAX && addr_is_set(rejecter); hop++) {
		struct addr addr = hops_addr(path, hop);
		shared[hop] = shared[hop] || addr_equal(&addr, rejecter);
	}
}

/* Hops that servers of other networks cross as well are not this server's own. */
static void mark_shared(const struct scene *scene, uint32_t s, const struct path *path,
			bool shared[PATH_TTL_MAX + 2])
{
	int own_last = path_last_router(path);
	memset(shared, 0, (PATH_TTL_MAX + 2) * sizeof(*shared));
	OTHERS_EACH(o, scene, s, OTHERS_APART)
	{
		const struct path *theirs = &scene->paths[o.server];
		int last = path_last_router(theirs);
		for (int hop = 1; hop <= own_last && hop <= last; hop++)
			shared[hop] = shared[hop] || parting_same_hop(path, theirs, hop);
		struct addr rejecter = path_rejecter(theirs);
		mark_rejecter(path, &rejecter, shared);
	}
}

/*
 * Before any round trip was measured a second (RFC 6298); then twice as long as the slowest server
 * that answered may take, for a silent one is hardly further away than that.
 */
static int64_t unknown_wait_ns(const struct trace *t)
{
	int64_t longest = 0;
	for (uint32_t s = 0; s < t->servers_n; s++) {
		int64_t wait = count_wait_ns(t, s, false);
		longest = wait > longest ? wait : longest;
	}
	if (longest == 0 || 2 * longest > WAIT_UNKNOWN_NS)
		return WAIT_UNKNOWN_NS;
	return 2 * longest;
}

/* Room for every server. 0, or -1 when there is no memory. */
static int allocate(struct scene *scene, const struct trace *t)
{
	size_t n = t->servers_n ? t->servers_n : 1;
	*scene = (struct scene){.trace = t, .n = t->servers_n};
	scene->paths = calloc(n, sizeof(*scene->paths));
	scene->conducts = calloc(n, sizeof(*scene->conducts));
	scene->roles = calloc(n, sizeof(*scene->roles));
	scene->sites = calloc(n, sizeof(*scene->sites));
	scene->here = calloc(n, sizeof(*scene->here));
	scene->mails = calloc(n, sizeof(*scene->mails));
	scene->speakers = calloc(n, sizeof(*scene->speakers));
	bool all = scene->mails && scene->paths && scene->conducts && scene->roles &&
		   scene->sites && scene->here && scene->speakers;
	return all && sites_number(t, scene->sites) == 0 && others_build(scene) == 0 ? 0 : -1;
}

/* Where the port under test goes another way than its control, its own routers count. */
static void assign_roles(struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	bool shared[PATH_TTL_MAX + 2];
	enum fan fans[PATH_TTL_MAX + 2];
	struct hop_addrs hops[PATH_TTL_MAX + 1];
	struct path own;
	if (parting_differs(path)) {
		parting_way(path, &own, hops);
		path = &own;
	}
	mark_shared(scene, s, path, shared);
	scene_mark_fans(scene, s, path, fans);
	roles_assign(&scene->roles[s], path, shared, fans);
}

/*
 * Where the port's way to another server parts from the control's, so does the way to this one: if
 * the port's SYNs met the same router there, or none of them came back from there or beyond.
 */
static void share_parting(struct scene *scene, uint32_t s)
{
	struct path *path = &scene->paths[s];
	if (path_ttl_void(path) || path->target.first_synack || path->target.at[0].synack)
		return;
	OTHERS_EACH(o, scene, s, OTHERS_PORT)
	{
		const struct path *theirs = &scene->paths[o.server];
		int hop = theirs->parting;
		if (path->parting || !hop)
			continue;
		const struct hop_addrs *control = &path->control.hop[hop];
		bool alike = !control->n || parting_share(control, &theirs->control.hop[hop]);
		bool unseen = path->target.last_expired < hop;
		if (alike &&
		    (unseen || parting_share(&path->target.hop[hop], &theirs->target.hop[hop])))
			path->parting = hop;
	}
}

/* Everything that follows from the paths. */
static void compare(struct scene *scene)
{
	for (uint32_t s = 0; s < scene->n; s++) {
		bool shared[PATH_TTL_MAX + 2];
		mark_shared(scene, s, &scene->paths[s], shared);
		scene_doubt_distance(scene, s, shared);
	}
	scene_share_void(scene);
	for (uint32_t s = 0; s < scene->n; s++)
		scene_tell_distance(scene, s);
	for (uint32_t s = 0; s < scene->n; s++)
		parting_find(&scene->paths[s]);
	for (uint32_t s = 0; s < scene->n; s++) {
		share_parting(scene, s);
		scene->conducts[s] = conduct_of(&scene->paths[s]);
		/* Whose SYNs this host sends elsewhere is not absent: nobody asked it. */
		if (scene->here[s].kind == LOCAL_REDIRECT && scene->conducts[s] == CONDUCT_ABSENT)
			scene->conducts[s] = CONDUCT_REFUSED;
		mail_read(scene->trace, s, &scene->mails[s]);
		assign_roles(scene, s);
	}
	rate_count(scene);
	for (int i = 0; i < 2; i++)
		scene->forgeries[i] = forgery_find(scene, scene->first[i]);
}

int scene_build(struct scene *scene, const struct trace *t)
{
	if (allocate(scene, t) != 0)
		return -1;
	int64_t unknown_wait = unknown_wait_ns(t);
	for (uint32_t s = 0; s < scene->n; s++) {
		scene->paths[s] = (struct path){.trace = t, .server = s};
		count_path(&scene->paths[s], unknown_wait, &scene->arena);
	}
	local_find(t, scene->paths, scene->n, scene->here);
	compare(scene);
	return rested_find(scene) != 0 || scene->arena.failed ? -1 : 0;
}

int scene_build_beyond(struct scene *scene, const struct scene *whole)
{
	if (allocate(scene, whole->trace) != 0)
		return -1;
	scene->beyond = true;
	int64_t unknown_wait = unknown_wait_ns(scene->trace);
	for (uint32_t s = 0; s < scene->n; s++) {
		scene->paths[s] = (struct path){.trace = scene->trace,
						.server = s,
						.by_link = whole->here[s].beyond_by_link};
		count_path(&scene->paths[s], unknown_wait, &scene->arena);
	}
	compare(scene);
	/* Sessions are held by this host's kernel: they say nothing of what lies beyond. */
	for (uint32_t s = 0; s < scene->n; s++) {
		if (whole->here[s].kind && whole->here[s].kind != LOCAL_CONTROLS)
			scene->mails[s] = (struct mail){.outcome = MAIL_UNTRIED};
	}
	return rested_find(scene) != 0 || scene->arena.failed ? -1 : 0;
}

void scene_free(struct scene *scene)
{
	free(scene->paths);
	free(scene->conducts);
	free(scene->roles);
	free(scene->sites);
	free(scene->here);
	free(scene->mails);
	free(scene->speakers);
	free(scene->rested);
	arena_free(&scene->arena);
	*scene = (struct scene){0};
}
