/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/clock.h"
#include "io/host/files.h"
#include "io/host/landlock.h"
#include "io/host/sandbox.h"
#include "io/host/sockaddr.h"
#include "io/host/status.h"
#include "io/send/connect_impl.h"
#include "io/send/ports.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define TALK_FD 3 /* the only descriptor it keeps beside the standard ones */

/* A connection under way. */
struct attempt {
	int fd; /* -1: none */
	uint32_t token;
	uint16_t port;
	int64_t started_ns;
};

struct child {
	struct ports ports;
	struct attempt attempts[CONNECT_PORTS];
};

static void report(uint32_t token, int error, int64_t took_ns)
{
	struct connect_outcome out = {.token = token, .error = error, .took_ns = took_ns};

	if (send(TALK_FD, &out, sizeof(out), MSG_NOSIGNAL) < 0)
		_exit(0);
}

/* Closed by a reset: nothing stays half closed, here or there. */
static void finish(struct attempt *a, int error)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	setsockopt(a->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(a->fd);
	a->fd = -1;
	report(a->token, error, clock_mono_ns() - a->started_ns);
}

/* A socket of the server's own family on the slot's port: mapped addresses pass other hooks. */
static int open_socket(struct child *c, const struct connect_request *r)
{
	uint16_t port = (uint16_t)(c->ports.first + r->slot);
	struct addr any = {.family = r->order.addr.family};
	struct sockaddr_storage name;
	int holder = ports_give(&c->ports, port);
	int family = any.family == 6 ? AF_INET6 : AF_INET;
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	socklen_t len = sockaddr_fill(&name, &any, port, 0);

	if (holder >= 0)
		close(holder);
	if (fd < 0)
		return -1;
	if (r->order.ifindex) {
		char interface[IF_NAMESIZE] = "";

		if (if_indextoname(r->order.ifindex, interface))
			setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, sizeof(interface));
	}
	if (r->order.retries) {
		int retries = r->order.retries;

		setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &retries, sizeof(retries));
	}
	if (bind(fd, (const struct sockaddr *)&name, len) == 0)
		return fd;
	close(fd);
	return -1;
}

static void start(struct child *c, const struct connect_request *r)
{
	struct sockaddr_storage to;
	struct attempt *a = &c->attempts[r->slot % CONNECT_PORTS];
	socklen_t len = sockaddr_fill(&to, &r->order.addr, r->order.port, 0);

	a->token = r->order.token;
	a->port = r->order.port;
	a->fd = open_socket(c, r);
	if (a->fd < 0) {
		report(a->token, ECANCELED, 0);
		return;
	}
	a->started_ns = clock_mono_ns();
	if (connect(a->fd, (const struct sockaddr *)&to, len) == 0)
		finish(a, 0);
	else if (errno != EINPROGRESS)
		finish(a, errno);
}

static void check(struct attempt *a)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	finish(a, error);
}

static void stop(struct child *c, uint16_t port)
{
	for (size_t i = 0; i < CONNECT_PORTS; i++) {
		if (c->attempts[i].fd >= 0 && c->attempts[i].port == port)
			finish(&c->attempts[i], EINPROGRESS);
	}
}

static void serve(struct child *c)
{
	struct pollfd fds[1 + CONNECT_PORTS] = {{.fd = TALK_FD, .events = POLLIN}};
	struct connect_request request;

	for (size_t i = 0; i < CONNECT_PORTS; i++)
		fds[1 + i] = (struct pollfd){.fd = c->attempts[i].fd, .events = POLLOUT};
	if (poll(fds, 1 + CONNECT_PORTS, -1) < 0)
		return;
	for (size_t i = 0; i < CONNECT_PORTS; i++) {
		if (fds[1 + i].revents)
			check(&c->attempts[i]);
	}
	if (!fds[0].revents)
		return;
	if (recv(TALK_FD, &request, sizeof(request), 0) != (ssize_t)sizeof(request))
		_exit(0);
	if (request.slot == CONNECT_STOP)
		stop(c, request.order.port);
	else
		start(c, &request);
}

/* Nothing of the program's stays open but the line to it; the terminal's keys are not for us. */
static void detach(int fd)
{
	int null;

	dup2(fd, TALK_FD);
	null = open("/dev/null", O_RDWR);
	for (int i = 0; i < TALK_FD && null >= 0; i++)
		dup2(null, i);
	(void)files_close(TALK_FD + 1, ~0U);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
}

/* The parent's key is not for a process that runs as another user: this one has its own. */
static int bind_own(struct ports *ports, struct err *err)
{
	struct draw_key key;
	struct draw draw;

	if (clock_key(&key, err) != 0)
		return -1;
	draw_open(&draw, &key, DRAW_PORTS);
	return ports_bind(ports, CONNECT_PORTS, PORTS_WITHIN, &draw, err);
}

void connect_child(int fd, const struct caller *user)
{
	struct child c = {0};
	struct connect_hello hello = {0};
	struct err err = {0};
	pid_t parent = getppid();

	detach(fd);
	for (size_t i = 0; i < CONNECT_PORTS; i++)
		c.attempts[i].fd = -1;
	if (privilege_drop(user, &err) != 0 || sandbox_enter(SANDBOX_LIVE, &err) != 0) {
		hello.status = IO_PERMISSION;
	} else if (bind_own(&c.ports, &err) != 0 || landlock_nothing(&err) != 0) {
		hello.status = IO_SYSTEM;
	}
	/* A change of user forgets an earlier wish. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	hello.first_port = c.ports.first;
	snprintf(hello.why, sizeof(hello.why), "%s", err.msg);
	if (send(TALK_FD, &hello, sizeof(hello), MSG_NOSIGNAL) < 0 || hello.status ||
	    getppid() != parent)
		_exit(0);
	for (;;)
		serve(&c);
}
