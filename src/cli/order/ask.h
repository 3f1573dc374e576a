/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_ORDER_ASK_H
#define CLI_ORDER_ASK_H

/*
 * An order while it is made and waited for, and the requests of it: with patience, one complaint
 * a fault, and an ear for the user who wants to stop.
 */

#include "base/text.h"
#include "cli/options.h"
#include "cli/out/log.h"
#include "io/engines/key.h"
#include "io/engines/orders.h"
#include "io/engines/web.h"

/* An order while it is made and waited for. */
struct ordering {
	const struct options *o;
	struct log *log;
	struct order order;
	struct engine_web web;
	struct engine_key key;
	struct ordered_ids ids;
	int64_t deadline_ns;	       /* by clock_mono_ns() */
	bool interrupted;	       /* by the user: what came so far is judged */
	char complaint[ERR_MSG_BYTES]; /* the last one, which is not said twice */
	struct text probes;	       /* what the engine said of its probes, as it was received */
	struct text objects[ORDERS_IDS_MAX], results[ORDERS_IDS_MAX];
};

/* What a request is for, in a few words, with the rest of it. */
struct asking {
	const char *what; /* "the list of probes" */
	const char *method, *path, *body;
	bool secret;
};

/*
 * Asks, and asks again later where that is too often (HTTP 429). 0 with the body of a good answer,
 * or an exit status after a message. An interruption is 0, too, with g->interrupted and no body.
 */
int order_ask(struct ordering *g, const struct asking *asking, struct text *body);

/* Says what is wrong, once. */
void order_complain(struct ordering *g, const char *what, const char *why);

/* Waits; false: the user wants to stop, or the time is over. */
bool order_pause(struct ordering *g, int64_t ns);

/* What waits between two looks: a part of the time that there is. */
int64_t order_step(const struct ordering *g, int64_t part);

/* Replaces *to. */
void order_keep(struct text *to, struct text *from);

/* Tells the numbers by which the measurements can be looked at later. */
void order_tell_ids(struct ordering *g, const char *why);

#endif
