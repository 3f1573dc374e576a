/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/forgery.h"
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/scene/others.h"
#include "infer/way/hops.h"
#include <math.h>

/* What the answers to one port show at one TTL. */
struct seen {
	const struct reply *expiry; /* the first */
	int64_t rtt_ns;		    /* the shortest of its expiries, -1: none */
	uint32_t n;		    /* expiries */
};

struct lane_seen {
	struct seen at[PATH_TTL_MAX + 1];
	int64_t server_ns; /* shortest round trip to a SYN-ACK, -1: none */
	uint32_t synacks;
};

static struct forgery sign(enum forgery_kind kind, uint32_t server, const struct reply *a,
			   const struct reply *b)
{
	return (struct forgery){.kind = kind, .server = server, .a = a, .b = b};
}

/* Addresses that no packet from outside can come from (RFC 6890). */
static bool is_martian(const struct addr *a)
{
	static const struct addr unspecified = {.family = 6}, loopback = {6, {[15] = 1}};
	if (a->family == 6)
		return addr_equal(a, &unspecified) || addr_equal(a, &loopback) || a->b[0] == 0xff;
	return a->b[0] == 0 || a->b[0] == 127 || a->b[0] >= 224;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Reads the first expiry and the shortest round trips of one port, by TTL. */
static void see(const struct path *path, uint16_t port, struct lane_seen *out)
{
	*out = (struct lane_seen){.server_ns = -1};
	for (int hop = 0; hop <= PATH_TTL_MAX; hop++)
		out->at[hop].rtt_ns = -1;
	PATH_EACH_PROBE_TO(path, port, p)
	{
		struct seen *seen = &out->at[path_slot(path->trace, p->ttl)];
		if (p->implied || p->sent > 1)
			continue;
		PATH_EACH_REPLY(path->trace, p, r)
		{
			int64_t rtt = r->at_ns - p->at_ns;
			bool synack = r->kind == REPLY_SYNACK && r->ack_valid;
			out->synacks += synack;
			if (synack)
				out->server_ns = least(out->server_ns, rtt);
			if (r->kind != REPLY_EXPIRED)
				continue;
			seen->n++;
			seen->rtt_ns = least(seen->rtt_ns, rtt);
			if (!seen->expiry || r->at_ns < seen->expiry->at_ns)
				seen->expiry = r;
		}
	}
}

/* The shortest time that anybody at this hop or further out took for an answer to the control. */
static int64_t beyond_ns(const struct lane_seen *control, int hop)
{
	int64_t ns = control->server_ns;
	for (; hop <= PATH_TTL_MAX; hop++)
		ns = least(ns, control->at[hop].rtt_ns);
	return ns;
}

static bool is_early(int64_t answer_ns, int64_t beyond)
{
	return answer_ns >= 0 && beyond >= 0 && answer_ns * EARLY_SHARE < beyond &&
	       beyond - answer_ns > EARLY_NS;
}

/* A source that cannot be, or two routers where one packet can expire at one. */
static struct forgery odd_answers(const struct path *path)
{
	PATH_EACH_PROBE(path, p)
	{
		const struct reply *expiry = NULL;
		PATH_EACH_REPLY(path->trace, p, r)
		{
			bool icmp = r->kind == REPLY_EXPIRED || r->kind == REPLY_REJECTED;
			if (!icmp || r->loopback || p->implied)
				continue;
			if (is_martian(&r->from))
				return sign(FORGERY_SOURCE, path->server, r, NULL);
			if (r->kind != REPLY_EXPIRED || p->sent > 1)
				continue;
			if (expiry && !addr_equal(&expiry->from, &r->from))
				return sign(FORGERY_COPIES, path->server, expiry, r);
			expiry = r;
		}
	}
	return (struct forgery){0};
}

/* One router, asked by both ports at one distance, has one way back and quotes alike. */
static struct forgery unlike_router(const struct path *path, const struct lane_seen *target,
				    const struct lane_seen *control)
{
	for (int hop = 1; hop <= PATH_TTL_MAX; hop++) {
		const struct reply *a = target->at[hop].expiry, *b = control->at[hop].expiry;
		if (!a || !b || !addr_equal(&a->from, &b->from))
			continue;
		int apart = a->ttl > b->ttl ? a->ttl - b->ttl : b->ttl - a->ttl;
		if (apart > TOLERANCE_HOPS)
			return sign(FORGERY_ROUTER, path->server, a, b);
		if (a->quoted_ttl && b->quoted_ttl && a->quoted_ttl != b->quoted_ttl)
			return sign(FORGERY_QUOTE, path->server, a, b);
	}
	return (struct forgery){0};
}

/* One router at several distances in a row, where the control meets others. */
static struct forgery one_router(const struct path *path, const struct lane_seen *target,
				 const struct lane_seen *control)
{
	int row = 0;
	for (int hop = 2; hop <= PATH_TTL_MAX; hop++) {
		const struct reply *a = target->at[hop].expiry,
				   *before = target->at[hop - 1].expiry;
		const struct reply *b = control->at[hop].expiry;
		bool same = a && before && addr_equal(&a->from, &before->from);
		bool other = b && a && !addr_equal(&a->from, &b->from);
		bool own = a && addr_equal(&a->from, &path->trace->servers[path->server].addr);
		row = same && other && !own ? row + 1 : 0;
		if (row + 1 >= SAME_LEAST)
			return sign(FORGERY_DISTANCES, path->server, before, a);
	}
	return (struct forgery){0};
}

static bool is_reset(const struct path *path, const struct probe *p, const struct reply *r)
{
	return p->dst_port == path->target.port && p->sent == 1 && !p->implied &&
	       r->kind == REPLY_RESET && path_counts(path->trace, p, r);
}

/*
 * Whether so many resets come sooner than every answer that the control draws from that hop on,
 * which shows itself, that chance does not sort them so: where all of the way there is long, none
 * takes a small part of its time.
 */
static bool steadily_early(const struct path *path, const struct lane_seen *control, int hop)
{
	int64_t beyond = beyond_ns(control, hop);
	uint32_t others = control->synacks, resets = 0, sooner = 0;
	for (int at = hop; at <= PATH_TTL_MAX; at++)
		others += control->at[at].n;
	PATH_EACH_PROBE(path, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			bool counts = is_reset(path, p, r);
			resets += counts;
			sooner += counts && beyond - (r->at_ns - p->at_ns) > EARLY_NS;
		}
	}
	return sooner && control->at[hop].n &&
	       stats_log_choose(resets, sooner) - stats_log_choose(resets + others, sooner) <=
		       log(SORTED_CHANCE);
}

/*
 * The soonest reset, where it comes sooner than anybody from that hop on answers the control, by
 * much or with others by less; and the nearest router of whom that is true, for who resets is
 * nearer than that. Where resets bear many TTLs they copy the SYN's, and begin to arrive further
 * out than they are made: no sign.
 */
static struct forgery early_reset(const struct path *path, const struct lane_seen *control, int hop)
{
	const struct reply *reset = NULL;
	int64_t rtt = -1;
	int low = UINT8_MAX, high = 0;
	PATH_EACH_PROBE(path, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (!is_reset(path, p, r))
				continue;
			low = r->ttl < low ? r->ttl : low;
			high = r->ttl > high ? r->ttl : high;
			if (reset && r->at_ns - p->at_ns >= rtt)
				continue;
			reset = r;
			rtt = r->at_ns - p->at_ns;
		}
	}
	struct forgery found = {0};
	if (high - low > TOLERANCE_HOPS)
		return found;
	for (; hop > 1; hop--) {
		if (!is_early(rtt, beyond_ns(control, hop)) && !steadily_early(path, control, hop))
			break;
		if (!found.kind)
			found = sign(FORGERY_TIME, path->server, reset, NULL);
		found.before = control->at[hop].rtt_ns >= 0 ? hop : found.before;
	}
	return found;
}

/* Answers to the port that come sooner than anybody as far out answers the control. */
static struct forgery early_answer(const struct path *path, const struct lane_seen *target,
				   const struct lane_seen *control)
{
	for (int hop = 2; hop <= PATH_TTL_MAX; hop++) {
		const struct reply *a = target->at[hop].expiry, *b = control->at[hop].expiry;
		if (a && b && addr_equal(&a->from, &b->from) &&
		    is_early(target->at[hop].rtt_ns, beyond_ns(control, hop)))
			return sign(FORGERY_TIME, path->server, a, b);
	}
	int first = path->target.first_reset;
	/* Resets that were lost make their place seem further out; expiries show that there was
	 * none. */
	if (first <= 2 || path->ttl_void ||
	    path->target.at[first - 1].expired + path->target.at[first - 2].expired < TELLS_LEAST)
		return (struct forgery){0};
	return early_reset(path, control, first - 1);
}

/* SYNs of TTLs that reach the server anyway: the range of those that fared in one way. */
struct ttl_range {
	int low, high;
	uint32_t n;
	const struct reply *reply; /* the newest */
};

static void extend(struct ttl_range *range, int ttl, const struct reply *r)
{
	range->low = !range->n || ttl < range->low ? ttl : range->low;
	range->high = ttl > range->high ? ttl : range->high;
	range->reply = r ? r : range->reply;
	range->n++;
}

/* The port's SYN-ACKs, and its other outcomes, by the TTL that the SYN set out with. */
static void range_ttls(const struct path *path, struct ttl_range *passed, struct ttl_range *stopped)
{
	const struct trace *t = path->trace;
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		const struct reply *synack = NULL, *stop = NULL;
		bool unclear = false;
		bool reaches = path->distance && p->ttl >= path->distance + TOLERANCE_HOPS;
		if (p->implied || p->sent > 1)
			continue;
		PATH_EACH_REPLY(t, p, r)
		{
			unclear = unclear || !path_counts(t, p, r);
			if (r->kind == REPLY_SYNACK)
				synack = r;
			else
				stop = r;
		}
		int64_t due = path_due_ns(path, p);
		bool silent = t->last_ns >= due && !trace_lossy(t, p->at_ns, due);
		if (unclear || (!synack && !reaches))
			continue;
		if (synack)
			extend(passed, p->ttl, synack);
		else if (stop || silent)
			extend(stopped, p->ttl, stop);
	}
}

/* Whether the TTL decides which SYNs pass, among those that reach the server anyway. */
static struct forgery ttl_decides(const struct scene *scene, uint32_t first)
{
	struct ttl_range passed = {0}, stopped = {0};
	uint32_t server = first;
	OTHERS_EACH(o, scene, first, OTHERS_PORT | OTHERS_AND_SELF)
	{
		uint32_t before = stopped.n;
		range_ttls(&scene->paths[o.server], &passed, &stopped);
		server = stopped.n > before ? o.server : server;
	}
	bool apart = passed.low > stopped.high || passed.high < stopped.low;
	if (passed.n < TTL_LEAST || stopped.n < TTL_LEAST || !apart ||
	    log(2.0) - stats_log_choose(passed.n + stopped.n, passed.n) > log(SORTED_CHANCE))
		return (struct forgery){0};
	return sign(FORGERY_TTL, server, passed.reply, stopped.reply);
}

/* The distance at which the port's SYNs end, at the server's own at most; 0: nobody knows. */
static int end_of(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	int end = 0;
	if (scene->conducts[s] == CONDUCT_SILENT && path->target.last_expired)
		end = path->target.last_expired + 1;
	else if (scene->conducts[s] == CONDUCT_RESET)
		end = path->target.first_reset;
	else if (scene->conducts[s] == CONDUCT_REJECTED)
		end = path->target.first_rejected;
	bool known = path->distance && end <= path->distance && !path->parting && !path->ttl_void;
	return known ? end : 0;
}

/* Whether a router answers there, and not in the server's name, which differs by server. */
static bool shows_router(const struct path *path, int hop)
{
	const struct hop_addrs *set = &path->control.hop[hop];
	return set->n && !hops_is_servers(path, hop, &set->addr[0]);
}

/* Whether the hop of the end, nearer than the server, and the one before show their routers. */
static bool shows_end(const struct path *path, int end)
{
	return end > 1 && end < path->distance && shows_router(path, end) &&
	       shows_router(path, end - 1);
}

/*
 * Whether the port ends at the same distance on the way to every server, though these ways lead
 * over different routers there and one hop before: who decides by TTL sits before they part.
 */
static struct forgery one_distance(const struct scene *scene, uint32_t first)
{
	uint32_t base = TRACE_NONE, apart = TRACE_NONE;
	int end = 0;
	OTHERS_EACH(o, scene, first, OTHERS_PORT | OTHERS_AND_SELF)
	{
		uint32_t s = o.server;
		int own = end_of(scene, s);
		if (scene->conducts[s] == CONDUCT_ABSENT || scene->trace->servers[s].dark)
			continue;
		end = end ? end : own;
		if (scene->conducts[s] != scene->conducts[first] || (own && own != end))
			return (struct forgery){0};
		if (!own || !shows_end(&scene->paths[s], end))
			continue;
		if (base == TRACE_NONE)
			base = s;
		else if (scene->sites[s] != scene->sites[base] &&
			 !scene_same_hop(scene, base, s, end - 1) &&
			 !scene_same_hop(scene, base, s, end))
			apart = s;
	}
	if (apart == TRACE_NONE)
		return (struct forgery){0};
	return sign(FORGERY_PLACES, apart, NULL, NULL);
}

/* The first sign that one server's answers show. */
static struct forgery look_at(const struct path *path)
{
	struct lane_seen target, control;
	struct forgery found = odd_answers(path);
	if (found.kind || !path->control.port)
		return found;
	see(path, path->target.port, &target);
	see(path, path->control.port, &control);
	found = unlike_router(path, &target, &control);
	if (!found.kind)
		found = one_router(path, &target, &control);
	return found.kind ? found : early_answer(path, &target, &control);
}

struct forgery forgery_find(const struct scene *scene, uint32_t first)
{
	struct forgery found = {0};
	if (first == TRACE_NONE)
		return found;
	OTHERS_EACH(o, scene, first, OTHERS_AND_SELF)
	{
		found = look_at(&scene->paths[o.server]);
		if (found.kind)
			return found;
	}
	found = ttl_decides(scene, first);
	return found.kind ? found : one_distance(scene, first);
}

const char *forgery_name(enum forgery_kind kind)
{
	static const char *const names[] = {
		[FORGERY_NONE] = "none",
		[FORGERY_SOURCE] = "forged-source",
		[FORGERY_COPIES] = "forged-copies",
		[FORGERY_ROUTER] = "forged-router",
		[FORGERY_QUOTE] = "forged-quote",
		[FORGERY_DISTANCES] = "forged-distances",
		[FORGERY_TIME] = "forged-time",
		[FORGERY_TTL] = "forged-ttl",
		[FORGERY_PLACES] = "forged-places",
	};
	return names[kind];
}
