/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/exchanges.h"
#include <stddef.h>

struct range {
	uint8_t bytes[16];
	uint8_t family, len;
};

#define V4(a, b, c, len)                                                                           \
	{                                                                                          \
		{a, b, c}, 4, len                                                                  \
	}
#define V6(a, b, c, d, len)                                                                        \
	{                                                                                          \
		{(a) >> 8, (a)&255, (b) >> 8, (b)&255, (c) >> 8, (c)&255, (d) >> 8, (d)&255}, 6,   \
			len                                                                        \
	}

/*
 * LANs of exchanges. The blocks that the registries keep for exchanges are in their documents
 * (RIPE NCC: 2001:7f8::/32 and 185.1.0.0/16; ARIN: 2001:504::/30; APNIC: 2001:7fa::/32; LACNIC:
 * 2001:12f8::/32); the others are the LANs of
 * large exchanges as they are generally known, written down in November 2026 and not compared with
 * the exchanges' own lists.
 */
static const struct range exchanges[] = {
	V4(185, 1, 0, 16),	      /* RIPE NCC's block */
	V4(80, 81, 192, 21),	      /* DE-CIX Frankfurt */
	V4(80, 249, 208, 21),	      /* AMS-IX */
	V4(195, 66, 224, 21),	      /* LINX */
	V4(5, 57, 80, 22),	      /* LONAP */
	V4(193, 242, 111, 24),	      /* INEX */
	V4(194, 88, 240, 23),	      /* INEX */
	V4(185, 6, 36, 23),	      /* INEX */
	V4(37, 49, 236, 22),	      /* France-IX */
	V4(193, 239, 116, 22),	      /* NL-ix */
	V4(193, 203, 0, 24),	      /* VIX */
	V4(91, 206, 52, 23),	      /* SwissIX */
	V4(194, 68, 123, 24),	      /* Netnod */
	V4(91, 210, 16, 22),	      /* NIX.CZ */
	V4(195, 182, 218, 23),	      /* PLIX */
	V4(217, 29, 66, 23),	      /* MIX */
	V4(195, 208, 208, 21),	      /* MSK-IX */
	V4(206, 126, 236, 22),	      /* Equinix Ashburn */
	V4(206, 223, 115, 24),	      /* Equinix Ashburn, formerly */
	V4(206, 223, 116, 22),	      /* Equinix San Jose, Dallas, Chicago */
	V4(206, 223, 123, 24),	      /* Equinix Los Angeles */
	V4(206, 223, 143, 24),	      /* Equinix San Jose */
	V4(208, 115, 136, 23),	      /* Equinix Chicago */
	V4(198, 32, 176, 24),	      /* Equinix Palo Alto */
	V4(198, 32, 160, 24),	      /* NYIIX */
	V4(206, 81, 80, 22),	      /* SIX Seattle */
	V4(206, 72, 210, 23),	      /* Any2 Los Angeles */
	V4(206, 108, 34, 23),	      /* TorIX */
	V4(149, 112, 13, 24),	      /* Salt Lake IX */
	V4(27, 111, 228, 22),	      /* Equinix Singapore */
	V4(103, 16, 102, 23),	      /* SGIX */
	V4(123, 255, 88, 21),	      /* HKIX */
	V4(103, 247, 139, 24),	      /* BBIX Hong Kong */
	V4(218, 100, 52, 23),	      /* Megaport Singapore */
	V4(210, 171, 224, 23),	      /* JPIX */
	V4(210, 173, 176, 24),	      /* JPNAP */
	V4(187, 16, 208, 20),	      /* IX.br Sao Paulo */
	V4(196, 60, 8, 22),	      /* NAPAfrica Johannesburg */
	V4(196, 60, 96, 22),	      /* NAPAfrica */
	V6(0x2001, 0x7f8, 0, 0, 32),  /* RIPE NCC's block */
	V6(0x2001, 0x504, 0, 0, 30),  /* ARIN's block */
	V6(0x2001, 0x7fa, 0, 0, 32),  /* APNIC's block */
	V6(0x2001, 0x12f8, 0, 0, 32), /* LACNIC's block */
};

bool exchange_has(const struct addr *addr)
{
	for (size_t i = 0; i < sizeof(exchanges) / sizeof(*exchanges); i++) {
		const struct range *r = &exchanges[i];
		struct prefix p = {
			.addr = r->family == 4 ? addr_v4(r->bytes) : addr_v6(r->bytes),
			.len = r->len,
		};
		if (r->family == addr->family && prefix_contains(&p, addr))
			return true;
	}
	return false;
}
