/* SPDX-License-Identifier: BSD-2-Clause */
/* What "nft -nsa list ruleset" prints. */
#include "io/host/firewall_rules.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETS_MAX 256

/* A named set of ports: whether the port is in it. */
struct set {
	char table[2 * RULES_NAME_BYTES], name[RULES_NAME_BYTES];
	bool has_port;
};

struct reading {
	const struct rules_wanted *wanted;
	struct trace *trace;
	struct rules_chains *chains;
	struct set sets[SETS_MAX];
	size_t sets_n;
	char table[2 * RULES_NAME_BYTES]; /* "inet filter"; "": none that counts */
	struct rules_chain *chain;	  /* the present one, or NULL */
	struct set *set;		  /* the present one, or NULL */
	bool learning;
};

static bool starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* "table inet filter { # handle 1" */
static void enter_table(struct reading *r, const char *line)
{
	char family[RULES_NAME_BYTES], name[RULES_NAME_BYTES];

	rules_word(rules_word(line + strlen("table "), family), name);
	r->chain = NULL;
	r->set = NULL;
	r->table[0] = '\0';
	if (strcmp(family, "arp") != 0 && strcmp(family, "bridge") != 0)
		snprintf(r->table, sizeof(r->table), "%s %s", family, name);
}

static void enter_set(struct reading *r, const char *line)
{
	char word[RULES_NAME_BYTES];

	r->set = NULL;
	if (!r->learning || r->sets_n >= SETS_MAX)
		return;
	r->set = &r->sets[r->sets_n++];
	rules_word(rules_word(line, word), word);
	snprintf(r->set->table, sizeof(r->set->table), "%s", r->table);
	snprintf(r->set->name, sizeof(r->set->name), "%s", word);
}

static bool set_has_port(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < r->sets_n; i++) {
		const struct set *s = &r->sets[i];

		if (strcmp(s->name, name) == 0 && strcmp(s->table, r->table) == 0)
			return s->has_port;
	}
	return false;
}

/* What follows "dport ": a port, a range, a list in braces, a set; "!= " turns it round. */
static bool selects(const struct reading *r, const char *s)
{
	bool inverted = starts(s, "!= "), in;
	char list[RULES_LINE_BYTES];

	s += inverted ? strlen("!= ") : 0;
	if (*s == '@') {
		rules_word(s + 1, list);
		in = set_has_port(r, list);
	} else {
		size_t len = *s == '{' ? strcspn(s, "}") : strcspn(s, " ");

		snprintf(list, sizeof(list), "%.*s", (int)len, s);
		in = rules_lists_port(list, r->wanted->port);
	}
	return in != inverted;
}

static bool action_of(const char *line, enum filter_action *out)
{
	if (strstr(line, " reject"))
		*out = strstr(line, "tcp reset") ? FILTER_RESET : FILTER_REJECT;
	else if (strstr(line, " drop"))
		*out = FILTER_DROP;
	else if (strstr(line, " redirect") || strstr(line, " dnat "))
		*out = FILTER_REDIRECT;
	else
		return false;
	return true;
}

static uint8_t family_of(const struct reading *r, const char *line)
{
	if (starts(r->table, "ip6 ") || strstr(line, "ip6 daddr") || strstr(line, "ip6 saddr"))
		return 6;
	if (starts(r->table, "ip ") || strstr(line, "ip daddr") || strstr(line, "ip saddr"))
		return 4;
	return 0;
}

static void add(const struct reading *r, const char *line, const char *handle,
		struct filter_rule *item)
{
	char text[RULES_LINE_BYTES + 256], command[512];
	const char *field =
		item->hook == HOOK_INPUT || item->hook == HOOK_INGRESS ? "sport" : "dport";

	snprintf(text, sizeof(text), "nft, table %s, chain %s: %s", r->table, r->chain->name, line);
	snprintf(command, sizeof(command), "nft insert rule %s %s%s%s tcp %s %u accept", r->table,
		 r->chain->name, *handle ? " handle " : "", handle, field, r->wanted->port);
	item->family = family_of(r, line);
	item->text = text;
	item->command = command;
	(void)trace_add_filter_rule(r->trace, item);
	item->text = NULL;
	item->command = NULL;
}

static void read_rule(const struct reading *r, char *line)
{
	bool in = r->chain->hook == HOOK_INPUT || r->chain->hook == HOOK_INGRESS;
	const char *field = strstr(line, in ? "sport " : "dport ");
	struct filter_rule item = {
		.hook = r->chain->hook,
		.by_owner = strstr(line, "skuid") || strstr(line, "skgid"),
	};
	char *mark = strstr(line, " # handle ");
	char handle[RULES_NAME_BYTES] = "";

	if (mark) {
		rules_word(mark + strlen(" # handle "), handle);
		*mark = '\0';
	}
	if (r->chain->hooked && field && selects(r, field + strlen("dport ")) &&
	    action_of(line, &item.action))
		add(r, line, handle, &item);
}

/* "type filter hook output priority 0; policy drop;" */
static void read_hook(const struct reading *r, const char *line)
{
	struct rules_chain *c = r->chain;
	bool nat = starts(line, "type nat");
	struct filter_rule item = {.action = FILTER_DROP, .policy = true};

	c->hooked = true;
	if (strstr(line, "hook output") || strstr(line, "hook postrouting"))
		c->hook = nat ? HOOK_NAT : HOOK_OUTPUT;
	else if (strstr(line, "hook input") || strstr(line, "hook prerouting"))
		c->hook = nat ? HOOK_NAT : HOOK_INPUT;
	else if (strstr(line, "hook egress"))
		c->hook = HOOK_EGRESS;
	else if (strstr(line, "hook ingress"))
		c->hook = HOOK_INGRESS;
	else
		c->hooked = false;
	item.hook = c->hook;
	if (!r->learning && c->hooked && strstr(line, "policy drop"))
		add(r, line, "", &item);
}

static void learn_jump(const struct reading *r, const char *line)
{
	const char *jump = strstr(line, "jump "), *go = strstr(line, "goto ");
	char name[RULES_NAME_BYTES];
	struct rules_chain *c;

	if (!jump && !go)
		return;
	rules_word((jump ? jump : go) + strlen("jump "), name);
	c = rules_chain(r->chains, r->table, name);
	if (c && !c->hooked && !*c->from)
		snprintf(c->from, sizeof(c->from), "%s", r->chain->name);
}

static void read_line(struct reading *r, char *line)
{
	char word[RULES_NAME_BYTES];

	if (starts(line, "table ")) {
		enter_table(r, line);
	} else if (!*r->table) {
		return;
	} else if (starts(line, "chain ")) {
		rules_word(line + strlen("chain "), word);
		r->set = NULL;
		r->chain = rules_chain(r->chains, r->table, word);
	} else if (starts(line, "set ") || starts(line, "map ")) {
		r->chain = NULL;
		enter_set(r, line);
	} else if (r->set) {
		bool elements = starts(line, "elements") || strchr("0123456789", *line);

		r->set->has_port |= elements && rules_lists_port(line, r->wanted->port);
	} else if (r->chain && starts(line, "type ")) {
		read_hook(r, line);
	} else if (r->chain && r->learning) {
		learn_jump(r, line);
	} else if (r->chain) {
		read_rule(r, line);
	}
}

static void pass(struct reading *r, const char *text, bool learning)
{
	char line[RULES_LINE_BYTES];

	r->learning = learning;
	r->table[0] = '\0';
	r->chain = NULL;
	r->set = NULL;
	while ((text = rules_line(text, line)) != NULL)
		read_line(r, line);
}

void rules_parse_nft(const char *text, const struct rules_wanted *wanted, struct trace *t)
{
	struct reading *r = calloc(1, sizeof(*r));

	if (!r)
		return;
	r->wanted = wanted;
	r->trace = t;
	r->chains = calloc(1, sizeof(*r->chains));
	if (r->chains) {
		pass(r, text, true);
		rules_inherit(r->chains);
		pass(r, text, false);
	}
	free(r->chains);
	free(r);
}
