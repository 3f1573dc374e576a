/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/order/engines.h"
#include "io/host/clock.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_LOOK   20 /* parts of the whole time until then, and between later ones */
#define LATER_LOOKS  30
#define KNOWN_MAX    100 /* probes that are described afterwards */
#define OBJECT_PATH  "/api/v2/measurements/"
#define RESULTS_TAIL "results/?format=txt"

/* A GET of a path that is made here; the path is freed. */
static int get(struct ordering *g, const char *what, struct text *path, struct text *body)
{
	const struct asking asking = {what, "GET", text_str(path), NULL, true};
	int status = order_ask(g, &asking, body);
	text_free(path);
	return status;
}

/* --- whom to ask ------------------------------------------------------------------------------ */

/* A page of probes, of which the order takes some. */
static int take_page(struct ordering *g, uint32_t asn, const char *country, bool other, size_t most)
{
	uint8_t family = g->order.servers[0].addr.family;
	struct text path = {0}, page = {0};
	atlas_probes_path(family, asn, country, &path);
	int status = get(g, "the list of probes", &path, &page);
	if (status == 0 && !g->interrupted) {
		if (!atlas_choose(&page, family, other, most, &g->order)) {
			order_complain(g, "the list of probes", "the answer is none");
			status = EXIT_INPUT;
		}
		text_add(&g->probes, g->probes.len > 0 ? "\n" : "");
		text_add_bytes(&g->probes, text_str(&page), page.len);
	}
	text_free(&page);
	return status;
}

static int find_probes(struct ordering *g)
{
	struct order *order = &g->order;
	char country[4] = "";
	int status = 0;
	if (order->asn)
		status = take_page(g, order->asn, NULL, false, order->same);
	size_t same = order->probes_n;
	if (status != 0 || g->interrupted)
		return status;
	if (order->country)
		snprintf(country, sizeof(country), "%.2s", order->country);
	else if (same > 0)
		memcpy(country, order->probes[0].country, sizeof(country));
	if (same == 0 && order->asn)
		log_note(g->log,
			 "no connected probe in AS%u: whether your provider does it to all stays "
			 "open; probes of other networks are asked (--country NN chooses where)",
			 order->asn);
	if (same == 0 && !order->asn)
		log_note(g->log, "your provider's network is not known: --asn NUMBER names it");
	status = take_page(g, 0, country, true, order->other);
	if (status != 0 || g->interrupted || order->probes_n > 0)
		return status;
	log_error(g->log, "no probe was found: nothing is ordered");
	return EXIT_INPUT;
}

/* --- the price -------------------------------------------------------------------------------- */

/* Asks at the terminal. */
static bool says_yes(struct ordering *g, uint32_t credits)
{
	char word[8] = "";
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return false;
	log_progress_end(g->log);
	fprintf(stderr, "whoblocks: spend about %" PRIu32 " credits? [y/N] ", credits);
	return fgets(word, sizeof(word), stdin) && (word[0] == 'y' || word[0] == 'Y');
}

static int agree_on_price(struct ordering *g)
{
	uint32_t credits = atlas_price(&g->order), most = g->o->outside.credits_max;
	size_t same = 0;
	for (size_t i = 0; i < g->order.probes_n; i++)
		same += g->order.probes[i].asn == g->order.asn;
	log_note(g->log,
		 "%zu probes found, %zu of them in your provider's network; %zu measurements, "
		 "about %" PRIu32 " credits",
		 g->order.probes_n, same, g->order.servers_n * ORDERS_KINDS, credits);
	if (credits <= most || g->o->outside.yes || says_yes(g, credits))
		return 0;
	log_error(g->log,
		  "about %" PRIu32 " credits are more than --credits-max %" PRIu32
		  ": nothing is ordered (--yes agrees)",
		  credits, most);
	return EXIT_USAGE;
}

/* --- order, and wait -------------------------------------------------------------------------- */

static int create(struct ordering *g, const struct text *body)
{
	const struct asking asking = {"the order", "POST", OBJECT_PATH, text_str(body), true};
	struct text answer = {0};
	int status = order_ask(g, &asking, &answer);
	if (status == 0 && !g->interrupted && !atlas_created(&answer, &g->ids)) {
		order_complain(g, "the order", "the answer names no measurement");
		status = EXIT_INPUT;
	}
	text_free(&answer);
	return status;
}

/* The object and the results of one measurement. */
static int look_at(struct ordering *g, size_t i, struct atlas_progress *progress)
{
	struct text path = {0}, body = {0};
	text_addf(&path, OBJECT_PATH "%s/", g->ids.id[i]);
	int status = get(g, "the measurement", &path, &body);
	*progress = (struct atlas_progress){0};
	if (status == 0 && body.len > 0 && !atlas_progress(&body, progress)) {
		order_complain(g, "the measurement", "the answer is no measurement");
		status = EXIT_INPUT;
	} else if (status == 0 && body.len > 0) {
		order_keep(&g->objects[i], &body);
	}
	text_free(&body);
	if (status != 0 || g->interrupted || progress->hopeless)
		return status;
	text_addf(&path, OBJECT_PATH "%s/" RESULTS_TAIL, g->ids.id[i]);
	status = get(g, "the results", &path, &body);
	if (status == 0 && body.len >= g->results[i].len)
		order_keep(&g->results[i], &body);
	text_free(&body);
	return status;
}

/* What a round of looks came to. */
struct looked {
	size_t results, wanted;
	size_t waiting; /* measurements from which more may come */
	bool failed;
};

static struct looked look_at_all(struct ordering *g, bool tell)
{
	struct looked all = {0};
	int64_t known[1];
	size_t known_n = 1;
	for (size_t i = 0; i < g->ids.n && !g->interrupted; i++) {
		struct atlas_progress p;
		bool failed = look_at(g, i, &p) != 0;
		size_t wanted = p.wanted ? p.wanted : g->order.probes_n;
		size_t n = atlas_results(&g->results[i], known, &known_n, known_n);
		all.failed = all.failed || failed;
		all.results += n;
		all.wanted += wanted;
		all.waiting += !p.hopeless && (failed || wanted == 0 ? !p.ended : n < wanted);
		if (p.hopeless)
			log_note(g->log, "measurement %s: '%s': it never gives results",
				 g->ids.id[i], p.status);
		else if (tell && p.credits)
			log_detail(g->log, "measurement %s: %" PRIu32 " credits a result",
				   g->ids.id[i], p.credits);
	}
	return all;
}

/* What came last may be the rest: a status says nothing of results. */
static int wait_for(struct ordering *g)
{
	struct looked all;
	bool first = !g->o->outside.resume;
	if (first && !order_pause(g, order_step(g, FIRST_LOOK)) && g->interrupted)
		return 0;
	for (;;) {
		all = look_at_all(g, first);
		first = false;
		log_progress(g->log, "%zu of %zu results", all.results, all.wanted);
		if (g->interrupted || all.waiting == 0)
			break;
		if (!order_pause(g, order_step(g, LATER_LOOKS)))
			break;
	}
	if (!g->interrupted && all.waiting > 0)
		order_tell_ids(g, "not all results came in time; the rest later");
	return all.results == 0 && all.failed ? EXIT_INPUT : 0;
}

/* Where the probes are whose results came, when somebody else chose them. */
static int describe_probes(struct ordering *g)
{
	int64_t probes[KNOWN_MAX];
	struct text path = {0}, body = {0};
	size_t n = 0;
	for (size_t i = 0; i < g->ids.n; i++)
		(void)atlas_results(&g->results[i], probes, &n, KNOWN_MAX);
	if (n == 0)
		return 0;
	atlas_known_path(probes, n, &path);
	int status = get(g, "the list of probes", &path, &body);
	if (status == 0)
		order_keep(&g->probes, &body);
	text_free(&body);
	return status;
}

/* The user does not want to wait: what has not begun need not. */
static void stop_all(struct ordering *g)
{
	int watched = g->web.interrupts;
	g->web.interrupts = -1;
	for (size_t i = 0; i < g->ids.n; i++) {
		struct text path = {0};
		text_addf(&path, OBJECT_PATH "%s/", g->ids.id[i]);
		struct engine_request request = {.method = "DELETE",
						 .path = text_str(&path),
						 .wait_ns = order_step(g, FIRST_LOOK),
						 .secret = true};
		struct engine_answer answer = {0};
		struct err err;
		(void)engine_web_ask(&g->web, &request, &answer, &err);
		text_free(&answer.body);
		text_free(&path);
	}
	g->web.interrupts = watched;
}

/* The order's text, which --dry-run shows and does not send. */
static int send_order(struct ordering *g, bool *dry)
{
	struct text body = {0};
	atlas_body(&g->order, &body);
	int status = body.failed ? EXIT_SYSTEM : 0;
	*dry = g->o->outside.dry_run;
	if (status == 0 && *dry)
		printf("%s\n", text_str(&body));
	else if (status == 0)
		status = create(g, &body);
	text_free(&body);
	return status;
}

int order_atlas(struct ordering *g, bool *dry)
{
	int status = 0;
	if (!g->o->outside.resume) {
		status = find_probes(g);
		if (status == 0 && !g->interrupted)
			status = agree_on_price(g);
		if (status == 0 && !g->interrupted)
			status = send_order(g, dry);
		if (status != 0 || *dry || g->ids.n == 0)
			return status;
		order_tell_ids(g, "ordered; to read it later");
	}
	status = wait_for(g);
	if (g->interrupted) {
		order_tell_ids(g, "interrupted; what was ordered can be read later");
		if (!g->o->outside.resume)
			stop_all(g);
	} else if (status == 0 && g->o->outside.resume) {
		status = describe_probes(g);
	}
	return status;
}
