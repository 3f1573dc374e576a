/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sites share: tables of small fleets, and fleets drawn by chance in which one known
 * place loses the SYNs.
 */
#include "base/draw.h"
#include "sites/sites.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FLEETS	   200
#define SITES_MAX  120
#define HOPS	   6U
#define SERVERS	   3U
#define EDGES	   4 /* access routers of a provider */
#define PROVIDERS  4
#define TRANSITS   3
#define SILENT_IN  12 /* one router of so many never answers */
#define UNKNOWN_IN 10 /* one site of so many says nothing */

/* A network that exists as numbers only: gateway, access, core, transit, edge of the server,
 * server. */
struct fleet {
	struct draw random;
	struct site sites[SITES_MAX];
	struct site_way ways[SITES_MAX][SERVERS];
	struct site_hop hops[SITES_MAX][SERVERS][HOPS];
	char names[SITES_MAX][8];
	size_t n;
	struct addr bad_from, bad_to; /* equal: the router itself loses them */
};

static struct addr addr_number(uint8_t first, uint32_t n)
{
	const uint8_t b[4] = {first, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
	return addr_v4(b);
}

static bool is_silent(const struct addr *a)
{
	return addr_hash(a, 7) % SILENT_IN == 0;
}

/* The routers on the way of a site; its private gateway is the same address at every site. */
static void way_of(uint32_t site, uint32_t server, struct addr way[HOPS], uint32_t asn[HOPS])
{
	uint32_t provider = site % PROVIDERS, edge = site / PROVIDERS % EDGES;
	uint32_t transit = (provider + server) % TRANSITS;
	const struct addr all[HOPS] = {
		addr_number(10, 1),	   addr_number(50, provider * 256 + edge),
		addr_number(51, provider), addr_number(60, transit),
		addr_number(70, server),   addr_number(71, server),
	};
	const uint32_t numbers[HOPS] = {0,
					65000 + provider,
					65000 + provider,
					65100 + transit,
					65200 + server,
					65200 + server};
	memcpy(way, all, sizeof(all));
	memcpy(asn, numbers, sizeof(numbers));
}

/* The index of the last hop that still sees the SYN, or HOPS - 1 when the server does. */
static size_t last_seen(const struct fleet *f, const struct addr way[HOPS])
{
	bool router = addr_equal(&f->bad_from, &f->bad_to);
	for (size_t i = 0; i + 1 < HOPS; i++)
		if (addr_equal(&way[i], &f->bad_from) &&
		    (router || addr_equal(&way[i + 1], &f->bad_to)))
			return i;
	return HOPS - 1;
}

/* What a site measures on the way to a server: silent routers widen the place. */
static void measure(struct fleet *f, uint32_t site, uint32_t server)
{
	struct site_way *way = &f->ways[site][server];
	struct site_hop *hops = f->hops[site][server];
	struct addr routers[HOPS];
	uint32_t asn[HOPS];
	way_of(site, server, routers, asn);
	size_t seen = last_seen(f, routers);
	*way = (struct site_way){.server = routers[HOPS - 1], .hops = hops, .fate = WAY_PASSES};
	for (size_t i = 0; i + 1 < HOPS; i++)
		if (!is_silent(&routers[i]))
			hops[way->hops_n++] =
				(struct site_hop){(uint8_t)(i + 1), routers[i], asn[i],
						  site_scope(&routers[i], site)};
	if (seen == HOPS - 1)
		return;
	way->fate = WAY_FAILS;
	way->placed = true;
	for (size_t i = 0; i < way->hops_n; i++) {
		if (hops[i].hop <= seen + 1)
			way->from_hop = hops[i].hop;
		else if (way->to_hop == 0)
			way->to_hop = hops[i].hop;
	}
	if (way->to_hop == 0)
		way->to_hop = HOPS;
}

static void draw_fleet(struct fleet *f, uint64_t seed)
{
	struct addr way[HOPS];
	uint32_t asn[HOPS];
	struct draw_key key = {0};
	memcpy(key.bytes, &seed, sizeof(seed));
	*f = (struct fleet){0};
	draw_open(&f->random, &key, DRAW_PROBES);
	f->n = 20 + draw_below(&f->random, SITES_MAX - 20);
	way_of(draw_below(&f->random, (uint32_t)f->n), draw_below(&f->random, SERVERS), way, asn);
	size_t at = 1 + draw_below(&f->random, HOPS - 3);
	f->bad_from = way[at];
	f->bad_to = draw_below(&f->random, 2) ? way[at] : way[at + 1];
	for (uint32_t i = 0; i < f->n; i++) {
		struct site *site = &f->sites[i];
		bool fails = false;
		snprintf(f->names[i], sizeof(f->names[i]), "s%u", i);
		*site = (struct site){.name = f->names[i],
				      .asn = 65000 + i % PROVIDERS,
				      .ways = f->ways[i],
				      .ways_n = SERVERS};
		for (uint32_t k = 0; k < SERVERS; k++) {
			measure(f, i, k);
			fails |= f->ways[i][k].fate == WAY_FAILS;
		}
		site->state = fails ? SITE_FAILS : SITE_OPEN;
		if (draw_below(&f->random, UNKNOWN_IN) == 0)
			site->state = SITE_UNKNOWN;
	}
}

/* Whether losing SYNs at the stretch is what the fleet's fault looks like from its routers. */
static bool covers_truth(const struct fleet *f, const struct stretch *s)
{
	const struct addr *from = &s->from.addr, *to = &s->to.addr;
	if (addr_equal(from, to))
		return addr_equal(from, &f->bad_from) || addr_equal(from, &f->bad_to);
	return addr_equal(from, &f->bad_from) || addr_equal(to, &f->bad_to) ||
	       is_silent(&f->bad_from) || is_silent(&f->bad_to);
}

static void a_known_fault_is_among_the_suspects(void **state)
{
	static struct fleet f;
	size_t named = 0, shared = 0;
	(void)state;
	for (uint64_t seed = 1; seed <= FLEETS; seed++) {
		struct sites_result r;
		draw_fleet(&f, seed);
		assert_true(sites_combine(f.sites, f.n, &r));
		for (size_t i = 0; i < r.shares_n; i++) {
			const struct share *share = &r.shares[i];
			bool covered = share->kind != SHARE_LINK;
			for (size_t k = 0; k < share->suspects_n; k++)
				covered |= covers_truth(&f, &share->suspects[k]);
			if (!covered)
				fail_msg("fleet %llu: an innocent place stands alone",
					 (unsigned long long)seed);
			named += share->named;
			shared += share->kind == SHARE_LINK || share->kind == SHARE_NETWORK;
		}
		sites_free(&r);
	}
	assert_true(shared >= FLEETS / 2);
	assert_true(named >= FLEETS / 4);
}

/* A way of three hops whose last two are given; it fails between from and to unless both are 0. */
static struct site_way small_way(struct site_hop hops[3], uint8_t access, uint8_t core,
				 uint8_t from, uint8_t to, uint32_t site)
{
	for (uint8_t i = 0; i < 3; i++) {
		const struct addr addr = i == 0	  ? addr_number(10, 1)
					 : i == 1 ? addr_number(50, access)
						  : addr_number(51, core);
		hops[i] = (struct site_hop){(uint8_t)(i + 1), addr, 0, site_scope(&addr, site)};
	}
	return (struct site_way){
		.server = addr_number(71, 1),
		.fate = from || to ? WAY_FAILS : WAY_PASSES,
		.hops = hops,
		.hops_n = 3,
		.placed = from || to,
		.from_hop = from,
		.to_hop = to,
	};
}

struct small {
	uint8_t access, core, from, to;
	enum site_state state;
};

static const struct {
	const char *name;
	struct small sites[4];
	size_t n;
	size_t shares_n;
	enum share_kind kind; /* of the first */
	bool named;
	uint32_t behind, apart;
} rows[] = {
	{"two behind one access router",
	 {{1, 1, 2, 3, SITE_FAILS}, {1, 1, 2, 3, SITE_FAILS}},
	 2,
	 1,
	 SHARE_LINK,
	 true,
	 0,
	 0},
	{"an open site passes the router over another link",
	 {{1, 1, 2, 3, SITE_FAILS}, {1, 1, 2, 3, SITE_FAILS}, {1, 2, 0, 0, SITE_OPEN}},
	 3,
	 1,
	 SHARE_LINK,
	 true,
	 1,
	 0},
	{"a third passes the very link",
	 {{1, 1, 2, 3, SITE_FAILS}, {1, 1, 2, 3, SITE_FAILS}, {1, 1, 0, 0, SITE_OPEN}},
	 3,
	 1,
	 SHARE_CONTRADICTED,
	 false,
	 1,
	 0},
	{"one alone",
	 {{1, 1, 2, 3, SITE_FAILS}, {2, 2, 0, 0, SITE_OPEN}},
	 2,
	 1,
	 SHARE_ALONE,
	 false,
	 0,
	 0},
	{"private gateways of the same address are not one router",
	 {{1, 1, 1, 1, SITE_FAILS}, {2, 1, 1, 1, SITE_FAILS}},
	 2,
	 2,
	 SHARE_ALONE,
	 false,
	 0,
	 0},
	{"two access routers before one core: its input",
	 {{1, 1, 2, 3, SITE_FAILS}, {2, 1, 2, 3, SITE_FAILS}},
	 2,
	 1,
	 SHARE_LINK,
	 true,
	 0,
	 2},
	{"one access router, others reach the same core: the link between them",
	 {{1, 1, 2, 3, SITE_FAILS},
	  {1, 1, 2, 3, SITE_FAILS},
	  {2, 1, 0, 0, SITE_OPEN},
	  {3, 1, 0, 0, SITE_OPEN}},
	 4,
	 1,
	 SHARE_LINK,
	 true,
	 0,
	 0},
	{"lost between each one's own router and the access router: either",
	 {{1, 1, 1, 2, SITE_FAILS},
	  {1, 1, 1, 2, SITE_FAILS},
	  {1, 1, 2, 3, SITE_FAILS},
	  {2, 1, 0, 0, SITE_OPEN}},
	 4,
	 1,
	 SHARE_LINK,
	 true,
	 0,
	 3},
	{"what is unknown says nothing",
	 {{1, 1, 0, 0, SITE_UNKNOWN}, {1, 1, 2, 3, SITE_FAILS}},
	 2,
	 1,
	 SHARE_ALONE,
	 false,
	 0,
	 0},
};

static void small_fleets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct site_hop hops[4][3];
		struct site_way ways[4];
		struct site sites[4];
		struct sites_result r;
		for (uint32_t k = 0; k < rows[i].n; k++) {
			const struct small *s = &rows[i].sites[k];
			ways[k] = small_way(hops[k], s->access, s->core, s->from, s->to, k);
			sites[k] = (struct site){
				.name = "site", .state = s->state, .ways = &ways[k], .ways_n = 1};
		}
		assert_true(sites_combine(sites, rows[i].n, &r));
		if (r.shares_n != rows[i].shares_n || r.shares[0].kind != rows[i].kind ||
		    r.shares[0].named != rows[i].named || r.shares[0].behind != rows[i].behind ||
		    r.shares[0].apart != rows[i].apart)
			fail_msg("%s: %zu shares, the first of kind %d, named %d, behind %u, "
				 "apart %u",
				 rows[i].name, r.shares_n, (int)r.shares[0].kind,
				 (int)r.shares[0].named, r.shares[0].behind, r.shares[0].apart);
		sites_free(&r);
	}
}

/* Every site of a provider loses it, each behind a router of its own; nobody of it is open. */
static void a_whole_network(void **state)
{
	struct site_hop hops[5][3];
	struct site_way ways[5];
	struct site sites[5];
	struct sites_result r;
	(void)state;
	for (uint32_t i = 0; i < 5; i++) {
		bool fails = i < 4;
		uint8_t own = (uint8_t)(i + 1);
		ways[i] = small_way(hops[i], own, own, fails ? 2 : 0, fails ? 3 : 0, i);
		hops[i][1].asn = hops[i][2].asn = 65000;
		sites[i] = (struct site){.name = "site",
					 .asn = fails ? 65000 : 65001,
					 .state = fails ? SITE_FAILS : SITE_OPEN,
					 .ways = &ways[i],
					 .ways_n = 1};
	}
	assert_true(sites_combine(sites, 5, &r));
	assert_int_equal(r.shares_n, 1);
	assert_int_equal(r.shares[0].kind, SHARE_NETWORK);
	assert_int_equal(r.shares[0].asn, 65000);
	assert_int_equal(r.shares[0].sites_n, 4);
	assert_int_equal(r.shares[0].places, 4);
	sites_free(&r);
}

static void nothing_at_all(void **state)
{
	struct sites_result r;
	(void)state;
	assert_true(sites_combine(NULL, 0, &r));
	assert_int_equal(r.shares_n, 0);
	assert_int_equal(r.providers_n, 0);
	sites_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_fleets),
		cmocka_unit_test(a_whole_network),
		cmocka_unit_test(a_known_fault_is_among_the_suspects),
		cmocka_unit_test(nothing_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
