/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/ladder.h"
#include "infer/numbers.h"

/* TTL with which a reset of a SYN to the port arrived, of full TTL; -1: none came. */
static int resets_back(const struct path *path, uint16_t port)
{
	PATH_EACH_PROBE_TO(path, port, p)
	{
		if (path_slot(path->trace, p->ttl) != 0)
			continue;
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == REPLY_RESET && path_counts(path->trace, p, r))
				return r->ttl;
		}
	}
	return -1;
}

bool ladder_fails(const struct scene *scene, uint32_t s)
{
	switch (scene->conducts[s]) {
	case CONDUCT_SILENT:
	case CONDUCT_RESET:
	case CONDUCT_REJECTED:
	case CONDUCT_REFUSED:
		return true;
	case CONDUCT_ANSWERS: {
		enum mail_outcome outcome = scene->mails[s].outcome;
		return outcome != MAIL_UNTRIED && outcome != MAIL_VERIFIED;
	}
	case CONDUCT_ABSENT:
	case CONDUCT_PENDING:
		break;
	}
	return false;
}

const struct port_count *ladder_port(const struct path *path, uint16_t port)
{
	for (size_t i = 0; i < path->ports_n; i++) {
		if (path->ports[i].port == port)
			return &path->ports[i];
	}
	return NULL;
}

/*
 * Whether the server's other port was refused, and not the way the port under test fails: a
 * reset or rejection where that is silent, or a reset that has come another way back.
 */
static bool refused_apart(const struct path *path, const struct port_count *c)
{
	const struct outcome *full = &c->full;
	if (full->reset == 0 && full->rejected == 0)
		return false;
	if (full->reset == 0)
		return path->target.at[0].rejected == 0;
	int here = resets_back(path, path->target.port), there = resets_back(path, c->port);
	return here < 0 || here != there;
}

bool ladder_is_nearer(const struct path *path, const struct port_count *c)
{
	const struct port_count *control = ladder_port(path, path->control.port);
	return control && c->back >= 0 && control->back > c->back + TOLERANCE_HOPS;
}

struct rung ladder_count(const struct scene *scene, uint8_t family, uint16_t port)
{
	struct rung rung = {0};
	for (uint32_t s = 0; s < scene->n; s++) {
		const struct port_count *c = ladder_port(&scene->paths[s], port);
		if (!c || scene_family(scene, s) != family || !scene_votes(scene, s) ||
		    scene->trace->servers[s].peer != s || ladder_is_nearer(&scene->paths[s], c))
			continue;
		bool open = c->full.synack || c->limited_synack;
		if (!open && c->full.sent == 0)
			continue;
		rung.asked++;
		rung.open += open;
		rung.refused += !open && refused_apart(&scene->paths[s], c);
	}
	return rung;
}
