/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/resolver.h"
#include "io/host/status.h"
#include <arpa/nameser.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#define MS_PER_S    1000
#define US_PER_MS   1000
#define SOCKETS_MAX 32 /* at once: one a server and protocol */
#define TEXT_BYTES  512

struct resolver {
	ares_channel channel;
	struct pollfd polled[SOCKETS_MAX]; /* what the library wants to be told of */
	nfds_t n;
};

/* The library opens, closes or wants something else of a socket. One too many is never heard. */
static void on_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct resolver *r = arg;
	short events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
	nfds_t at = 0;

	while (at < r->n && r->polled[at].fd != fd)
		at++;
	if (events && at < SOCKETS_MAX) {
		r->polled[at] = (struct pollfd){.fd = fd, .events = events};
		r->n += at == r->n;
	} else if (!events && at < r->n) {
		r->polled[at] = r->polled[--r->n];
	}
}

struct resolver *resolver_open(int try_ms, int tries, const char *what, struct err *err)
{
	struct resolver *r = calloc(1, sizeof(*r));
	struct ares_options options = {.timeout = try_ms,
				       .tries = tries,
				       .sock_state_cb = on_socket,
				       .sock_state_cb_data = r};
	int status = ARES_ENOMEM;

	if (r)
		status = ares_library_init(ARES_LIB_INIT_ALL);
	if (r && status == ARES_SUCCESS) {
		status = ares_init_options(&r->channel, &options,
					   ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
						   ARES_OPT_SOCK_STATE_CB);
		if (status == ARES_SUCCESS)
			return r;
		ares_library_cleanup();
	}
	free(r);
	err_set(err, IO_SYSTEM, "%s: %s", what, ares_strerror(status));
	return NULL;
}

ares_channel resolver_channel(const struct resolver *r)
{
	return r->channel;
}

/* The library has times of its own, for the next try. */
static int wait_of(ares_channel channel, int wait_ms)
{
	struct timeval limit = {.tv_sec = wait_ms / MS_PER_S,
				.tv_usec = wait_ms % MS_PER_S * US_PER_MS};
	const struct timeval *next;

	if (wait_ms == 0)
		return 0;
	next = ares_timeout(channel, &limit, &limit);
	/* Rounded up: a wait of zero would spin until that time is over. */
	return (int)(next->tv_sec * MS_PER_S + next->tv_usec / US_PER_MS + 1);
}

void resolver_work(struct resolver *r, int wait_ms)
{
	struct pollfd polled[SOCKETS_MAX]; /* a copy: the library changes its own meanwhile */
	nfds_t n = r->n;

	memcpy(polled, r->polled, sizeof(polled));
	if (poll(polled, n, wait_of(r->channel, wait_ms)) <= 0) {
		ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		return;
	}
	for (nfds_t i = 0; i < n; i++) {
		int events = polled[i].revents;

		if (events)
			ares_process_fd(r->channel,
					events & ~POLLOUT ? polled[i].fd : ARES_SOCKET_BAD,
					events & POLLOUT ? polled[i].fd : ARES_SOCKET_BAD);
	}
}

void resolver_close(struct resolver *r)
{
	if (!r)
		return;
	ares_destroy(r->channel);
	ares_library_cleanup();
	free(r);
}

/* --- texts ----------------------------------------------------------------------------------- */

/* Whom the texts of an answer go to. */
struct text_question {
	resolver_text_fn *take;
	void *arg;
};

static void take_bytes(const struct text_question *q, const unsigned char *bytes, size_t length)
{
	char text[TEXT_BYTES];
	size_t n = length < sizeof(text) ? length : sizeof(text) - 1;

	if (n > 0)
		memcpy(text, bytes, n);
	text[n] = '\0';
	q->take(q->arg, text);
}

/* The question is over. */
static void finish(struct text_question *q)
{
	q->take(q->arg, NULL);
	free(q);
}

#if ARES_VERSION >= 0x011c00 /* 1.28: records that the library takes apart */

static void on_texts(void *arg, ares_status_t status, size_t timeouts,
		     const ares_dns_record_t *answer)
{
	struct text_question *q = arg;
	size_t n = status == ARES_SUCCESS ? ares_dns_record_rr_cnt(answer, ARES_SECTION_ANSWER) : 0;

	(void)timeouts;
	for (size_t i = 0; i < n; i++) {
		const ares_dns_rr_t *rr =
			ares_dns_record_rr_get_const(answer, ARES_SECTION_ANSWER, i);
		size_t parts = rr && ares_dns_rr_get_type(rr) == ARES_REC_TYPE_TXT
				       ? ares_dns_rr_get_abin_cnt(rr, ARES_RR_TXT_DATA)
				       : 0;

		for (size_t part = 0; part < parts; part++) {
			size_t length = 0;
			const unsigned char *bytes =
				ares_dns_rr_get_abin(rr, ARES_RR_TXT_DATA, part, &length);

			take_bytes(q, bytes, bytes ? length : 0);
		}
	}
	finish(q);
}

static void query(struct resolver *r, const char *name, struct text_question *q)
{
	ares_query_dnsrec(r->channel, name, ARES_CLASS_IN, ARES_REC_TYPE_TXT, on_texts, q, NULL);
}

#else

static void on_texts(void *arg, int status, int timeouts, unsigned char *answer, int len)
{
	struct text_question *q = arg;
	struct ares_txt_reply *texts = NULL;

	(void)timeouts;
	if (status == ARES_SUCCESS && ares_parse_txt_reply(answer, len, &texts) == ARES_SUCCESS) {
		for (const struct ares_txt_reply *t = texts; t; t = t->next)
			take_bytes(q, t->txt, t->length);
		ares_free_data(texts);
	}
	finish(q);
}

static void query(struct resolver *r, const char *name, struct text_question *q)
{
	ares_query(r->channel, name, ns_c_in, ns_t_txt, on_texts, q);
}

#endif

void resolver_ask_texts(struct resolver *r, const char *name, resolver_text_fn *take, void *arg)
{
	struct text_question *q = malloc(sizeof(*q));

	if (!q) {
		take(arg, NULL);
		return;
	}
	*q = (struct text_question){.take = take, .arg = arg};
	query(r, name, q);
}
