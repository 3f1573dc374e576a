/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packet_text.h"
#include "samples.h"

#define MACS	       "020000000002 020000000001 "
#define COOKED_ADDRESS "0006 0200000000010000 "

static void numbers(void **state)
{
	static const struct {
		uint32_t dlt;
		enum link_type link;
	} cases[] = {
		{0, LINK_NULL},
		{1, LINK_ETHERNET},
		{9, LINK_PPP},
		{12, LINK_RAW},
		{14, LINK_RAW},
		{50, LINK_PPP},
		{51, LINK_PPP_ETHER},
		{101, LINK_RAW},
		{108, LINK_LOOP},
		{113, LINK_SLL},
		{228, LINK_RAW},
		{229, LINK_RAW},
		{276, LINK_SLL2},
		{104, LINK_CHDLC},
		{105, LINK_WIFI},
		{117, LINK_PFLOG},
		{127, LINK_RADIOTAP},
		{149, LINK_PKTAP},
		{192, LINK_PPI},
		{239, LINK_NFLOG},
		{258, LINK_PKTAP},
		{147, LINK_UNKNOWN},
		{UINT32_MAX, LINK_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(link_from_dlt(cases[i].dlt), cases[i].link);
}

static void ethernet(void **state)
{
	static const struct sample samples[] = {
		{LINK_ETHERNET, MACS "0800 " SYN4, SYN4_TEXT, 14 + SYN4_BYTES},
		{LINK_ETHERNET, MACS "86dd " SYN6, SYN6_TEXT, 14 + SYN6_BYTES},
		/* vlan 5 */
		{LINK_ETHERNET, MACS "8100 0005 0800 " SYN4, SYN4_TEXT, 18 + SYN4_BYTES},
		/* 802.1ad vlan 5, 802.1Q vlan 6 */
		{LINK_ETHERNET, MACS "88a8 0005 8100 0006 86dd " SYN6, SYN6_TEXT, 22 + SYN6_BYTES},
		{LINK_ETHERNET, MACS "9100 0005 8100 0006 0800 " SYN4, SYN4_TEXT, 22 + SYN4_BYTES},
		/* 802.3 with SNAP, with LLC, and what is neither */
		{LINK_ETHERNET, MACS "0044 aaaa03 000000 0800 " SYN4, SYN4_TEXT, 22 + SYN4_BYTES},
		{LINK_ETHERNET, MACS "003f 060603 " SYN4, SYN4_TEXT, 17 + SYN4_BYTES},
		{LINK_ETHERNET, MACS "0044 aaaa03 00000c 0800 " SYN4, "other", 0},
		{LINK_ETHERNET, MACS "0026 424203 0000000000", "other", 0},
		/* ARP, PPPoE discovery, an unassigned type */
		{LINK_ETHERNET, MACS "0806 0001080006040001", "other", 0},
		{LINK_ETHERNET, MACS "8863 110900000000", "other", 0},
		{LINK_ETHERNET, MACS "0600 " SYN4, "other", 0},
		/* the type and the version contradict each other */
		{LINK_ETHERNET, MACS "86dd " SYN4, "bad", 0},
		{LINK_ETHERNET, MACS "0800 " SYN6, "bad", 0},
		/* headers that end with the frame */
		{LINK_ETHERNET, MACS "0800", "bad", 0},
		{LINK_ETHERNET, MACS "8100 0005", "bad", 0},
		{LINK_ETHERNET, MACS "0800 4500", "bad", 0},
		{LINK_ETHERNET, MACS, "bad", 0},
		{LINK_ETHERNET, "", "bad", 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

static void ethernet_tunnels(void **state)
{
	static const struct sample samples[] = {
		/* PPPoE [ses 0x7] IP, IP6, a compressed protocol field */
		{LINK_ETHERNET, MACS "8864 11000007003e 0021 " SYN4, SYN4_TEXT " via PPPoE", 82},
		{LINK_ETHERNET, MACS "8864 110000070052 0057 " SYN6, SYN6_TEXT " via PPPoE", 102},
		{LINK_ETHERNET, MACS "8864 11000007003d 21 " SYN4, SYN4_TEXT " via PPPoE", 81},
		/* PPPoE inside of a VLAN, as on fibre */
		{LINK_ETHERNET, MACS "8100 0007 8864 11000007003e 0021 " SYN4,
		 SYN4_TEXT " via PPPoE", 86},
		/* LCP echo request; a version that is not 1; a code that is no session */
		{LINK_ETHERNET, MACS "8864 11000007000a c021 0900000800000000", "other", 0},
		{LINK_ETHERNET, MACS "8864 21000007003e 0021 " SYN4, "other", 0},
		{LINK_ETHERNET, MACS "8864 11a70007003e 0021 " SYN4, "other", 0},
		/* MPLS (label 16, ttl 63) (label 17, [S], ttl 63) */
		{LINK_ETHERNET, MACS "8847 0001003f 0001113f " SYN4, SYN4_TEXT " via MPLS", 82},
		{LINK_ETHERNET, MACS "8848 0001113f " SYN6, SYN6_TEXT " via MPLS", 98},
		{LINK_ETHERNET, MACS "8864 110000070042 0281 0001113f " SYN4,
		 SYN4_TEXT " via PPPoE", 86},
		/* a pseudowire with ARP; no bottom of the stack; nothing below it */
		{LINK_ETHERNET, MACS "8847 0001113f 00000000 " MACS "0806 0001", "other", 0},
		{LINK_ETHERNET, MACS "8847 0001003f 0001003f", "bad", 0},
		{LINK_ETHERNET, MACS "8847 0001113f", "bad", 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

static void cooked(void **state)
{
	static const struct sample samples[] = {
		{LINK_SLL, "0000 0001 " COOKED_ADDRESS "0800 " SYN4, SYN4_TEXT " in", 76},
		{LINK_SLL, "0003 0001 " COOKED_ADDRESS "0800 " SYN4, SYN4_TEXT " in", 76},
		{LINK_SLL, "0004 0001 " COOKED_ADDRESS "86dd " SYN6, SYN6_TEXT " out", 96},
		{LINK_SLL, "0005 0001 " COOKED_ADDRESS "86dd " SYN6, SYN6_TEXT, 96},
		{LINK_SLL, "0000 0304 " COOKED_ADDRESS "0800 " SYN4, SYN4_TEXT " in loopback", 76},
		/* a tunnel interface, a VLAN tag */
		{LINK_SLL, "0004 fffe " COOKED_ADDRESS "0800 " SYN4, SYN4_TEXT " out", 76},
		{LINK_SLL, "0000 0001 " COOKED_ADDRESS "8100 0005 0800 " SYN4, SYN4_TEXT " in", 80},
		/* LLC; netlink, frame relay and radiotap, whose last field is no EtherType */
		{LINK_SLL, "0000 0001 " COOKED_ADDRESS "0004 424203 0000", "other", 0},
		{LINK_SLL, "0004 0338 " COOKED_ADDRESS "0800 " SYN4, "other", 0},
		{LINK_SLL, "0004 0302 " COOKED_ADDRESS "0800 " SYN4, "other", 0},
		{LINK_SLL, "0004 0323 " COOKED_ADDRESS "0800 " SYN4, "other", 0},
		{LINK_SLL2, "0800 0000 00000003 0001 04 06 0200000000010000 " SYN4,
		 SYN4_TEXT " out if 3", 80},
		{LINK_SLL2, "86dd 0000 00000001 0304 00 06 0000000000000000 " SYN6,
		 SYN6_TEXT " in if 1 loopback", 100},
		{LINK_SLL2,
		 "8864 0000 00000002 0001 00 06 0200000000010000 1100000700 3e 0021 " SYN4,
		 SYN4_TEXT " in if 2 via PPPoE", 88},
		{LINK_SLL2, "0800 0000 00000003 0001 04 06 02000000", "bad", 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

static void others(void **state)
{
	static const struct sample samples[] = {
		{LINK_RAW, SYN4, SYN4_TEXT, SYN4_BYTES},
		{LINK_RAW, SYN6, SYN6_TEXT, SYN6_BYTES},
		{LINK_RAW, "75", "other", 0},
		{LINK_RAW, "", "bad", 0},
		/* the family in either byte order; Linux, Windows, NetBSD, FreeBSD, macOS */
		{LINK_NULL, "02000000 " SYN4, SYN4_TEXT, 64},
		{LINK_NULL, "00000002 " SYN4, SYN4_TEXT, 64},
		{LINK_NULL, "0a000000 " SYN6, SYN6_TEXT, 84},
		{LINK_NULL, "17000000 " SYN6, SYN6_TEXT, 84},
		{LINK_NULL, "18000000 " SYN6, SYN6_TEXT, 84},
		{LINK_NULL, "1c000000 " SYN6, SYN6_TEXT, 84},
		{LINK_NULL, "0000001e " SYN6, SYN6_TEXT, 84},
		{LINK_NULL, "07000000 " SYN4, "other", 0},
		{LINK_NULL, "02000000 " SYN6, "bad", 0},
		{LINK_LOOP, "00000018 " SYN6, SYN6_TEXT, 84},
		{LINK_LOOP, "00000002 " SYN4, SYN4_TEXT, 64},
		/* bare, compressed, in HDLC framing, Cisco HDLC for one and for all */
		{LINK_PPP, "0021 " SYN4, SYN4_TEXT, 62},
		{LINK_PPP, "21 " SYN4, SYN4_TEXT, 61},
		{LINK_PPP, "ff03 0057 " SYN6, SYN6_TEXT, 84},
		{LINK_PPP, "0f00 0800 " SYN4, SYN4_TEXT, 64},
		{LINK_PPP, "8f00 86dd " SYN6, SYN6_TEXT, 84},
		{LINK_PPP, "ff03 0283 0001113f " SYN4, SYN4_TEXT " via MPLS", 68},
		{LINK_PPP, "ff03 8021 01000004", "other", 0},
		{LINK_PPP_ETHER, "11000007003e 0021 " SYN4, SYN4_TEXT " via PPPoE", 68},
		{LINK_UNKNOWN, SYN4, "link", 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

#define WIFI_ADDRESSES "0000 020000000001020000000002020000000003 0000 "
#define SNAP	       "aaaa03000000 "
#define PFLOG_NAMES    "656d3000000000000000000000000000 00000000000000000000000000000000 "
#define PFLOG_NUMBERS  "00000005 ffffffff 00000000 00000000 00000000 00000000 "
#define PKTAP_NAME     "656e3000000000000000000000000000 0000000000000000 "
#define PKTAP_REST     "00000000 0000000000000000 0000000000000000 0000000000000000 00000000 "

static void wifi(void **state)
{
	static const struct sample samples[] = {
		/* data; with quality of service; between access points; of which the control is
		 * swapped */
		{LINK_WIFI, "0801 " WIFI_ADDRESSES SNAP "0800 " SYN4, SYN4_TEXT, 92},
		{LINK_WIFI, "8802 " WIFI_ADDRESSES "0000 " SNAP "0800 " SYN4, SYN4_TEXT, 94},
		{LINK_WIFI, "0803 " WIFI_ADDRESSES "020000000004 " SNAP "86dd " SYN6, SYN6_TEXT,
		 118},
		{LINK_WIFI, "0288 " WIFI_ADDRESSES "0000 " SNAP "0800 " SYN4, SYN4_TEXT, 94},
		/* the first of several; a field of HT control */
		{LINK_WIFI,
		 "8802 " WIFI_ADDRESSES "8000 020000000005020000000006 0044 " SNAP "0800 " SYN4,
		 SYN4_TEXT, 108},
		{LINK_WIFI, "8882 " WIFI_ADDRESSES "0000 00000000 " SNAP "0800 " SYN4, SYN4_TEXT,
		 98},
		/* encrypted; without data; a beacon; a version that is not; cut off */
		{LINK_WIFI, "8842 " WIFI_ADDRESSES "0000 " SNAP "0800 " SYN4, "other", 0},
		{LINK_WIFI, "c802 " WIFI_ADDRESSES "0000", "other", 0},
		{LINK_WIFI, "8000 " WIFI_ADDRESSES SNAP "0800 " SYN4, "other", 0},
		{LINK_WIFI, "0b0b " WIFI_ADDRESSES SNAP "0800 " SYN4, "other", 0},
		{LINK_WIFI, "0801 0000 0200", "bad", 0},
		/* without fields; the flags alone, behind a time, and behind two words */
		{LINK_RADIOTAP, "00 00 0800 00000000 0801 " WIFI_ADDRESSES SNAP "0800 " SYN4,
		 SYN4_TEXT, 100},
		{LINK_RADIOTAP,
		 "00 00 0900 02000000 20 8802 " WIFI_ADDRESSES "0000 0000 " SNAP "0800 " SYN4,
		 SYN4_TEXT, 105},
		{LINK_RADIOTAP,
		 "00 00 1100 03000000 0000000000000000 20 8802 " WIFI_ADDRESSES "0000 0000 " SNAP
		 "0800 " SYN4,
		 SYN4_TEXT, 113},
		{LINK_RADIOTAP,
		 "00 00 0d00 02000080 00000000 20 8802 " WIFI_ADDRESSES "0000 0000 " SNAP
		 "0800 " SYN4,
		 SYN4_TEXT, 109},
		{LINK_RADIOTAP, "00 00 0900 02000080 20", "other", 0},
		{LINK_RADIOTAP, "00 00 ff00 00000000", "bad", 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

static void logged(void **state)
{
	static const struct sample samples[] = {
		{LINK_PFLOG, "3d02 0100 " PFLOG_NAMES PFLOG_NUMBERS "01 000000 " SYN4,
		 SYN4_TEXT " in", 124},
		{LINK_PFLOG, "3d18 0100 " PFLOG_NAMES PFLOG_NUMBERS "02 000000 " SYN6,
		 SYN6_TEXT " out", 144},
		{LINK_PFLOG, "3002 0100 " PFLOG_NAMES "00000000 00000000 00000000 " SYN4, SYN4_TEXT,
		 108},
		{LINK_PFLOG, "3d02 0100", "bad", 0},
		{LINK_PFLOG, "", "bad", 0},
		/* in either order: the hook, a prefix, the packet */
		{LINK_NFLOG, "02000005 0800 0100 0800 0300 0700 0a00 61626300 4000 0900 " SYN4,
		 SYN4_TEXT " out", 84},
		{LINK_NFLOG, "02000005 0008 0001 0800 0100 0007 000a 61626300 0040 0009 " SYN4,
		 SYN4_TEXT " in", 84},
		{LINK_NFLOG, "02000005 0800 0100 0800 0200 5400 0900 " SYN6, SYN6_TEXT, 96},
		{LINK_NFLOG, "02000005 0800 0100 0800 0300", "bad", 0},
		{LINK_NFLOG, "02000005 0200 0100 0800", "other", 0},
		{LINK_CHDLC, "0f00 0800 " SYN4, SYN4_TEXT, 64},
		{LINK_CHDLC, "8f00 86dd " SYN6, SYN6_TEXT, 84},
		{LINK_CHDLC, "8f00 8035 00000002", "other", 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

static void wrapped(void **state)
{
	static const struct sample samples[] = {
		{LINK_PPI, "00 00 0800 01000000 " MACS "0800 " SYN4, SYN4_TEXT, 82},
		{LINK_PPI, "00 00 0c00 01000000 12345678 " MACS "0800 " SYN4, SYN4_TEXT, 86},
		{LINK_PPI, "00 00 0800 c0000000 00 00 0800 00000000 02000000 " SYN4, SYN4_TEXT, 80},
		{LINK_PPI, "00 00 0800 93000000 " SYN4, "link", 0},
		{LINK_PPI, "00 00 0800", "bad", 0},
		/* |length| kind| link type| name| flags| ..., in either order */
		{LINK_PKTAP,
		 "54000000 01000000 01000000 " PKTAP_NAME "02000000 00000000 " PKTAP_REST
		 "00000000 00000000 " MACS "0800 " SYN4,
		 SYN4_TEXT " out", 158},
		{LINK_PKTAP,
		 "00000054 00000001 00000000 " PKTAP_NAME "00000001 00000000 " PKTAP_REST
		 "00000000 00000000 0000001e " SYN6,
		 SYN6_TEXT " in", 168},
		{LINK_PKTAP, "54000000 01000000 93000000 " PKTAP_NAME "02000000 " SYN4 SYN4, "link",
		 0},
		{LINK_PKTAP, "6c000000 01000000", "bad", 0},
	};

	(void)state;
	check_samples(samples, COUNT(samples));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),	    cmocka_unit_test(ethernet),
		cmocka_unit_test(ethernet_tunnels), cmocka_unit_test(cooked),
		cmocka_unit_test(others),	    cmocka_unit_test(wifi),
		cmocka_unit_test(logged),	    cmocka_unit_test(wrapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
