/* SPDX-License-Identifier: BSD-2-Clause */
/* Where no TTL was limited: what addresses and the way back tell of somebody else's capture. */
#include "infer/numbers.h"
#include "infer/scene/scene.h"
#include "infer/way/hops.h"

/* Of one block of RFC 1918 or of RFC 4193, of which a site has as much as it likes. */
static bool shares_block(const struct addr *a, const struct addr *b)
{
	return addr_class(a) == ADDR_PRIVATE && addr_class(b) == ADDR_PRIVATE &&
	       a->family == b->family && a->b[0] == b->b[0];
}

/*
 * Numbered as hosts of one segment are: from one network, or by addresses that no router passes. Or
 * the segment's own protocol says so; it may also say that a router stands for it.
 */
static bool shares_segment(const struct server *server)
{
	if (server->place == PLACE_BESIDE || server->place == PLACE_BEHIND)
		return server->place == PLACE_BESIDE;
	if (!addr_is_set(&server->client) || addr_class(&server->addr) == ADDR_LOOPBACK)
		return false;
	return addr_class(&server->addr) == ADDR_LINK_LOCAL ||
	       addr_same_site(&server->addr, &server->client) ||
	       shares_block(&server->addr, &server->client);
}

/*
 * How many routers had passed on the SYNs at the place of the capture, by the usual initial TTLs;
 * -1: they differ, as those of tools that choose a TTL for each. *n: SYNs that tell.
 */
static int hops_from_client(const struct path *path, unsigned *n)
{
	int hops = 0;
	*n = 0;
	PATH_EACH_PROBE(path, p)
	{
		if (p->implied || path_slot(path->trace, p->ttl) != 0)
			continue;
		if (*n > 0 && hops_back(p->ttl) != hops)
			return -1;
		hops = hops_back(p->ttl);
		*n += 1;
	}
	return hops;
}

/*
 * Whether everything that came in the server's name, also what it rejects with, is as it left: no
 * router took one off.
 */
static bool comes_undecremented(const struct path *path)
{
	const struct addr *addr = &path->trace->servers[path->server].addr;
	unsigned answers = 0;
	PATH_EACH_PROBE(path, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			bool tcp = r->kind == REPLY_SYNACK || r->kind == REPLY_RESET;
			bool own = r->kind == REPLY_REJECTED && addr_equal(&r->from, addr) &&
				   !path_is_own_word(path, p, r);
			if ((!tcp && !own) || !path_counts(path->trace, p, r))
				continue;
			if (hops_back(r->ttl) != 0)
				return false;
			answers++;
		}
	}
	return answers > 0;
}

/* The hop behind which a SYN was when it was rejected, if the answer came back from as far; 0. */
static int rejected_at(const struct probe *p, const struct reply *r)
{
	int passed = p->ttl - r->quoted_ttl;
	bool tells = r->kind == REPLY_REJECTED && !p->implied && r->quoted_ttl && passed >= 0;
	return tells && hops_back(r->ttl) == passed && passed < PATH_TTL_MAX ? passed + 1 : 0;
}

/* The quote and the way back agree, so the rejection is of its signer's making: he is the hop. */
static void name_hop(struct path *path, int hop, const struct reply *r, struct arena *arena)
{
	bool known = path->target.hop[hop].n || path->control.hop[hop].n;
	struct hop_addrs *own = known ? NULL : path_own_hops(&path->target, arena);
	if (!own)
		return;
	own[hop] = (struct hop_addrs){.addr = {r->from}, .n = 1, .ttl_back = r->ttl};
	own[hop].rtt_ns[0] = -1;
}

/*
 * Whether the server can be at the hop where its address rejects SYNs: boxes beside this host sign
 * with it, too. Its other answers come from as far, or it is further than such a box.
 */
static bool may_be_server(const struct path *path, int hop)
{
	int back = hops_server_back(path), apart = back - (hop - 1);
	if (path_last_router(path) >= hop)
		return false;
	return back < 0 ? hop > SIGNER_HOPS : apart >= -TOLERANCE_HOPS && apart <= TOLERANCE_HOPS;
}

/* What rejections tell: the server's distance where it signs them, else a router's hop. */
static void read_rejections(struct path *path, struct arena *arena)
{
	const struct server *server = &path->trace->servers[path->server];
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			int hop = rejected_at(p, r);
			if (!hop || path_is_own_word(path, p, r))
				continue;
			if (addr_equal(&r->from, &server->addr))
				path->told = may_be_server(path, hop) ? hop : path->told;
			else
				name_hop(path, hop, r, arena);
		}
	}
}

void scene_tell_distance(struct scene *scene, uint32_t s)
{
	struct path *path = &scene->paths[s];
	const struct server *server = &scene->trace->servers[s];
	if (scene->trace->run.own || path->distance || path->answered || path_ttl_void(path))
		return;
	read_rejections(path, &scene->arena);
	unsigned n;
	int hops = hops_from_client(path, &n);
	bool fresh = comes_undecremented(path);
	if (shares_segment(server) && hops <= 0 && fresh)
		path->told = 1;
	/* Whoever refuses in the server's name does not accept in it, too. */
	if (hops > LOCAL_HOPS && n >= TOLD_SYNS && fresh && path->control.synack_ttl >= 0) {
		path->told = hops + 1;
		path->at_server = hops;
	}
}
