/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/siblings.h"
#include "infer/numbers.h"
#include <stddef.h>

/*
 * ASs of one operator, by what the operators say and what the names in libloc's data base of
 * October 2022 say of them (it has none of South America's); compared with these in November 2026.
 * A company that was sold is not here any more, one that competes never was: Vodafone's in Spain
 * and Italy, Telia's in Denmark, Telefonica's in Argentina, Telecom Italia's Sparkle. A zero ends
 * each row; the first stands for all.
 */
static const uint32_t siblings[][GROUP_MOST] = {
	{701, 702, 703, 6167, 22394, 2828},					    /* Verizon */
	{7922, 7015, 7016, 33491, 33657, 22909, 33287, 33651, 33652, 20214, 13367}, /* Comcast */
	{3320, 5483, 5391, 6855, 13036, 8412, 5588, 12912, 6799}, /* Deutsche Telekom */
	{3215, 5511, 12479, 12715, 5617, 8953, 15962},		  /* Orange */
	{6830, 5089, 35228, 6848, 33915, 9143, 8404}, /* Liberty Global, Virgin Media, Ziggo */
	{3209, 1273, 31334, 20825, 5378, 25135, 2529, 15897, 12353, 16019}, /* Vodafone */
	{2856, 5400, 12641, 12576, 6871},				    /* BT, EE, Plusnet */
	{1136, 8737, 5615, 3265},					    /* KPN, XS4ALL */
	{7473, 9506, 3758, 7474, 4804},					    /* Singtel, Optus */
	{1221, 4637},							    /* Telstra */
	{18209, 24309, 55577},						    /* ACT */
	{9498, 24560, 45609, 45514},					    /* Airtel */
	{4755, 6453},							    /* Tata */
	{29465, 16637},							    /* MTN */
	{3356, 3549, 209, 3561, 4323},					    /* Lumen */
	{3301, 1759},							    /* Telia */
	{12322, 12876, 51207},						/* Iliad: Free, Scaleway */
	{15557, 21502, 8228},						/* SFR */
	{3352, 12956, 6805, 13184, 10429, 27699, 18881, 26599},		/* Telefonica */
	{28573, 4230},							/* Claro, Embratel */
	{7738, 8167},							/* Oi */
	{7303, 10318},							/* Telecom Argentina */
	{13285, 9105},							/* TalkTalk */
	{13127, 31615, 50266},						/* Odido */
	{5432, 6774},							/* Proximus, BICS */
	{3243, 8657, 42863},						/* MEO */
	{719, 6667},							/* Elisa */
	{39603, 9141},							/* Play */
	{9121, 47331},							/* Turk Telekom */
	{25019, 39891},							/* Saudi Telecom */
	{12400, 9116},							/* Partner */
	{55836, 64049},							/* Jio */
	{7470, 17552},							/* True */
	{45758, 45629},							/* Triple T, JasTel */
	{17974, 7713},							/* Telkom Indonesia */
	{45899, 7643},							/* VNPT */
	{7552, 24086},							/* Viettel */
	{4775, 132199},							/* Globe */
	{3462, 9680},							/* Chunghwa */
	{9318, 9644},							/* SK */
	{3786, 17858},							/* LG */
	{4657, 10091},							/* StarHub */
	{4771, 4648},							/* Spark */
	{29975, 36994},							/* Vodacom */
	{37457, 5713},							/* Telkom SA */
	{5650, 3593, 7011},						/* Frontier */
	{812, 6327},							/* Rogers, Shaw */
	{3257, 5580, 4436, 8928},					/* GTT */
	{3303, 44038},							/* Swisscom */
	{8447, 1901},							/* A1 */
	{9049, 50543, 50544, 41843, 42683, 51570},			/* ER-Telecom */
	{3216, 8402, 16345},						/* Vimpelcom */
	{7018, 20057, 6389, 2386, 7132},				/* AT&T */
	{577, 6539},							/* Bell Canada */
	{3491, 4760},							/* PCCW */
	{17676, 4725},							/* SoftBank */
	{4134, 4809, 4847, 4812, 23724},				/* China Telecom */
	{4837, 9929, 17621, 17622, 17623, 17816, 4808},			/* China Unicom */
	{9808, 58453, 56040, 24400},					/* China Mobile */
	{16509, 14618, 8987, 7224},					/* Amazon */
	{15169, 396982, 36040, 36384, 36492, 43515, 41264, 19527},	/* Google */
	{8075, 8068},							/* Microsoft */
	{32934, 54115, 63293},						/* Facebook */
	{10310, 26101, 36647, 36646, 34010},				/* Yahoo */
	{13335, 209242},						/* Cloudflare */
	{2906, 40027},							/* Netflix */
	{714, 6185},							/* Apple */
	{31898, 792},							/* Oracle */
	{45102, 37963},							/* Alibaba */
	{132203, 45090},						/* Tencent */
	{51167, 40021},							/* Contabo */
	{8560, 6724},							/* IONOS, Strato */
	{60068, 212238},						/* Datacamp */
	{16276, 35540},							/* OVH */
	{60781, 28753, 30633, 16265},					/* Leaseweb */
	{14061, 62567, 393406, 202018},					/* DigitalOcean */
	{24940, 213230, 212317},					/* Hetzner */
	{63949, 20940, 16625, 32787},					/* Akamai, Linode */
	{2914, 4713},							/* NTT */
	{174, 2149},							/* Cogent */
	{20115, 11427, 20001, 10796, 11351, 11426, 12271, 33363, 7843}, /* Charter */
	{195, 1909, 7377},						/* SDSC, UC San Diego */
};

/*
 * The networks that CAIDA's AS relationships infer to have no provider, and others like them, but
 * those that sell lines to homes as well. Written down in November 2026
 * from what is generally known, not from a dated list.
 */
static const uint32_t carriers[] = {
	174,  1239, 1299, 2914, 3257, 3356, 3491, 5511,	 6453,	6461,  6762,  6939,  9002,  12956,
	4637, 1273, 3549, 286,	5580, 8220, 8928, 10099, 13237, 20764, 23520, 37271, 52320, 58453,
};

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

static const uint32_t *row_of(uint32_t asn)
{
	for (size_t i = 0; i < sizeof(siblings) / sizeof(*siblings); i++) {
		if (row_has(siblings[i], asn))
			return siblings[i];
	}
	return NULL;
}

uint32_t network_group(uint32_t asn)
{
	const uint32_t *row = row_of(asn);

	return row ? row[0] : asn;
}

bool network_siblings(uint32_t a, const char *name_a, uint32_t b, const char *name_b)
{
	const uint32_t *row = row_of(a);

	return (row && row == row_of(b)) || same_word(name_a, name_b);
}

bool network_carries(uint32_t asn)
{
	for (size_t i = 0; i < sizeof(carriers) / sizeof(*carriers); i++) {
		if (carriers[i] == asn)
			return true;
	}
	return false;
}
