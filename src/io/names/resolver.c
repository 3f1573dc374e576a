/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/resolver.h"
#include <poll.h>
#include <sys/time.h>

#define MS_PER_S  1000
#define US_PER_MS 1000

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

void resolver_work(ares_channel channel, int wait_ms)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	struct pollfd polled[ARES_GETSOCK_MAXNUM];
	/* The library's own macros shift a signed 1 into the sign bit. */
	unsigned int wanted = (unsigned int)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
	nfds_t n = 0;

	for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		short events = 0;

		if (wanted & 1U << i)
			events |= POLLIN;
		if (wanted & 1U << (i + ARES_GETSOCK_MAXNUM))
			events |= POLLOUT;
		if (events)
			polled[n++] = (struct pollfd){.fd = sockets[i], .events = events};
	}
	if (poll(polled, n, wait_of(channel, wait_ms)) <= 0) {
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		return;
	}
	for (nfds_t i = 0; i < n; i++) {
		int events = polled[i].revents;

		if (events)
			ares_process_fd(channel, events & ~POLLOUT ? polled[i].fd : ARES_SOCKET_BAD,
					events & POLLOUT ? polled[i].fd : ARES_SOCKET_BAD);
	}
}
