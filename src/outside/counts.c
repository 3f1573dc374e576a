/* SPDX-License-Identifier: BSD-2-Clause */
#include "outside/parts.h"
#include <math.h>
#include <stdlib.h>

#define SAME_OPEN_LEAST	 3 /* lines, before no rule can be the whole provider's */
#define SAME_LEAST	 2 /* lines that fail alike */
#define OTHER_OPEN_LEAST 3 /* networks */
#define AT_SERVER_LEAST	 2

/*
 * Shares of lines that fail for reasons of their own (home routers, tariffs): nobody has published
 * a figure, so a pessimistic one: a quarter of all, and anything from none to all possible.
 */
#define ALONE_A 1.0
#define ALONE_B 3.0

static bool same_site(const struct outside_row *a, const struct outside_row *b)
{
	const struct addr *x =
		addr_is_set(&a->vantage->from) ? &a->vantage->from : &a->vantage->prefix.addr;
	const struct addr *y =
		addr_is_set(&b->vantage->from) ? &b->vantage->from : &b->vantage->prefix.addr;
	return a->vantage->family == b->vantage->family && addr_is_set(x) && addr_is_set(y) &&
	       addr_same_site(x, y);
}

/* Of neighbours one counts; an open one first, so that no count grows by them. */
static void choose(struct outside_row *rows, size_t n)
{
	static const enum outside_fate order[] = {OUTSIDE_OPEN, OUTSIDE_BLOCKED, OUTSIDE_UNDECIDED};
	for (size_t o = 0; o < sizeof(order) / sizeof(order[0]); o++) {
		for (size_t i = 0; i < n; i++) {
			bool taken = rows[i].fate != order[o];
			for (size_t k = 0; k < n && !taken; k++)
				taken = rows[k].counted && same_site(&rows[i], &rows[k]);
			if (!taken)
				rows[i].counted = true;
		}
	}
}

static void count(struct outside_count *c, const struct outside_row *row)
{
	c->lines++;
	c->open += row->fate == OUTSIDE_OPEN;
	c->blocked += row->fate == OUTSIDE_BLOCKED;
	c->undecided += row->fate == OUTSIDE_UNDECIDED;
	c->inside += row->inside;
	c->at_server += row->at_server;
}

/* The class and family whose rows stand before: by network, the unknown ones apart. */
static int by_network(const void *a, const void *b)
{
	const struct outside_row *left = *(const struct outside_row *const *)a;
	const struct outside_row *right = *(const struct outside_row *const *)b;
	if (left->asn != right->asn)
		return left->asn < right->asn ? -1 : 1;
	return (left > right) - (left < right);
}

/* One vote each network, where its lines agree; one whose network is unknown has none. */
static void count_networks(struct outside_count *c, const struct outside_row **rows, size_t n)
{
	qsort(rows, n, sizeof(const struct outside_row *), by_network);
	for (size_t first = 0, lines; first < n; first += lines) {
		uint32_t open = 0, blocked = 0, at_server = 0;
		for (lines = 0; first + lines < n && rows[first + lines]->asn == rows[first]->asn;
		     lines++) {
			open += rows[first + lines]->fate == OUTSIDE_OPEN;
			blocked += rows[first + lines]->fate == OUTSIDE_BLOCKED;
			at_server += rows[first + lines]->at_server;
		}
		if (rows[first]->asn == 0 || (open > 0) == (blocked > 0))
			continue;
		c->networks++;
		c->networks_open += open > 0;
		c->networks_at_server += at_server > 0 && at_server == blocked;
	}
}

void counts_make(struct outside_view *view, struct outside_row *rows, size_t n)
{
	const struct outside_row **list =
		arena_alloc(&view->arena, (n + 1) * sizeof(const struct outside_row *));
	choose(rows, n);
	for (size_t i = 0; i < n; i++) {
		int family = rows[i].vantage->family == 6;
		view->asked[family] = true;
		if (rows[i].counted)
			count(rows[i].same ? &view->same[family] : &view->other[family], &rows[i]);
	}
	for (int family = 0; family < 2 && list; family++) {
		size_t others = 0;
		for (size_t i = 0; i < n; i++)
			if (rows[i].counted && !rows[i].same &&
			    (rows[i].vantage->family == 6) == family)
				list[others++] = &rows[i];
		count_networks(&view->other[family], list, others);
	}
}

enum outside_says counts_say(const struct outside_view *view, int family)
{
	const struct outside_count *same = &view->same[family], *other = &view->other[family];
	if (same->open == 0 && same->blocked >= SAME_LEAST &&
	    other->networks_at_server >= AT_SERVER_LEAST &&
	    other->networks_at_server * 3 >= other->networks * 2)
		return OUTSIDE_EVERYBODY;
	if (same->open + same->blocked == 0)
		return OUTSIDE_NO_LINE;
	if (same->open >= SAME_OPEN_LEAST)
		return same->blocked > 0 ? OUTSIDE_SOME_LINES : OUTSIDE_NOT_ALL;
	if (same->inside >= SAME_LEAST && same->inside * 3 >= (same->open + same->blocked) * 2 &&
	    other->networks_open >= OTHER_OPEN_LEAST)
		return OUTSIDE_PROVIDER;
	return same->open > 0 && same->blocked > 0 ? OUTSIDE_SOME_LINES : OUTSIDE_NOTHING;
}

static double log_beta(double a, double b)
{
	int sign; /* lgamma() would write a global */
	return lgamma_r(a, &sign) + lgamma_r(b, &sign) - lgamma_r(a + b, &sign);
}

double counts_ratio(uint32_t hits, uint32_t asked)
{
	/* A rule of unknown reach against lines that fail by themselves; the choose() cancels. */
	double h = hits, misses = asked - hits;
	double rule = log_beta(h + 1, misses + 1) - log_beta(1, 1);
	double alone = log_beta(h + ALONE_A, misses + ALONE_B) - log_beta(ALONE_A, ALONE_B);
	return rule > alone ? exp(rule - alone) : 1.0;
}
