/* SPDX-License-Identifier: BSD-2-Clause */
#include "between.h"
#include "io/capture/source.h"
#include "io/host/clock.h"
#include "io/host/status.h"
#include "io_test.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#define WAIT_MS 2000

/* The next frame, waiting for it; false when none comes. */
static bool next(struct source *s, struct frame *frame)
{
	struct pollfd p = {.fd = source_fd(s), .events = POLLIN};
	struct err err;

	for (;;) {
		enum source_event event = source_next(s, frame, &err);

		assert_int_not_equal(event, SOURCE_FAILED);
		if (event == SOURCE_FRAME)
			return true;
		assert_int_equal(event, SOURCE_IDLE);
		if (poll(&p, 1, WAIT_MS) <= 0)
			return false;
	}
}

/* A refused connection: a SYN out, a reset back. */
static void knock(uint16_t port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_not_equal(fd, -1);
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), -1);
	assert_int_equal(errno, ECONNREFUSED);
	close(fd);
}

static void on_any(void **state)
{
	const struct source_live_options options = {.filter = "tcp port 587 or icmp or icmp6"};
	int64_t from_ns = clock_real_ns();
	struct source_counts counts;
	struct frame frame;
	struct source *s;
	struct err err;

	(void)state;
	own_network();
	s = source_open_live(&options, &err);
	assert_non_null(s);
	assert_int_equal(source_next(s, &frame, &err), SOURCE_IDLE);
	knock(588); /* filtered out */
	knock(587);
	for (int i = 0; i < 2; i++) {
		assert_true(next(s, &frame));
		assert_int_equal(frame.link, LINK_SLL2);
		assert_int_equal(frame.number, 0);
		assert_int_equal(frame.file, 1);
		assert_between(frame.at_ns, from_ns, clock_real_ns());
		/* Cooked header, IPv4 header, then the ports: to 587, then from it. */
		assert_between(frame.captured_len, 20 + 20 + 20, SOURCE_SNAP_BYTES);
		assert_int_equal(frame.bytes[20], 0x45);
		assert_int_equal(frame.bytes[40 + (i ? 0 : 2)] << 8 | frame.bytes[41 + (i ? 0 : 2)],
				 587);
	}
	assert_true(source_counts(s, &counts));
	assert_between(counts.received, 2, 4);
	assert_int_equal(counts.dropped, 0);
	source_close(s);
}

/* A ring that holds little loses packets, and says so. */
static void drops(void **state)
{
	const struct source_live_options options = {.filter = "udp", .buffer_bytes = 8192};
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	struct source_counts counts;
	struct frame frame;
	uint64_t read = 0;
	struct source *s;
	struct err err;
	int fd;

	(void)state;
	own_network();
	s = source_open_live(&options, &err);
	assert_non_null(s);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (int i = 0; i < 2000; i++)
		sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to));
	close(fd);
	while (source_next(s, &frame, &err) == SOURCE_FRAME)
		read++;
	assert_true(source_counts(s, &counts));
	assert_between(counts.dropped, 1, 4000);
	assert_true(read < 2000);
	source_close(s);
}

static void refused(void **state)
{
	const struct source_live_options missing = {.interface = "nowhere0"};
	const struct source_live_options wrong = {.filter = "port of call"};
	struct err err = {0};

	(void)state;
	own_network();
	assert_null(source_open_live(&missing, &err));
	assert_int_equal(err.code, IO_USAGE);
	assert_non_null(strstr(err.msg, "'nowhere0'"));
	assert_null(source_open_live(&wrong, &err));
	assert_int_equal(err.code, IO_SYSTEM);
}

static int open_refused(void)
{
	struct err err = {0};

	return source_open_live(&(struct source_live_options){0}, &err) ? 0 : err.code;
}

static void not_permitted(void **state)
{
	(void)state;
	assert_int_equal(without_capabilities(open_refused), IO_PERMISSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_any),
		cmocka_unit_test(drops),
		cmocka_unit_test(refused),
		cmocka_unit_test(not_permitted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
