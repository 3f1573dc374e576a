/* SPDX-License-Identifier: BSD-2-Clause */
/* What iptables-save prints. */
#include "io/host/firewall_queue.h"
#include "io/host/firewall_rules.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 16 /* chains that go on to chains */

struct reading {
	const struct rules_wanted *wanted;
	struct trace *trace;
	struct rules_chains *chains;
	char table[RULES_NAME_BYTES];
};

/* Where the built-in chains hang; a chain of the user's own inherits. */
static bool hook_of(const char *table, const char *chain, enum filter_hook *out)
{
	bool nat = strcmp(table, "nat") == 0;

	if (strcmp(chain, "OUTPUT") == 0 || strcmp(chain, "POSTROUTING") == 0)
		*out = nat ? HOOK_NAT : HOOK_OUTPUT;
	else if (strcmp(chain, "INPUT") == 0 || strcmp(chain, "PREROUTING") == 0)
		*out = nat ? HOOK_NAT : HOOK_INPUT;
	else
		return false;
	return true;
}

/* The word behind an option, "" when the option is not there; *inverted: "!" before it. */
static void option(const char *line, const char *name, char value[RULES_NAME_BYTES], bool *inverted)
{
	const char *at = strstr(line, name);

	*inverted = at && at > line && at[-1] == '!';
	value[0] = '\0';
	if (at)
		rules_word(at + strlen(name), value);
}

static bool names_port(const char *line, bool in, uint16_t port)
{
	static const char *const names[2][2] = {{" --dport ", " --dports "},
						{" --sport ", " --sports "}};

	for (int i = 0; i < 2; i++) {
		char list[RULES_NAME_BYTES];
		bool inverted;

		option(line, names[in][i], list, &inverted);
		if (*list)
			return rules_lists_port(list, port) != inverted;
	}
	return false;
}

static bool action_of(const char *line, const char *target, enum filter_action *out)
{
	if (strcmp(target, "DROP") == 0)
		*out = FILTER_DROP;
	else if (strcmp(target, "REJECT") == 0)
		*out = strstr(line, "tcp-reset") ? FILTER_RESET : FILTER_REJECT;
	else if (strcmp(target, "REDIRECT") == 0 || strcmp(target, "DNAT") == 0)
		*out = FILTER_REDIRECT;
	else if (strcmp(target, "NFQUEUE") == 0)
		*out = FILTER_QUEUE;
	else
		return false;
	return true;
}

/* Who decides over what the rule hands to a queue, or to the first of several. */
static void ask_queue(const struct reading *r, const char *line, struct queue_said *out)
{
	char number[RULES_NAME_BYTES];
	bool inverted;

	option(line, " --queue-num ", number, &inverted);
	if (!*number)
		option(line, " --queue-balance ", number, &inverted);
	queues_say(r->wanted->queues, (unsigned)strtoul(number, NULL, 10), out);
}

static void add(const struct reading *r, const struct rules_chain *c, const char *line,
		struct filter_rule *item)
{
	const char *tool = r->wanted->tool;
	bool in = item->hook == HOOK_INPUT;
	char text[RULES_LINE_BYTES + 128], command[512];
	struct queue_said queue = {"", NULL};
	struct rules_named named = {r->table,	     c->name,		line,
				    r->wanted->port, r->wanted->family, item->by_owner};

	if (item->action == FILTER_QUEUE) {
		ask_queue(r, line, &queue);
		item->program = queue.program;
		item->advice = queue.advice;
	}
	snprintf(text, sizeof(text), "%s, table %s: %s", tool, r->table, line);
	if (!rules_own_words(r->chains, &named, command, sizeof(command)))
		snprintf(command, sizeof(command), "%s -t %s -I %s -p tcp --%s %u -j ACCEPT", tool,
			 r->table, c->name, in ? "sport" : "dport", r->wanted->port);
	else if (!item->advice)
		item->advice = rules_own_advice(&named);
	item->family = r->wanted->family;
	item->text = text;
	item->command = command;
	(void)trace_add_filter_rule(r->trace, item);
	item->text = NULL;
	item->command = NULL;
	item->program = NULL;
	item->advice = NULL;
}

/* Whether a rule takes connections to the port: it names it, or redirects, or hands to a program,
 * whatever passes. */
static bool takes(const char *line, const struct rules_chain *c, enum filter_action action,
		  uint16_t port)
{
	bool any = (c->hook == HOOK_NAT || action == FILTER_QUEUE) && !strstr(line, "--dport") &&
		   !strstr(line, "--sport") && !strstr(line, "-p udp") &&
		   !strstr(line, "-p icmp") && !strstr(line, "-p ipv6-icmp") &&
		   !strstr(line, "-o lo ") && !strstr(line, "-i lo ") && !strstr(line, " -d 127.");
	return any || names_port(line, c->hook == HOOK_INPUT, port);
}

/* A chain that a rule jumps to and that lets nothing go on, as ufw's limits do. */
static bool ends_there(const struct reading *r, const char *target, enum filter_action *out)
{
	for (unsigned depth = 0; *target && depth < DEPTH_MAX; depth++) {
		const struct rules_chain *c = rules_chain(r->chains, r->table, target);
		if (!c)
			return false;
		if (c->ends)
			*out = c->action;
		if (c->ends)
			return true;
		target = c->then;
	}
	return false;
}

/* Where a rule leads, if it asks for nothing but TCP: "" where it asks for more. */
static void leads_to(const char *rest, char target[RULES_NAME_BYTES])
{
	char word[RULES_NAME_BYTES];
	const char *at = rules_word(rest, word);
	target[0] = '\0';
	if (strcmp(word, "-p") == 0) {
		at = rules_word(at, word);
		if (strcmp(word, "tcp") != 0)
			return;
		at = rules_word(at, word);
	}
	if (strcmp(word, "-j") == 0 || strcmp(word, "-g") == 0)
		rules_word(at, target);
}

/* Whether a rule's option and its value, at *at behind the option's name, ask for no more than that
 * it is new TCP for the network; *at then stands behind them. */
static bool asks_little(const char *name, const char **at)
{
	char value[RULES_NAME_BYTES];

	*at = rules_word(*at, value);
	if (strcmp(name, "-o") == 0 || strcmp(name, "-i") == 0)
		return strcmp(value, "lo") != 0;
	if (strcmp(name, "-p") == 0)
		return strcmp(value, "tcp") == 0;
	if (strcmp(name, "-m") == 0)
		return strcmp(value, "tcp") == 0 || strcmp(value, "conntrack") == 0 ||
		       strcmp(value, "state") == 0;
	return (strcmp(name, "--ctstate") == 0 || strcmp(name, "--state") == 0) &&
	       strstr(value, "NEW");
}

/*
 * The target of a built-in chain's rule for all TCP that no rule before it took, as a policy is: ""
 * where the rule asks for more.
 */
static void takes_rest(const char *rest, char target[RULES_NAME_BYTES])
{
	char word[RULES_NAME_BYTES];
	const char *at = rules_word(rest, word);

	target[0] = '\0';
	while (*word) {
		if (strcmp(word, "-j") == 0 || strcmp(word, "-g") == 0) {
			rules_word(at, target);
			return;
		}
		if (strcmp(word, "!") == 0 && strncmp(at, " -o lo ", 7) == 0)
			at += strlen(" -o lo");
		else if (!asks_little(word, &at))
			return;
		at = rules_word(at, word);
	}
}

/* Whether the rule refuses whatever came so far, and how. */
static bool refuses_rest(const struct reading *r, const char *line, const char *chain,
			 enum filter_action *out)
{
	char target[RULES_NAME_BYTES];
	enum filter_hook hook;

	takes_rest(rules_word(line + strlen("-A "), target), target);
	if (!*target || !hook_of(r->table, chain, &hook) || hook == HOOK_NAT)
		return false;
	if (!action_of(line, target, out) && !ends_there(r, target, out))
		return false;
	return *out == FILTER_DROP || *out == FILTER_RESET || *out == FILTER_REJECT;
}

/* Whether it is fail2ban's ban of a server that is asked, whatever the port. */
static bool bans_server(const struct reading *r, const char *line, const char *chain)
{
	char source[RULES_NAME_BYTES];
	struct addr addr;
	bool inverted;

	option(line, " -s ", source, &inverted);
	source[strcspn(source, "/")] = '\0';
	if (strncmp(chain, "f2b-", 4) != 0 || inverted || !addr_parse(source, &addr))
		return false;
	for (size_t i = 0; i < r->trace->servers_n; i++) {
		if (addr_equal(&r->trace->servers[i].addr, &addr))
			return true;
	}
	return false;
}

/* The chain of the user's or the target that the rule names. */
static void target_of(const char *line, char target[RULES_NAME_BYTES])
{
	bool inverted;
	option(line, " -j ", target, &inverted);
	if (!*target)
		option(line, " -g ", target, &inverted);
}

static void read_rule(const struct reading *r, const char *line)
{
	char chain[RULES_NAME_BYTES], target[RULES_NAME_BYTES];
	struct filter_rule item = {.by_owner = strstr(line, "-owner ") != NULL};
	struct rules_chain *c;

	rules_word(line + strlen("-A "), chain);
	c = rules_chain(r->chains, r->table, chain);
	target_of(line, target);
	if (!c || !c->hooked)
		return;
	bool named = names_port(line, c->hook == HOOK_INPUT, r->wanted->port);
	bool passes = strcmp(target, "ACCEPT") == 0 || strcmp(target, "RETURN") == 0;
	if (named && passes && item.by_owner)
		c->spares = true;
	item.by_owner |= c->spares;
	/* A jump counts where it names the port; else what it leads to says what is done. */
	bool counts = action_of(line, target, &item.action)
			      ? takes(line, c, item.action, r->wanted->port) ||
					bans_server(r, line, chain)
			      : named && ends_there(r, target, &item.action);
	if (!counts) {
		item.policy = refuses_rest(r, line, chain, &item.action);
		if (!item.policy)
			return;
	}
	item.hook = c->hook;
	add(r, c, line, &item);
}

/* ":OUTPUT DROP [0:0]": what happens to all that no rule takes. */
static void read_policy(const struct reading *r, const char *line)
{
	char chain[RULES_NAME_BYTES], policy[RULES_NAME_BYTES];
	struct filter_rule item = {.action = FILTER_DROP, .policy = true};
	const struct rules_chain *c;

	rules_word(rules_word(line + 1, chain), policy);
	c = rules_chain(r->chains, r->table, chain);
	if (!c || !c->hooked || strcmp(policy, "DROP") != 0)
		return;
	item.hook = c->hook;
	item.by_owner = c->spares;
	add(r, c, line, &item);
}

/* Which chain is reached from where, and what it leads to. */
static void learn(const struct reading *r, const char *line)
{
	char chain[RULES_NAME_BYTES], target[RULES_NAME_BYTES];
	struct rules_chain *c;

	if (*line == ':') {
		rules_word(line + 1, chain);
		c = rules_chain(r->chains, r->table, chain);
		if (c)
			c->declared = true;
		if (c)
			c->hooked = hook_of(r->table, chain, &c->hook);
	} else if (strncmp(line, "-A ", 3) == 0) {
		leads_to(rules_word(line + 3, chain), target);
		c = rules_chain(r->chains, r->table, chain);
		/* The first that takes everything decides. */
		if (c && *target && !c->ends && !*c->then) {
			const struct rules_chain *to = rules_chain(r->chains, r->table, target);
			bool passes =
				strcmp(target, "ACCEPT") == 0 || strcmp(target, "RETURN") == 0;
			c->ends = action_of(line, target, &c->action);
			if (!c->ends && (passes || (to && to->declared)))
				snprintf(c->then, sizeof(c->then), "%s", target);
		}
		target_of(line, target);
		c = *target ? rules_chain(r->chains, r->table, target) : NULL;
		if (c && !c->hooked && !*c->from)
			snprintf(c->from, sizeof(c->from), "%s", chain);
	}
}

/* A pass over the rules: which chain is reached from where, then what they do, then what becomes of
 * what they leave. */
enum stage { STAGE_CHAINS, STAGE_RULES, STAGE_POLICIES };

static void pass(struct reading *r, const char *text, enum stage stage)
{
	char line[RULES_LINE_BYTES];

	while ((text = rules_line(text, line)) != NULL) {
		if (*line == '*')
			rules_word(line + 1, r->table);
		else if (stage == STAGE_CHAINS)
			learn(r, line);
		else if (stage == STAGE_POLICIES && *line == ':')
			read_policy(r, line);
		else if (stage == STAGE_RULES && strncmp(line, "-A ", 3) == 0)
			read_rule(r, line);
	}
}

void rules_parse_iptables(const char *text, const struct rules_wanted *wanted, struct trace *t)
{
	struct reading r = {.wanted = wanted, .trace = t};

	r.chains = calloc(1, sizeof(*r.chains));
	if (!r.chains)
		return;
	pass(&r, text, STAGE_CHAINS);
	rules_inherit(r.chains);
	pass(&r, text, STAGE_RULES);
	pass(&r, text, STAGE_POLICIES);
	free(r.chains);
}
