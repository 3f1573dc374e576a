/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports that take other ways than their controls, and ways that lead back to where they came from.
 */
#include "infer/way/parting.h"
#include "infer/numbers.h"
#include "infer/way/hops.h"
#include <string.h>

bool parting_share(const struct hop_addrs *a, const struct hop_addrs *b)
{
	for (int i = 0; i < a->n * b->n; i++) {
		if (addr_equal(&a->addr[i / b->n], &b->addr[i % b->n]))
			return true;
	}
	return false;
}

bool parting_renamed(const struct path *path, const struct hop_addrs *hop)
{
	const struct addr *server = &path->trace->servers[path->server].addr;
	return hop->n == 1 && addr_equal(&hop->addr[0], server);
}

static bool is_named(const struct path *path, const struct hop_addrs *hop)
{
	return hop->n > 0 && !parting_renamed(path, hop);
}

static bool is_answered(const struct lane *lane)
{
	return lane->at[0].synack || lane->first_synack;
}

/* The last hop that a rejected SYN had passed by the TTL that the rejection quotes, 0: none. */
static int last_quoted(const struct path *path)
{
	int last = 0;
	PATH_EACH_PROBE(path, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			bool counts = p->dst_port == path->target.port &&
				      r->kind == REPLY_REJECTED && r->quoted_ttl > 0;
			if (counts && p->ttl - r->quoted_ttl > last)
				last = p->ttl - r->quoted_ttl;
		}
	}
	return last;
}

void parting_find(struct path *path)
{
	const struct lane *c = &path->control, *t = &path->target;
	int last = t->last_expired;
	path->parting = 0;
	path->port_distance = path->distance;
	if (is_answered(t) || path_ttl_void(path))
		return;
	for (int hop = 1; hop <= last; hop++) {
		if (!is_named(path, &c->hop[hop]) || !is_named(path, &t->hop[hop]))
			continue;
		if (parting_share(&c->hop[hop], &t->hop[hop]))
			path->parting = 0;
		else if (!path->parting)
			path->parting = hop;
	}
	/* Where ways differ in length its own server may have been met sooner by another flow. */
	bool sooner = t->first_reset && t->first_reset <= last;
	if (!path->distance || last < path->distance || sooner)
		return;
	int quoted = last_quoted(path) + 1;
	path->port_distance = t->first_reset ? t->first_reset : last + 1;
	if (quoted > path->port_distance && quoted <= PATH_TTL_MAX)
		path->port_distance = quoted;
}

/* Whether the hop is judged by the port's own routers alone. */
static bool is_own(const struct path *path, int hop)
{
	return (path->parting && hop >= path->parting) ||
	       (path->port_distance > path->distance && hop >= path->distance);
}

bool parting_differs(const struct path *path)
{
	return path->parting || path->port_distance > path->distance;
}

void parting_way(const struct path *path, struct path *own, struct hop_addrs hops[PATH_TTL_MAX + 1])
{
	*own = *path;
	own->control.hop = own->control.own_hops = hops;
	hops[0] = path->control.hop[0];
	for (int hop = 1; hop <= PATH_TTL_MAX; hop++) {
		if (!is_own(path, hop))
			hops[hop] = path->control.hop[hop];
		else if (is_named(path, &path->target.hop[hop]))
			hops[hop] = path->target.hop[hop];
		else
			hops[hop] = (struct hop_addrs){0};
	}
	own->distance = path->port_distance;
	own->control.synack_ttl = -1;
}

struct addr parting_addr(const struct path *path, int hop)
{
	if (hop < 1 || hop > PATH_TTL_MAX || !is_own(path, hop))
		return hops_addr(path, hop);
	const struct hop_addrs *own = &path->target.hop[hop];
	return is_named(path, own) ? own->addr[0] : (struct addr){0};
}

/* Whether the router at a hop comes back `len` hops later, where no SYN to the control meets it. */
static bool comes_back(const struct path *path, int hop, int len)
{
	const struct hop_addrs *t = path->target.hop;
	return hop + len <= PATH_TTL_MAX && is_named(path, &t[hop]) &&
	       parting_share(&t[hop], &t[hop + len]) &&
	       !parting_share(&t[hop], &path->control.hop[hop + len]);
}

/* The hop at which a router is first seen to come back, and after how many hops; false: none. */
static bool find_round(const struct path *path, int *first, int *len, bool *thrice)
{
	for (*first = 1; *first < path->target.last_expired; ++*first) {
		for (*len = 1; *len <= LOOP_MOST; ++*len) {
			bool back = comes_back(path, *first, *len);
			/* Balanced ways of two lengths show a router at two hops, not at three. */
			*thrice = back && comes_back(path, *first, 2 * *len);
			if (*thrice || (back && *len > 1))
				return true;
		}
	}
	return false;
}

bool parting_loop(const struct path *path, struct loop *out)
{
	int first = 0, len = 0, last = 0;
	bool thrice = false;
	bool round = find_round(path, &first, &len, &thrice);
	bool unlimited = path->target.at[0].expired > 0;
	if (!round && !unlimited)
		return false;
	/* As far as both ports meet the same routers all went well. */
	for (int hop = 1; hop <= path->target.last_expired; hop++) {
		if (parting_share(&path->control.hop[hop], &path->target.hop[hop]))
			last = hop;
	}
	int end = first + len - 1;
	*out = (struct loop){
		.proven = round && (thrice || unlimited),
		.first = last,
		.last = end > last ? end : last,
		.alone = len == 1,
	};
	return true;
}

int parting_unmet(const struct path *path)
{
	int last = path->target.last_expired;
	bool beyond = path->answered && last >= path->answered;
	return last > 1 && !beyond && !path->parting && !path->control.hop[last].n ? last : 0;
}

bool parting_is_uneven(const struct path *path)
{
	const struct hop_addrs *c = path->control.hop, *t = path->target.hop;
	const struct addr *server = &path->trace->servers[path->server].addr;
	if (path->distance && path->nearest > path->distance)
		return true;
	for (int hop = 1; hop < PATH_TTL_MAX; hop++) {
		/* Behind a destination NAT every expiry has the server's address. */
		if (c[hop].n && addr_equal(&c[hop].addr[0], server))
			return false;
		if (parting_share(&c[hop], &c[hop + 1]) || parting_share(&c[hop], &t[hop + 1]) ||
		    (parting_share(&t[hop], &c[hop + 1])))
			return true;
	}
	return false;
}

/* Whether one of the path's hops from there on shows one of these addresses. */
static bool shows(const struct path *path, int from, const struct hop_addrs *addrs)
{
	for (int hop = from; hop <= PATH_TTL_MAX; hop++) {
		if (parting_share(&path->control.hop[hop], addrs) ||
		    parting_share(&path->target.hop[hop], addrs))
			return true;
	}
	return false;
}

bool parting_meet_again(const struct path *a, const struct path *b, int hop)
{
	for (int at = hop; at <= PATH_TTL_MAX; at++) {
		if (shows(b, hop, &a->control.hop[at]) || shows(b, hop, &a->target.hop[at]))
			return true;
	}
	return false;
}

bool parting_same_hop(const struct path *a, const struct path *b, int hop)
{
	const struct hop_addrs *sets[2][2] = {
		{&a->control.hop[hop], &a->target.hop[hop]},
		{&b->control.hop[hop], &b->target.hop[hop]},
	};
	for (int i = 0; i < 4; i++) {
		if (parting_share(sets[0][i / 2], sets[1][i % 2]))
			return true;
	}
	return false;
}
