/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as the networks outside give them to their routers, and what a data base knows of them.
 */
#include "../seeded.h"
#include "case_parts.h"
#include <stdio.h>

/*
 * Who numbers the link between two networks, so the first router of the second: the first, an
 * exchange, or else the second itself. Counted at the borders of 46 ways of homes, telephones,
 * rented machines and universities, whose routers' owners are known by their names.
 */
#define PEERS_UP       0.25 /* provider to transit */
#define EXCHANGED_UP   0.13
#define PEERS_ACROSS   0.10 /* provider to a server's network */
#define EXCHANGED      0.40
#define PROVIDERS_DOWN 0.65 /* transit to a server's network */
#define EXCHANGED_DOWN 0.05

/* Shares of networks and routers, counted there as well. */
#define PRIVATE	     0.12  /* a network's core is numbered privately, */
#define PRIVATE_LAST 0.10  /* but seldom its last router: others must reach that */
#define UNROUTED     0.12  /* or from addresses that the data base lacks */
#define IN_CORE	     0.7   /* of such a core's routers */
#define CARRIERS     0.67  /* a provider's transit is a carrier that everybody knows */
#define TWO_ASNS     0.08  /* a provider's backbone has an AS of its own */
#define SIBLINGS     0.15  /* a server's network has several */
#define STALE	     0.005 /* the data base names another network */

#define ISP_ASN	    64500u
#define TRANSIT_ASN 64501u
#define CARRIER_ASN 1299u
/* ASs of one operator each, as the table of siblings has them. */
#define SIBLING_ASN   4134u
#define SIBLING2_ASN  4847u
#define PROVIDER_ASN  3758u
#define PROVIDER2_ASN 7473u

/* A network of the case: whose, and which one of its kind. */
struct numbering {
	enum part part;
	unsigned net;
};

static const enum part parts[SEGMENT_COUNT] = {
	[SEGMENT_HOST] = PART_HOME,	  [SEGMENT_LOCAL] = PART_HOME,	  [SEGMENT_ISP] = PART_ISP,
	[SEGMENT_TRANSIT] = PART_TRANSIT, [SEGMENT_REMOTE] = PART_REMOTE,
};

static void announce(struct sim_case *c, struct addr addr, int len, uint32_t asn)
{
	struct announced *at = &c->announced[c->announced_n++];
	char text[ADDR_TEXT_BYTES + 4], plain[ADDR_TEXT_BYTES];

	snprintf(text, sizeof(text), "%s/%d", addr_text(&addr, plain), len);
	at->asn = asn;
	if (!prefix_parse(text, &at->prefix))
		c->announced_n--;
}

/* How the networks number their cores, and their ASs. */
struct cores {
	unsigned isp, transit, remote[NET_SERVERS_MAX]; /* NOBODY_ */
	uint32_t isp_asn, backbone_asn, transit_asn;
};

/* What the networks announce: a prefix each; the provider its customers' as well. */
static void announce_all(struct sim_case *c, uint64_t *random, const struct cores *cores)
{
	uint8_t family = c->net.client.family;
	int len = family == 4 ? 24 : 48;

	announce(c, case_address(family, PART_ISP, 0, 1), len, cores->isp_asn);
	if (family == 6)
		announce(c, c->net.client, len - 8, cores->isp_asn);
	announce(c, case_address(family, PART_TRANSIT, 0, 1), len, cores->transit_asn);
	for (size_t i = 0; i < c->net.servers_n; i++) {
		bool sibling = i == 0 && net_happens(random, SIBLINGS);
		uint32_t asn = sibling ? SIBLING_ASN : 64510 + (uint32_t)i;

		announce(c, case_address(family, PART_REMOTE, (unsigned)i, 1), len, asn);
		if (!sibling)
			continue;
		/* The server itself is of the operator's other AS. */
		c->server_asn[i] = SIBLING2_ASN;
		announce(c, c->net.servers[i].addr, family == 4 ? 32 : 128, SIBLING2_ASN);
	}
}

/* Numbers that are no network's: an exchange's, private, unrouted. */
static struct addr nobodys(uint8_t family, unsigned kind, unsigned host)
{
	static const uint8_t v4[][3] = {{80, 81, 193}, {10, 9, 8}, {198, 19, 7}};
	static const uint8_t v6[][6] = {{0x20, 0x01, 0x07, 0xf8, 0, 1},
					{0xfd, 0, 0, 0, 0, 7},
					{0x20, 0x01, 0x0d, 0xb8, 0x77, 7}};
	uint8_t b4[4] = {v4[kind][0], v4[kind][1], v4[kind][2], (uint8_t)host};
	uint8_t b6[16] = {0};

	for (size_t i = 0; i < 6; i++)
		b6[i] = v6[kind][i];
	b6[15] = (uint8_t)host;
	return family == 4 ? addr_v4(b4) : addr_v6(b6);
}

enum { NOBODY_EXCHANGE, NOBODY_PRIVATE, NOBODY_UNROUTED, NOBODY_NONE };

static unsigned draw_core(uint64_t *random)
{
	if (net_happens(random, PRIVATE))
		return NOBODY_PRIVATE;
	return net_happens(random, UNROUTED) ? NOBODY_UNROUTED : NOBODY_NONE;
}

static unsigned core_of(const struct cores *cores, struct numbering own)
{
	if (own.part == PART_ISP)
		return cores->isp;
	return own.part == PART_TRANSIT ? cores->transit : cores->remote[own.net];
}

/* Chances that the link to a router is numbered by the network before, or by an exchange. */
struct link_chances {
	double before, exchange;
};

static struct link_chances chances_of(enum part before, enum part own)
{
	if (before == PART_HOME || before == own)
		return (struct link_chances){0, 0};
	if (own == PART_TRANSIT)
		return (struct link_chances){PEERS_UP, EXCHANGED_UP};
	return before == PART_ISP ? (struct link_chances){PEERS_ACROSS, EXCHANGED}
				  : (struct link_chances){PROVIDERS_DOWN, EXCHANGED_DOWN};
}

/* A router within a network; `last`: another network's follow. */
static void number_core(struct sim_case *c, uint64_t *random, const struct cores *cores,
			struct net_router *r, unsigned host, struct numbering own, bool last)
{
	uint8_t family = r->addr.family;
	unsigned core = core_of(cores, own);
	double chance = core == NOBODY_PRIVATE && last ? PRIVATE_LAST : IN_CORE;

	if (core != NOBODY_NONE && net_happens(random, chance))
		r->addr = nobodys(family, core, host);
	else if (own.part == PART_ISP && cores->backbone_asn)
		announce(c, r->addr, family == 4 ? 32 : 128, cores->backbone_asn);
}

/* The number of one router, that comes behind a router of the network `before`. */
static void number(struct sim_case *c, uint64_t *random, const struct cores *cores, uint8_t router,
		   struct numbering own, struct numbering before, bool last)
{
	struct net_router *r = &c->net.routers[router];
	uint8_t family = r->addr.family;
	unsigned host = 100u + router;
	struct link_chances link = chances_of(before.part, own.part);
	bool border = before.part != own.part && before.part != PART_HOME;
	double at = net_chance(random);

	if (border && at < link.before)
		r->addr = case_address(family, before.part, before.net, host);
	else if (border && at < link.before + link.exchange)
		r->addr = nobodys(family, NOBODY_EXCHANGE, host);
	else if (!border)
		number_core(c, random, cores, r, host, own, last);
	if (net_happens(random, STALE))
		announce(c, r->addr, family == 4 ? 32 : 128,
			 net_happens(random, 0.5) ? cores->transit_asn : 64900u + router);
}

static enum part part_of(const struct sim_case *c, const struct net_stage *stage)
{
	return parts[c->net.routers[stage->branches[0].routers[0]].owner];
}

/* Numbers the way to a server, as far as it is new. */
static void number_way(struct sim_case *c, uint64_t *random, const struct cores *cores,
		       unsigned server, bool done[NET_ROUTERS_MAX])
{
	const struct net_server *s = &c->net.servers[server];
	struct numbering before = {PART_HOME, 0};

	for (size_t k = 0; k < s->stages_n; k++) {
		const struct net_stage *stage = &s->stages[k];
		struct numbering own = {part_of(c, stage), 0};
		bool last = k + 1 == s->stages_n || part_of(c, stage + 1) != own.part;

		own.net = own.part == PART_REMOTE ? server : 0;
		for (size_t b = 0; b < stage->branches_n; b++) {
			struct numbering from = before;

			for (size_t n = 0; n < stage->branches[b].n; n++) {
				uint8_t at = stage->branches[b].routers[n];

				if (own.part != PART_HOME && !done[at])
					number(c, random, cores, at, own, from, last);
				done[at] = true;
				from = own;
			}
		}
		before = own;
	}
}

/* A box on the link between two networks may be either's; it shows itself to neither. */
static void share_link(struct sim_case *c)
{
	static const enum blocker parties[] = {
		[PART_HOME] = BLOCKER_LOCAL_NETWORK,
		[PART_ISP] = BLOCKER_ISP,
		[PART_TRANSIT] = BLOCKER_TRANSIT,
		[PART_REMOTE] = BLOCKER_REMOTE,
	};
	const struct net_server *s = &c->net.servers[0];
	bool on_link = c->truth.culprit != BLOCKER_NONE && c->net.rule.place == NET_LINK;

	for (size_t k = 1; on_link && k < s->stages_n; k++) {
		if (s->stages[k].branches[0].routers[0] == c->net.rule.router)
			c->truth.also = parties[part_of(c, &s->stages[k - 1])];
	}
}

/* How each network numbers its own, and who it is. */
static void draw_cores(struct sim_case *c, uint64_t *random, struct cores *out)
{
	bool two = net_happens(random, TWO_ASNS);

	*out = (struct cores){
		.isp = draw_core(random),
		.transit = draw_core(random),
		.isp_asn = two ? PROVIDER_ASN : ISP_ASN,
		.backbone_asn = two ? PROVIDER2_ASN : 0,
		.transit_asn = net_happens(random, CARRIERS) ? CARRIER_ASN : TRANSIT_ASN,
	};
	for (size_t i = 0; i < c->net.servers_n; i++)
		out->remote[i] = draw_core(random);
}

void case_number(struct sim_case *c)
{
	uint64_t random = c->seed * 0xd1342543de82ef95u + 7;
	bool done[NET_ROUTERS_MAX] = {false};
	struct cores cores;

	draw_cores(c, &random, &cores);
	announce_all(c, &random, &cores);
	for (unsigned i = 0; i < c->net.servers_n; i++)
		number_way(c, &random, &cores, i, done);
	share_link(c);
}
