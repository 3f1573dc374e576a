/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/status.h"
#include "io/send/sender.h"
#include "sent_packet.h"
#include <errno.h>

static struct sender *open_sender(const char *interface)
{
	const struct sender_options options = {
		.interface = interface,
		.ipv4 = true,
		.ipv6 = true,
		.stamp_offset = 77,
	};
	struct err err = {0};
	struct sender *s = sender_open(&options, &err);

	assert_non_null(s);
	return s;
}

static struct sender_packet probe(const char *src, const char *dst)
{
	struct sender_packet p = {
		.src_port = 61001,
		.dst_port = 587,
		.seq = 0x01020304,
		.ip_id = 0x4711,
		.ttl = 3,
		.mtu = 65536,
	};

	assert_true(addr_parse(src, &p.src));
	assert_true(addr_parse(dst, &p.dst));
	return p;
}

static const struct {
	const char *loopback;
	uint16_t family;
} families[] = {{"127.0.0.1", AF_INET}, {"::1", AF_INET6}};

/* But for what was ordered, our SYN is the kernel's own, byte for byte. */
static void like_the_kernels(void **state)
{
	(void)state;
	own_network();
	for (size_t i = 0; i < COUNT(families); i++) {
		struct sender_packet order = probe(families[i].loopback, families[i].loopback);
		struct source *capture = open_capture();
		struct sender *s = open_sender(NULL);
		struct sent kernel, ours;

		kernel_syn(&order.dst, 587);
		kernel = next_sent(capture, 0x02);
		assert_int_equal(sender_syn(s, &order), 0);
		ours = next_sent(capture, 0x02);
		assert_int_equal(ours.ttl, 3);
		assert_int_equal(ours.seq, 0x01020304);
		assert_int_equal(ours.src_port, 61001);
		assert_int_equal(ours.dst_port, 587);
		assert_int_equal(ours.ack, 0);
		if (order.dst.family == 4)
			assert_int_equal(ours.ip_id, 0x4711);
		assert_true(ours.checksum_right);
		assert_int_equal(ours.dont_fragment, kernel.dont_fragment);
		assert_int_equal(ours.tos, kernel.tos);
		assert_int_equal(ours.len, kernel.len);
		assert_int_equal(ours.window, kernel.window);
		assert_int_equal(ours.options_len, kernel.options_len);
		/* MSS, SACK permitted, and behind the timestamps the window scale. */
		assert_int_equal(ours.options_len, 20);
		assert_memory_equal(ours.options, kernel.options, 8);
		assert_memory_equal(ours.options + 12, kernel.options + 12, 8);
		sender_close(s);
		source_close(capture);
	}
}

/* Blocks of libnet are used again: no packet may show traces of the one before. */
static void shapes(void **state)
{
	(void)state;
	own_network();
	for (size_t i = 0; i < COUNT(families); i++) {
		struct sender_packet order = probe(families[i].loopback, families[i].loopback);
		struct source *capture = open_capture();
		struct sender *s = open_sender(NULL);

		for (uint32_t round = 0; round < 12; round++) {
			bool reset = round % 3 == 2;
			struct sent got;

			order.bare = round % 3 == 1;
			order.seq += 0x01000000;
			order.src_port++;
			order.ttl++;
			order.mtu = round % 2 ? 1500 : 1280;
			assert_int_equal(reset ? sender_reset(s, &order) : sender_syn(s, &order),
					 0);
			got = next_sent(capture, reset ? 0x04 : 0x02);
			assert_int_equal(got.seq, order.seq + reset);
			assert_int_equal(got.src_port, order.src_port);
			assert_int_equal(got.ttl, order.ttl);
			assert_true(got.checksum_right);
			assert_int_equal(got.options_len, reset || order.bare ? 0 : 20);
			assert_int_equal(got.len, got.header_len + 20 + got.options_len);
			if (got.options_len)
				assert_int_equal(got.options[2] << 8 | got.options[3],
						 order.mtu - got.header_len - 20);
			if (reset)
				assert_int_equal(got.window, 0);
		}
		sender_close(s);
		source_close(capture);
	}
}

static void errors_come_as_they_are(void **state)
{
	struct sender_packet away = probe("192.0.2.1", "198.51.100.1");
	struct sender_packet mixed = probe("192.0.2.1", "2001:db8::1");
	struct sender_options options = {.ipv4 = true};
	struct route_info route = {0};
	struct sender *s;
	struct err err = {0};

	(void)state;
	own_network();
	s = sender_open(&options, &err);
	assert_non_null(s);
	assert_int_equal(sender_syn(s, &away), ENETUNREACH);
	assert_int_equal(sender_syn(s, &mixed), EAFNOSUPPORT);
	away.src = mixed.dst;
	away.dst = mixed.dst;
	assert_int_equal(sender_syn(s, &away), EAFNOSUPPORT);
	assert_int_equal(sender_link_syn(s, &away, &route), ENOTCONN);
	sender_close(s);
	options.interface = "nowhere0";
	assert_null(sender_open(&options, &err));
	assert_int_equal(err.code, IO_USAGE);
	assert_non_null(strstr(err.msg, "nowhere0"));
}

static int open_refused(void)
{
	struct err err = {0};

	return sender_open(&(struct sender_options){.ipv4 = true}, &err) ? 0 : err.code;
}

static void not_permitted(void **state)
{
	(void)state;
	assert_int_equal(without_capabilities(open_refused), IO_PERMISSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_the_kernels),
		cmocka_unit_test(shapes),
		cmocka_unit_test(errors_come_as_they_are),
		cmocka_unit_test(not_permitted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
