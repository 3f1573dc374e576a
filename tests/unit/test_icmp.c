/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packet_text.h"
#include "samples.h"

/* 203.0.113.9 > 192.0.2.1: ICMP */
#define OUTER4(len) "4500" len " 12340000 fa010000 cb007109 c0000201 "
/* 2001:db8:9::9 > 2001:db8:1::1: ICMP6 */
#define OUTER6(len)                                                                                \
	"60000000 " len "3a3c 20010db8 00090000 00000000 00000009"                                 \
	"20010db8 00010000 00000000 00000001 "
/* the SYN with ttl 1 left */
#define QUOTE4 "4500003c 12344000 01067b51 c0000201 c6336402 "
#define QUOTE6 "60012345 00280601 " ADDRS6

#define ZERO4  "00000000 "
#define ZERO20 ZERO4 ZERO4 ZERO4 ZERO4 ZERO4
#define ZERO48 ZERO20 ZERO20 ZERO4 ZERO4
#define ZERO68 ZERO48 ZERO20
/* ICMP Multi-Part extension v2, MPLS (label 118, ttl 1) (label 291, [S], ttl 1) */
#define MPLS	  "20004dd7 000c0101 00076001 00123101"
#define MPLS_TEXT " mpls 118/1 mpls 291/1"

#define EXPIRED4    "expired 11/0 203.0.113.9 > 192.0.2.1"
#define EXPIRED6    "expired 3/0 2001:db8:9::9 > 2001:db8:1::1"
#define QUOTE4_TEXT " quotes ttl 1 " FLOW4_TEXT TCP_TEXT
#define QUOTE6_TEXT " quotes ttl 1 " FLOW6_TEXT TCP_TEXT
#define SHORT4_TEXT " quotes ttl 1 " FLOW4_TEXT " seq 1020304 cut"

/* From where on an error decodes: headers, then ports and sequence number. */
#define NEEDS4 (20 + 8 + 20 + 8)
#define NEEDS6 (40 + 8 + 40 + 8)

static void kinds(void **state)
{
	static const struct sample samples[] = {
		{LINK_RAW, OUTER4("0058") "0b000000 00000000" QUOTE4 TCP, EXPIRED4 QUOTE4_TEXT,
		 NEEDS4},
		{LINK_RAW, OUTER6("0058") "03000000 00000000" QUOTE6 TCP, EXPIRED6 QUOTE6_TEXT,
		 NEEDS6},
		/* host unreachable - admin prohibited filter; unreachable prohibited */
		{LINK_RAW, OUTER4("0058") "030d0000 00000000" QUOTE4 TCP,
		 "rejected 3/13 203.0.113.9 > 192.0.2.1" QUOTE4_TEXT, NEEDS4},
		{LINK_RAW, OUTER6("0058") "01010000 00000000" QUOTE6 TCP,
		 "rejected 1/1 2001:db8:9::9 > 2001:db8:1::1" QUOTE6_TEXT, NEEDS6},
		/* reassembly time exceeded, redirect, parameter problem, packet too big */
		{LINK_RAW, OUTER4("0058") "0b010000 00000000" QUOTE4 TCP,
		 "other 11/1 203.0.113.9 > 192.0.2.1" QUOTE4_TEXT, NEEDS4},
		{LINK_RAW, OUTER4("0058") "05010000 c0a80001" QUOTE4 TCP,
		 "other 5/1 203.0.113.9 > 192.0.2.1" QUOTE4_TEXT, NEEDS4},
		{LINK_RAW, OUTER4("0058") "0c000000 14000000" QUOTE4 TCP,
		 "other 12/0 203.0.113.9 > 192.0.2.1" QUOTE4_TEXT, NEEDS4},
		{LINK_RAW, OUTER6("0058") "02000000 00000500" QUOTE6 TCP,
		 "other 2/0 2001:db8:9::9 > 2001:db8:1::1" QUOTE6_TEXT, NEEDS6},
		/* echo request, neighbor solicitation: no quote */
		{LINK_RAW, OUTER4("0020") "08000000 00000000 70696e67",
		 "other 8/0 203.0.113.9 > 192.0.2.1", 28},
		{LINK_RAW, OUTER6("0018") "87000000 00000000 fe800000 00000000 00000000 00000000",
		 "other 135/0 2001:db8:9::9 > 2001:db8:1::1", 48},
		/* shorter than an ICMP header */
		{LINK_RAW, OUTER4("001b") "0b000000 000000", "bad", 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

static const struct sample quote_samples[] = {
	/* RFC 792: eight bytes; one fewer; the IP header alone; half of it; nothing */
	{LINK_RAW, OUTER4("0038") "0b000000 00000000" QUOTE4 TCP_PORTS_SEQ, EXPIRED4 SHORT4_TEXT,
	 NEEDS4},
	{LINK_RAW, OUTER4("0037") "0b000000 00000000" QUOTE4 "9c41024b 010203", EXPIRED4, 0},
	{LINK_RAW, OUTER4("0030") "0b000000 00000000" QUOTE4, EXPIRED4, 0},
	{LINK_RAW,
	 OUTER4("0026") "0b000000 00000000"
			"4500003c 12344000 0106",
	 EXPIRED4, 0},
	{LINK_RAW, OUTER4("001c") "0b000000 00000000", EXPIRED4, 0},
	/* without its options, without their second half */
	{LINK_RAW, OUTER4("0044") "0b000000 00000000" QUOTE4 TCP_PORTS_SEQ TCP_REST,
	 EXPIRED4 " quotes ttl 1 " FLOW4_TEXT " seq 1020304 ack 0 flags 2 win 64240 opt 20",
	 NEEDS4},
	{LINK_RAW,
	 OUTER4("004c") "0b000000 00000000" QUOTE4 TCP_PORTS_SEQ TCP_REST "020405b40402080a",
	 EXPIRED4 " quotes ttl 1 " FLOW4_TEXT
		  " seq 1020304 ack 0 flags 2 win 64240 opt 20 mss 1460",
	 NEEDS4},
	/* what follows a quoted packet of 40 bytes is padding, not its options */
	{LINK_RAW,
	 OUTER4("0058") "0b000000 00000000 45000028 12344000 01067b65 c0000201 "
			"c6336402" TCP_PORTS_SEQ TCP_REST TCP_OPTIONS,
	 EXPIRED4 " quotes ttl 1 " FLOW4_TEXT " seq 1020304 ack 0 flags 2 win 64240 opt 20",
	 NEEDS4},
	/* a length that the router spoilt: too small, in the wrong byte order */
	{LINK_RAW,
	 OUTER4("0058") "0b000000 00000000 45000014 12344000 01067b79 c0000201 "
			"c6336402" TCP,
	 EXPIRED4 QUOTE4_TEXT, NEEDS4},
	{LINK_RAW,
	 OUTER4("0058") "0b000000 00000000 45003c00 12344000 01067b79 c0000201 "
			"c6336402" TCP,
	 EXPIRED4 QUOTE4_TEXT, NEEDS4},
	/* IP options, IPv6 extension headers */
	{LINK_RAW,
	 OUTER4("005c") "0b000000 00000000 46000040 12344000 0106e648 c0000201 c6336402"
			"94040000" TCP,
	 EXPIRED4 QUOTE4_TEXT, NEEDS4 + 4},
	{LINK_RAW,
	 OUTER6("0060") "03000000 00000000 60012345 00303c01" ADDRS6 "0600010400000000" TCP,
	 EXPIRED6 QUOTE6_TEXT, NEEDS6 + 8},
	/* not a TCP segment of ours: UDP, a tunnel, a later fragment, garbage */
	{LINK_RAW,
	 OUTER4("0038") "0b000000 00000000 4500001c 12344000 01117b66 c0000201 c6336402"
			"9c41003500080000",
	 EXPIRED4, 48},
	{LINK_RAW,
	 OUTER4("0080") "0b000000 00000000 45000064 12344000 01297b06 c0000201 "
			"c6336402" SYN6,
	 EXPIRED4, 48},
	{LINK_RAW,
	 OUTER4("0058") "0b000000 00000000 4500003c 12340010 0106bb41 c0000201 "
			"c6336402" TCP,
	 EXPIRED4, 48},
	{LINK_RAW,
	 OUTER4("0058") "0b000000 00000000 4300003c 12344000 01067b51"
			"c0000201 c6336402" TCP,
	 EXPIRED4, 0},
	{LINK_RAW,
	 OUTER4("0058") "0b000000 00000000 f500003c 12344000 01067b51"
			"c0000201 c6336402" TCP,
	 EXPIRED4, 0},
};

static void quotes(void **state)
{
	(void)state;
	check_samples(quote_samples, COUNT(quote_samples));
}

/* RFC 4884 and RFC 4950, and routers older than the first. */
static const struct sample extension_samples[] = {
	{LINK_RAW, OUTER4("00ac") "0b000000 00200000" QUOTE4 TCP ZERO68 MPLS,
	 EXPIRED4 QUOTE4_TEXT MPLS_TEXT, NEEDS4},
	{LINK_RAW, OUTER6("0098") "03000000 10000000" QUOTE6 TCP ZERO48 MPLS,
	 EXPIRED6 QUOTE6_TEXT MPLS_TEXT, NEEDS6},
	/* eight bytes of the segment, padding up to 128 */
	{LINK_RAW,
	 OUTER4("00ac") "0b000000 00200000" QUOTE4 TCP_PORTS_SEQ ZERO20 ZERO4 ZERO4 ZERO4 ZERO68
		 MPLS,
	 EXPIRED4 SHORT4_TEXT MPLS_TEXT, NEEDS4},
	/* no length, found by its checksum */
	{LINK_RAW, OUTER4("00ac") "0b000000 00000000" QUOTE4 TCP ZERO68 MPLS,
	 EXPIRED4 QUOTE4_TEXT MPLS_TEXT, NEEDS4},
	{LINK_RAW, OUTER6("0098") "03000000 00000000" QUOTE6 TCP ZERO48 MPLS,
	 EXPIRED6 QUOTE6_TEXT MPLS_TEXT, NEEDS6},
	/* a wrong checksum; none, which only an announced one may have; version 1 */
	{LINK_RAW,
	 OUTER4("00ac") "0b000000 00000000" QUOTE4 TCP ZERO68 "20004dd8 000c0101 00076001 00123101",
	 EXPIRED4 QUOTE4_TEXT, NEEDS4},
	{LINK_RAW,
	 OUTER4("00ac") "0b000000 00200000" QUOTE4 TCP ZERO68 "20004dd8 000c0101 00076001 00123101",
	 EXPIRED4 QUOTE4_TEXT, NEEDS4},
	{LINK_RAW,
	 OUTER4("00ac") "0b000000 00000000" QUOTE4 TCP ZERO68 "20000000 000c0101 00076001 00123101",
	 EXPIRED4 QUOTE4_TEXT, NEEDS4},
	{LINK_RAW,
	 OUTER4("00ac") "0b000000 00200000" QUOTE4 TCP ZERO68 "20000000 000c0101 00076001 00123101",
	 EXPIRED4 QUOTE4_TEXT MPLS_TEXT, NEEDS4},
	{LINK_RAW,
	 OUTER4("00ac") "0b000000 00200000" QUOTE4 TCP ZERO68 "10005dd7 000c0101 00076001 00123101",
	 EXPIRED4 QUOTE4_TEXT, NEEDS4},
	/* a length longer than the message; a redirect's gateway is no length */
	{LINK_RAW, OUTER4("0058") "0b000000 00ff0000" QUOTE4 TCP, EXPIRED4 QUOTE4_TEXT, NEEDS4},
	{LINK_RAW, OUTER4("00ac") "05000000 c0200001" QUOTE4 TCP ZERO68 MPLS,
	 "other 5/0 203.0.113.9 > 192.0.2.1" QUOTE4_TEXT MPLS_TEXT, NEEDS4},
	/* another object first; five labels of which four are kept */
	{LINK_RAW,
	 OUTER4("00b4") "0b000000 00200000" QUOTE4 TCP ZERO68
			"20000000 00080201 00000007 000c0101 00076001 00123101",
	 EXPIRED4 QUOTE4_TEXT MPLS_TEXT, NEEDS4},
	{LINK_RAW,
	 OUTER4("00b8") "0b000000 00200000" QUOTE4 TCP ZERO68
			"20000000 00180101 00001001 00002001 00003001 00004001 00005101",
	 EXPIRED4 QUOTE4_TEXT " mpls 1/1 mpls 2/1 mpls 3/1 mpls 4/1", NEEDS4},
	/* objects whose lengths cannot be */
	{LINK_RAW,
	 OUTER4("00ac") "0b000000 00200000" QUOTE4 TCP ZERO68 "20000000 00030101 00076001 00123101",
	 EXPIRED4 QUOTE4_TEXT, NEEDS4},
	{LINK_RAW,
	 OUTER4("00ac") "0b000000 00200000" QUOTE4 TCP ZERO68 "20000000 000d0101 00076001 00123101",
	 EXPIRED4 QUOTE4_TEXT, NEEDS4},
};

static void extensions(void **state)
{
	(void)state;
	check_samples(extension_samples, COUNT(extension_samples));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(quotes),
		cmocka_unit_test(extensions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
