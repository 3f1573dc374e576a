/* SPDX-License-Identifier: BSD-2-Clause */
/* How probable a shared rule is at each place, before anything was asked. */
#include "infer/model/place.h"
#include <math.h>

/* What each party has of all places. */
struct shares {
	double there[SEGMENT_COUNT], back[SEGMENT_COUNT];
};

static void add_party(double party[SEGMENT_COUNT], uint8_t owners, double share)
{
	for (int seg = 0; seg < SEGMENT_COUNT; seg++)
		party[seg] += owners & ROLE_BIT(seg) ? share / roles_parties(owners) : 0;
}

/* A link and the input behind it share what an output has alone: nothing tells them apart. */
static double half(int position)
{
	return way_is_out(position) ? 1 : 0.5;
}

static void add_shares(const struct way *way, int position, double share, struct shares *out)
{
	uint8_t owners = way_owners(way, position);
	add_party(out->there, owners, share * half(position));
	if (way_is_in(position))
		add_party(out->back, owners, share);
}

/* Parties are equally likely, however many places each has. */
static double weight_of(const double party[SEGMENT_COUNT], uint8_t owners, double part)
{
	double sum = 0;
	for (int seg = 0; seg < SEGMENT_COUNT; seg++)
		sum += owners & ROLE_BIT(seg) ? part / party[seg] : 0;
	return owners ? sum / roles_parties(owners) / (SEGMENT_COUNT - 1) : 0;
}

static void weigh(const struct way *way, int position, const struct shares *shares,
		  struct place *out)
{
	uint8_t owners = way_owners(way, position);
	out->log_prior = log(weight_of(shares->there, owners, half(position)));
	out->log_back = way_is_in(position) ? log(weight_of(shares->back, owners, 1)) : -INFINITY;
}

static void count_member(const struct way *way, struct place *out)
{
	out->members++;
	out->heard[0] += way->resets != NULL;
	out->heard[1] += way->rejections != NULL;
}

void places_weigh(const struct way *ways, size_t n, struct places *out)
{
	struct shares shares = {{0}, {0}};
	for (size_t i = 0; i < n; i++) {
		for (int x = 1; x <= way_last(&ways[i]); x++) {
			uint32_t at = places_at(out, &ways[i], x);
			if (at != WAY_NO_PLACE)
				count_member(&ways[i], &out->item[at]);
		}
		if (out->servers != WAY_NO_PLACE)
			count_member(&ways[i], &out->item[out->servers]);
	}
	for (size_t i = 0; i < n; i++) {
		for (int x = 1; x <= way_last(&ways[i]); x++) {
			uint32_t at = places_at(out, &ways[i], x);
			double share = at == WAY_NO_PLACE ? 1 : 1.0 / out->item[at].members;
			add_shares(&ways[i], x, share, &shares);
		}
		if (out->servers != WAY_NO_PLACE)
			add_shares(&ways[i], way_last(&ways[i]), 1.0 / (double)n, &shares);
	}
	for (size_t i = n; i-- > 0;) {
		for (int x = 1; x <= way_last(&ways[i]); x++) {
			uint32_t at = places_at(out, &ways[i], x);
			if (at != WAY_NO_PLACE)
				weigh(&ways[i], x, &shares, &out->item[at]);
		}
		if (out->servers != WAY_NO_PLACE)
			weigh(&ways[i], way_last(&ways[i]), &shares, &out->item[out->servers]);
	}
}
