/* SPDX-License-Identifier: BSD-2-Clause */
#include "case.h"
#include <stdio.h>

static void print_stage(const struct net *net, const struct net_stage *stage)
{
	for (size_t b = 0; b < stage->branches_n; b++) {
		printf("%s", b ? "/" : " ");
		for (size_t i = 0; i < stage->branches[b].n; i++) {
			uint8_t at = stage->branches[b].routers[i];
			const struct net_router *r = &net->routers[at];
			printf("%s%u%c%s", i ? "," : "", at, "hlitr"[r->owner],
			       r -> silent ? "*" : "");
		}
	}
}

/* The AS that the data base names for an address: that of the longest prefix, 0: none. */
static uint32_t announced_by(const struct sim_case *c, const struct addr *addr)
{
	const struct announced *best = NULL;
	for (size_t i = 0; i < c->announced_n; i++) {
		const struct announced *one = &c->announced[i];
		bool longer = !best || one->prefix.len >= best->prefix.len;
		if (longer && prefix_contains(&one->prefix, addr))
			best = one;
	}
	return best ? best->asn : 0;
}

/* What each router's number is, and what a reader of the data base takes it for. */
static void print_numbers(const struct sim_case *c)
{
	printf("  numbers:");
	for (size_t i = 0; i < c->net.routers_n; i++) {
		const struct addr *addr = &c->net.routers[i].addr;
		char text[ADDR_TEXT_BYTES];
		printf(" %zu %s AS%u;", i, addr_text(addr, text), announced_by(c, addr));
	}
	printf("\n");
}

void case_print(const struct sim_case *c)
{
	static const char *const places[] = {"before router", "into router", "out of router",
					     "server"};
	const struct net *net = &c->net;
	const struct net_noise *noise = &net->noise;
	printf("seed %llu: %s %s %u%s%s%s, IPv%u, %zu servers%s%s, %u flows\n",
	       (unsigned long long)c->seed, case_kind_name(c->kind), places[net->rule.place],
	       net->rule.router, net->rule.lets_through ? ", lets it through" : "",
	       net->rule.copies_ttl ? ", copies the TTL" : "",
	       net->rule.share < 1 ? ", now and then" : "", net->client.family, net->servers_n,
	       c->networks ? ", networks known" : "", c->hosts_given ? ", HOST given" : "",
	       c->flows);
	printf("  loss %.2f out %.2f back, runs of %.0f, behind hop %zu; duplicates %.2f; round "
	       "trip %d ms, jitter %.0f ms; errors %s %.0f then %.0f/s; the truth %s, hops %d-%d\n",
	       noise->loss_out, noise->loss_back, noise->run, noise->link, noise->duplicates,
	       c->rtt_ms, (double)noise->jitter_ns / 1e6,
	       net->routers[0].limited ? "limited" : "unlimited", net->routers[0].burst,
	       net->routers[0].rate, blocker_name(c->truth.culprit), c->truth.lo_max,
	       c->truth.hi_min);
	for (size_t i = 0; i < net->servers_n; i++) {
		const struct net_server *s = &net->servers[i];
		printf("  way to server %zu:", i);
		for (size_t k = 0; k < s->stages_n; k++)
			print_stage(net, &s->stages[k]);
		printf("%s%s%s\n", s->dead ? ", dead" : "", s->closed ? ", closed" : "",
		       s->blocked ? "" : ", not blocked");
	}
	if (c->announced_n)
		print_numbers(c);
}
