/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/roles.h"
#include "infer/result/line.h"
#include "infer/scene/role_rules.h"
#include "infer/way/hops.h"
#include <string.h>

#define HOST_ALONE ROLE_BIT(SEGMENT_HOST)

void roles_keep_order(uint8_t *owners, int last, const uint8_t *fixed)
{
	int least = SEGMENT_LOCAL, most = SEGMENT_REMOTE;
	for (int hop = 1; hop <= last; hop++) {
		uint8_t from_here = (uint8_t)(~((1u << least) - 1));
		if (!(fixed && fixed[hop]) && (owners[hop] & from_here))
			owners[hop] &= from_here;
		/* What is fixed against the order moves nobody else. */
		while ((owners[hop] & from_here) && !(owners[hop] & (1u << least)))
			least++;
	}
	for (int hop = last; hop >= 1; hop--) {
		uint8_t up_to_here = (uint8_t)((1u << (most + 1)) - 1);
		if (!(fixed && fixed[hop]) && (owners[hop] & up_to_here))
			owners[hop] &= up_to_here;
		while ((owners[hop] & up_to_here) && !(owners[hop] & (1u << most)))
			most--;
	}
}

int roles_parties(uint8_t owners)
{
	int n = 0;
	for (int seg = 0; seg < SEGMENT_COUNT; seg++)
		n += (owners & ROLE_BIT(seg)) != 0;
	return n;
}

/* How far the answers of a hop, or of the server, travel back, -1: unknown. */
static int back_of(const struct path *path, int hop)
{
	if (hop == path->distance)
		return hops_server_back(path);
	if (path->control.hop[hop].n)
		return hops_back(path->control.hop[hop].ttl_back);
	return path->target.hop[hop].n ? hops_back(path->target.hop[hop].ttl_back) : -1;
}

/*
 * Who may lie between a hop and the one before it without showing: the segments that are skipped,
 * unless the answers of the one travel just one hop more than those of the other.
 */
static uint8_t hidden(const struct path *path, const struct roles *roles, int hop)
{
	unsigned before = roles->owners[hop - 1], owners = roles->owners[hop];
	int back = back_of(path, hop), back_before = back_of(path, hop - 1);
	unsigned up_to_before = 1;
	if (back_before >= 0 && back == back_before + 1)
		return 0;
	while (before >= up_to_before)
		up_to_before <<= 1;
	unsigned nearer_than_owners = owners ? (owners & -owners) - 1 : 0;
	return (uint8_t)(nearer_than_owners & ~(up_to_before - 1));
}

static bool behind_gateway(const struct path *path)
{
	const struct route *route =
		trace_route(path->trace, path->trace->servers[path->server].addr.family);
	return route && addr_is_set(&route->gateway);
}

/* The first rule that says anything of a hop; who it names goes to *owners. */
static const struct role_rule *apply(const struct owner_line *line, int hop, uint8_t *owners)
{
	size_t n, i = 0;
	const struct role_rule *table = role_rules_table(&n);
	*owners = table[0].owners(line, hop);
	while (!*owners && i + 1 < n)
		*owners = table[++i].owners(line, hop);
	return &table[i];
}

/* Whether only the local network's routers, or what it numbers itself, are as near as the hop. */
static bool is_near(uint8_t owners, const struct role_rule *by)
{
	return owners == ROLE_LOCAL || by->numbers_own;
}

void roles_assign(struct roles *roles, const struct path *path, const bool *shared,
		  const enum fan *fans)
{
	uint8_t said[PATH_TTL_MAX + 2] = {0};
	int known = path->distance > 0 ? path->distance : path->told;
	int far = known > 0 ? known : PATH_TTL_MAX;
	struct owner_line line;
	*roles = (struct roles){.server_hop = far, .owners = {HOST_ALONE}};
	owner_line_read(&line, path, far, shared, fans);
	for (int hop = 1; hop < far; hop++) {
		const struct role_rule *by = apply(&line, hop, &roles->owners[hop]);
		roles->by[hop] = by->name;
		said[hop] = role_by_user(&line, hop);
		line.inside = is_near(roles->owners[hop], by);
	}
	struct addr beside = hops_addr(path, far);
	/* A server behind a gateway is no hop away from it: what answers there is the gateway's. */
	bool at_gateway = far == 1 && behind_gateway(path);
	roles->owners[far] = at_gateway ? role_first_hop(&line, 1) : ROLE_REMOTE;
	roles->by[far] = at_gateway ? "first-hop" : "server";
	/* A longer way has a router at the hop at which a shorter one ends. */
	if (far > 1 && addr_is_set(&beside)) {
		said[far] = role_by_user(&line, far);
		roles->owners[far] |= said[far] ? said[far] : ROLE_TRANSIT;
	}
	memcpy(roles->ruled, roles->owners, sizeof(roles->ruled));
	roles_keep_order(roles->owners, far, said);
	for (int hop = 2; hop <= far; hop++)
		roles->between[hop] = hidden(path, roles, hop);
}

uint8_t roles_at(const struct roles *roles, int position)
{
	int hop = (position + 1) / 3;
	if (position % 3 == 1)
		hop = position / 3 + 1;
	if (hop > roles->server_hop)
		hop = roles->server_hop;
	return roles->owners[hop] | (position % 3 == 1 ? roles->between[hop] : 0);
}

uint8_t roles_over(const struct roles *roles, const struct span *span)
{
	uint8_t owners = 0;
	for (int at = span->lo; at <= span->hi; at++)
		owners |= roles_at(roles, at);
	return owners;
}
