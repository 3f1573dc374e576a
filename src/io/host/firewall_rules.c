/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/firewall_rules.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rules_unread(struct trace *t)
{
	static const struct counter item = {COUNTER_RULES_UNREAD, 1};

	if (trace_counter(t, item.name) < 0)
		(void)trace_add_counter(t, &item);
}

struct rules_chain *rules_chain(struct rules_chains *chains, const char *table, const char *name)
{
	struct rules_chain *c;

	for (size_t i = 0; i < chains->n; i++) {
		c = &chains->items[i];
		if (strcmp(c->name, name) == 0 && strcmp(c->table, table) == 0)
			return c;
	}
	if (chains->n >= RULES_CHAINS_MAX)
		return NULL;
	c = &chains->items[chains->n++];
	*c = (struct rules_chain){0};
	snprintf(c->table, sizeof(c->table), "%s", table);
	snprintf(c->name, sizeof(c->name), "%s", name);
	return c;
}

void rules_inherit(struct rules_chains *chains)
{
	bool changed = true;

	for (size_t round = 0; changed && round < chains->n; round++) {
		changed = false;
		for (size_t i = 0; i < chains->n; i++) {
			struct rules_chain *c = &chains->items[i], *from;

			if (c->hooked || !*c->from)
				continue;
			from = rules_chain(chains, c->table, c->from);
			if (!from || !from->hooked)
				continue;
			c->hooked = changed = true;
			c->hook = from->hook;
		}
	}
}

const char *rules_line(const char *text, char buf[RULES_LINE_BYTES])
{
	size_t len, kept;

	if (!text || !*text)
		return NULL;
	while (*text == ' ' || *text == '\t')
		text++;
	len = strcspn(text, "\n");
	kept = len < RULES_LINE_BYTES ? len : RULES_LINE_BYTES - 1;
	memcpy(buf, text, kept);
	buf[kept] = '\0';
	return text + len + (text[len] == '\n');
}

const char *rules_word(const char *s, char word[RULES_NAME_BYTES])
{
	size_t len, kept;

	s += strspn(s, " \t");
	len = strcspn(s, " \t");
	kept = len < RULES_NAME_BYTES ? len : RULES_NAME_BYTES - 1;
	memcpy(word, s, kept);
	word[kept] = '\0';
	return s + len;
}

bool rules_lists_port(const char *list, uint16_t port)
{
	while (*list) {
		char *end;
		unsigned long first, last;

		if (!isdigit((unsigned char)*list)) {
			list++;
			continue;
		}
		first = last = strtoul(list, &end, 10);
		if ((*end == '-' || *end == ':') && isdigit((unsigned char)end[1]))
			last = strtoul(end + 1, &end, 10);
		if (port >= first && port <= last)
			return true;
		list = end;
	}
	return false;
}

/* --- ip rule --------------------------------------------------------------------------------- */

static void add_ip_rule(const char *line, const struct rules_wanted *wanted, struct trace *t)
{
	char command[128], text[RULES_LINE_BYTES + 16], list[RULES_NAME_BYTES];
	const char *dport = strstr(line, " dport "), *tool = wanted->family == 6 ? "ip -6" : "ip";
	unsigned long priority = strtoul(line, NULL, 10);
	struct filter_rule item = {
		.family = wanted->family,
		.hook = HOOK_ROUTE,
		.action = FILTER_ROUTE,
		.by_owner = strstr(line, " uidrange ") != NULL,
		.text = text,
		.command = command,
	};

	if (!dport)
		return;
	rules_word(dport + strlen(" dport "), list);
	if (!rules_lists_port(list, wanted->port))
		return;
	snprintf(text, sizeof(text), "%s rule: %s", tool, line);
	snprintf(command, sizeof(command), "%s rule del pref %lu", tool, priority);
	(void)trace_add_filter_rule(t, &item);
}

void rules_parse_ip(const char *text, const struct rules_wanted *wanted, struct trace *t)
{
	char line[RULES_LINE_BYTES];

	while ((text = rules_line(text, line)) != NULL) {
		for (char *c = line; *c; c++)
			*c = *c == '\t' ? ' ' : *c;
		add_ip_rule(line, wanted, t);
	}
}

/* --- ip xfrm policy -------------------------------------------------------------------------- */

/* A policy that lets nothing of the port out: the line of its selector, and the next one. */
static void add_policy(const char *selector, const char *line, const struct rules_wanted *wanted,
		       struct trace *t)
{
	char text[2 * RULES_LINE_BYTES + 32], command[RULES_LINE_BYTES + 64],
		list[RULES_NAME_BYTES];
	const char *dport = strstr(selector, " dport ");
	struct filter_rule item = {
		.family = strchr(selector, ':') ? 6 : 4,
		.hook = HOOK_ROUTE,
		.action = FILTER_DROP,
		.text = text,
		.command = command,
	};
	if (strncmp(line, "dir out ", 8) != 0 || !strstr(line, "action block"))
		return;
	if (dport)
		rules_word(dport + strlen(" dport "), list);
	if (dport && !rules_lists_port(list, wanted->port))
		return;
	snprintf(text, sizeof(text), "ip xfrm policy: %s %s", selector, line);
	snprintf(command, sizeof(command), "ip xfrm policy delete %s dir out", selector);
	(void)trace_add_filter_rule(t, &item);
}

void rules_parse_xfrm(const char *text, const struct rules_wanted *wanted, struct trace *t)
{
	char line[RULES_LINE_BYTES], selector[RULES_LINE_BYTES] = "";
	while ((text = rules_line(text, line)) != NULL) {
		for (size_t n = strlen(line); n > 0 && line[n - 1] == ' '; n--)
			line[n - 1] = '\0';
		if (strncmp(line, "src ", 4) == 0)
			snprintf(selector, sizeof(selector), "%s", line);
		else if (*selector)
			add_policy(selector, line, wanted, t);
	}
}
