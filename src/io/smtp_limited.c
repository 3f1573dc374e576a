/* SPDX-License-Identifier: BSD-2-Clause */
/* One command in segments that travel only so far: what answers sits no further away. */
#include "io/clock.h"
#include "io/smtp_impl.h"
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define WAIT_NS (400 * INT64_C(1000000)) /* beyond the first retransmission */

static void limit(const struct talk *t, int ttl)
{
	/* A dual-stack socket has both, and each family uses its own. */
	(void)setsockopt(t->fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	(void)setsockopt(t->fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof(ttl));
}

static void send_command(struct talk *t)
{
	static const char command[] = "EHLO [127.0.0.1]\r\n";

	limit(t, t->record.ttl);
	if (send(t->fd, command, sizeof(command) - 1, MSG_NOSIGNAL) > 0)
		smtp_log_out(&t->log, command, sizeof(command) - 1);
	t->command_sent = true;
	t->since_ns = clock_mono_ns();
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

bool talk_limited(struct talk *t)
{
	char buf[2048];
	ssize_t n = recv(t->fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n > 0)
		take_lines(t, buf, (size_t)n);
	if (n == 0)
		t->record.end = SESSION_CLOSED;
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		t->record.error = errno;
		t->record.end = errno == ECONNRESET ? SESSION_RESET : SESSION_CLOSED;
		n = 0;
	}
	if (n == 0 || t->log.flooded)
		return true;
	if (t->log.greeted && !t->command_sent)
		send_command(t);
	t->record.end = SESSION_SILENT;
	if (!t->command_sent)
		return false;
	return t->log.stage >= SESSION_ANSWERED || clock_mono_ns() - t->since_ns > WAIT_NS;
}
