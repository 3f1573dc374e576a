/* SPDX-License-Identifier: BSD-2-Clause */
/* One command in segments that travel only so far: what answers sits no further away. */
#include "io/host/clock.h"
#include "io/mail/smtp_impl.h"
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Beyond the first retransmission, so that a lost segment is not taken for a silent hop. */
#define WAIT_NS	    (450 * INT64_C(1000000))
#define DEFAULT_TTL (-1)

struct words {
	const char *at;
	size_t n;
};

#define WORDS(text)                                                                                \
	{                                                                                          \
		(text), sizeof(text) - 1                                                           \
	}

/* What follows the greeting, the answer to EHLO, the answer to STARTTLS. */
static const struct words steps[] = {
	WORDS("EHLO [127.0.0.1]\r\n"),
	WORDS("STARTTLS\r\n"),
	/* A ClientHello as short as RFC 8446 allows, in a record of RFC 5246. */
	WORDS("\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03"
	      "whoblocks measures the way there"
	      "\x00\x00\x02\x13\x01\x01\x00"),
};

static void limit(const struct talk *t, int ttl)
{
	/* A dual-stack socket has both, and each family uses its own. */
	(void)setsockopt(t->fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	(void)setsockopt(t->fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof(ttl));
}

/* Says what the dialogue has come to; limited, once it is what is measured. */
static void say_next(struct talk *t)
{
	int stage = (int)t->log.stage;
	size_t step = (size_t)(stage - SESSION_GREETED);

	if (t->command_sent || stage < SESSION_GREETED || stage > SESSION_AGREED || step != t->said)
		return;
	if (stage == t->record.trigger) {
		limit(t, t->record.ttl);
		t->command_sent = true;
		t->since_ns = clock_mono_ns();
	}
	t->said++;
	if (send(t->fd, steps[step].at, steps[step].n, MSG_NOSIGNAL) > 0 && stage < SESSION_AGREED)
		smtp_log_out(&t->log, steps[step].at, steps[step].n);
}

/* Lines as they come; one that is cut between two reads counts as two. */
static void take_lines(struct talk *t, const char *at, size_t n)
{
	while (n > 0) {
		const char *end = memchr(at, '\n', n);
		size_t len = end ? (size_t)(end - at) + 1 : n;

		smtp_log_in(&t->log, at, len, clock_real_ns());
		at += len;
		n -= len;
	}
}

/* Leaves at once: the rest of a limited command would otherwise go out after all. */
static bool leave(struct talk *t)
{
	struct linger now = {.l_onoff = 1};

	limit(t, DEFAULT_TTL);
	(void)setsockopt(t->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	return true;
}

bool talk_limited(struct talk *t)
{
	char buf[2048];
	ssize_t n = recv(t->fd, buf, sizeof(buf), MSG_DONTWAIT);

	t->record.end = SESSION_SILENT;
	if (n > 0 && !t->command_sent)
		take_lines(t, buf, (size_t)n);
	if (n == 0)
		t->record.end = SESSION_CLOSED;
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		t->record.error = errno;
		t->record.end = errno == ECONNRESET ? SESSION_RESET : SESSION_CLOSED;
		n = 0;
	}
	if (n == 0 || t->log.flooded || (n > 0 && t->command_sent))
		return leave(t);
	say_next(t);
	if (clock_mono_ns() - t->since_ns > (t->command_sent ? WAIT_NS : 10 * WAIT_NS))
		return leave(t);
	return false;
}
