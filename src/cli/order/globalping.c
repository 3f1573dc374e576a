/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/order/engines.h"
#include <stdio.h>

#define LOOKS	    100 /* parts of the whole time between two */
#define OBJECT_PATH "/v1/measurements"

/* Waits for the measurement, whose number is known, until it has ended. */
static int wait_for(struct ordering *g, size_t i)
{
	bool goes_on = true, good = false;
	while (goes_on && !g->interrupted) {
		struct text path = {0}, body = {0};
		text_addf(&path, OBJECT_PATH "/%s", g->ids.id[i]);
		const struct asking asking = {"the measurement", "GET", text_str(&path), NULL,
					      true};
		int status = order_ask(g, &asking, &body);
		text_free(&path);
		goes_on = status == 0 && globalping_goes_on(&body, &good);
		if (status == 0 && !g->interrupted && !good) {
			order_complain(g, "the measurement", "the answer is none");
			status = EXIT_INPUT;
		}
		if (status == 0 && good)
			order_keep(&g->objects[i], &body);
		text_free(&body);
		if (status != 0)
			return status;
		if (goes_on && !order_pause(g, order_step(g, LOOKS)))
			break;
	}
	if (goes_on && !g->interrupted)
		order_tell_ids(g, "not all results came in time; the rest later");
	return 0;
}

/* One measurement, by the probes of the first. */
static int ask_for(struct ordering *g, size_t server, enum globalping_kind kind, bool *dry)
{
	struct text body = {0}, answer = {0};
	const char *like = g->ids.n > 0 ? g->ids.id[0] : NULL;
	globalping_body(&g->order, server, kind, like, &body);
	const struct asking asking = {"the order", "POST", OBJECT_PATH, text_str(&body), true};
	int status = body.failed ? EXIT_SYSTEM : 0;
	*dry = g->o->outside.dry_run;
	if (status == 0 && *dry)
		printf("%s\n", text_str(&body));
	else if (status == 0)
		status = order_ask(g, &asking, &answer);
	if (status == 0 && !*dry && !g->interrupted && !globalping_created(&answer, &g->ids)) {
		order_complain(g, "the order", "the answer names no measurement");
		status = EXIT_INPUT;
	}
	text_free(&body);
	text_free(&answer);
	return status;
}

static int order_all(struct ordering *g, bool *dry)
{
	int status = 0;
	for (size_t s = 0; s < g->order.servers_n; s++) {
		for (int kind = GLOBALPING_PORT; kind <= GLOBALPING_PING; kind++) {
			if (status != 0 || g->interrupted)
				return status;
			status = ask_for(g, s, (enum globalping_kind)kind, dry);
			/* The probes of the first are those of all, once it has ended. */
			if (status == 0 && !*dry && g->ids.n == 1 && kind == GLOBALPING_PORT)
				status = wait_for(g, 0);
		}
	}
	return status;
}

int order_globalping(struct ordering *g, bool *dry)
{
	int status = g->o->outside.resume ? 0 : order_all(g, dry);
	if (status != 0 || *dry)
		return status;
	if (!g->o->outside.resume)
		order_tell_ids(g, "ordered; to read it later");
	for (size_t i = 0; i < g->ids.n && status == 0 && !g->interrupted; i++)
		if (g->o->outside.resume || i > 0)
			status = wait_for(g, i);
	if (g->interrupted)
		order_tell_ids(g, "interrupted; what was ordered can be read later");
	return status;
}
