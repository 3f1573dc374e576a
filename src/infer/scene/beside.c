/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/beside.h"
#include <string.h>

bool beside_is_cloud(const struct trace *t)
{
	for (size_t i = 0; i < t->notes_n; i++) {
		if (strcmp(t->notes[i].kind, "cloud") == 0)
			return true;
	}
	return false;
}

bool beside_is_tunnel(const struct trace *t, uint8_t family)
{
	const struct route *route = trace_route(t, family);

	return route && t->run.own && !route->has_link_header;
}

enum beside beside_of(const struct trace *t, uint8_t family)
{
	if (beside_is_tunnel(t, family))
		return BESIDE_TUNNEL;
	return beside_is_cloud(t) ? BESIDE_CLOUD : BESIDE_ROUTER;
}
