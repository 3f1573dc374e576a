/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SENT_PACKET_H
#define SENT_PACKET_H

/*
 * What a capture on "any" shows of a packet that was just sent, read byte by
 * byte: the tests of the sender must not lean on the decoder.
 */

#include "base/bytes.h"
#include "io/capture/source.h"
#include "io/host/sockaddr.h"
#include "io_test.h"
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#define COOKED_BYTES 20
#define PATIENCE_MS  2000

struct sent {
	uint16_t ip_id, src_port, dst_port, window;
	uint32_t seq, ack, len, header_len, options_len;
	uint8_t ttl, tos, flags;
	bool dont_fragment, checksum_right;
	uint8_t options[40];
	uint8_t direction; /* of the cooked header: 4 outgoing */
	uint32_t ifindex;
};

static inline struct source *open_capture(void)
{
	const struct source_live_options options = {.filter = "tcp"};
	struct err err;
	struct source *s = source_open_live(&options, &err);

	assert_non_null(s);
	return s;
}

static inline uint32_t sum16(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return sum;
}

/* The checksum over addresses, protocol, length and segment is all ones. */
static inline bool checksum_right(const uint8_t *addresses, size_t addresses_len,
				  const uint8_t *tcp, size_t tcp_len)
{
	uint32_t sum = sum16(sum16(0, addresses, addresses_len), tcp, tcp_len);

	sum += 6 + (uint32_t)tcp_len;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static inline struct sent read_sent(const struct frame *f)
{
	const uint8_t *ip = f->bytes + COOKED_BYTES;
	bool v4 = ip[0] >> 4 == 4;
	struct sent s = {.header_len = v4 ? 20 : 40, .direction = f->bytes[10]};
	const uint8_t *tcp = ip + s.header_len;
	struct bytes b = bytes_of(tcp, f->captured_len - COOKED_BYTES - s.header_len);
	struct bytes cooked = bytes_of(f->bytes + 4, 4);

	s.ifindex = bytes_u32(&cooked);
	s.len = f->captured_len - COOKED_BYTES;
	s.tos = (uint8_t)(v4 ? ip[1] : ip[0] << 4 | ip[1] >> 4);
	s.ip_id = (uint16_t)(v4 ? ip[4] << 8 | ip[5] : 0);
	s.dont_fragment = v4 && ip[6] == 0x40;
	s.ttl = v4 ? ip[8] : ip[7];
	s.checksum_right = checksum_right(ip + (v4 ? 12 : 8), v4 ? 8 : 32, tcp, b.len);
	s.src_port = bytes_u16(&b);
	s.dst_port = bytes_u16(&b);
	s.seq = bytes_u32(&b);
	s.ack = bytes_u32(&b);
	s.options_len = (bytes_u8(&b) >> 4) * 4U - 20;
	s.flags = bytes_u8(&b);
	s.window = bytes_u16(&b);
	bytes_skip(&b, 4);
	bytes_copy(&b, s.options, s.options_len);
	assert_false(b.cut);
	return s;
}

/* The next packet with these TCP flags to port 587. Fails the test when none comes. */
static inline struct sent next_sent(struct source *capture, uint8_t flags)
{
	struct pollfd p = {.fd = source_fd(capture), .events = POLLIN};
	struct frame frame;
	struct sent s;
	struct err err;

	for (;;) {
		if (source_next(capture, &frame, &err) == SOURCE_FRAME) {
			s = read_sent(&frame);
			if (s.flags == flags && s.dst_port == 587)
				return s;
			continue;
		}
		assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	}
}

/* Nothing with these flags to port 587 waits in the capture. */
static inline void nothing_sent(struct source *capture, uint8_t flags)
{
	struct frame frame;
	struct err err;

	while (source_next(capture, &frame, &err) == SOURCE_FRAME) {
		struct sent s = read_sent(&frame);

		assert_false(s.flags == flags && s.dst_port == 587);
	}
}

/* A SYN by the kernel's own connect(), refused at once. */
static inline void kernel_syn(const struct addr *to, uint16_t port)
{
	struct sockaddr_storage at;
	socklen_t len = sockaddr_fill(&at, to, port, 0);
	int fd = socket(to->family == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_not_equal(fd, -1);
	assert_int_equal(connect(fd, (const struct sockaddr *)&at, len), -1);
	assert_int_equal(errno, ECONNREFUSED);
	close(fd);
}

#endif
