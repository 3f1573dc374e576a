/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nft's rules as JSON has them: each base chain is walked as a packet to the port would walk it,
 * through sets, maps and jumps, to the verdicts that rules give which name the port.
 */
#include "io/host/firewall_nft.h"
#include "io/host/firewall_queue.h"
#include "io/host/firewall_rules.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 16 /* nft itself lets jumps go this deep */
#define STEPS_MAX                                                                                  \
	20000000 /* objects looked at in all: chains that many go on to are read again             \
		  */

/* What is known of the packet, and of what the rules so far asked of it. */
struct walk {
	const struct rules_wanted *wanted;
	struct trace *trace;
	const json_t *objects; /* all of the rule set */
	const json_t *base;    /* the chain that hooks in */
	enum filter_hook hook;
	unsigned steps;
	bool spares; /* a rule so far lets some users' connections to the port go */
};

struct asked {
	bool named;    /* some rule on the way names the port */
	bool by_owner; /* ... or the owner of the socket */
	bool exact;    /* nothing but the port and TCP was asked */
	uint8_t family;
};

static const char *string_of(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

static bool same(const json_t *one, const json_t *other, const char *key)
{
	return strcmp(string_of(one, key), string_of(other, key)) == 0;
}

/* The set or map "@name" of the chain's table, its elements; NULL: there is none. */
static const json_t *elements_of(const struct walk *w, const char *name)
{
	size_t i;
	const json_t *object;

	json_array_foreach(w->objects, i, object)
	{
		const json_t *set = json_object_get(object, "set");

		set = set ? set : json_object_get(object, "map");
		if (set && same(set, w->base, "table") && same(set, w->base, "family") &&
		    strcmp(string_of(set, "name"), name + 1) == 0)
			return json_object_get(set, "elem");
	}
	return NULL;
}

/* Whether a value is the port: a number, a range, an element with more about it, a list. */
static bool is_port(const struct walk *w, const json_t *value, size_t part, unsigned depth)
{
	const json_t *range = json_object_get(value, "range");
	const json_t *inner = json_object_get(value, "set");
	json_int_t port = w->wanted->port;
	size_t i;
	const json_t *one;

	if (depth == DEPTH_MAX)
		return false;
	if (json_is_string(value) && *json_string_value(value) == '@')
		inner = elements_of(w, json_string_value(value));
	if (range)
		return json_integer_value(json_array_get(range, 0)) <= port &&
		       json_integer_value(json_array_get(range, 1)) >= port;
	if (json_object_get(value, "concat"))
		return is_port(w, json_array_get(json_object_get(value, "concat"), part), part,
			       depth + 1);
	if (json_object_get(value, "elem"))
		return is_port(w, json_object_get(json_object_get(value, "elem"), "val"), part,
			       depth + 1);
	if (!json_is_array(inner))
		return json_is_integer(value) && json_integer_value(value) == port;
	json_array_foreach(inner, i, one) if (is_port(w, one, part, depth + 1)) return true;
	return false;
}

/* Whether the expression is the packet's port on the far side; *other: it is another protocol's. */
static bool reads_port(const struct walk *w, const json_t *left, bool *other)
{
	const json_t *payload = json_object_get(left, "payload");
	bool in = w->hook == HOOK_INPUT || w->hook == HOOK_INGRESS;
	const char *protocol = string_of(payload, "protocol");

	if (!payload || strcmp(string_of(payload, "field"), in ? "sport" : "dport") != 0)
		return false;
	*other = strcmp(protocol, "tcp") != 0 && strcmp(protocol, "th") != 0;
	return true;
}

/* Where in what is compared the port stands: 0 alone, else in a concatenation; -1: nowhere. */
static int port_part(const struct walk *w, const json_t *left, bool *other)
{
	const json_t *parts = json_object_get(left, "concat"), *one;
	size_t i;

	if (reads_port(w, left, other))
		return 0;
	json_array_foreach(parts, i, one) if (reads_port(w, one, other)) return (int)i;
	return -1;
}

/* Whether TCP is among the protocols that are asked for. */
static bool allows_tcp(const json_t *right)
{
	const json_t *set = json_object_get(right, "set"), *one;
	size_t i;

	if (json_is_string(right))
		return strcmp(json_string_value(right), "tcp") == 0;
	if (json_is_integer(right))
		return json_integer_value(right) == 6;
	json_array_foreach(set, i, one) if (allows_tcp(one)) return true;
	return !json_is_array(set);
}

/* A comparison: false where a packet to the port does not pass it. */
static bool match(const struct walk *w, const json_t *expr, struct asked *a)
{
	const json_t *left = json_object_get(expr, "left"), *right = json_object_get(expr, "right");
	const char *key = string_of(json_object_get(left, "meta"), "key");
	const char *protocol = string_of(json_object_get(left, "payload"), "protocol");
	bool inverted = strcmp(string_of(expr, "op"), "!=") == 0, other = false;
	int part = port_part(w, left, &other);

	if (part >= 0) {
		a->named = true;
		a->exact = a->exact && !json_object_get(left, "concat");
		return !other && is_port(w, right, (size_t)part, 0) != inverted;
	}
	if (strcmp(key, "l4proto") == 0)
		return allows_tcp(right) != inverted;
	a->exact = false;
	a->by_owner |= strcmp(key, "skuid") == 0 || strcmp(key, "skgid") == 0;
	if (strcmp(protocol, "ip") == 0 || strcmp(protocol, "ip6") == 0)
		a->family = strcmp(protocol, "ip6") == 0 ? 6 : 4;
	return true;
}

static uint8_t family_of(const struct walk *w, const struct asked *a)
{
	const char *table = string_of(w->base, "family");

	return strcmp(table, "ip6") == 0 ? 6 : strcmp(table, "ip") == 0 ? 4 : a->family;
}

static bool is_known(const struct trace *t, const char *text, enum filter_hook hook)
{
	for (size_t i = 0; i < t->filter_rules_n; i++)
		if (t->filter_rules[i].hook == hook && strcmp(t->filter_rules[i].text, text) == 0)
			return true;
	return false;
}

/* Who decides over what the rule hands to a queue, or to the first of several. */
static void ask_queue(const struct walk *w, const json_t *rule, struct queue_said *out)
{
	size_t i;
	const json_t *expr;

	json_array_foreach(json_object_get(rule, "expr"), i, expr)
	{
		const json_t *queue = json_object_get(expr, "queue"),
			     *number = json_object_get(queue, "num");
		const json_t *range = json_object_get(number, "range");

		number = range ? json_array_get(range, 0) : number;
		if (queue)
			queues_say(w->wanted->queues, (unsigned)json_integer_value(number), out);
	}
}

/* Tells of a rule, or of a chain's policy: a chain has a hook, a rule has none. */
static void tell(const struct walk *w, const json_t *object, const struct asked *a,
		 enum filter_action action)
{
	bool policy = json_object_get(object, "hook") != NULL;
	bool redirects = action == FILTER_REDIRECT || action == FILTER_QUEUE;
	json_int_t handle = json_integer_value(json_object_get(object, "handle"));
	const char *chain = string_of(object, policy ? "name" : "chain");
	bool in = w->hook == HOOK_INPUT || w->hook == HOOK_INGRESS;
	char table[2 * RULES_NAME_BYTES], at[32] = "";
	char quoted[RULES_LINE_BYTES], text[RULES_LINE_BYTES + 256], command[512];
	struct queue_said queue = {"", NULL};
	struct filter_rule item = {
		.family = family_of(w, a),
		.hook = w->hook,
		.action = action,
		.by_owner = a->by_owner || w->spares,
		.policy = policy || (!a->named && !redirects),
		.text = text,
		.command = command,
	};

	ask_queue(w, object, &queue);
	item.program = *queue.program ? queue.program : NULL;
	item.advice = queue.advice;
	snprintf(table, sizeof(table), "%s %s", string_of(object, "family"),
		 string_of(object, "table"));
	nft_quote(w->wanted->text, table, chain, policy ? 0 : handle, quoted);
	snprintf(text, sizeof(text), "nft, table %s, chain %s: %s", table, chain, quoted);
	if (!policy)
		snprintf(at, sizeof(at), " handle %lld", (long long)handle);
	struct rules_named named = {table,	     chain,	  quoted,
				    w->wanted->port, item.family, item.by_owner};
	if (!rules_own_words(NULL, &named, command, sizeof(command)))
		snprintf(command, sizeof(command), "nft insert rule %s %s%s tcp %s %u accept",
			 table, chain, at, in ? "sport" : "dport", w->wanted->port);
	else if (!item.advice)
		item.advice = rules_own_advice(&named);
	if (!is_known(w->trace, text, w->hook))
		(void)trace_add_filter_rule(w->trace, &item);
}

/* The verdict of a map for the port; NULL: none, or it does not go by the port. */
static const json_t *mapped(const struct walk *w, const json_t *vmap, struct asked *a)
{
	const json_t *data = json_object_get(vmap, "data"), *one;
	const json_t *list = json_object_get(data, "set");
	bool other = false;
	int part = port_part(w, json_object_get(vmap, "key"), &other);
	size_t i;

	if (json_is_string(data))
		list = elements_of(w, json_string_value(data));
	if (part < 0 || other)
		return NULL;
	json_array_foreach(list, i, one)
	{
		if (!is_port(w, json_array_get(one, 0), (size_t)part, 0))
			continue;
		a->named = true;
		a->exact = a->exact && !json_object_get(json_object_get(vmap, "key"), "concat");
		return json_array_get(one, 1);
	}
	return NULL;
}

/* What follows a rule: the next one, the rules behind the jump to this chain, nothing. */
enum next { NEXT_RULE, NEXT_RETURN, NEXT_END };

static enum next walk_chain(struct walk *w, const char *name, const struct asked *before,
			    unsigned depth);

/* What the expression does with the packet that came so far. */
static enum next act(struct walk *w, const json_t *rule, const json_t *expr, const struct asked *a,
		     unsigned depth)
{
	const json_t *reject = json_object_get(expr, "reject");
	const json_t *jump = json_object_get(expr, "jump"), *go = json_object_get(expr, "goto");
	enum filter_action action = FILTER_DROP;
	enum next next = a->exact ? NEXT_END : NEXT_RULE;

	if (jump || go) {
		enum next inside =
			walk_chain(w, string_of(jump ? jump : go, "target"), a, depth + 1);

		if (inside == NEXT_END && a->exact)
			return NEXT_END;
		return go && a->exact ? NEXT_RETURN : NEXT_RULE;
	}
	if (json_object_get(expr, "return"))
		return a->exact ? NEXT_RETURN : NEXT_RULE;
	if (json_object_get(expr, "accept")) {
		w->spares = w->spares || (a->named && a->by_owner);
		return next;
	}
	if (reject)
		action = strcmp(string_of(reject, "type"), "tcp reset") == 0 ? FILTER_RESET
									     : FILTER_REJECT;
	else if (json_object_get(expr, "redirect") || json_object_get(expr, "dnat"))
		action = FILTER_REDIRECT;
	else if (json_object_get(expr, "queue"))
		action = FILTER_QUEUE;
	else if (!json_object_get(expr, "drop"))
		return NEXT_RULE;
	/* Whatever asks for no port, and redirects, queues or takes all that is left, takes this.
	 */
	if (a->named || a->exact || action == FILTER_REDIRECT || action == FILTER_QUEUE)
		tell(w, rule, a, action);
	return next;
}

/* A rule's expressions, one after the other, until one does not hold or sends the packet on. */
static enum next walk_rule(struct walk *w, const json_t *rule, struct asked a, unsigned depth)
{
	size_t i;
	const json_t *expr;

	json_array_foreach(json_object_get(rule, "expr"), i, expr)
	{
		const json_t *comparison = json_object_get(expr, "match");
		const json_t *vmap = json_object_get(expr, "vmap"), *verdict = expr;
		enum next next;

		if (comparison && !match(w, comparison, &a))
			return NEXT_RULE;
		if (json_object_get(expr, "limit") || json_object_get(expr, "xt"))
			a.exact = false;
		if (vmap)
			verdict = mapped(w, vmap, &a);
		next = verdict ? act(w, rule, verdict, &a, depth) : NEXT_RULE;
		if (next != NEXT_RULE)
			return next;
	}
	return NEXT_RULE;
}

static enum next walk_chain(struct walk *w, const char *name, const struct asked *before,
			    unsigned depth)
{
	size_t i;
	const json_t *object;

	json_array_foreach(w->objects, i, object)
	{
		const json_t *rule = json_object_get(object, "rule");
		enum next next;

		if (w->steps == STEPS_MAX)
			return NEXT_END;
		w->steps++;
		if (!rule || !same(rule, w->base, "table") || !same(rule, w->base, "family") ||
		    strcmp(string_of(rule, "chain"), name) != 0)
			continue;
		if (depth == DEPTH_MAX)
			return NEXT_END;
		next = walk_rule(w, rule, *before, depth);
		if (next != NEXT_RULE)
			return next;
	}
	return NEXT_RULE;
}

/* Whether packets to or from the port pass the chain's hook, and which that is. */
static bool hook_of(const json_t *chain, enum filter_hook *out)
{
	static const struct {
		const char *name;
		enum filter_hook hook, nat;
	} hooks[] = {
		{"output", HOOK_OUTPUT, HOOK_NAT},    {"postrouting", HOOK_OUTPUT, HOOK_NAT},
		{"input", HOOK_INPUT, HOOK_NAT},      {"prerouting", HOOK_INPUT, HOOK_NAT},
		{"egress", HOOK_EGRESS, HOOK_EGRESS}, {"ingress", HOOK_INGRESS, HOOK_INGRESS},
	};
	const char *family = string_of(chain, "family"), *hook = string_of(chain, "hook");

	if (strcmp(family, "arp") == 0 || strcmp(family, "bridge") == 0)
		return false;
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		if (strcmp(hooks[i].name, hook) != 0)
			continue;
		*out = strcmp(string_of(chain, "type"), "nat") == 0 ? hooks[i].nat : hooks[i].hook;
		return true;
	}
	return false;
}

void rules_parse_nft(const char *output, const struct rules_wanted *wanted, struct trace *t)
{
	json_t *root = json_loads(output, 0, NULL);
	struct walk w = {
		.wanted = wanted, .trace = t, .objects = json_object_get(root, "nftables")};
	const struct asked nothing = {.exact = true};
	size_t i;
	const json_t *object;

	json_array_foreach(w.objects, i, object)
	{
		w.base = json_object_get(object, "chain");
		w.spares = false;
		if (!w.base || !hook_of(w.base, &w.hook))
			continue;
		if (walk_chain(&w, string_of(w.base, "name"), &nothing, 0) != NEXT_END &&
		    strcmp(string_of(w.base, "policy"), "drop") == 0)
			tell(&w, w.base, &nothing, FILTER_DROP);
	}
	if (!root || w.steps == STEPS_MAX)
		rules_unread(t);
	json_decref(root);
}
