/* SPDX-License-Identifier: BSD-2-Clause */
/* How many SYNs of full TTL a port is worth before its state is certain. */
#include "base/stats.h"
#include "infer/ask/agenda.h"
#include "infer/ask/edge.h"
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/scene/ways.h"

/* SYNs with unlimited TTL that each port gets at least. */
static unsigned flows_least(const struct path *path)
{
	return path->trace->run.flows ? path->trace->run.flows : FLOWS_DEFAULT;
}

/* Whether the same port answers elsewhere: then one server's failure may be its flows' bad luck. */
static bool answers_elsewhere(const struct scene *scene, uint32_t s)
{
	struct others o = others_of(scene, s, OTHERS_PORT | OTHERS_ANSWER | OTHERS_AND_SELF);
	return others_next(&o);
}

/*
 * The routers up to the last that lets the port's SYNs expire miss them more often than the
 * control's, from some hop on: ways differ by flow, and the few flows that were tried may all have
 * taken a bad one.
 */
static bool passes_now_and_then(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	struct outcome target = {0}, control = {0};
	for (int hop = path->target.last_expired; hop > 0; hop--) {
		const struct outcome *t = &path->target.at[hop], *c = &path->control.at[hop];
		if (!c->expired)
			continue;
		target.sent += t->sent;
		target.expired += t->expired;
		control.sent += c->sent;
		control.expired += c->expired;
		if (stats_fisher(target.expired, target.sent, control.expired, control.sent) <=
		    DIVIDED_CHANCE)
			return true;
	}
	return false;
}

/*
 * A SYN got past whoever rejects others, or one to another server may have: those that were tried
 * may all have been unlucky.
 */
static bool passes_rejecter(const struct scene *scene, uint32_t s)
{
	struct claim claim = {0};
	int from, to;
	if (!rule_rejected(scene, s, &claim))
		return false;
	span_hops(&claim.span, &from, &to);
	return scene->paths[s].target.last_expired > to ||
	       (to < scene->roles[s].server_hop && answers_elsewhere(scene, s));
}

/* SYNs of full TTL that the port is worth. */
static unsigned state_tries(struct asking *a, uint32_t s)
{
	const struct scene *scene = a->scene;
	const struct outcome *t = &scene->paths[s].target.at[0];
	enum conduct conduct = scene->conducts[s];
	unsigned flows = flows_least(&scene->paths[s]);
	bool spares = passes_rejecter(scene, s);
	bool fails = conduct == CONDUCT_SILENT || conduct == CONDUCT_RESET || spares;
	unsigned divided = passes_now_and_then(scene, s)	   ? THINNING_TRIES
			   : spares || answers_elsewhere(scene, s) ? DIVIDED_TRIES
								   : 0;
	if (fails && !t->pending && ask_tried(t) >= flows && divided)
		return divided > flows ? divided : flows;
	/* What some flows to others suffer, the first ones to this server may have missed. */
	if (conduct == CONDUCT_ANSWERS && s < OTHERS_MAX && ways_disagree_elsewhere(scene, s))
		return COMPANY_TRIES > flows ? COMPANY_TRIES : flows;
	struct outcome reaching = path_reaching(&scene->paths[s], &scene->paths[s].target);
	if (conduct == CONDUCT_RESET && reaching.reset < TELLS_LEAST && !t->pending &&
	    ask_tried(t) >= flows && ask_tried(t) < SILENCE_TRIES)
		return ask_tried(t) + 1;
	uint32_t company = rate_of(scene, s)->answering;
	bool doubtful = rate_silence(scene, s, t->asked) * (company ? company : 1) > SILENCE_DOUBT;
	bool silent = conduct == CONDUCT_SILENT && !t->pending;
	/* Of several servers the controls tell enough. */
	bool lags = conduct == CONDUCT_PENDING && a->sweepers_hoped == 1 &&
		    edge_need(a, s) == EDGE_FAILS;
	if ((silent || lags) && doubtful && ask_tried(t) >= flows &&
	    ask_tried(t) < (silent ? SILENCE_TRIES : flows + 1))
		return ask_tried(t) + 1;
	return flows;
}

void ask_state(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	const struct outcome *t = &path->target.at[0], *c = &path->control.at[0];
	if (!path->control.port || ask_tried(t) == 0)
		return;
	unsigned want = state_tries(a, s);
	/* A rejection is an answer: what follows only takes the router's further ones. */
	uint8_t rank = a->scene->conducts[s] == CONDUCT_REJECTED ? 3 : 1;
	for (unsigned i = ask_tried(t); i < want; i++)
		ask_full(a, s, path->target.port, rank);
	for (unsigned i = ask_tried(c); i < want; i++)
		ask_full(a, s, path->control.port, 1);
}
