/* SPDX-License-Identifier: BSD-2-Clause */
#include "../seeded.h"
#include "between.h"
#include "io/host/clock.h"
#include "io/host/sockaddr.h"
#include "io/send/ports.h"
#include "io_test.h"
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* Whether somebody else can have the port on an address of a family. */
static bool is_free(int family, uint16_t port)
{
	struct addr any = {.family = family == AF_INET ? 4 : 6};
	struct sockaddr_storage at;
	socklen_t len = sockaddr_fill(&at, &any, port, 0);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool bound;

	assert_int_not_equal(fd, -1);
	bound = bind(fd, (const struct sockaddr *)&at, len) == 0;
	if (!bound)
		assert_int_equal(errno, EADDRINUSE);
	close(fd);
	return bound;
}

static struct draw drawn(uint64_t seed)
{
	struct draw_key key = seeded_key(seed);
	struct draw draw;

	draw_open(&draw, &key, DRAW_PORTS);
	return draw;
}

static void block_is_ours(void **state)
{
	struct draw draw = drawn(1);
	struct ports p;
	struct err err;
	uint16_t first;

	(void)state;
	assert_int_equal(ports_bind(&p, 200, PORTS_OUTSIDE, &draw, &err), 0);
	assert_int_equal(p.n, 200);
	assert_true(p.first >= 10000);
	for (uint16_t i = 0; i < p.n; i += 199) {
		assert_false(is_free(AF_INET, (uint16_t)(p.first + i)));
		assert_false(is_free(AF_INET6, (uint16_t)(p.first + i)));
	}
	first = p.first;
	ports_close(&p);
	assert_null(p.fds);
	assert_true(is_free(AF_INET, first));
	assert_true(is_free(AF_INET6, first));
}

/* The same key starts at the same place, and what is taken there is passed over. */
static void taken_ports_are_passed_over(void **state)
{
	struct draw one = drawn(42), two = drawn(42);
	struct ports first, second;
	struct err err;

	(void)state;
	own_network();
	assert_int_equal(ports_bind(&first, 50, PORTS_OUTSIDE, &one, &err), 0);
	assert_int_equal(ports_bind(&second, 50, PORTS_OUTSIDE, &two, &err), 0);
	assert_true(second.first >= first.first + 50 || second.first + 50 <= first.first);
	ports_close(&first);
	two = drawn(42);
	assert_int_equal(ports_bind(&first, 50, PORTS_OUTSIDE, &two, &err), 0);
	ports_close(&first);
	ports_close(&second);
}

static void more_than_the_soft_limit(void **state)
{
	struct draw draw = drawn(7);
	struct ports p;
	struct err err;

	(void)state;
	own_network();
	assert_int_equal(ports_bind(&p, 1500, PORTS_OUTSIDE, &draw, &err), 0);
	ports_close(&p);
	assert_int_equal(ports_bind(&p, 0, PORTS_OUTSIDE, &draw, &err), -1);
	assert_int_equal(ports_bind(&p, PORTS_MAX + 1, PORTS_OUTSIDE, &draw, &err), -1);
}

/* A port that was handed over connects from where it was bound. */
static void given_port_connects(void **state)
{
	static const struct addr loopback = {4, {127, 0, 0, 1}};
	struct sockaddr_storage to, from;
	socklen_t len = sizeof(from);
	struct sockaddr_in6 name;
	struct draw draw = drawn(9);
	struct ports p;
	struct err err;
	int fd;

	(void)state;
	own_network();
	assert_int_equal(ports_bind(&p, 4, PORTS_OUTSIDE, &draw, &err), 0);
	fd = ports_give(&p, (uint16_t)(p.first + 2));
	assert_int_not_equal(fd, -1);
	assert_int_equal(ports_give(&p, (uint16_t)(p.first + 2)), -1);
	assert_int_equal(ports_give(&p, (uint16_t)(p.first + 4)), -1);
	len = sockaddr_fill_dual(&to, &loopback, 587);
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, len), -1);
	assert_int_equal(errno, ECONNREFUSED);
	len = sizeof(from);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&from, &len), 0);
	memcpy(&name, &from, sizeof(name));
	assert_int_equal(ntohs(name.sin6_port), p.first + 2);
	close(fd);
	ports_close(&p);
}

/* A rule that looks at source ports is not to miss all blocks. */
static void regions_lie_apart(void **state)
{
	struct draw draw = drawn(3);
	struct ports outside, within, below;
	struct err err;

	(void)state;
	own_network();
	write_file("/proc/sys/net/ipv4/ip_local_port_range", "32768 60999", 11);
	assert_int_equal(ports_bind(&outside, 32, PORTS_OUTSIDE, &draw, &err), 0);
	assert_int_equal(ports_bind(&within, 32, PORTS_WITHIN, &draw, &err), 0);
	assert_int_equal(ports_bind(&below, 32, PORTS_BELOW, &draw, &err), 0);
	assert_between(outside.first, 61000, 65535 - 31);
	assert_between(within.first, 32768, 60999 - 31);
	assert_between(below.first, 10000, 32767 - 31);
	ports_close(&outside);
	ports_close(&within);
	ports_close(&below);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(block_is_ours),
		cmocka_unit_test(taken_ports_are_passed_over),
		cmocka_unit_test(more_than_the_soft_limit),
		cmocka_unit_test(given_port_connects),
		cmocka_unit_test(regions_lie_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
