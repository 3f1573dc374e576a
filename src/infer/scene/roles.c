/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/roles.h"
#include "infer/result/line.h"
#include "infer/scene/owners.h"
#include "infer/way/hops.h"

#define ANYBODY	   (ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE)
#define HOST_ALONE ROLE_BIT(SEGMENT_HOST)

#define NEAR_HOPS  2 /* a hop up to here is no transit network's */
#define LOCAL_HOPS 6 /* and one beyond is no longer in the local network */

static bool is_private(const struct addr *a)
{
	enum addr_class class = addr_class(a);
	return class == ADDR_PRIVATE || class == ADDR_LINK_LOCAL || class == ADDR_LOOPBACK;
}

/* The IPv4 gateway of the interface that leads to the server, or none. */
static struct addr ipv4_gateway(const struct path *path)
{
	const struct trace *t = path->trace;
	const struct route *mine = trace_route(t, t->servers[path->server].addr.family);
	for (size_t i = 0; mine && i < t->routes_n; i++) {
		if (t->routes[i].family == 4 && t->routes[i].ifindex == mine->ifindex)
			return t->routes[i].gateway;
	}
	return (struct addr){0};
}

/* The first hop is the gateway, whatever address it answers with. */
static uint8_t first_hop(const struct path *path, const struct addr *addr)
{
	struct addr gateway = ipv4_gateway(path);
	struct addr known = *addr;
	const struct route *route =
		trace_route(path->trace, path->trace->servers[path->server].addr.family);
	if (!addr_is_set(&known) && route)
		known = route->gateway;
	if (addr_class(&known) == ADDR_CGN)
		return ROLE_ISP;
	/* A link-local next hop says nothing of who owns the router. */
	bool unclear = !addr_is_set(&known) || addr_class(&known) == ADDR_LINK_LOCAL;
	if (!unclear && is_private(&known))
		return ROLE_LOCAL;
	if (addr_is_set(&gateway) && is_private(&gateway))
		return ROLE_LOCAL;
	return ROLE_LOCAL | ROLE_ISP;
}

/* A second router of the user's own numbers from the prefix that the provider delegates. */
static bool is_delegated(const struct path *path, int hop)
{
	struct addr addr = hops_addr(path, hop);
	return hop > 1 && addr.family == 6 && addr_class(&addr) == ADDR_PUBLIC &&
	       addr_same_site(&addr, &path->trace->servers[path->server].client);
}

/*
 * An unnamed hop of somebody else's capture, where nobody can ask again. Behind the gateway comes
 * the provider, or one more router of the user's, if the server is not about as near; local
 * networks do not reach far out.
 */
static uint8_t by_number(const struct path *path, int hop)
{
	int back = hops_server_back(path);
	if (hop <= NEAR_HOPS && (back < 0 || back > 2 * NEAR_HOPS))
		return ROLE_LOCAL | ROLE_ISP;
	return hop > LOCAL_HOPS ? ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE : ANYBODY;
}

/* What the hop's address and its place say, where neither the user nor data name its owner.
 * `behind`: only the local network's routers are nearer. */
static uint8_t by_place(const struct path *path, int hop, bool behind, const bool *shared)
{
	struct addr addr = hops_addr(path, hop);
	if (hop == 1)
		return first_hop(path, &addr);
	if (!addr_is_set(&addr))
		return path->trace->run.own ? ANYBODY : by_number(path, hop);
	if (addr_class(&addr) == ADDR_CGN)
		return ROLE_ISP;
	if (is_private(&addr))
		return ROLE_LOCAL | ROLE_ISP;
	const struct addr *server = &path->trace->servers[path->server].addr;
	if (addr_same_site(&addr, server))
		return ROLE_REMOTE;
	if (behind)
		return ROLE_ISP;
	if (!path->trace->run.own && by_number(path, hop) == (ROLE_LOCAL | ROLE_ISP))
		return ROLE_ISP;
	if (shared && shared[hop])
		return ROLE_ISP | ROLE_TRANSIT;
	return ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE;
}

/* What the user says of a hop's routers, 0: nothing of at least one. */
static uint8_t by_user(const struct path *path, int hop)
{
	const struct hop_addrs *sets[] = {&path->control.hop[hop], &path->target.hop[hop]};
	const struct addr *server = &path->trace->servers[path->server].addr;
	uint8_t owners = 0;

	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < sets[k]->n; i++) {
			const struct addr *addr = &sets[k]->addr[i];
			const struct network *n = trace_network(path->trace, addr);

			/* Signed with the server's address behind a destination NAT. */
			if (addr_equal(addr, server))
				continue;
			if (!n || !n->has_role || !n->by_user)
				return 0;
			owners |= ROLE_BIT(n->role);
		}
	}
	return owners;
}

/*
 * The way runs through the segments in their order, so a hop is no nearer than
 * its predecessor can be and no further than its successor.
 */
static void bound(struct roles *roles, const uint8_t *said)
{
	int least = SEGMENT_LOCAL;
	for (int hop = 1; hop <= roles->server_hop; hop++) {
		uint8_t *owners = &roles->owners[hop];
		uint8_t from_here = (uint8_t)(~((1u << least) - 1));
		if (!said[hop] && (*owners & from_here))
			*owners &= from_here;
		/* What the user says against the order moves nobody else. */
		while ((*owners & from_here) && !(*owners & (1u << least)))
			least++;
	}
	int most = SEGMENT_REMOTE;
	for (int hop = roles->server_hop; hop >= 1; hop--) {
		uint8_t *owners = &roles->owners[hop];
		uint8_t up_to_here = (uint8_t)((1u << (most + 1)) - 1);
		if (!said[hop] && (*owners & up_to_here))
			*owners &= up_to_here;
		while ((*owners & up_to_here) && !(*owners & (1u << most)))
			most--;
	}
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

void roles_assign(struct roles *roles, const struct path *path, const bool *shared)
{
	uint8_t said[PATH_TTL_MAX + 2] = {0};
	int known = path->distance > 0 ? path->distance : path->told;
	int far = known > 0 ? known : PATH_TTL_MAX;
	struct owner_line line;
	bool behind = false;
	*roles = (struct roles){.server_hop = far, .owners = {HOST_ALONE}};
	owner_line_read(&line, path, far, shared);
	for (int hop = 1; hop < far; hop++) {
		uint8_t *owners = &roles->owners[hop];
		bool own = behind && is_delegated(path, hop);
		said[hop] = *owners = by_user(path, hop);
		if (!*owners && own)
			*owners = ROLE_LOCAL | ROLE_ISP;
		if (!*owners)
			*owners = roles_by_owner(&line, hop, behind);
		if (!*owners)
			*owners = by_place(path, hop, behind, shared);
		behind = *owners == ROLE_LOCAL || own;
	}
	struct addr first = hops_addr(path, 1), beside = hops_addr(path, far);
	/* A server behind a gateway is no hop away from it: what answers there is the gateway's. */
	roles->owners[far] =
		far == 1 && behind_gateway(path) ? first_hop(path, &first) : ROLE_REMOTE;
	/* A longer way has a router at the hop at which a shorter one ends. */
	if (far > 1 && addr_is_set(&beside)) {
		said[far] = by_user(path, far);
		roles->owners[far] |= said[far] ? said[far] : ROLE_TRANSIT;
	}
	bound(roles, said);
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
