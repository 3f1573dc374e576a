/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/ladder.h"
#include "infer/ask/agenda.h"
#include "infer/numbers.h"

static const uint16_t asked_ports[] = {465, 2525, 25, 587, 443};

uint32_t ask_ladder_end(const struct scene *scene)
{
	uint32_t end = 0, fail = 0;
	while (end < scene->n && fail < LADDER_SERVERS)
		fail += ladder_fails(scene, end++);
	return end;
}

void ask_ladder(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	if (s >= a->ladder_end || !ladder_fails(a->scene, s))
		return;
	for (size_t i = 0; i < sizeof(asked_ports) / sizeof(*asked_ports); i++) {
		const struct port_count *c = ladder_port(path, asked_ports[i]);
		struct question q = {
			.server = s, .port = asked_ports[i], .alone = true, .rank = LADDER_RANK};
		if (asked_ports[i] == path->target.port)
			continue;
		if (!c || (!c->full.reached && !c->full.rejected && !c->full.pending &&
			   !c->limited_synack && ask_tried(&c->full) < LADDER_TRIES))
			ask_one(a, q);
	}
}
