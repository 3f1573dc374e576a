/* SPDX-License-Identifier: BSD-2-Clause */
#include "../seeded.h"
#include "case_parts.h"

#define BRANCHED 0.25

struct addr case_address(uint8_t family, enum part part, unsigned net, unsigned host)
{
	static const uint8_t v4[][3] = {
		[PART_HOME] = {192, 168, 1},
		[PART_ISP] = {198, 51, 100},
		[PART_TRANSIT] = {192, 0, 2},
		[PART_REMOTE] = {198, 18, 20},
	};
	static const uint16_t v6[] = {0x5fff, 0x5000, 0x6100, 0x000a};
	if (family == 4) {
		uint8_t b[4] = {v4[part][0], v4[part][1], (uint8_t)(v4[part][2] + net),
				(uint8_t)host};
		return addr_v4(b);
	}
	/* A home has the subnets of one prefix, the others have prefixes of their own. */
	uint16_t group = (uint16_t)(v6[part] + (part == PART_HOME ? 0 : net));
	uint8_t b[16] = {0x20, 0x01, 0x0d, 0xb8, (uint8_t)(group >> 8), (uint8_t)group};
	b[7] = part == PART_HOME ? (uint8_t)net : 0;
	b[15] = (uint8_t)host;
	return addr_v6(b);
}

static uint8_t add_router(struct sim_case *c, enum segment owner, struct addr addr)
{
	struct net *net = &c->net;
	net->routers[net->routers_n] = (struct net_router){.addr = addr, .owner = owner};
	return (uint8_t)net->routers_n++;
}

static struct net_stage single(uint8_t router)
{
	return (struct net_stage){1, {{{router}, 1}}};
}

/* A step of the provider or transit network, of several branches now and then. */
static struct net_stage step(struct sim_case *c, uint64_t *random, enum part part, bool branched)
{
	enum segment owner = part == PART_ISP ? SEGMENT_ISP : SEGMENT_TRANSIT;
	struct net_stage stage = {0};
	uint8_t family = c->net.client.family;
	unsigned branches = branched ? 2 + seeded_below(random, 2) : 1;
	bool unequal = branched && net_happens(random, 0.3);
	for (unsigned b = 0; b < branches; b++) {
		struct net_branch *branch = &stage.branches[stage.branches_n++];
		unsigned length = unequal && b ? 2 : 1;
		for (unsigned i = 0; i < length; i++) {
			unsigned host = (unsigned)c->net.routers_n + 1;
			branch->routers[branch->n++] =
				add_router(c, owner, case_address(family, part, 0, host));
		}
	}
	return stage;
}

/*
 * As long as real networks' ways are, where it matters what their routers show: of 45, 22 led from
 * the provider to the server's network at once, and two over a single router of transit.
 */
static void draw_lengths(struct sim_case *c, uint64_t *random)
{
	static const uint8_t transit[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
					  2, 2, 2, 2, 3, 3, 3, 3, 3, 3};
	c->isp_n = (uint8_t)(2 + seeded_below(random, 5));
	c->transit_n = transit[seeded_below(random, sizeof(transit))];
}

/* What the ways to all servers begin with. */
static size_t trunk(struct sim_case *c, uint64_t *random, const struct case_wish *wish,
		    struct net_stage out[NET_STAGES_MAX])
{
	size_t n = 0;
	uint8_t family = c->net.client.family;
	c->local_n = net_happens(random, 0.85) ? 1 : 2;
	c->isp_n = (uint8_t)(1 + seeded_below(random, 4));
	c->transit_n = (uint8_t)seeded_below(random, 4);
	if (wish->numbered)
		draw_lengths(c, random);
	if (wish->clean) {
		c->isp_n = 2 + c->isp_n % 2;
		c->transit_n = 2;
	}
	unsigned steps = (unsigned)c->isp_n + c->transit_n;
	bool branches = c->kind == CASE_MEMBER || (!wish->clean && net_happens(random, BRANCHED));
	/* Never the first of the provider's: it has one line to the house. */
	unsigned branched = steps > 1 && branches ? 1 + seeded_below(random, steps - 1) : steps;
	for (unsigned i = 0; i < c->local_n; i++)
		out[n++] =
			single(add_router(c, SEGMENT_LOCAL, case_address(family, PART_HOME, i, 1)));
	for (unsigned i = 0; i < steps; i++)
		out[n++] = step(c, random, i < c->isp_n ? PART_ISP : PART_TRANSIT, i == branched);
	return n;
}

void case_topology(struct sim_case *c, uint64_t *random, const struct case_wish *wish)
{
	static const uint8_t counts[] = {1, 3, 3, 5, 5, 5};
	struct net_stage common[NET_STAGES_MAX];
	struct net *net = &c->net;
	uint8_t family = net_happens(random, 0.7) ? 4 : 6;
	net->client = case_address(family, PART_HOME, 0, 20);
	net->servers_n = wish->servers ? (size_t)wish->servers
				       : counts[seeded_below(random, sizeof(counts))];
	size_t common_n = trunk(c, random, wish, common);
	bool alone = c->kind == CASE_CLOSED || c->kind == CASE_SERVER;
	c->hosts_given = alone || (!wish->clean && net_happens(random, 0.3));
	for (size_t i = 0; i < net->servers_n; i++) {
		struct net_server *s = &net->servers[i];
		/* A network of its own has a router, wherever networks are told by numbers. */
		unsigned edges = seeded_below(random, 3) + wish->numbered;
		for (size_t k = 0; k < common_n; k++)
			s->stages[s->stages_n++] = common[k];
		for (unsigned k = 0; k < edges; k++) {
			struct addr addr = case_address(family, PART_REMOTE, (unsigned)i, k + 1);
			s->stages[s->stages_n++] = single(add_router(c, SEGMENT_REMOTE, addr));
		}
		s->addr = case_address(family, PART_REMOTE, (unsigned)i, 25);
		s->blocked = true;
	}
}
