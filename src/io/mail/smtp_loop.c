/* SPDX-License-Identifier: BSD-2-Clause */
/* What carries all sessions: one descriptor over libcurl's sockets, its timer and our own. */
#include "io/host/status.h"
#include "io/mail/smtp_impl.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

#define MS INT64_C(1000000)

int smtp_watch(const struct smtp *smtp, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.fd = fd};

	if (epoll_ctl(smtp->epoll, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	return epoll_ctl(smtp->epoll, EPOLL_CTL_ADD, fd, &event);
}

void smtp_unwatch(const struct smtp *smtp, int fd)
{
	(void)epoll_ctl(smtp->epoll, EPOLL_CTL_DEL, fd, NULL);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	const struct smtp *smtp = arg;
	uint32_t events = what == CURL_POLL_INOUT ? EPOLLIN | EPOLLOUT
			  : what == CURL_POLL_OUT ? EPOLLOUT
						  : EPOLLIN;

	(void)easy;
	(void)unused;
	if (what == CURL_POLL_REMOVE)
		smtp_unwatch(smtp, fd);
	else
		(void)smtp_watch(smtp, fd, events);
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *arg)
{
	const struct smtp *smtp = arg;
	struct itimerspec when = {0};

	(void)multi;
	if (timeout_ms > 0) {
		when.it_value.tv_sec = timeout_ms / 1000;
		when.it_value.tv_nsec = timeout_ms % 1000 * MS;
	} else if (timeout_ms == 0) {
		when.it_value.tv_nsec = 1;
	}
	(void)timerfd_settime(smtp->timer, 0, &when, NULL);
	return 0;
}

bool smtp_open_loop(struct smtp *smtp)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return false;
	smtp->multi = curl_multi_init();
	smtp->epoll = epoll_create1(EPOLL_CLOEXEC);
	smtp->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (!smtp->multi || smtp->epoll < 0 || smtp->timer < 0)
		return false;
	curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETDATA, smtp);
	curl_multi_setopt(smtp->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(smtp->multi, CURLMOPT_TIMERDATA, smtp);
	return smtp_watch(smtp, smtp->timer, EPOLLIN) == 0;
}
