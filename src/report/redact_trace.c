/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/redact.h"
#include "trace/facts.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The value with every text in it replaced, a new reference; NULL: no memory. */
static json_t *replaced(struct redaction *red, const json_t *value)
{
	struct text text = {0};
	json_t *new;

	redact_text(red, json_string_value(value), &text);
	new = text.failed ? NULL : json_string(text_str(&text));
	text_free(&text);
	return new;
}

/* Whether the fact is a prefix of the local network: its addresses get entries of their own. */
static bool is_local_prefix(const json_t *fact)
{
	const char *kind = json_string_value(json_object_get(fact, "fact"));
	const char *prefix = json_string_value(json_object_get(fact, "prefix"));
	struct prefix parsed;
	enum addr_class class;

	if (!kind || strcmp(kind, "network") != 0 || !prefix || !prefix_parse(prefix, &parsed))
		return false;
	class = addr_class(&parsed.addr);
	return class == ADDR_PRIVATE || class == ADDR_LINK_LOCAL;
}

static bool replace_fact(struct redaction *red, json_t *fact)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(fact, next, key, value)
	{
		json_t *new = json_is_string(value) ? replaced(red, value) : json_incref(value);

		if (json_object_set_new(fact, key, new) != 0)
			return false;
	}
	return true;
}

/* The facts of the trace under pseudonyms, or NULL. */
static json_t *replaced_facts(struct redaction *red, const struct trace *t)
{
	json_t *facts = facts_encode(t), *kept = json_array();
	bool whole = facts && kept;
	json_t *fact;
	size_t i;

	json_array_foreach(facts, i, fact)
	{
		if (is_local_prefix(fact))
			continue;
		whole = whole && replace_fact(red, fact) && json_array_append(kept, fact) == 0;
	}
	json_decref(facts);
	if (whole)
		return kept;
	json_decref(kept);
	return NULL;
}

/* Whose a pseudonym is. */
static bool add_networks(const struct redaction *red, const struct trace *from, struct trace *to)
{
	for (size_t i = 0; i < red->n; i++) {
		const struct pseudonym *p = &red->items[i];
		const struct network *n = p->name ? NULL : trace_network(from, &p->addr);
		struct network item;

		if (!n)
			continue;
		item = *n;
		item.prefix = (struct prefix){p->shown, p->shown.family == 4 ? 32 : 128};
		if (item.has_role && item.role == SEGMENT_LOCAL)
			item.name = "local network";
		if (!trace_add_network(to, &item))
			return false;
	}
	return true;
}

/* The records that no fact carries move over. */
static void move_frames(struct redaction *red, struct trace *from, struct trace *to)
{
	struct trace old = *from;
	const char *stop = to->run.stop;

	for (size_t i = 0; i < to->servers_n && i < old.servers_n; i++) {
		to->servers[i].newest_probe = old.servers[i].newest_probe;
		to->servers[i].peer = old.servers[i].peer;
	}
	for (size_t i = 0; i < old.replies_n; i++) {
		old.replies[i].from = redact_addr(red, &old.replies[i].from);
		old.replies[i].quoted_src = redact_addr(red, &old.replies[i].quoted_src);
	}
	for (size_t i = 0; i < old.strays_n; i++)
		old.strays[i].other = redact_addr(red, &old.strays[i].other);
#define MOVE(list)                                                                                 \
	do {                                                                                       \
		free(to->list);                                                                    \
		to->list = old.list;                                                               \
		to->list##_n = old.list##_n;                                                       \
		from->list = NULL;                                                                 \
		from->list##_n = 0;                                                                \
	} while (0)
	MOVE(probes);
	MOVE(replies);
	MOVE(strays);
	MOVE(flow_packets);
	MOVE(buckets);
#undef MOVE
	to->probes_cap = old.probes_cap;
	to->replies_cap = old.replies_cap;
	to->strays_cap = old.strays_cap;
	to->flow_packets_cap = old.flow_packets_cap;
	to->run = old.run;
	to->run.stop = stop;
	to->last_ns = old.last_ns;
	to->full = old.full;
}

int redact_trace(struct redaction *red, struct trace *t)
{
	json_t *facts = replaced_facts(red, t);
	struct err err = {0};
	struct trace shown;
	bool made;

	trace_init(&shown);
	made = facts && facts_decode(facts, &shown, &err) == 0 && add_networks(red, t, &shown);
	json_decref(facts);
	if (!made) {
		trace_free(&shown);
		return -1;
	}
	move_frames(red, t, &shown);
	trace_free(t);
	*t = shown;
	red->t = t;
	return 0;
}
