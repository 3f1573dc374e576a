/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's own connections, in children: outcomes, ports, users, the end. */
#include "between.h"
#include "io/send/connect.h"
#include "io_test.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 5000

static struct connector *open_for(uid_t uid)
{
	struct caller user = {.uid = uid, .gid = getgid()};
	struct err err = {0};
	struct connector *c = connector_open(&user, 1, &err);
	if (!c)
		fail_msg("%s", err.msg);
	return c;
}

/* A socket bound to a port of the loopback address; its port. */
static int local_socket(bool listening, uint16_t *port)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t len = sizeof(name);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	if (listening)
		assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
	*port = ntohs(name.sin_port);
	return fd;
}

static struct connect_outcome outcome_of(struct connector *c)
{
	struct pollfd fd = {.fd = connector_fd(c), .events = POLLIN};
	struct connect_outcome out = {.token = UINT32_MAX};
	assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
	assert_true(connector_next(c, &out));
	return out;
}

static int start(struct connector *c, uint16_t port, uint32_t token, uint16_t *src)
{
	struct connect_order order = {.port = port, .token = token};
	assert_true(addr_parse("127.0.0.1", &order.addr));
	return connector_start(c, 0, &order, src);
}

static void outcomes(void **state)
{
	(void)state;
	struct connector *c = open_for(getuid());
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	uint16_t open_port, closed_port, src;
	int open_fd = local_socket(true, &open_port);
	int closed_fd = local_socket(false, &closed_port);
	assert_int_equal(start(c, open_port, 11, &src), 0);
	struct connect_outcome out = outcome_of(c);
	assert_int_equal(out.token, 11);
	assert_int_equal(out.error, 0);
	assert_true(out.took_ns > 0);
	int got = accept(open_fd, (struct sockaddr *)&peer, &len);
	assert_true(got >= 0);
	assert_int_equal(ntohs(peer.sin_port), src);
	assert_between(src, connector_first_port(c, 0),
		       connector_first_port(c, 0) + CONNECT_PORTS - 1);
	/* Closed by a reset: nothing lingers. */
	assert_int_equal(read(got, &peer, sizeof(peer)), -1);
	assert_int_equal(errno, ECONNRESET);
	assert_int_equal(start(c, closed_port, 12, &src), 0);
	out = outcome_of(c);
	assert_int_equal(out.token, 12);
	assert_int_equal(out.error, ECONNREFUSED);
	close(got);
	close(open_fd);
	close(closed_fd);
	connector_close(c);
}

/* Whatever nobody answers is given up on demand, of that port alone. */
static void stopped(void **state)
{
	(void)state;
	struct connector *c = open_for(getuid());
	uint16_t closed_port, full_port, src;
	int closed_fd = local_socket(false, &closed_port);
	int full_fd = local_socket(true, &full_port);
	/* Once its queue holds a connection that nobody accepts it answers no further SYN. */
	assert_int_equal(listen(full_fd, 0), 0);
	assert_int_equal(start(c, full_port, 1, &src), 0);
	assert_int_equal(outcome_of(c).error, 0);
	assert_int_equal(start(c, full_port, 2, &src), 0);
	connector_stop(c, closed_port);
	assert_int_equal(start(c, closed_port, 3, &src), 0);
	assert_int_equal(outcome_of(c).token, 3);
	connector_stop(c, full_port);
	struct connect_outcome out = outcome_of(c);
	assert_int_equal(out.token, 2);
	assert_int_equal(out.error, EINPROGRESS);
	close(closed_fd);
	close(full_fd);
	connector_close(c);
}

static void ports_run_out(void **state)
{
	(void)state;
	struct connector *c = open_for(getuid());
	uint16_t closed_port, src;
	int fd = local_socket(false, &closed_port);
	for (uint32_t i = 0; i < CONNECT_PORTS; i++) {
		assert_int_equal(start(c, closed_port, i, &src), 0);
		assert_int_equal(outcome_of(c).token, i);
	}
	assert_int_equal(start(c, closed_port, 99, &src), ENOBUFS);
	assert_int_equal(start(c, closed_port, 99, &src), ENOBUFS);
	close(fd);
	connector_close(c);
}

static void nobody_stays(void **state)
{
	(void)state;
	connector_close(open_for(getuid()));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* Without root nobody else can be become; with it, the child does not keep it. */
static void other_users(void **state)
{
	(void)state;
	struct caller user = {.uid = 65534, .gid = 65534};
	struct err err = {0};
	struct connector *c = connector_open(&user, 1, &err);
	if (geteuid() == 0) {
		assert_non_null(c);
		connector_close(c);
		return;
	}
	assert_null(c);
	assert_int_equal(err.code, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcomes),	 cmocka_unit_test(stopped),
		cmocka_unit_test(ports_run_out), cmocka_unit_test(nobody_stays),
		cmocka_unit_test(other_users),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
