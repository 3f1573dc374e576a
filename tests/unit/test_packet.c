/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packet_text.h"
#include "samples.h"

/* ipv6 with another next header and payload length */
#define IP6_WITH(len, next) "60012345 " len next "40 " ADDRS6

static const struct sample tcp_samples[] = {
	/* ttl 52, 198.51.100.2.587 > 192.0.2.1.40001: Flags [S.], seq 7, ack 8, win 64240
	 */
	{LINK_RAW,
	 "4500003c 12344000 34064851 c6336402 c0000201 024b9c41 00000007 00000008"
	 "a012faf0 be260000" TCP_OPTIONS,
	 "ttl 52 198.51.100.2.587 > 192.0.2.1.40001 seq 7 ack 8 flags 12 win 64240 opt 20"
	 " mss 1460 ts 1020304/0 len 0/0",
	 60},
	/* Flags [R.], seq 0, ack 8, win 0, ttl 255, id 0, no options */
	{LINK_RAW,
	 "45000028 00000000 ff060000 c6336402 c0000201 024b9c41 00000000 00000008"
	 "50140000 00000000",
	 "ttl 255 198.51.100.2.587 > 192.0.2.1.40001 seq 0 ack 8 flags 14 win 0 opt 0"
	 " len 0/0",
	 40},
	/* Flags [P.], length 18: EHLO example.org */
	{LINK_RAW,
	 "45000046 12344000 40063c47 c0000201 c6336402" TCP_PORTS_SEQ
	 "00000000 8018faf0 3dd90000 010101010101010101010101"
	 "45484c4f206578616d706c652e6f72670d0a",
	 "ttl 64 " FLOW4_TEXT " seq 1020304 ack 0 flags 18 win 64240 opt 12 len 18/18", 52},
	/* the same with 100 bytes missing: truncated-ip */
	{LINK_RAW,
	 "450000aa 12344000 40063c47 c0000201 c6336402" TCP_PORTS_SEQ
	 "00000000 8018faf0 3dd90000 010101010101010101010101"
	 "45484c4f206578616d706c652e6f72670d0a",
	 "ttl 64 " FLOW4_TEXT " seq 1020304 ack 0 flags 18 win 64240 opt 12 len 18/118", 52},
	/* Ethernet padding after 40 bytes of IP is no payload */
	{LINK_ETHERNET,
	 "020000000002 020000000001 0800 45000028 12344000 40063c65 c0000201 "
	 "c6336402" TCP_PORTS_SEQ "00000000 5002faf0 26280000 eeeeeeeeeeee",
	 "ttl 64 " FLOW4_TEXT " seq 1020304 ack 0 flags 2 win 64240 opt 0 len 0/0", 54},
	/* options that end, overrun and contradict themselves: [mss bad][end] */
	{LINK_RAW,
	 "45000030 12344000 40063c5d c0000201 c6336402" TCP_PORTS_SEQ
	 "00000000 7002faf0 f1e80000 02000809 08280204",
	 "ttl 64 " FLOW4_TEXT " seq 1020304 ack 0 flags 2 win 64240 opt 8 len 0/0", 48},
	{LINK_RAW,
	 "45000030 12344000 40063c5d c0000201 c6336402" TCP_PORTS_SEQ
	 "00000000 7002faf0 f1e80000 010205b4 00020405",
	 "ttl 64 " FLOW4_TEXT " seq 1020304 ack 0 flags 2 win 64240 opt 8 len 0/0", 48},
	{LINK_RAW,
	 "45000030 12344000 40063c5d c0000201 c6336402" TCP_PORTS_SEQ
	 "00000000 7002faf0 f1e80000 020402180 1010108",
	 "ttl 64 " FLOW4_TEXT " seq 1020304 ack 0 flags 2 win 64240 opt 8 mss 536 len 0/0", 48},
	/* [bad hdr length 16 - too short], [bad hdr length 24 - too long], ports only */
	{LINK_RAW, IP4 TCP_PORTS_SEQ "00000000 4002faf0 ba3f0000" TCP_OPTIONS, "bad", 0},
	{LINK_RAW,
	 "45000028 12344000 40063c65 c0000201 c6336402" TCP_PORTS_SEQ "00000000 6002faf0 26280000",
	 "bad", 0},
	{LINK_RAW, "45000018 12344000 40060000 c0000201 c6336402 9c41024b", "bad", 0},
	/* loopback addresses */
	{LINK_RAW, "4500003c 12344000 40060000 7f000001 7f000002" TCP,
	 "ttl 64 127.0.0.1.40001 > 127.0.0.2.587" TCP_TEXT " len 0/0 loopback", 60},
};

static void tcp(void **state)
{
	(void)state;
	check_samples(tcp_samples, COUNT(tcp_samples));
}

static void ipv4(void **state)
{
	static const struct sample samples[] = {
		/* options (RA) */
		{LINK_RAW, "46000040 12344000 4006a748 c0000201 c6336402 94040000" TCP, SYN4_TEXT,
		 64},
		/* length 0, as segmentation offload leaves it */
		{LINK_RAW, "45000000 12344000 40063c8d c0000201 c6336402" TCP, SYN4_TEXT, 60},
		/* flags [+], offset 128, flags [+] offset 128 */
		{LINK_RAW, "4500003c 12342000 40065c51 c0000201 c6336402" TCP, SYN4_TEXT, 60},
		{LINK_RAW, "4500003c 12340010 40067c41 c0000201 c6336402" TCP, "fragment", 0},
		{LINK_RAW, "4500003c 12342010 40065c41 c0000201 c6336402" TCP, "fragment", 0},
		/* bad-hlen 16; length shorter than the header; options beyond the length */
		{LINK_RAW, "4400003c 12344000 40063d51 c0000201 c6336402" TCP, "bad", 0},
		{LINK_RAW, "45000013 12344000 40063c7a c0000201 c6336402" TCP, "bad", 0},
		{LINK_RAW, "46000014 12344000 4006a748 c0000201 c6336402 94040000", "bad", 0},
		/* UDP, ESP, ICMPv6 in IPv4 */
		{LINK_RAW, "4500001c 12344000 40110000 c0000201 c6336402 9c41003500080000", "other",
		 0},
		{LINK_RAW, "4500001c 12344000 40320000 c0000201 c6336402 9c41003500080000", "other",
		 0},
		{LINK_RAW, "4500001c 12344000 403a0000 c0000201 c6336402 0300000000000000", "other",
		 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

static void ipv6(void **state)
{
	static const struct sample samples[] = {
		/* DSTOPT (padn) */
		{LINK_RAW, IP6_WITH("0030", "3c") "0600010400000000" TCP, SYN6_TEXT, 88},
		/* HBH (padn) RT6 AH */
		{LINK_RAW,
		 IP6_WITH("0044", "00") "2b00010400000000 3300040000000000"
					"060100000000000000000000" TCP,
		 SYN6_TEXT, 108},
		/* payload length 0 */
		{LINK_RAW, IP6_WITH("0000", "06") TCP, SYN6_TEXT, 80},
		/* frag (0x7:0|40), then frag (0x7:184|24) */
		{LINK_RAW, IP6_WITH("0030", "2c") "0600000100000007" TCP, SYN6_TEXT, 88},
		{LINK_RAW, IP6_WITH("0020", "2c") "060000b900000007" TCP, "fragment", 0},
		/* an extension header that is longer than the packet, a chain without an end */
		{LINK_RAW, IP6_WITH("0030", "3c") "06ff010400000000" TCP, "bad", 0},
		{LINK_RAW, IP6_WITH("0008", "3c") "3c00010400000000", "bad", 0},
		/* no next header, hop-by-hop options in IPv4, ICMP in IPv6 */
		{LINK_RAW, IP6_WITH("0000", "3b"), "other", 0},
		{LINK_RAW, "4500001c 12344000 40000000 c0000201 c6336402 0600010400000000", "other",
		 0},
		{LINK_RAW, IP6_WITH("0008", "01") "0b00000000000000", "other", 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

#define OUTER4(len, protocol) "4500" len " 12344000 40" protocol "0000 cb007109 c6336402 "

static void tunnels(void **state)
{
	static const struct sample samples[] = {
		{LINK_RAW, OUTER4("0064", "29") SYN6, SYN6_TEXT " via 6in4", 100},
		{LINK_RAW, OUTER4("0050", "04") SYN4, SYN4_TEXT " via IP-in-IP", 80},
		{LINK_RAW, IP6_WITH("003c", "04") SYN4, SYN4_TEXT " via IP-in-IP", 100},
		{LINK_RAW, IP6_WITH("0050", "29") SYN6, SYN6_TEXT " via IP-in-IP", 120},
		/* GREv0; with checksum, key and sequence; with MPLS in it; in PPPoE */
		{LINK_RAW, OUTER4("0054", "2f") "00000800 " SYN4, SYN4_TEXT " via GRE", 84},
		{LINK_RAW, OUTER4("0074", "2f") "b00086dd 000000000000000000000000 " SYN6,
		 SYN6_TEXT " via GRE", 116},
		{LINK_RAW, OUTER4("0058", "2f") "00008847 0001113f " SYN4, SYN4_TEXT " via GRE",
		 88},
		{LINK_PPP_ETHER, "110000070056 0021 " OUTER4("0054", "2f") "00000800 " SYN4,
		 SYN4_TEXT " via PPPoE", 92},
		/* GREv1, source routing, ARP in it, a header that does not fit */
		{LINK_RAW, OUTER4("0054", "2f") "00010800 " SYN4, "other", 0},
		{LINK_RAW, OUTER4("0054", "2f") "40000800 " SYN4, "other", 0},
		{LINK_RAW, OUTER4("0020", "2f") "00000806 0001080006040001", "other", 0},
		{LINK_RAW, OUTER4("001a", "2f") "b0000800 0000", "bad", 0},
		/* the family inside is another one; two levels, five; a later fragment */
		{LINK_RAW, OUTER4("0050", "29") SYN4, "bad", 0},
		{LINK_RAW, OUTER4("0064", "04") OUTER4("0050", "04") SYN4,
		 SYN4_TEXT " via IP-in-IP", 100},
		{LINK_RAW,
		 OUTER4("00a0", "04") OUTER4("008c", "04") OUTER4("0078", "04") OUTER4("0064", "04")
			 OUTER4("0050", "04") SYN4,
		 "other", 0},
		/* an overlay, which is not asked for: VXLAN; GRE with Ethernet */
		{LINK_RAW,
		 OUTER4("006e", "11") "d90312b5 005a0000 0800000000000100 020000000002 "
				      "020000000001 0800 " SYN4,
		 "other", 0},
		{LINK_RAW, OUTER4("0062", "2f") "00006558 020000000002 020000000001 0800 " SYN4,
		 "other", 0},
		{LINK_RAW, "45000050 12340010 40040000 cb007109 c6336402" SYN4, "fragment", 0},
		/* PPTP: with both numbers and HDLC's header; IPv6 and one number; encrypted; an
		   acknowledgement alone */
		{LINK_RAW,
		 OUTER4("0064", "2f") "3081880b 0040 0007 00000001 00000002 ff030021 " SYN4,
		 SYN4_TEXT " via PPTP", 100},
		{LINK_RAW, OUTER4("0071", "2f") "3001880b 0051 0007 00000001 57 " SYN6,
		 SYN6_TEXT " via PPTP", 113},
		{LINK_RAW, OUTER4("0028", "2f") "3001880b 0008 0007 00000001 00fd9000 11223344",
		 "other", 0},
		{LINK_RAW, OUTER4("0020", "2f") "2081880b 0000 0007 00000002", "other", 0},
		/* Ethernet in MPLS: alone; behind a control word, with a tag; a channel */
		{LINK_ETHERNET,
		 "020000000002 020000000001 8847 000111ff 460000000002 020000000001 0800 " SYN4,
		 SYN4_TEXT " via Ethernet in MPLS", 92},
		{LINK_ETHERNET,
		 "020000000002 020000000001 8847 000111ff 00000007 "
		 "000000000002 020000000001 8100 0005 86dd " SYN6,
		 SYN6_TEXT " via Ethernet in MPLS", 120},
		{LINK_ETHERNET, "020000000002 020000000001 8847 000111ff 10000007 " SYN4, "other",
		 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

static struct packet decoded(enum link_type link, const char *hex)
{
	uint8_t bytes[SAMPLE_BYTES];
	struct frame frame = {.at_ns = 5, .bytes = bytes, .link = link, .number = 3, .file = 2};
	struct packet packet;

	frame.captured_len = frame.wire_len = (uint32_t)hex_bytes(hex, bytes);
	assert_int_equal(packet_decode(&frame, &packet), DECODE_OK);
	return packet;
}

static void header_fields(void **state)
{
	struct packet v4 = decoded(LINK_RAW, SYN4);
	struct packet v6 = decoded(LINK_RAW, SYN6);

	(void)state;
	assert_int_equal(v4.at_ns, 5);
	assert_int_equal(v4.frame, 3);
	assert_int_equal(v4.file, 2);
	assert_int_equal(v4.ip.id, 0x1234);
	assert_true(v4.ip.dont_fragment);
	assert_int_equal(v4.ip.total_len, 60);
	assert_int_equal(v4.ip.protocol, 6);
	assert_int_equal(v6.ip.flow_label, 0x12345);
	assert_int_equal(v6.ip.total_len, 80);
	assert_false(v6.ip.dont_fragment);
}

/* Copies of one packet have one digest, whatever carries them; another packet has another. */
static void digests(void **state)
{
	uint32_t plain = decoded(LINK_RAW, SYN6).digest;

	(void)state;
	assert_int_equal(plain, decoded(LINK_LOOP, "00000018 " SYN6 "eeee").digest);
	assert_int_equal(plain, decoded(LINK_RAW, OUTER4("0064", "29") SYN6).digest);
	assert_int_not_equal(plain, decoded(LINK_RAW, SYN4).digest);
	assert_int_not_equal(plain, decoded(LINK_RAW, IP6_WITH("0028", "06") TCP_PORTS_SEQ TCP_REST
					    "020405b5 0402080a 01020304"
					    "00000000 01030307")
					    .digest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp),		 cmocka_unit_test(ipv4),
		cmocka_unit_test(ipv6),		 cmocka_unit_test(tunnels),
		cmocka_unit_test(header_fields), cmocka_unit_test(digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
