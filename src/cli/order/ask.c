/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/order/ask.h"
#include "cli/command.h"
#include "io/host/clock.h"
#include "io/host/interrupts.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_MS   INT64_C(1000000)
#define NS_PER_S    (1000 * NS_PER_MS)
#define REQUEST_NS  (30 * NS_PER_S)
#define TRIES_MAX   6
#define TOO_OFTEN   429
#define FIRST_PAUSE 60 /* part of the whole time, after the first 429; then it doubles */

bool order_pause(struct ordering *g, int64_t ns)
{
	int64_t until_ns = clock_mono_ns() + ns, left_ns;
	struct pollfd p = {.fd = g->web.interrupts, .events = POLLIN};
	if (until_ns > g->deadline_ns)
		until_ns = g->deadline_ns;
	while ((left_ns = until_ns - clock_mono_ns()) > 0 && !g->interrupted) {
		int n = poll(&p, 1, (int)(left_ns / NS_PER_MS) + 1);
		if (n > 0)
			g->interrupted = interrupts_next(p.fd) != 0;
		else if (n < 0 && errno != EINTR)
			break;
	}
	return !g->interrupted && clock_mono_ns() < g->deadline_ns;
}

int64_t order_step(const struct ordering *g, int64_t part)
{
	return g->o->outside.wait_ms * NS_PER_MS / part;
}

void order_keep(struct text *to, struct text *from)
{
	text_free(to);
	*to = *from;
	*from = (struct text){0};
}

void order_tell_ids(struct ordering *g, const char *why)
{
	struct text ids = {0};
	ids_text(&g->ids, &ids);
	if (ids.len > 0)
		log_note(g->log, "%s: whoblocks outside --via %s --resume %s", why,
			 g->o->outside.via, text_str(&ids));
	text_free(&ids);
}

void order_complain(struct ordering *g, const char *what, const char *why)
{
	char said[ERR_MSG_BYTES];
	snprintf(said, sizeof(said), "%s: %s", what, why);
	if (strcmp(said, g->complaint) != 0)
		log_error(g->log, "%s", said);
	memcpy(g->complaint, said, sizeof(said));
}

/* Says what a refusal is. Returns the exit status. */
static int refuse(struct ordering *g, const struct asking *asking,
		  const struct engine_answer *answer)
{
	struct text why = {0};
	const char *hint = answer->status == 403 || answer->status == 401
				   ? " (a key that is wrong, has expired or lacks the permission)"
			   : answer->status == TOO_OFTEN ? " (asked too often)"
							 : "";
	text_addf(&why, "the service refuses%s, HTTP %ld: ", hint, answer->status);
	engine_complaint(&answer->body, &why);
	order_complain(g, asking->what, text_str(&why));
	text_free(&why);
	return answer->status == 401 || answer->status == 403 ? EXIT_NOT_PERMITTED : EXIT_INPUT;
}

/* One request. 0 with *answer, or an exit status after a message. */
static int ask_once(struct ordering *g, const struct asking *asking, struct engine_answer *answer)
{
	struct err err = {0};
	int64_t left_ns = g->deadline_ns - clock_mono_ns();
	struct engine_request request = {
		.method = asking->method,
		.path = asking->path,
		.body = asking->body,
		.wait_ns = left_ns < REQUEST_NS ? left_ns : REQUEST_NS,
		.secret = asking->secret,
	};
	if (engine_web_ask(&g->web, &request, answer, &err) == 0)
		return 0;
	if (err.code == IO_INTERRUPTED) {
		g->interrupted = interrupts_next(g->web.interrupts) != 0;
		return 0;
	}
	order_complain(g, asking->what, err.msg);
	return err.code;
}

int order_ask(struct ordering *g, const struct asking *asking, struct text *body)
{
	int64_t pause_ns = order_step(g, FIRST_PAUSE);
	for (int try = 1;; try++) {
		struct engine_answer answer = {0};
		int status = ask_once(g, asking, &answer);
		bool again = status == 0 && answer.status == TOO_OFTEN && try < TRIES_MAX;
		if (status == 0 && !g->interrupted && !again) {
			if (answer.status / 100 == 2)
				order_keep(body, &answer.body);
			else
				status = refuse(g, asking, &answer);
		}
		int64_t told_ns = answer.retry_s * NS_PER_S;
		text_free(&answer.body);
		if (!again || g->interrupted)
			return status;
		log_note(g->log, "%s: asked too often; once more in a while", asking->what);
		if (!order_pause(g, told_ns > pause_ns ? told_ns : pause_ns) && !g->interrupted) {
			order_complain(g, asking->what, "asked too often, and the time is over");
			return EXIT_INPUT;
		}
		pause_ns *= 2;
	}
}
