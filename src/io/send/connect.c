/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/status.h"
#include "io/send/connect_impl.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HELLO_MS 3000

struct member {
	int fd; /* -1: gone */
	pid_t pid;
	uint16_t first_port, used;
};

struct connector {
	int poll;
	size_t n;
	struct member members[CONNECT_USERS_MAX];
};

static int start_child(struct connector *c, const struct caller *user)
{
	struct member *m = &c->members[c->n];
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = c->n};
	int pair[2];

	*m = (struct member){.fd = -1};
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	m->pid = fork();
	if (m->pid == 0)
		connect_child(pair[1], user);
	close(pair[1]);
	m->fd = pair[0];
	if (m->pid < 0 || epoll_ctl(c->poll, EPOLL_CTL_ADD, m->fd, &event) != 0) {
		close(m->fd);
		return -1;
	}
	c->n++;
	return 0;
}

static int greet(struct member *m, const struct caller *user, struct err *err)
{
	struct pollfd fd = {.fd = m->fd, .events = POLLIN};
	struct connect_hello hello = {.status = IO_SYSTEM, .why = "it does not answer"};
	const char *name = *user->name ? user->name : "?";
	int n;

	do
		n = poll(&fd, 1, HELLO_MS);
	while (n < 0 && errno == EINTR);
	if (n > 0 && recv(m->fd, &hello, sizeof(hello), 0) != (ssize_t)sizeof(hello))
		hello.status = IO_SYSTEM;
	hello.why[sizeof(hello.why) - 1] = '\0';
	m->first_port = hello.first_port;
	if (hello.status == 0)
		return 0;
	return err_set(err, hello.status, "cannot connect as user %s (%u): %s", name, user->uid,
		       hello.why);
}

struct connector *connector_open(const struct caller *users, size_t n, struct err *err)
{
	struct connector *c = calloc(1, sizeof(*c));

	if (!c) {
		err_set(err, IO_SYSTEM, "no memory for connections");
		return NULL;
	}
	c->poll = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; i < n && i < CONNECT_USERS_MAX; i++) {
		if (c->poll < 0 || start_child(c, &users[i]) != 0) {
			err_set(err, IO_SYSTEM, "cannot start a process for connections: %s",
				strerror(errno));
			goto fail;
		}
	}
	for (size_t i = 0; i < c->n; i++) {
		if (greet(&c->members[i], &users[i], err) != 0)
			goto fail;
	}
	return c;
fail:
	connector_close(c);
	return NULL;
}

static void leave(struct connector *c, struct member *m)
{
	if (m->fd < 0)
		return;
	epoll_ctl(c->poll, EPOLL_CTL_DEL, m->fd, NULL);
	close(m->fd);
	m->fd = -1;
}

void connector_close(struct connector *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++)
		leave(c, &c->members[i]);
	/* They end when their line does. */
	for (size_t i = 0; i < c->n; i++) {
		while (waitpid(c->members[i].pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	if (c->poll >= 0)
		close(c->poll);
	free(c);
}

uint16_t connector_first_port(const struct connector *c, size_t user)
{
	return user < c->n ? c->members[user].first_port : 0;
}

int connector_start(struct connector *c, size_t user, const struct connect_order *order,
		    uint16_t *src_port)
{
	struct connect_request request = {.order = *order};
	struct member *m;

	*src_port = 0;
	if (user >= c->n || c->members[user].fd < 0)
		return ESRCH;
	m = &c->members[user];
	if (m->used >= CONNECT_PORTS)
		return ENOBUFS;
	request.slot = m->used++;
	*src_port = (uint16_t)(m->first_port + request.slot);
	if (send(m->fd, &request, sizeof(request), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return errno;
	return 0;
}

void connector_stop(struct connector *c, uint16_t port)
{
	struct connect_request request = {.order = {.port = port}, .slot = CONNECT_STOP};

	/* A child that does not listen goes on, which costs a repeated SYN. */
	for (size_t i = 0; i < c->n; i++) {
		if (c->members[i].fd >= 0)
			(void)send(c->members[i].fd, &request, sizeof(request),
				   MSG_NOSIGNAL | MSG_DONTWAIT);
	}
}

bool connector_next(struct connector *c, struct connect_outcome *out)
{
	struct epoll_event event;

	while (epoll_wait(c->poll, &event, 1, 0) == 1) {
		struct member *m = &c->members[event.data.u64];

		if (recv(m->fd, out, sizeof(*out), MSG_DONTWAIT) == (ssize_t)sizeof(*out))
			return true;
		leave(c, m);
	}
	return false;
}

int connector_fd(const struct connector *c)
{
	return c->poll;
}
