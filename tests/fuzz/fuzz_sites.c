/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the input as one saved result: what the reader takes from it is the same uncut. */
#include "fuzz_check.h"
#include "io/results/site_line.h"
#include <string.h>

static void same_text(const char *a, const char *b)
{
	require(!a == !b && (!a || strcmp(a, b) == 0));
}

static void same_way(const struct site_way *a, const struct site_way *b)
{
	require(addr_equal(&a->server, &b->server) && a->fate == b->fate);
	require(a->placed == b->placed && a->from_hop == b->from_hop && a->to_hop == b->to_hop);
	require(a->hops_n == b->hops_n);
	for (size_t i = 0; i < a->hops_n; i++) {
		const struct site_hop *x = &a->hops[i], *y = &b->hops[i];

		require(x->hop == y->hop && addr_equal(&x->addr, &y->addr));
		require(x->asn == y->asn && x->scope == y->scope);
	}
}

static void same_site(const struct site_record *a, const struct site_record *b)
{
	same_text(a->key, b->key);
	same_text(a->started, b->started);
	same_text(a->site.name, b->site.name);
	same_text(a->site.owner, b->site.owner);
	require(a->site.asn == b->site.asn && a->site.state == b->site.state);
	require(a->site.ways_n == b->site.ways_n);
	for (size_t i = 0; i < a->site.ways_n; i++)
		same_way(&a->site.ways[i], &b->site.ways[i]);
}

/* Whatever a parser makes of it; several sites are put together. */
static int read_object(const json_t *object, struct arena *arena, struct site_record *out)
{
	struct err err = {0};
	int status = object ? site_line_read(object, 0, arena, out, &err) : -1;

	require(!object || status == 0 || err.msg[0]);
	return status;
}

/* The places elsewhere that it tells of, in the whole and in what was cut. */
static void same_places(const json_t *whole, const json_t *part, struct arena *arena)
{
	const json_t *a = site_line_places(whole), *b = site_line_places(part);

	require(json_array_size(a) == json_array_size(b));
	require(site_line_is_own(whole) == site_line_is_own(part));
	for (size_t i = 0; i < json_array_size(a); i++) {
		struct site_record x, y;
		struct err err = {0};
		int read = site_line_read_place(json_array_get(a, i), 0, arena, &x, &err);

		require(read == 0 || err.msg[0]);
		require(read == site_line_read_place(json_array_get(b, i), 0, arena, &y, &err));
		if (read == 0)
			same_site(&x, &y);
	}
}

static void combine(const struct site *site)
{
	const struct site sites[] = {*site, *site};
	struct sites_result result;

	require(sites_combine(sites, 2, &result));
	require(result.sites == 2 && result.open + result.failing + result.unknown == 2);
	sites_free(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = size ? (const char *)data : "";
	struct site_record a, b;
	struct arena arena = {0};
	struct text cut = {0};
	json_t *whole = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL), *part = NULL;
	bool able = json_cut(text, size, site_line_members, &cut);

	if (able)
		part = json_loadb(text_str(&cut), cut.len, JSON_REJECT_DUPLICATES, NULL);
	require(cut.len <= size && !cut.failed);
	require(!whole || !able || part);
	int read_whole = read_object(whole, &arena, &a), read_part = read_object(part, &arena, &b);
	if (whole && able) {
		same_places(whole, part, &arena);
		require(read_whole == read_part);
		if (read_whole == 0)
			same_site(&a, &b);
	}
	if (read_part == 0)
		combine(&b.site);
	json_decref(whole);
	json_decref(part);
	text_free(&cut);
	arena_free(&arena);
	return 0;
}
