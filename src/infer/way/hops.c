/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/way/hops.h"

int hops_back(uint8_t ttl)
{
	static const int initial[] = {32, 64, 128, 255};
	for (size_t i = 0; i < sizeof(initial) / sizeof(*initial); i++) {
		if (ttl <= initial[i])
			return initial[i] - ttl;
	}
	return 0;
}

bool hops_is_servers(const struct path *path, int hop, const struct addr *addr)
{
	return (path->distance == 0 || hop < path->distance) &&
	       addr_equal(addr, &path->trace->servers[path->server].addr);
}

struct addr hops_addr(const struct path *path, int hop)
{
	if (hop < 1 || hop > PATH_TTL_MAX)
		return (struct addr){0};
	if (path->control.hop[hop].n)
		return path->control.hop[hop].addr[0];
	const struct hop_addrs *target = &path->target.hop[hop];
	if (target->n && !hops_is_servers(path, hop, &target->addr[0]))
		return target->addr[0];
	return (struct addr){0};
}

int hops_router_back(const struct path *path, int hop)
{
	if (hop < 1 || hop > PATH_TTL_MAX)
		return -1;
	bool own = path->parting && hop >= path->parting;
	if (path->control.hop[hop].n && !own)
		return hops_back(path->control.hop[hop].ttl_back);
	if (path->target.hop[hop].n)
		return hops_back(path->target.hop[hop].ttl_back);
	return -1;
}

int hops_server_back(const struct path *path)
{
	int ttl = path->control.synack_ttl;
	return ttl < 0 ? -1 : hops_back((uint8_t)ttl);
}

bool hops_server_as_far(const struct path *path, int back)
{
	PATH_EACH_PROBE(path, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == REPLY_SYNACK && hops_back(r->ttl) == back)
				return true;
		}
	}
	return false;
}
