/* SPDX-License-Identifier: BSD-2-Clause */
/* What belongs to the local network. */
#include "report/redact/redact.h"
#include <string.h>

#define LOCAL_BIT (1u << SEGMENT_LOCAL)

static void plan_name(struct redaction *red, const char *name)
{
	struct pseudonym *at;
	struct addr numeric;
	size_t number = 1;

	if (!name || !*name || addr_parse(name, &numeric))
		return;
	for (size_t i = 0; i < red->n; i++) {
		number += red->items[i].name && !red->items[i].user;
		if (red->items[i].name && strcmp(red->items[i].name, name) == 0)
			return;
	}
	at = redact_append(red);
	if (at)
		*at = (struct pseudonym){
			.name = arena_copy(&red->arena, name),
			.pseudo = arena_printf(&red->arena, "host-%zu.example", number),
		};
}

static void plan_lane(struct redaction *red, const struct hop_row *row, const struct hop_lane *lane)
{
	for (size_t i = 0; i < lane->answers_n; i++) {
		const struct addr *addr = &lane->answers[i].addr;

		if (row->is_server)
			continue;
		if (redact_is_inside(addr) ? row->owners & LOCAL_BIT : row->owners == LOCAL_BIT)
			redact_plan_addr(red, addr);
	}
}

static void plan_hops(struct redaction *red, const struct result *r)
{
	for (size_t i = 0; i < r->findings_n; i++) {
		for (size_t k = 0; k < r->findings[i].hops_n; k++) {
			const struct hop_row *row = &r->findings[i].hops[k];

			plan_lane(red, row, &row->control);
			plan_lane(red, row, &row->target);
		}
	}
}

/* Who connects, and what the firewall says of whom. */
static void plan_accounts(struct redaction *red)
{
	for (size_t i = 0; i < red->t->users_n; i++)
		redact_plan_user(red, red->t->users[i].name);
	for (size_t i = 0; i < red->t->connects_n; i++)
		redact_plan_user(red, red->t->connects[i].user);
	for (size_t i = 0; i < red->t->filter_rules_n; i++)
		redact_plan_rule(red, red->t->filter_rules[i].text);
}

int redact_plan(const struct trace *t, const struct result *r, struct redaction *out)
{
	*out = (struct redaction){.t = t};
	for (size_t i = 0; i < t->routes_n; i++) {
		redact_plan_addr(out, &t->routes[i].client);
		redact_plan_addr(out, &t->routes[i].gateway);
	}
	for (size_t i = 0; i < t->servers_n; i++) {
		redact_plan_addr(out, &t->servers[i].client);
		if (redact_is_inside(&t->servers[i].addr))
			redact_plan_addr(out, &t->servers[i].addr);
	}
	plan_hops(out, r);
	for (size_t i = 0; i < t->servers_n; i++) {
		if (redact_knows(out, &t->servers[i].addr))
			plan_name(out, t->servers[i].host);
	}
	for (size_t i = 0; i < t->names_n; i++) {
		if (redact_knows(out, &t->names[i].addr))
			plan_name(out, t->names[i].text);
	}
	plan_accounts(out);
	if (!out->arena.failed)
		return 0;
	redact_free(out);
	return -1;
}
