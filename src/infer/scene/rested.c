/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/rested.h"
#include "base/array.h"
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/way/count.h"
#include <stdlib.h>

#define COUNTED_MAX 16 /* mail ports beside the one under test */

/* Times at which a SYN left once more. */
struct repeats {
	int64_t *at_ns;
	size_t n, cap;
};

/* Who is taken to count connections of a family: to the port under test, and to these mail ports.
 */
struct counted {
	const struct scene *scene;
	uint8_t family;
	uint16_t apart[COUNTED_MAX]; /* ports that are not */
	size_t apart_n;
};

static bool is_of_test(const struct trace *t, const struct probe *p)
{
	return p->dst_port == t->servers[p->server].port;
}

static bool is_counted(const struct counted *c, const struct probe *p)
{
	const struct trace *t = c->scene->trace;
	if (p->server >= t->servers_n || scene_family(c->scene, p->server) != c->family)
		return false;
	for (size_t i = 0; i < c->apart_n; i++) {
		if (c->apart[i] == p->dst_port)
			return is_of_test(t, p);
	}
	return mail_is_counted(p->dst_port) || is_of_test(t, p);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* The capture's ledger has the first and the last time only: those between are spread evenly. */
static bool add_repeats(struct repeats *repeats, const struct probe *p)
{
	for (uint32_t i = 1; i < p->sent; i++) {
		int64_t at = p->at_ns + (p->last_ns - p->at_ns) / (p->sent - 1) * i;
		if (!array_reserve(&repeats->at_ns, &repeats->cap, repeats->n + 1,
				   sizeof(*repeats->at_ns)))
			return false;
		repeats->at_ns[repeats->n++] = at;
	}
	return true;
}

/*
 * What a bucket of RESTED_BURST tokens, one of which comes in RESTED_NS, has left at least: who
 * finds it empty may have taken what had come since.
 */
struct bucket {
	double tokens;
	int64_t at_ns;
};

/* Whether a connection that begins then certainly finds a token. */
static bool take(struct bucket *b, int64_t at_ns)
{
	if (at_ns > b->at_ns)
		b->tokens += (double)(at_ns - b->at_ns) / (double)RESTED_NS;
	if (b->tokens > RESTED_BURST)
		b->tokens = RESTED_BURST;
	b->at_ns = at_ns > b->at_ns ? at_ns : b->at_ns;
	bool taken = b->tokens >= 1.0;
	b->tokens = taken ? b->tokens - 1.0 : 0.0;
	return taken;
}

/*
 * Whether SYNs to another mail port pass where those to the port under test end: none of those that
 * reach servers is missing, and more came at speed than whoever counts both would have let pass.
 */
static bool passes_at_speed(const struct scene *scene, uint8_t family, uint16_t port)
{
	const struct trace *t = scene->trace;
	struct bucket bucket = {.tokens = RESTED_BURST, .at_ns = INT64_MIN / 2};
	unsigned passed = 0;
	for (size_t i = 0; i < t->probes_n; i++) {
		const struct probe *p = &t->probes[i];
		if (p->server >= t->servers_n || scene_family(scene, p->server) != family ||
		    (p->dst_port != port && !is_of_test(t, p)))
			continue;
		bool fits = take(&bucket, p->at_ns);
		const struct path *path = &scene->paths[p->server];
		struct outcome o = {0};
		if (p->dst_port != port || (p->kind == PROBE_LINK) != path->by_link)
			continue;
		count_probe(path, p, &o);
		int slot = path_slot(t, p->ttl);
		if (slot == 0 && o.sent > o.answered)
			return false;
		passed += !fits && o.answered && (slot == 0 || slot > path->target.last_expired) &&
			  scene->conducts[p->server] == CONDUCT_SILENT;
	}
	return passed >= RESTED_PASSED;
}

/* Mail ports that whoever hinders the port under test does not count together with it. */
static void set_apart(struct counted *c)
{
	const struct scene *scene = c->scene;
	for (uint32_t s = 0; s < scene->n; s++) {
		const struct path *path = &scene->paths[s];
		for (size_t i = 1; i < path->ports_n && scene_family(scene, s) == c->family; i++) {
			bool known = !mail_is_counted(path->ports[i].port);
			for (size_t j = 0; j < c->apart_n && !known; j++)
				known = c->apart[j] == path->ports[i].port;
			if (!known && c->apart_n < COUNTED_MAX)
				c->apart[c->apart_n++] = path->ports[i].port;
		}
	}
	size_t n = 0;
	for (size_t i = 0; i < c->apart_n; i++) {
		if (passes_at_speed(scene, c->family, c->apart[i]))
			c->apart[n++] = c->apart[i];
	}
	c->apart_n = n;
}

/* Walks over a family's connections and their repetitions in the order of time. */
static bool meter(struct scene *scene, const struct counted *counted, const struct repeats *repeats)
{
	const struct trace *t = scene->trace;
	struct bucket bucket = {.tokens = RESTED_BURST, .at_ns = INT64_MIN / 2};
	size_t next = 0;
	for (size_t i = 0; i < t->probes_n; i++) {
		const struct probe *p = &t->probes[i];
		if (!is_counted(counted, p))
			continue;
		for (; next < repeats->n && repeats->at_ns[next] <= p->at_ns; next++)
			(void)take(&bucket, repeats->at_ns[next]);
		if (!take(&bucket, p->at_ns))
			continue;
		if (!array_reserve(&scene->rested, &scene->rested_cap, scene->rested_n + 1,
				   sizeof(*scene->rested)))
			return false;
		scene->rested[scene->rested_n++] = (uint32_t)i;
	}
	for (; next < repeats->n; next++)
		(void)take(&bucket, repeats->at_ns[next]);
	scene->counted_ns[counted->family == 6] = bucket.at_ns;
	return true;
}

static bool find_family(struct scene *scene, uint8_t family)
{
	const struct trace *t = scene->trace;
	struct repeats repeats = {0};
	struct counted counted = {.scene = scene, .family = family};
	bool fits = true;
	set_apart(&counted);
	for (size_t i = 0; i < t->probes_n && fits; i++) {
		if (is_counted(&counted, &t->probes[i]))
			fits = add_repeats(&repeats, &t->probes[i]);
	}
	if (repeats.n)
		qsort(repeats.at_ns, repeats.n, sizeof(*repeats.at_ns), by_time);
	fits = fits && meter(scene, &counted, &repeats);
	free(repeats.at_ns);
	return fits;
}

int rested_find(struct scene *scene)
{
	/* Of somebody else's packets nobody knows what else left. */
	if (!scene->trace->run.own)
		return 0;
	return find_family(scene, 4) && find_family(scene, 6) ? 0 : -1;
}

struct rested_place rested_place(const struct scene *scene, uint32_t s, int seen, int missing)
{
	const struct path *path = &scene->paths[s];
	bool served = missing < scene->roles[s].server_hop && missing <= PATH_TTL_MAX &&
		      path->control.hop[missing].n > 0;
	return (struct rested_place){.near = seen, .ttl = served ? missing : 0};
}

/* A SYN to a server: where its TTL counts, and whether it was answered. */
struct crossing {
	uint32_t server;
	int slot;
	bool answered;
};

/* Whether it had to cross the place on the way to s; what was answered from further out did, too.
 */
static bool crosses(const struct scene *scene, uint32_t s, struct rested_place place,
		    const struct crossing *c)
{
	int near = place.near, slot = c->slot;
	uint32_t u = c->server;
	bool further = place.ttl > 0 && slot > place.ttl && c->answered;
	bool beyond = slot == place.ttl || (slot > near && slot < place.ttl) || further;
	if (u == s)
		return slot == place.ttl;
	if (!beyond || scene->conducts[u] != scene->conducts[s] || !others_speaks(scene, u))
		return false;
	bool served = slot == 0 || scene->paths[u].control.hop[slot].n > 0;
	int met = further ? place.ttl : near;
	return served && (met == 0 || scene_same_hop(scene, s, u, met) ||
			  (slot > 0 && scene_same_hop(scene, s, u, slot)));
}

struct outcome rested_beyond(const struct scene *scene, uint32_t s, struct rested_place place)
{
	const struct trace *t = scene->trace;
	struct outcome sum = {0};
	uint32_t self = t->servers[s].peer;
	for (size_t i = 0; i < scene->rested_n; i++) {
		const struct probe *p = &t->probes[scene->rested[i]];
		uint32_t u = p->server == self ? s : p->server;
		const struct path *path = &scene->paths[u];
		struct outcome o = {0};
		if (p->dst_port != scene->paths[s].target.port ||
		    (p->kind == PROBE_LINK) != path->by_link ||
		    scene_family(scene, u) != scene_family(scene, s))
			continue;
		count_probe(path, p, &o);
		struct crossing c = {u, path_slot(t, p->ttl), o.answered > 0};
		if (crosses(scene, s, place, &c))
			count_probe(path, p, &sum);
	}
	return sum;
}

/* The chance that n SYNs of this TTL draw nothing though nobody stops them. */
static double silence_of(const struct scene *scene, uint32_t s, int ttl, uint32_t n)
{
	double lost = rate_control_silence(scene, s, n);
	if (ttl == 0)
		return lost;
	/* A router that left no SYN to a control unanswered is as good as the others of the way. */
	struct hop_pool pool = rate_pool(scene, s, ttl);
	double missed = pool.control_answered < pool.control_sent
				? stats_silence(pool.control_answered, pool.control_sent, n)
				: rate_way_silence(scene, s, n);
	return missed > lost ? missed : lost;
}

static bool is_rested(const struct scene *scene, uint32_t probe)
{
	for (size_t i = 0; i < scene->rested_n; i++) {
		if (scene->rested[i] == probe)
			return true;
	}
	return false;
}

/*
 * SYNs of a server that were sent at speed and expired at the last router that saw any, or the one
 * before, which is as far as they may show a limit; false: one is missing before.
 */
static bool count_unhindered(const struct scene *scene, uint32_t s, unsigned *passed)
{
	const struct path *path = &scene->paths[s];
	const struct trace *t = scene->trace;
	int last = path->target.last_expired;
	for (uint32_t at = t->servers[t->servers[s].peer].newest_probe; at != TRACE_NONE;
	     at = t->probes[at].older) {
		const struct probe *p = &t->probes[at];
		int slot = path_slot(t, p->ttl);
		struct outcome o = {0};
		if (p->dst_port != path->target.port || slot == 0 || slot > last ||
		    (p->kind == PROBE_LINK) != path->by_link || is_rested(scene, at))
			continue;
		count_probe(path, p, &o);
		if (o.sent > o.answered && path->control.at[slot].answered)
			return false;
		*passed += slot + 1 >= last && o.expired > 0;
	}
	return true;
}

/* Whether SYNs at speed got as far as the last router of this server's way, where others' did too:
 * whoever drops them then is behind it. */
static bool is_unhindered(const struct scene *scene, uint32_t s)
{
	unsigned own = 0, all = 0;
	if (!count_unhindered(scene, s, &own) || own == 0)
		return false;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_ALIKE | OTHERS_AND_SELF)
	{
		if (!count_unhindered(scene, o.server, &all))
			return false;
	}
	return all >= RESTED_PASSED;
}

bool rested_confirm(const struct scene *scene, uint32_t s, struct rested_place place)
{
	struct outcome o = rested_beyond(scene, s, place);
	if (place.ttl == 0 && place.near > 0 && o.answered == 0 && is_unhindered(scene, s))
		return true;
	return o.sent > 0 && o.answered == 0 &&
	       silence_of(scene, s, place.ttl, o.sent) <= RESTED_DOUBT;
}

/* Adds how SYNs of the hop's TTL fared that came after a rest. */
static void add_rested(const struct scene *scene, uint32_t s, int hop, struct outcome *sum)
{
	const struct path *path = &scene->paths[s];
	for (size_t i = 0; i < scene->rested_n; i++) {
		const struct probe *p = &scene->trace->probes[scene->rested[i]];
		if (p->server == path->trace->servers[s].peer && p->dst_port == path->target.port &&
		    path_slot(scene->trace, p->ttl) == hop)
			count_probe(path, p, sum);
	}
}

/* Whether more of the other SYNs are missing at the router where the rested one expired. */
static bool shows_limit(const struct scene *scene, uint32_t s, int hop)
{
	struct outcome rested = {0};
	uint32_t sent = 0, expired = 0, asked = 0, answered = 0;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_AND_SELF)
	{
		const struct path *path = &scene->paths[o.server];
		if (o.server != s && !scene_same_hop(scene, s, o.server, hop))
			continue;
		add_rested(scene, o.server, hop, &rested);
		sent += path->target.at[hop].sent;
		expired += path->target.at[hop].expired;
		asked += path->control.at[hop].sent;
		answered += path->control.at[hop].expired;
	}
	sent -= rested.sent;
	expired -= rested.expired;
	return rested.expired > 0 && expired < sent &&
	       stats_fisher(expired, sent, answered + rested.expired, asked + rested.sent) <=
		       DIVIDED_CHANCE;
}

bool rested_refute(const struct scene *scene, uint8_t family)
{
	for (size_t i = 0; i < scene->rested_n; i++) {
		const struct probe *p = &scene->trace->probes[scene->rested[i]];
		int hop = path_slot(scene->trace, p->ttl);
		if (hop > 0 && scene_family(scene, p->server) == family &&
		    p->dst_port == scene->paths[p->server].target.port &&
		    shows_limit(scene, p->server, hop))
			return true;
	}
	return false;
}
