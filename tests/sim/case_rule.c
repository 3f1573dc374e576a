/* SPDX-License-Identifier: BSD-2-Clause */
#include "../seeded.h"
#include "case_parts.h"

#define BIT(state) (1u << (state))

/*
 * Shares of those who block that have a list of servers. On the way back a filter without state
 * goes by the answers' port, whosever they are; one by address as well would have to be written for
 * the answers of a single server. Both are assumed, not counted.
 */
#define LISTS	   0.2
#define LISTS_BACK 0.02

static enum blocker party(enum segment owner)
{
	static const enum blocker map[SEGMENT_COUNT] = {
		[SEGMENT_HOST] = BLOCKER_LOCAL_HOST, [SEGMENT_LOCAL] = BLOCKER_LOCAL_NETWORK,
		[SEGMENT_ISP] = BLOCKER_ISP,	     [SEGMENT_TRANSIT] = BLOCKER_TRANSIT,
		[SEGMENT_REMOTE] = BLOCKER_REMOTE,
	};
	return map[owner];
}

/* A segment that has routers on the way to server 0, each as likely. */
static enum segment draw_segment(const struct sim_case *c, uint64_t *random)
{
	enum segment found[SEGMENT_COUNT];
	size_t n = 0;
	for (int owner = SEGMENT_LOCAL; owner < SEGMENT_COUNT; owner++) {
		const struct net_server *s = &c->net.servers[0];
		bool has = false;
		for (size_t i = 0; i < s->stages_n; i++)
			has = has || c->net.routers[s->stages[i].branches[0].routers[0]].owner ==
					     (enum segment)owner;
		if (has)
			found[n++] = (enum segment)owner;
	}
	return found[seeded_below(random, (uint32_t)n)];
}

/* A stage of the segment on the way to server 0. */
static size_t draw_stage(const struct sim_case *c, uint64_t *random, enum segment owner)
{
	const struct net_server *s = &c->net.servers[0];
	size_t fits[NET_STAGES_MAX], n = 0;
	for (size_t i = 0; i < s->stages_n; i++) {
		const struct net_stage *stage = &s->stages[i];
		if (stage->branches_n == 1 &&
		    c->net.routers[stage->branches[0].routers[0]].owner == owner)
			fits[n++] = i;
	}
	return n ? fits[seeded_below(random, (uint32_t)n)] : 0;
}

/* The nearest and the furthest hop at which flows meet the stage. */
static void hops_of(const struct sim_case *c, size_t stage, int *least, int *most)
{
	const struct net_server *s = &c->net.servers[0];
	*least = *most = 1;
	for (size_t i = 0; i < stage; i++) {
		int shortest = NET_BRANCH_MAX, longest = 0;
		for (size_t b = 0; b < s->stages[i].branches_n; b++) {
			int length = s->stages[i].branches[b].n;
			shortest = length < shortest ? length : shortest;
			longest = length > longest ? length : longest;
		}
		*least += shortest;
		*most += longest;
	}
}

static void place(struct sim_case *c, uint64_t *random)
{
	struct net_rule *rule = &c->net.rule;
	enum segment owner = draw_segment(c, random);
	size_t stage = draw_stage(c, random, owner);
	int least, most;
	rule->router = c->net.servers[0].stages[stage].branches[0].routers[0];
	owner = c->net.routers[rule->router].owner;
	rule->place = (enum net_place)seeded_below(random, 3);
	hops_of(c, stage, &least, &most);
	c->truth.culprit = party(owner);
	c->truth.placed = c->kind != CASE_BACK;
	c->truth.lo_max = rule->place == NET_LINK ? most - 1 : most;
	c->truth.hi_min = least;
	/* What is the server's own side, or is about a list, concerns one server alone. */
	double lists = c->kind == CASE_BACK ? LISTS_BACK : LISTS;
	bool alone = owner == SEGMENT_REMOTE || (c->hosts_given && net_happens(random, lists));
	for (size_t i = 1; alone && i < c->net.servers_n; i++)
		c->net.servers[i].blocked = false;
	c->hosts_given = c->hosts_given || alone;
	c->truth.states = BIT(STATE_BLOCKED);
	if (c->kind == CASE_RESET && owner == SEGMENT_REMOTE)
		c->truth.states |= BIT(STATE_CLOSED);
}

static void refuse(struct sim_case *c, uint64_t *random)
{
	static const uint8_t initial[] = {64, 64, 255, 128};
	struct net_rule *rule = &c->net.rule;
	rule->initial = initial[seeded_below(random, sizeof(initial))];
	rule->lets_through = net_happens(random, 0.2);
	rule->copies_ttl = net_happens(random, 0.15);
	if (!rule->lets_through)
		return;
	/* Where resets are lost or late, some SYNs are served. */
	bool outrun = c->net.noise.jitter_ns || c->net.noise.loss_back > 0;
	c->truth.states |= BIT(STATE_DEGRADED) | (outrun ? BIT(STATE_OPEN) : 0);
}

/* The first router of one branch, if there are branches. */
static bool member(struct sim_case *c, uint64_t *random)
{
	const struct net_server *s = &c->net.servers[0];
	for (size_t i = 0; i < s->stages_n; i++) {
		const struct net_stage *stage = &s->stages[i];
		if (stage->branches_n < 2)
			continue;
		c->net.rule.router =
			stage->branches[seeded_below(random, stage->branches_n)].routers[0];
		c->net.rule.place = NET_OUT;
		c->truth.culprit = party(c->net.routers[c->net.rule.router].owner);
		c->truth.states = BIT(STATE_BLOCKED) | BIT(STATE_DEGRADED) | BIT(STATE_OPEN);
		return true;
	}
	return false;
}

/* Server 0 does it itself. */
static void by_server(struct sim_case *c)
{
	for (size_t i = 1; i < c->net.servers_n; i++)
		c->net.servers[i].blocked = false;
	c->net.rule.place = NET_SERVER;
	c->truth.culprit = BLOCKER_REMOTE;
	c->truth.states = BIT(STATE_BLOCKED);
}

static enum net_action action_of(enum case_kind kind, uint64_t *random)
{
	switch (kind) {
	case CASE_OPEN:
	case CASE_CLOSED:
	case CASE_KINDS:
		break;
	case CASE_DROP:
	case CASE_MEMBER:
	case CASE_LIMITED:
		return NET_DROP;
	case CASE_RESET:
		return NET_RESET;
	case CASE_REJECT:
		return NET_REJECT;
	case CASE_BACK:
		return NET_DROP_BACK;
	case CASE_SERVER:
		return net_happens(random, 0.7) ? NET_DROP : NET_REJECT;
	}
	return NET_PASS;
}

void case_rule(struct sim_case *c, uint64_t *random)
{
	struct net_rule *rule = &c->net.rule;
	rule->share = c->kind == CASE_LIMITED ? 0.6 : 1;
	if (c->kind == CASE_MEMBER && !member(c, random))
		c->kind = CASE_OPEN;
	rule->action = action_of(c->kind, random);
	if (c->kind == CASE_OPEN) {
		c->truth.states = BIT(STATE_OPEN);
	} else if (c->kind == CASE_CLOSED) {
		by_server(c);
		c->net.servers[0].closed = true;
		/* Who cannot tell it from its neighbour may say "blocked", by one of both. */
		c->truth.states = BIT(STATE_CLOSED) | BIT(STATE_BLOCKED);
	} else if (c->kind == CASE_SERVER) {
		by_server(c);
	} else if (c->kind != CASE_MEMBER) {
		place(c, random);
	}
	/* By chance every SYN may be hit, or none. */
	if (c->kind == CASE_LIMITED)
		c->truth.states = BIT(STATE_DEGRADED) | BIT(STATE_OPEN) | BIT(STATE_BLOCKED);
	if (c->kind == CASE_RESET)
		refuse(c, random);
}
