/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/exchanges.h"
#include <stddef.h>

#define WORD_LEAST 3 /* letters of a name's first word that tell anything */

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

/*
 * ASs of one company, by what the operators and the registries' records say. A zero ends each row.
 * Written down in November 2026
 * from what is generally known, not from a dated list.
 */
static const uint32_t siblings[][8] = {
	{701, 702, 703, 6167, 22394, 2828},		   /* Verizon */
	{7922, 7015, 7016, 33491, 33657, 22909},	   /* Comcast */
	{3320, 5483, 5391, 6855, 13036, 8412},		   /* Deutsche Telekom */
	{3215, 5511, 12479, 8708, 3216},		   /* Orange */
	{6830, 5089, 6848, 33915, 9143, 8404},		   /* Liberty Global, Virgin Media, Ziggo */
	{3209, 1273, 12430, 30722, 6739, 2529},		   /* Vodafone */
	{2856, 5400, 12641, 6871},			   /* BT */
	{1136, 286, 8737, 5615, 3265},			   /* KPN, XS4ALL */
	{7473, 9506, 3758, 7474, 4804},			   /* Singtel, Optus */
	{1221, 4637},					   /* Telstra */
	{18209, 24309, 55577},				   /* ACT */
	{9498, 24560, 45609, 45514},			   /* Airtel */
	{4755, 6453},					   /* Tata */
	{29465, 16637, 37662},				   /* MTN */
	{3356, 3549, 209, 3561, 4323},			   /* Lumen */
	{1299, 3301, 3308, 2119, 719},			   /* Telia */
	{12322, 12876},					   /* Iliad: Free, Scaleway */
	{3352, 12956, 6805, 13184, 10429, 22927},	   /* Telefonica */
	{4134, 4809, 4847, 4812, 23724},		   /* China Telecom */
	{4837, 9929, 17621, 17622, 17623, 17816, 4808},	   /* China Unicom */
	{9808, 58453, 56040, 24400},			   /* China Mobile */
	{16509, 14618, 8987},				   /* Amazon */
	{15169, 396982, 36040, 36384, 36492, 43515},	   /* Google */
	{14061, 62567, 393406, 202018},			   /* DigitalOcean */
	{24940, 213230, 212317},			   /* Hetzner */
	{63949, 20940, 16625, 32787},			   /* Akamai, Linode */
	{2914, 4713},					   /* NTT */
	{174, 2149},					   /* Cogent */
	{11427, 20001, 10796, 11351, 11426, 12271, 20115}, /* Charter */
	{33363, 7843, 20001, 20115},			   /* Charter */
	{195, 1909, 7377},				   /* SDSC, UC San Diego */
	{8447, 8412, 1901},				   /* A1, Magenta */
};

/*
 * The networks that CAIDA's AS relationships infer to have no provider, and others like them, but
 * those that sell lines to homes as well. Written down in November 2026
 * from what is generally known, not from a dated list.
 */
static const uint32_t carriers[] = {
	174,  1239, 1299, 2914, 3257,  3356, 3491, 5511, 6453,
	6461, 6762, 6939, 9002, 12956, 4637, 1273, 3549, 286,
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

/* ASCII alone: what a locale makes of a name is nobody's business here. */
static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool in_word(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

static bool same_word(const char *a, const char *b)
{
	size_t n = 0;

	if (!a || !b)
		return false;
	while (in_word(a[n]) && lower(a[n]) == lower(b[n]))
		n++;
	return n >= WORD_LEAST && !in_word(a[n]) && !in_word(b[n]);
}

static bool row_has(const uint32_t *row, uint32_t asn)
{
	for (size_t i = 0; i < sizeof(siblings[0]) / sizeof(*row) && row[i]; i++) {
		if (row[i] == asn)
			return true;
	}
	return false;
}

bool network_siblings(uint32_t a, const char *name_a, uint32_t b, const char *name_b)
{
	for (size_t i = 0; i < sizeof(siblings) / sizeof(*siblings); i++) {
		if (row_has(siblings[i], a) && row_has(siblings[i], b))
			return true;
	}
	return same_word(name_a, name_b);
}

bool network_carries(uint32_t asn)
{
	for (size_t i = 0; i < sizeof(carriers) / sizeof(*carriers); i++) {
		if (carriers[i] == asn)
			return true;
	}
	return false;
}
