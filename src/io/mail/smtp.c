/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/mail/smtp.h"
#include "io/host/clock.h"
#include "io/host/sockaddr.h"
#include "io/host/status.h"
#include "io/mail/smtp_impl.h"
#include "io/names/lines.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 64

void smtp_close(struct smtp *smtp)
{
	if (!smtp)
		return;
	smtp_stop(smtp);
	for (struct talk *t = smtp->talks, *next; t; t = next) {
		next = t->next;
		talk_free(t);
	}
	if (smtp->taken)
		talk_free(smtp->taken);
	curl_multi_cleanup(smtp->multi);
	if (smtp->epoll >= 0)
		close(smtp->epoll);
	if (smtp->timer >= 0)
		close(smtp->timer);
	free(smtp->trust.data);
	free(smtp);
}

struct smtp *smtp_open(const char *cacert, struct err *err)
{
	struct smtp *smtp = calloc(1, sizeof(*smtp));

	if (!smtp) {
		err_set(err, IO_SYSTEM, "no memory for mail sessions");
		return NULL;
	}
	smtp->epoll = smtp->timer = -1;
	if (cacert && lines_load(cacert, &smtp->trust.data, &smtp->trust.len, err) != 0)
		goto failed;
	if (cacert && !talk_trust_holds_any(&smtp->trust)) {
		err_set(err, IO_INPUT, "%s holds no certificate (PEM)", cacert);
		goto failed;
	}
	if (smtp_open_loop(smtp))
		return smtp;
	err_set(err, IO_SYSTEM, "cannot prepare mail sessions: %s", strerror(errno));
failed:
	smtp_close(smtp);
	return NULL;
}

static void refuse(struct talk *t, int error)
{
	t->record.error = error;
	t->record.end = SESSION_REFUSED;
	talk_finish(t);
}

static bool make_talk(struct smtp *smtp, const struct smtp_order *order)
{
	struct talk *t = calloc(1, sizeof(*t));

	if (!t)
		return false;
	t->smtp = smtp;
	t->fd = order->fd;
	t->addr = order->addr;
	if (order->name && strlen(order->name) < sizeof(t->name))
		strcpy(t->name, order->name);
	t->record = (struct session){
		.server = order->server,
		.port = order->port,
		.src_port = order->src_port,
		.pass = order->pass,
		.trigger = (uint8_t)order->trigger,
		.ttl = order->ttl,
		.at_ns = clock_real_ns(),
	};
	t->next = smtp->talks;
	smtp->talks = t;
	talk_enter(t, TALK_CONNECTING);
	return true;
}

bool smtp_start(struct smtp *smtp, const struct smtp_order *order)
{
	struct sockaddr_storage to;
	int family = AF_INET6;
	socklen_t n = sizeof(family);

	if (!make_talk(smtp, order)) {
		close(order->fd);
		return false;
	}
	struct talk *t = smtp->talks;
	(void)getsockopt(t->fd, SOL_SOCKET, SO_DOMAIN, &family, &n);
	(void)fcntl(t->fd, F_SETFL, O_NONBLOCK);
	if (order->interface)
		(void)setsockopt(t->fd, SOL_SOCKET, SO_BINDTODEVICE, order->interface,
				 (socklen_t)strlen(order->interface));
	n = family == AF_INET6 ? sockaddr_fill_dual(&to, &order->addr, order->port)
			       : sockaddr_fill(&to, &order->addr, order->port, 0);
	if (connect(t->fd, (const struct sockaddr *)&to, n) != 0 && errno != EINPROGRESS)
		refuse(t, errno);
	else
		(void)smtp_watch(smtp, t->fd, EPOLLOUT);
	return true;
}

static void connected(struct talk *t)
{
	struct smtp *smtp = t->smtp;
	int error = 0;
	socklen_t n = sizeof(error);

	smtp_unwatch(smtp, t->fd);
	(void)getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &n);
	if (error) {
		refuse(t, error);
		return;
	}
	t->record.connected_ns = clock_real_ns();
	t->log.stage = SESSION_CONNECTED;
	if (t->record.pass == SESSION_LIMITED) {
		talk_enter(t, TALK_LIMITED);
		(void)smtp_watch(smtp, t->fd, EPOLLIN);
		return;
	}
	talk_enter(t, TALK_RUNNING);
	if (!talk_prepare(t, &smtp->trust) ||
	    curl_multi_add_handle(smtp->multi, t->easy) != CURLM_OK)
		refuse(t, ENOMEM);
}

static struct talk *find(const struct smtp *smtp, int fd)
{
	for (struct talk *t = smtp->talks; t; t = t->next) {
		if (t->fd == fd)
			return t;
	}
	return NULL;
}

static void on_event(struct smtp *smtp, const struct epoll_event *event)
{
	int running = 0, mask = 0, fd = event->data.fd;
	struct talk *t = fd == smtp->timer ? NULL : find(smtp, fd);

	if (fd == smtp->timer) {
		uint64_t times;

		(void)!read(fd, &times, sizeof(times));
		curl_multi_socket_action(smtp->multi, CURL_SOCKET_TIMEOUT, 0, &running);
		return;
	}
	if (t && t->phase == TALK_CONNECTING) {
		connected(t);
		return;
	}
	if (t && t->phase == TALK_LIMITED && talk_limited(t))
		talk_finish(t);
	else if (t && t->phase == TALK_QUITTING && talk_quitting(t))
		talk_finish(t);
	if (!t || t->phase != TALK_RUNNING)
		return;
	mask |= event->events & EPOLLIN ? CURL_CSELECT_IN : 0;
	mask |= event->events & EPOLLOUT ? CURL_CSELECT_OUT : 0;
	mask |= event->events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0;
	curl_multi_socket_action(smtp->multi, fd, mask, &running);
}

static void take_results(struct smtp *smtp)
{
	int left;

	for (CURLMsg *m; (m = curl_multi_info_read(smtp->multi, &left)) != NULL;) {
		struct talk *t = NULL;

		if (m->msg != CURLMSG_DONE ||
		    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t) != CURLE_OK)
			continue;
		talk_result(t, m->data.result);
		if (t->record.end != SESSION_DONE || t->fd < 0) {
			talk_finish(t);
			continue;
		}
		talk_quit(t);
		talk_enter(t, TALK_QUITTING);
		(void)smtp_watch(smtp, t->fd, EPOLLIN);
	}
}

void smtp_work(struct smtp *smtp)
{
	struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(smtp->epoll, events, EVENTS_MAX, 0);
	int64_t now = clock_mono_ns();

	for (int i = 0; i < n; i++)
		on_event(smtp, &events[i]);
	take_results(smtp);
	for (struct talk *t = smtp->talks; t; t = t->next)
		talk_mind_time(t, now);
}

int smtp_fd(const struct smtp *smtp)
{
	return smtp->epoll;
}

size_t smtp_active(const struct smtp *smtp)
{
	size_t n = 0;

	for (const struct talk *t = smtp->talks; t; t = t->next)
		n += t->phase != TALK_ENDED;
	return n;
}

/* Sessions whose server accepted longer ago than this, and has not greeted, or not sent a line. */
static size_t count_quiet(const struct smtp *smtp, int64_t after_ns, bool wordless)
{
	int64_t now = clock_mono_ns();
	size_t n = 0;

	for (const struct talk *t = smtp->talks; t; t = t->next)
		n += t->phase == TALK_RUNNING && !t->log.greeted &&
		     (!wordless || t->log.came == 0) && now - t->since_ns >= after_ns;
	return n;
}

size_t smtp_ungreeted(const struct smtp *smtp, int64_t after_ns)
{
	return count_quiet(smtp, after_ns, false);
}

size_t smtp_wordless(const struct smtp *smtp, int64_t after_ns)
{
	return count_quiet(smtp, after_ns, true);
}

bool smtp_take(struct smtp *smtp, struct session *out)
{
	if (smtp->taken)
		talk_free(smtp->taken);
	smtp->taken = NULL;
	for (struct talk **link = &smtp->talks; *link; link = &(*link)->next) {
		struct talk *t = *link;

		if (t->phase != TALK_ENDED)
			continue;
		*link = t->next;
		smtp->taken = t;
		t->record.lines = t->log.lines.len ? text_str(&t->log.lines) : NULL;
		t->record.version = t->log.version.len ? text_str(&t->log.version) : NULL;
		t->record.chain = t->chain.len ? text_str(&t->chain) : NULL;
		*out = t->record;
		return true;
	}
	return false;
}
