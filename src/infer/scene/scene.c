/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/scene.h"
#include "infer/way/parting.h"

uint8_t scene_family(const struct scene *scene, uint32_t s)
{
	return scene->trace->servers[s].addr.family;
}

bool scene_same_hop(const struct scene *scene, uint32_t a, uint32_t b, int hop)
{
	return parting_same_hop(&scene->paths[a], &scene->paths[b], hop);
}

bool scene_votes(const struct scene *scene, uint32_t s)
{
	return scene->conducts[s] != CONDUCT_ABSENT && !scene->trace->servers[s].dark;
}

bool scene_uncontrolled(const struct scene *scene)
{
	if (scene->trace->run.own)
		return false;
	for (uint32_t s = 0; s < scene->n; s++) {
		if (path_has_others(&scene->paths[s]))
			return false;
	}
	return true;
}
