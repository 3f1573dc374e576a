/* SPDX-License-Identifier: BSD-2-Clause */
#include "case.h"
#include "../seeded.h"
#include "case_parts.h"
#include <string.h>

static const struct {
	const char *name;
	uint8_t weight;
} kinds[CASE_KINDS] = {
	[CASE_OPEN] = {"open", 26},	 [CASE_DROP] = {"drop", 30},
	[CASE_RESET] = {"reset", 12},	 [CASE_REJECT] = {"icmp", 10},
	[CASE_CLOSED] = {"closed", 5},	 [CASE_SERVER] = {"server", 5},
	[CASE_BACK] = {"back", 6},	 [CASE_MEMBER] = {"member", 4},
	[CASE_LIMITED] = {"limited", 2},
};

const char *case_kind_name(enum case_kind kind)
{
	return kinds[kind].name;
}

static enum case_kind draw_kind(uint64_t *random, const struct case_wish *wish)
{
	if (wish->kind)
		return (enum case_kind)(wish->kind - 1);
	uint32_t at = seeded_below(random, 100);
	for (int i = 0; i < CASE_KINDS; i++) {
		if (at < kinds[i].weight)
			return (enum case_kind)i;
		at -= kinds[i].weight;
	}
	return CASE_OPEN;
}

/* The same share each way half of the time. */
static void draw_losses(struct sim_case *c, uint64_t *random)
{
	static const double most[LOSS_CLASSES] = {0, 0.10, 0.30, 0.60};
	static const uint8_t weights[] = {LOSS_NONE,   LOSS_NONE, LOSS_NONE, LOSS_LITTLE,
					  LOSS_LITTLE, LOSS_MUCH, LOSS_MUCH, LOSS_HEAVY};
	struct net_noise *noise = &c->net.noise;
	c->loss = (enum case_loss)weights[seeded_below(random, sizeof(weights))];
	if (c->loss == LOSS_NONE)
		return;
	noise->loss_out = most[c->loss] * (0.5 + net_chance(random) / 2);
	noise->loss_back = most[c->loss] * (0.5 + net_chance(random) / 2);
	if (net_happens(random, 0.25))
		noise->loss_out = 0;
	else if (net_happens(random, 0.33))
		noise->loss_back = 0;
	noise->run = net_happens(random, 0.25) ? 2 + (double)seeded_below(random, 3) : 1;
	noise->duplicates = net_happens(random, 0.2) ? 0.01 * (1 + seeded_below(random, 5)) : 0;
}

static void draw_noise(struct sim_case *c, uint64_t *random, const struct case_wish *wish)
{
	struct net_noise *noise = &c->net.noise;
	static const uint8_t links[] = {1, 1, 1, 1, 1, 1, 0, 2, 3, 4};
	noise->link = links[seeded_below(random, sizeof(links))];
	if (!wish->clean)
		draw_losses(c, random);
	c->rtt_ms = net_happens(random, 0.4) ? 0 : 20 + (int)seeded_below(random, 281);
	if (wish->rtt_ms)
		c->rtt_ms = wish->rtt_ms < 0 ? 0 : wish->rtt_ms;
	noise->delay_ns = c->rtt_ms * INT64_C(500000);
	if (!wish->clean && net_happens(random, 0.6))
		noise->jitter_ns = noise->delay_ns / 100 * (1 + seeded_below(random, 50));
}

/* Who is silent, how errors are limited, how far answers travel. */
static void draw_manners(struct sim_case *c, uint64_t *random, bool clean)
{
	static const double silences[] = {0, 0, 0, 0, 0, 0.2, 0.2, 0.2, 0.5, 1};
	static const struct {
		bool limited;
		double burst, rate;
	} limits[] = {{false, 0, 0}, {false, 0, 0}, {true, 6, 1},
		      {true, 6, 1},  {true, 6, 1},  {true, 1, 1}};
	double silence = clean ? 0 : silences[seeded_below(random, 10)];
	uint32_t limit = seeded_below(random, clean ? 5 : 6);
	for (size_t i = 0; i < c->net.routers_n; i++) {
		struct net_router *r = &c->net.routers[i];
		r->silent = net_happens(random, silence);
		r->limited = limits[limit].limited;
		r->burst = r->tokens = limits[limit].burst;
		r->rate = limits[limit].rate;
		r->initial = net_happens(random, 0.5) ? 64 : 255;
		if (!clean && net_happens(random, 0.15))
			r->detour = 1 + (int)seeded_below(random, 2);
	}
	for (size_t i = 0; i < c->net.servers_n; i++) {
		struct net_server *s = &c->net.servers[i];
		s->initial = net_happens(random, 0.8) ? 64 : 128;
		s->reset_initial = net_happens(random, 0.9) ? s->initial : 255;
		s->detour = !clean && net_happens(random, 0.2) ? (int)seeded_below(random, 3) : 0;
		s->dead = !clean && i > 0 && net_happens(random, 0.05);
	}
}

void case_make(uint64_t seed, const struct case_wish *wish, struct sim_case *out)
{
	uint64_t random = seed * 0x9e3779b97f4a7c15u + 1;
	struct queue queue = out->net.queue;
	memset(out, 0, sizeof(*out));
	out->net.queue = queue;
	out->seed = seed;
	out->clean = wish->clean;
	out->kind = draw_kind(&random, wish);
	out->net.port = 587;
	out->net.random = seeded_random(&random);
	out->net.salt = (uint32_t)seeded_random(&random);
	out->flows = (uint16_t)(net_happens(&random, 0.8) ? 2 : 3 + seeded_below(&random, 4));
	if (wish->clean)
		out->flows = 2;
	/* Numbers tell nothing where roles are given: then only because that is asked for. */
	bool given = net_happens(&random, 0.6);
	out->networks = wish->networks || (given && !wish->numbered);
	draw_noise(out, &random, wish);
	case_topology(out, &random, wish);
	draw_manners(out, &random, wish->clean);
	case_rule(out, &random);
	if (wish->numbered)
		case_number(out);
}
