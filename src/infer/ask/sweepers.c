/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/ask/sweepers.h"
#include "infer/numbers.h"

/* Whose way is worth tracing first: failing before undecided before open, HOSTs before references;
 * what was begun goes on, unless it is open. */
static int sweep_score(const struct scene *scene, uint32_t s)
{
	const struct server *server = &scene->trace->servers[s];
	if (!scene->paths[s].control.port || server->peer != s)
		return 0;
	int score = server->reference ? 1 : 2;
	bool begun = false;
	for (int ttl = 1; ttl <= PATH_TTL_MAX && !begun; ttl++)
		begun = scene->paths[s].control.at[ttl].asked > 0;
	switch (scene->conducts[s]) {
	case CONDUCT_SILENT:
	case CONDUCT_RESET:
	case CONDUCT_REJECTED:
		return score + (begun ? 11 : 9);
	case CONDUCT_PENDING:
		return score + (begun ? 10 : 4);
	case CONDUCT_ANSWERS:
		return score + (begun ? 7 : 2);
	case CONDUCT_ABSENT:
	case CONDUCT_REFUSED:
		break;
	}
	return 0;
}

bool sweepers_has(const uint32_t *list, size_t n, uint32_t s)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i] == s)
			return true;
	}
	return false;
}

size_t sweepers_choose(const struct scene *scene, uint8_t family, uint32_t out[SWEEPERS_MAX])
{
	for (size_t n = 0; n < SWEEPERS_MAX; n++) {
		uint32_t best = TRACE_NONE;
		int best_score = 0;
		for (uint32_t s = 0; s < scene->n; s++) {
			int score = sweep_score(scene, s);
			if (scene_family(scene, s) != family || sweepers_has(out, n, s) ||
			    score <= best_score)
				continue;
			best = s;
			best_score = score;
		}
		if (best == TRACE_NONE)
			return n;
		out[n] = best;
	}
	return SWEEPERS_MAX;
}
