/* SPDX-License-Identifier: BSD-2-Clause */
/* What is worth asking. Ranks: 0 first contact, 1 what decides the state, 2 the way, 3 doubts. */
#include "infer/ask/agenda.h"
#include "base/stats.h"
#include "infer/ask/calm.h"
#include "infer/ask/edge.h"
#include "infer/ask/host.h"
#include "infer/ask/sweepers.h"
#include "infer/numbers.h"
#include "infer/scene/build.h"
#include <errno.h>
#include <stdlib.h>

/* Past the firewall only where this host blocks; and no way is traced to a port that answers. */
static bool skips(const struct asking *a, uint32_t s, bool way)
{
	if (!a->whole)
		return false;
	return !a->whole->here[s].beyond_by_link ||
	       (way && a->scene->conducts[s] == CONDUCT_ANSWERS);
}

/* First contact: every port once, then again while nothing answers. */
static void ask_contact(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	const struct server *server = &path->trace->servers[s];
	bool reached = false, pending = false;
	unsigned least = CONTACT_TRIES;
	for (size_t i = 0; i <= server->controls_n && i < path->ports_n; i++) {
		const struct port_count *c = &path->ports[i];
		if (ask_tried(&c->full) == 0)
			ask_full(a, s, c->port, 0);
		reached = reached || (i > 0 && (c->full.reached || c->limited_synack));
		pending = pending || c->full.pending;
		least = ask_tried(&c->full) < least ? ask_tried(&c->full) : least;
	}
	if (reached || pending || least == 0 || least >= CONTACT_TRIES)
		return;
	for (size_t i = 0; i <= server->controls_n && i < path->ports_n; i++) {
		if (!path->ports[i].full.reached)
			ask_full(a, s, path->ports[i].port, 1);
	}
}

/* Whether the server beyond this host's block is about to be asked: at once, or as soon as this
 * host's own connection to it, which tells of the block, has had its time. */
static bool awaits_connect(const struct asking *a, uint32_t s)
{
	const struct trace *t = a->scene->trace;
	if (a->whole && a->whole->here[s].beyond_by_link)
		return !path_first(&a->scene->paths[s]);
	bool blocked = a->whole && a->whole->conducts[s] == CONDUCT_REFUSED;
	for (size_t i = 0; i < t->connects_n && blocked; i++) {
		const struct connect_result *c = &t->connects[i];
		if (c->server == s && c->error == EINPROGRESS &&
		    t->last_ns < c->at_ns + a->whole->paths[s].wait_ns)
			return true;
	}
	return false;
}

/* How many servers will be swept once those have answered that still may. */
static size_t hope(const struct asking *a, uint8_t family, size_t n)
{
	const struct scene *scene = a->scene;
	for (uint32_t s = 0; s < scene->n; s++) {
		bool may = scene->conducts[s] == CONDUCT_PENDING && !scene->paths[s].control.port;
		n += (may || awaits_connect(a, s)) && scene_family(scene, s) == family &&
		     scene->trace->servers[s].peer == s;
	}
	return n < SWEEPERS_MAX ? n : SWEEPERS_MAX;
}

/* Whether a look is enough so far: this host let every SYN out, who has answered or still may,
 * answers on the port, and no mail session broke. */
static bool is_calm(const struct scene *scene)
{
	const struct trace *t = scene->trace;
	bool calm = t->run.brief && t->send_errors_n == 0 && t->unseen_n == 0;
	for (size_t i = 0; i < t->sessions_n && calm; i++)
		calm = t->sessions[i].end == SESSION_DONE;
	for (uint32_t s = 0; s < scene->n && calm; s++)
		calm = scene->conducts[s] == CONDUCT_ANSWERS ||
		       scene->conducts[s] == CONDUCT_PENDING ||
		       scene->conducts[s] == CONDUCT_ABSENT;
	return calm;
}

/* The questions of one family: each server's state first, then the ways of those that sweep. */
static void ask_family(struct asking *a, uint8_t family)
{
	bool calm = is_calm(a->scene);
	a->ladder_end = ask_ladder_end(a->scene);
	a->sweepers_n = sweepers_choose(a->scene, family, a->sweepers);
	a->sweepers_hoped = hope(a, family, a->sweepers_n);
	for (uint32_t s = 0; s < a->scene->n; s++) {
		if (scene_family(a->scene, s) != family || skips(a, s, false))
			continue;
		ask_contact(a, s);
		if (calm)
			continue;
		ask_state(a, s);
		ask_limited(a, s);
		ask_triggers(a, s);
	}
	if (calm)
		return;
	for (size_t i = 0; i < a->sweepers_n; i++) {
		uint32_t s = a->sweepers[i];
		if (skips(a, s, true))
			continue;
		ask_beside_rejection(a, s);
		ask_sweep(a, s);
		ask_distance(a, s);
		ask_parting(a, s);
		ask_boundary(a, s);
		ask_renamed(a, s);
		ask_again(a, s);
		ask_beside_reset(a, s);
		ask_flows_fate(a, s);
	}
	/* What would only make the rest longer is asked after it. */
	if (ask_rested(a, family))
		return;
	for (uint32_t s = 0; s < a->scene->n; s++) {
		if (scene_family(a->scene, s) == family && !skips(a, s, false))
			ask_ladder(a, s);
	}
	ask_witnesses(a, family);
}

/* Whatever could still change the verdict. */
static void ask_everything(struct asking *a)
{
	static const uint8_t families[] = {4, 6};
	bool calm = is_calm(a->scene);
	for (size_t i = 0; i < sizeof(families); i++) {
		if (ask_opening(a, families[i]))
			continue;
		if (!calm)
			ask_host(a, families[i]);
		ask_family(a, families[i]);
	}
}

/* Whether something came that proves something, or that spoils the SYN for good: strangers' packets
 * do neither. */
static bool is_settled(const struct trace *t, const struct probe *p)
{
	PATH_EACH_REPLY(t, p, r)
	{
		if (r->ack_valid || path_counts(t, p, r))
			return true;
	}
	return false;
}

/* Only where so many SYNs to controls had their time that one of them does not make a rate. */
static double loss_of(const struct scene *scene)
{
	uint32_t sent = 0, lost = 0;
	for (size_t i = 0; i < 2; i++) {
		const struct outcome *o = &scene->rates[i].control;
		sent += o->sent;
		lost += o->sent - (o->reached - o->late);
	}
	return sent >= LOSS_LEAST ? (double)lost / sent : 0;
}

/* How many answers may still come, until when, and whether anybody has answered at all. */
static void await(const struct asking *a, struct agenda *agenda)
{
	const struct scene *scene = a->scene;
	const struct trace *t = scene->trace;
	agenda->nobody = true;
	agenda->loss = loss_of(scene);
	/* Where answers get lost, silence raises questions: what is asked last waits for it. */
	bool last = a->last && agenda->loss <= 0 && !scene->rates[0].runs_short &&
		    !scene->rates[1].runs_short;
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene->paths[s].wait_ns > agenda->wait_ns)
			agenda->wait_ns = scene->paths[s].wait_ns;
		agenda->nobody = agenda->nobody && scene->conducts[s] == CONDUCT_ABSENT;
		if (t->servers[s].peer != s)
			continue;
		for (uint32_t at = t->servers[s].newest_probe; at != TRACE_NONE;
		     at = t->probes[at].older) {
			int64_t due = path_due_ns(&scene->paths[s], &t->probes[at]);
			if (due <= t->last_ns || is_settled(t, &t->probes[at]))
				continue;
			int64_t late = edge_late_ns(&scene->paths[s], &t->probes[at]);
			agenda->pending++;
			agenda->late += last && late <= t->last_ns;
			if (last && late > t->last_ns)
				due = late;
			if (!agenda->due_ns || due < agenda->due_ns)
				agenda->due_ns = due;
		}
	}
}

/* The same questions past the firewall, where it is this host that blocks. */
static int ask_beyond(const struct scene *whole, struct asking *a)
{
	struct scene beyond;
	int status = scene_build_beyond(&beyond, whole);
	if (status == 0) {
		a->scene = &beyond;
		a->whole = whole;
		ask_family(a, 4);
		ask_family(a, 6);
	}
	scene_free(&beyond);
	return status;
}

int infer_agenda(const struct trace *t, struct question *out, size_t cap, struct agenda *agenda)
{
	struct scene scene;
	struct asking a = {.scene = &scene, .out = out, .cap = cap};
	*agenda = (struct agenda){0};
	int status = scene_build(&scene, t);
	if (status == 0) {
		agenda->calm = calm_holds(&scene);
		if (agenda->calm)
			ask_calm(&a);
		else
			ask_everything(&a);
		await(&a, agenda);
		ask_host_await(&scene, agenda);
		if (agenda->calm)
			calm_await(&scene, agenda);
		else if (ask_host_beyond(&scene)) {
			status = ask_beyond(&scene, &a);
			agenda->nobody = false;
		}
	}
	if (agenda->due_ns && a.due_ns && a.due_ns < agenda->due_ns)
		agenda->due_ns = a.due_ns;
	agenda->questions_n = a.n;
	scene_free(&scene);
	return status;
}
