/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/beside.h"

bool beside_is_cloud(const struct trace *t)
{
	return trace_note(t, "cloud") != NULL;
}

bool beside_is_tunnel(const struct trace *t, uint8_t family)
{
	const struct route *route = trace_route(t, family);

	return route && t->run.own && !route->has_link_header;
}

/* This host's IPv4 address on the device that leads to servers of the family, or none. */
static struct addr ipv4_client(const struct trace *t, uint8_t family)
{
	const struct route *mine = trace_route(t, family);

	for (uint32_t s = 0; s < t->servers_n && family == 4; s++) {
		if (t->servers[s].client.family == 4)
			return t->servers[s].client;
	}
	for (size_t i = 0; mine && i < t->routes_n; i++) {
		if (t->routes[i].family == 4 && t->routes[i].ifindex == mine->ifindex)
			return t->routes[i].client;
	}
	return (struct addr){0};
}

enum beside_kind beside_of(const struct trace *t, uint8_t family)
{
	struct addr client = ipv4_client(t, family);
	enum addr_class class = addr_class(&client);

	if (beside_is_tunnel(t, family))
		return BESIDE_TUNNEL;
	if (beside_is_cloud(t))
		return BESIDE_CLOUD;
	return addr_is_set(&client) && (class == ADDR_PUBLIC || class == ADDR_CGN) ? BESIDE_OPEN
										   : BESIDE_ROUTER;
}
