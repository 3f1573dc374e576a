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
}
