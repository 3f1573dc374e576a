/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the first router is the user's own. */
#include "infer/scene/beside.h"
#include "infer/scene/role_rules.h"
#include "infer/way/hops.h"

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

/* An end of a tunnel (RFC 6333), or of the translator within a telephone (RFC 7335). */
static bool is_end(const struct addr *a)
{
	static const struct prefix ends = {{4, {192, 0, 0}}, 24};

	return prefix_contains(&ends, a);
}

/* Whether the first hop may be whoever runs the other end: of a telephone, of a rented machine. */
static bool is_foreign(const struct path *path, const struct addr *known)
{
	const struct trace *t = path->trace;
	const struct addr *client = &t->servers[path->server].client;

	if (beside_is_cloud(t))
		return true;
	if (addr_class(known) == ADDR_CGN || addr_class(client) == ADDR_CGN)
		return true;
	if (is_end(known) || is_end(client))
		return true;
	return client->family == 4 &&
	       (addr_class(client) == ADDR_PUBLIC || addr_class(known) == ADDR_PUBLIC);
}

/* Whether the first hop is known to be another network's than the one that has this host. */
static bool is_beyond(const struct owner_line *line)
{
	bool hides = beside_is_cloud(line->path->trace) && line->carries[1];

	return hides || (line->by_client && line->asn[1] && line->asn[1] != line->access);
}

uint8_t role_first_hop(const struct owner_line *line, int hop)
{
	const struct path *path = line->path;
	const struct server *server = &path->trace->servers[path->server];
	const struct route *route = trace_route(path->trace, server->addr.family);
	struct addr gateway = ipv4_gateway(path);
	struct addr shown = hops_addr(path, 1), known = trace_plain(path->trace, &shown);

	if (hop != 1)
		return 0;
	/* Whatever its number: an operator runs the far end of a tunnel, or its user does. */
	if (server->place == PLACE_LINE || beside_is_tunnel(path->trace, server->addr.family))
		return ROLE_LOCAL | ROLE_ISP;
	if (line->kind[1] == HOP_SERVERS)
		known = (struct addr){0};
	if (!addr_is_set(&known) && route)
		known = route->gateway;
	if (is_foreign(path, &known))
		return ROLE_LOCAL | ROLE_ISP | (is_beyond(line) ? ROLE_TRANSIT : 0);
	/* A link-local next hop says nothing of who owns the router. */
	bool unclear = !addr_is_set(&known) || addr_class(&known) == ADDR_LINK_LOCAL;
	if (!unclear && is_private(&known))
		return ROLE_LOCAL;
	if (addr_is_set(&gateway) && is_private(&gateway))
		return ROLE_LOCAL;
	return ROLE_LOCAL | ROLE_ISP;
}
