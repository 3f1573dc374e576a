/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/neighbour.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ASKER UINT64_C(0x020000000001)

/* An ARP request in Ethernet with one VLAN tag: 192.0.2.1 asks for 192.0.2.2. */
static const uint8_t request[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0,	 0x01, 0x81, 0, 0, 5,
	0x08, 0x06, 0,	  0x01, 0x08, 0,    6,	  4, 0, 1, 0x02, 0,    0,    0, 0, 0x01,
	192,  0,    2,	  1,	0,    0,    0,	  0, 0, 0, 192,	 0,    2,    2,
};

static struct frame frame_of(const uint8_t *bytes, size_t n)
{
	return (struct frame){.bytes = bytes,
			      .captured_len = (uint32_t)n,
			      .wire_len = (uint32_t)n,
			      .link = LINK_ETHERNET,
			      .number = 1,
			      .file = 1};
}

static void test_who_asks(void **state)
{
	struct frame frame = frame_of(request, sizeof(request));
	struct link_ends ends = neighbour_ends(&frame);
	struct addr addr, asker;
	hardware at;
	(void)state;

	assert_true(addr_parse("192.0.2.1", &asker));
	assert_true(neighbour_claim(&frame, &addr, &at));
	assert_true(addr_equal(&addr, &asker));
	assert_int_equal(at, ASKER);
	assert_int_equal(ends.from, ASKER);
	/* Everybody's address is no station's. */
	assert_int_equal(ends.to, 0);
}

/* Whoever asks whether an address is free does not have it (RFC 5227). */
static void test_who_probes(void **state)
{
	uint8_t probe[sizeof(request)];
	struct addr addr;
	hardware at;
	(void)state;

	memcpy(probe, request, sizeof(probe));
	memset(probe + 32, 0, 4);
	struct frame frame = frame_of(probe, sizeof(probe));
	assert_false(neighbour_claim(&frame, &addr, &at));
}

/* Up to the sender's address all of it is needed. */
static void test_cut(void **state)
{
	struct addr addr;
	hardware at;
	(void)state;

	for (size_t n = 0; n <= sizeof(request); n++) {
		struct frame frame = frame_of(request, n);

		assert_int_equal(neighbour_claim(&frame, &addr, &at), n >= 36);
	}
}

/* A cooked capture (LINKTYPE_LINUX_SLL, _SLL2) names the kind of device: Ethernet, tun, PPP. */
static void test_line(void **state)
{
	uint8_t sll[16] = {0, 4, 0, 1, 0, 6, 0x02, 0, 0, 0, 0, 0x01, 0, 0, 0x08, 0};
	uint8_t sll2[20] = {0x08, 0, 0, 0, 0, 0, 0, 2, 0xff, 0xfe, 4};
	struct frame one = frame_of(sll, sizeof(sll)), two = frame_of(sll2, sizeof(sll2));
	(void)state;

	one.link = LINK_SLL;
	two.link = LINK_SLL2;
	assert_false(neighbour_ends(&one).line);
	assert_int_equal(neighbour_ends(&one).from, ASKER);
	assert_true(neighbour_ends(&two).line);
	sll[2] = 2;
	sll[3] = 0;
	assert_true(neighbour_ends(&one).line);
	two.captured_len = 9;
	assert_false(neighbour_ends(&two).line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_asks),
		cmocka_unit_test(test_who_probes),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
