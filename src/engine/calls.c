/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/calls.h"
#include "base/array.h"
#include "infer/mail/mail.h"
#include <stdlib.h>

#define SECOND_NS INT64_C(1000000000)
/* What is planned goes out a little later: neither counts as part of the other's second. */
#define MARGIN_NS INT64_C(30000000)

_Static_assert(CALLS_SERVER == CALLS_ALL, "one ring serves both");

static bool is_mail(const struct calls *calls, uint16_t port)
{
	return mail_is_counted(port) || (port != 0 && port == calls->port);
}

unsigned calls_count(const struct calls *calls, uint16_t port, uint16_t partner)
{
	return (unsigned)is_mail(calls, port) + (unsigned)is_mail(calls, partner);
}

int64_t calls_window_ns(size_t servers, int64_t within_ns)
{
	int64_t needed = servers ? within_ns * CALLS_ALL / (2 * (int64_t)servers) : SECOND_NS;
	return needed < SECOND_NS ? needed : SECOND_NS;
}

static void wait_for(int64_t when_ns, int64_t now_ns, int64_t *wake_ns)
{
	if (*wake_ns <= now_ns || when_ns < *wake_ns)
		*wake_ns = when_ns;
}

/* So many in such a time. */
struct limit {
	unsigned most;
	int64_t window_ns;
};

/* Whether n more fit: at most `most` of a sort begin in any such time. */
static bool fits(const struct calls_window *w, struct limit limit, unsigned n, int64_t now_ns,
		 int64_t *wake_ns)
{
	const int64_t window_ns = limit.window_ns;
	const unsigned most = limit.most;
	unsigned beside = w->planned + n;
	if (beside > most) {
		/* One that is too many for any window still has its turn. */
		if (w->planned == 0)
			beside = most;
		else {
			wait_for(now_ns + window_ns, now_ns, wake_ns);
			return false;
		}
	}
	/* Of the newest `most` the one that has to be out of the window. */
	int64_t at = w->at_ns[(w->next + CALLS_ALL - most + beside - 1) % CALLS_ALL];
	if (at == 0 || at + window_ns + MARGIN_NS <= now_ns)
		return true;
	wait_for(at + window_ns + MARGIN_NS, now_ns, wake_ns);
	return false;
}

/* The server's window, made when it is new; NULL where nobody counts, or without memory. */
static struct calls_window *window_of(struct calls *calls, const struct call *call)
{
	if (!calls->spare || !call->arrives ||
	    !array_reserve(&calls->servers, &calls->servers_cap, (size_t)call->server + 1,
			   sizeof(*calls->servers)))
		return NULL;
	while (calls->servers_n <= call->server)
		calls->servers[calls->servers_n++] = (struct calls_window){0};
	return &calls->servers[call->server];
}

bool calls_rested(const struct calls *calls, int64_t now_ns, int64_t *wake_ns)
{
	if (calls->gap_ns == 0 || now_ns >= calls->free_ns)
		return true;
	wait_for(calls->free_ns, now_ns, wake_ns);
	return false;
}

bool calls_ready(struct calls *calls, const struct call *call, int64_t now_ns, int64_t *wake_ns)
{
	const struct calls_window *server = window_of(calls, call);
	if (!calls_rested(calls, now_ns, wake_ns))
		return false;
	if (calls->gap_ns && calls->all.planned)
		return false;
	struct limit all = {CALLS_ALL, calls->window_ns};
	struct limit each = {calls->rare ? 1 : CALLS_SERVER, SECOND_NS};
	if (calls->rare && !fits(&calls->all, all, call->n, now_ns, wake_ns))
		return false;
	return !server || fits(server, each, call->n, now_ns, wake_ns);
}

void calls_plan(struct calls *calls, const struct call *call)
{
	struct calls_window *server = window_of(calls, call);
	calls->all.planned += call->n;
	if (server)
		server->planned += call->n;
}

static void begin(struct calls_window *w, unsigned n, int64_t now_ns)
{
	w->planned -= n < w->planned ? n : w->planned;
	for (unsigned i = 0; i < n && now_ns; i++) {
		w->at_ns[w->next] = now_ns;
		w->next = (uint8_t)((w->next + 1) % CALLS_ALL);
	}
}

void calls_begin(struct calls *calls, const struct call *call, int64_t now_ns)
{
	struct calls_window *server = window_of(calls, call);
	if (call->n == 0)
		return;
	begin(&calls->all, call->n, now_ns);
	if (server)
		begin(server, call->n, now_ns);
	if (now_ns)
		calls->free_ns = now_ns + call->n * calls->gap_ns;
}

void calls_free(struct calls *calls)
{
	free(calls->servers);
	calls->servers = NULL;
	calls->servers_n = calls->servers_cap = 0;
}
