/* SPDX-License-Identifier: BSD-2-Clause */
#include "../seeded.h"
#include "base/bytes.h"
#include "io/capture/source.h"
#include "wire/glance.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FRAME_BYTES 2048
#define MUTATIONS   40

/* How often each answer came: a test that saw only one of them says nothing. */
struct seen {
	unsigned unsure, other, tcp;
};

static bool same_addr(const uint8_t *bytes, uint8_t family, const struct addr *addr)
{
	return addr->family == family && memcmp(bytes, addr->b, family == 4 ? 4 : 16) == 0;
}

/* What a glance says, the decoder says, too. */
static void check(const struct frame *frame, struct seen *seen)
{
	struct glance g = packet_glance(frame);
	struct packet p;
	struct bytes tcp = bytes_of(g.tcp, 8);
	enum decode result = packet_decode(frame, &p);

	switch (g.kind) {
	case GLANCE_UNSURE:
		seen->unsure++;
		break;
	case GLANCE_OTHER:
		seen->other++;
		assert_int_equal(result, DECODE_OTHER);
		break;
	case GLANCE_TCP:
		seen->tcp++;
		assert_int_equal(result, DECODE_OK);
		assert_int_equal(p.kind, PACKET_TCP);
		assert_null(p.tunnel);
		assert_int_equal(g.flags, p.tcp.flags);
		assert_int_equal(g.ttl, p.ip.ttl);
		assert_true(same_addr(g.src, g.family, &p.ip.src));
		assert_true(same_addr(g.dst, g.family, &p.ip.dst));
		assert_int_equal(bytes_u16(&tcp), p.tcp.src_port);
		assert_int_equal(bytes_u16(&tcp), p.tcp.dst_port);
		assert_int_equal(bytes_u32(&tcp), p.tcp.seq);
		break;
	}
}

/* Damages a copy of the frame: some bytes of its headers, its lengths. */
static void check_damaged(const struct frame *frame, uint64_t *state, struct seen *seen)
{
	uint8_t copy[FRAME_BYTES];
	struct frame damaged = *frame;

	if (frame->captured_len == 0 || frame->captured_len > sizeof(copy))
		return;
	for (int i = 0; i < MUTATIONS; i++) {
		uint64_t r = seeded_random(state);
		uint32_t headers = frame->captured_len < 80 ? frame->captured_len : 80;

		memcpy(copy, frame->bytes, frame->captured_len);
		damaged.bytes = copy;
		damaged.captured_len = frame->captured_len;
		damaged.wire_len = frame->wire_len;
		copy[r % headers] = (uint8_t)(r >> 16);
		if (i % 2)
			copy[(r >> 24) % headers] ^= (uint8_t)(1 << (r >> 32) % 8);
		if (i % 4 == 3)
			damaged.captured_len = (uint32_t)((r >> 36) % frame->captured_len);
		if (i % 8 == 5)
			damaged.wire_len = (uint32_t)((r >> 40) % 128);
		check(&damaged, seen);
	}
}

static void check_file(const char *path, uint64_t *state, struct seen *seen)
{
	struct err err = {0};
	struct source *source = source_open_file(path, 1, &err);
	struct frame frame;

	if (!source)
		fail_msg("%s", err.msg);
	while (source_next(source, &frame, &err) == SOURCE_FRAME) {
		uint8_t ethernet[FRAME_BYTES] = {0};
		struct frame moved = frame;

		check(&frame, seen);
		check_damaged(&frame, state, seen);
		if (frame.link != LINK_SLL2 || frame.captured_len <= 20 ||
		    frame.captured_len > sizeof(ethernet))
			continue;
		/* The same packet as Ethernet has it. */
		memcpy(ethernet + 12, frame.bytes, 2);
		memcpy(ethernet + 14, frame.bytes + 20, frame.captured_len - 20);
		moved.bytes = ethernet;
		moved.link = LINK_ETHERNET;
		moved.captured_len -= 6;
		moved.wire_len -= 6;
		check(&moved, seen);
		check_damaged(&moved, state, seen);
	}
	source_close(source);
}

static void test_captures(void **unused)
{
	static const char folder[] = TESTS_DIR "/pcaps";
	DIR *d = opendir(folder);
	const struct dirent *entry;
	struct seen seen = {0};
	uint64_t state = 1;
	char path[512];

	(void)unused;
	assert_non_null(d);
	while ((entry = readdir(d))) {
		if (!strstr(entry->d_name, ".pcap"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		check_file(path, &state, &seen);
	}
	closedir(d);
	assert_true(seen.unsure > 1000);
	assert_true(seen.other > 10);
	assert_true(seen.tcp > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_captures)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
