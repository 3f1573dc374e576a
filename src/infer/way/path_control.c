/* SPDX-License-Identifier: BSD-2-Clause */
/* Which port of a server the port under test is compared with. */
#include "infer/way/path.h"

#define BACKENDS_APART 2 /* hops by which the machines of a farm are apart, mostly */

/*
 * Another port whose SYN-ACKs come from much further than the chosen one's: whoever answers that
 * one is nearer than the server.
 */
static uint16_t furthest_port(const struct path *path, uint16_t choice)
{
	int most = -1;
	for (size_t i = 1; i < path->ports_n; i++)
		most = path->ports[i].port == choice ? path->ports[i].back : most;
	if (most < 0)
		return choice;
	most += BACKENDS_APART;
	for (size_t i = 1; i < path->ports_n; i++) {
		const struct port_count *c = &path->ports[i];
		if (c->back <= most)
			continue;
		most = c->back;
		choice = c->port;
	}
	return choice;
}

/* In the order of preference: SYN-ACK on a port that is no submission port, then on one that is,
 * then a reset. */
uint16_t path_choose_control(const struct path *path)
{
	const struct server *s = &path->trace->servers[path->server];
	uint16_t choice = 0;
	int best = 0;
	for (size_t i = 0; i < s->controls_n && i + 1 < path->ports_n; i++) {
		const struct port_count *c = &path->ports[i + 1];
		bool synack = c->full.synack > 0 || c->limited_synack;
		int score = synack ? (path_submission_port(c->port) ? 2 : 3) : c->full.reset > 0;
		/* In a capture without our facts the port whose way was traced is the one that was
		 * meant. */
		if (!path->trace->run.own && c->limited_synack)
			score += 3;
		if (score > best) {
			best = score;
			choice = c->port;
		}
	}
	return path->trace->run.own && choice ? furthest_port(path, choice) : choice;
}
