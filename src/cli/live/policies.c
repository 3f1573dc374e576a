/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/policies.h"
#include "data/data.h"
#include "io/names/lines.h"
#include <string.h>
#include <strings.h>

#define POLICIES_MAX 4

/* A line of the table. */
struct entry {
	const char *operator, * networks, *names, *ports, *unblock, *source, *date;
};

static const char *optional(const char *column)
{
	return column && strcmp(column, "-") != 0 ? column : NULL;
}

static bool parse(struct lines *l, struct entry *out)
{
	char *rest = l->line;
	const char **columns[] = {&out->operator, & out->networks,
				  &out->names,
				  &out->ports,
				  &out->unblock,
				  &out->source,
				  &out->date};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		*columns[i] = lines_column(&rest, true);
		if (!*columns[i])
			return false;
	}
	return true;
}

/* Whether a separated list has the number. */
static bool has_number(const char *list, uint32_t asn)
{
	while (*list) {
		char word[16];
		size_t n = strcspn(list, ",");
		unsigned long number;

		if (n < sizeof(word)) {
			memcpy(word, list, n);
			word[n] = '\0';
			if (lines_number(word, UINT32_MAX, &number) && number == asn)
				return true;
		}
		list += n + (list[n] == ',');
	}
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether the words stand in the name, not as a part of other words. */
static bool has_words(const char *name, const char *words, size_t n)
{
	for (const char *at = name; *at; at++) {
		bool begins = at == name || !is_letter(at[-1]);

		if (begins && strncasecmp(at, words, n) == 0 && !is_letter(at[n]))
			return true;
	}
	return false;
}

static bool fits(const struct entry *e, const struct network *network)
{
	const char *names = optional(e->names);

	if (network->asn && optional(e->networks))
		return has_number(e->networks, network->asn);
	while (network->name && names && *names) {
		size_t n = strcspn(names, "|");

		if (has_words(network->name, names, n))
			return true;
		names += n + (names[n] == '|');
	}
	return false;
}

static bool is_known(const struct trace *t, const char *operator)
{
	for (size_t i = 0; i < t->policies_n; i++) {
		if (strcmp(t->policies[i].operator, operator) == 0)
			return true;
	}
	return false;
}

static void match(struct trace *t, const struct network *network)
{
	struct lines l =
		lines_of((const char *)data_policies, data_policies_len, "the built-in policies");
	struct err err;
	struct entry e;

	while (lines_next(&l, &err) > 0 && t->policies_n < POLICIES_MAX) {
		if (!parse(&l, &e) || !fits(&e, network) || is_known(t, e.operator))
			continue;
		struct policy item = {
			.asn = network->asn,
			.network = network->name,
			.operator= e.operator,
			.ports = e.ports,
			.unblock = optional(e.unblock),
			.source = optional(e.source),
			.date = optional(e.date),
		};
		(void)trace_add_policy(t, &item);
	}
}

/* A server's own network is no network on the way. */
static bool is_servers(const struct trace *t, const struct network *network)
{
	for (size_t i = 0; i < t->servers_n; i++) {
		const struct network *own = trace_network(t, &t->servers[i].addr);

		if (prefix_contains(&network->prefix, &t->servers[i].addr) ||
		    (network->asn && own && own->asn == network->asn))
			return true;
	}
	return false;
}

static bool is_on_the_way(const struct trace *t, const struct network *network)
{
	for (size_t i = 0; i < t->servers_n; i++) {
		if (prefix_contains(&network->prefix, &t->servers[i].client))
			return true;
	}
	for (size_t i = 0; i < t->replies_n; i++) {
		const struct reply *r = &t->replies[i];

		if (r->kind == REPLY_EXPIRED && prefix_contains(&network->prefix, &r->from))
			return true;
	}
	return false;
}

void policies_match(struct trace *t)
{
	for (size_t i = 0; i < t->networks_n && t->policies_n < POLICIES_MAX; i++) {
		const struct network *network = &t->networks[i];

		if ((network->asn || network->name) && !is_servers(t, network) &&
		    is_on_the_way(t, network))
			match(t, network);
	}
}
