/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/order/order.h"
#include "cli/command.h"
#include "cli/order/engines.h"
#include "io/host/clock.h"
#include "io/host/interrupts.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ATLAS_API	 "https://atlas.ripe.net"
#define GLOBALPING_API	 "https://api.globalping.io"
#define ATLAS_KEY	 "WHOBLOCKS_ATLAS_KEY"
#define GLOBALPING_TOKEN "WHOBLOCKS_GLOBALPING_TOKEN"

#define NS_PER_MS INT64_C(1000000)

/* Whom to ask, with which key. 0, or an exit status after a message. */
static int prepare(struct ordering *g)
{
	const struct outside_options *w = &g->o->outside;
	bool atlas = strcmp(w->via, "atlas") == 0;
	const char *value = atlas ? secure_getenv(ATLAS_KEY) : secure_getenv(GLOBALPING_TOKEN);
	struct err err = {0};
	g->web.base = w->api ? w->api : atlas ? ATLAS_API : GLOBALPING_API;
	g->web.cacert = g->o->cacert;
	g->web.interrupts = -1;
	g->deadline_ns = clock_mono_ns() + w->wait_ms * NS_PER_MS;
	if (engine_web_check(g->web.base, &err) != 0 ||
	    engine_key_read(&g->key, w->key_file, value, atlas ? "Key" : "Bearer", &err) != 0) {
		log_error(g->log, "%s", err.msg);
		return err.code;
	}
	g->web.authorization = g->key.header[0] ? g->key.header : NULL;
	if (atlas && !g->web.authorization && !w->resume && !w->dry_run) {
		log_error(g->log,
			  "RIPE Atlas wants a key: --key-file FILE, or the environment's " ATLAS_KEY
			  " (--via globalping needs none)");
		return EXIT_USAGE;
	}
	if (w->resume && !ids_parse(w->resume, &g->ids)) {
		log_error(g->log, "--resume IDS: '%s' is no list of measurements", w->resume);
		return EXIT_USAGE;
	}
	g->web.interrupts = interrupts_open(&err);
	if (g->web.interrupts >= 0)
		return 0;
	log_error(g->log, "%s", err.msg);
	return err.code;
}

static void add_value(struct text *out, const struct text *value)
{
	if (value->len == 0)
		return;
	text_add_bytes(out, text_str(value), value->len);
	if (text_str(value)[value->len - 1] != '\n')
		text_add(out, "\n");
}

/* Everything that was received, in an order that is the same each time. */
static void gather(const struct ordering *g, struct text *out)
{
	for (size_t i = 0; i < g->ids.n; i++)
		add_value(out, &g->objects[i]);
	add_value(out, &g->probes);
	for (size_t i = 0; i < g->ids.n; i++)
		add_value(out, &g->results[i]);
}

static void forget(struct ordering *g)
{
	engine_key_wipe(&g->key);
	text_free(&g->probes);
	for (size_t i = 0; i < ORDERS_IDS_MAX; i++) {
		text_free(&g->objects[i]);
		text_free(&g->results[i]);
	}
	if (g->web.interrupts >= 0)
		close(g->web.interrupts);
}

int order_outside(struct ordering *g, struct text *answers, bool *dry)
{
	bool atlas = strcmp(g->o->outside.via, "atlas") == 0;
	int status = prepare(g);
	*dry = false;
	if (status == 0)
		status = atlas ? order_atlas(g, dry) : order_globalping(g, dry);
	log_progress_end(g->log);
	if (status == 0 && !*dry) {
		gather(g, answers);
		if (answers->failed || answers->len == 0) {
			log_error(g->log, "nothing came back");
			status = answers->failed ? EXIT_SYSTEM : EXIT_INPUT;
		}
	}
	forget(g);
	return status;
}
