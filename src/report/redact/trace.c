/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/redact/redact.h"
#include "trace/facts.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum content {
	CONTENT_NAME, /* of the record or its kind, or no text: it stays */
	CONTENT_TEXT,
	CONTENT_PROSE,
	CONTENT_USER,
	CONTENT_RULE,
};

/* What a field of a fact holds. */
static enum content content_of(const char *fact, const char *key)
{
	static const struct {
		const char *fact, *key;
		enum content content;
	} rows[] = {
		{"note", "kind", CONTENT_NAME},	   {"note", "text", CONTENT_PROSE},
		{"connect", "user", CONTENT_USER}, {"user", "name", CONTENT_USER},
		{"rule", "text", CONTENT_RULE},	   {"rule", "command", CONTENT_RULE},
	};

	if (strcmp(key, "fact") == 0)
		return CONTENT_NAME;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].fact, fact) == 0 && strcmp(rows[i].key, key) == 0)
			return rows[i].content;
	}
	return CONTENT_TEXT;
}

/* The value, its text with what is replaced in such; a new reference, NULL: no memory. */
static json_t *replaced(struct redaction *red, json_t *value, enum content content)
{
	const char *s = json_string_value(value);
	struct text text = {0};
	json_t *new;

	switch (content) {
	case CONTENT_NAME:
		return json_incref(value);
	case CONTENT_TEXT:
		redact_text(red, s, &text);
		break;
	case CONTENT_PROSE:
		redact_prose(red, s, &text);
		break;
	case CONTENT_USER:
		text_add(&text, redact_user(red, s));
		break;
	case CONTENT_RULE:
		redact_rule(red, s, &text);
		break;
	}
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
	const char *kind = json_string_value(json_object_get(fact, "fact")), *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(fact, next, key, value)
	{
		enum content content = json_is_string(value) ? content_of(kind, key) : CONTENT_NAME;

		if (json_object_set_new(fact, key, replaced(red, value, content)) != 0)
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
	for (size_t i = 0; i < 2; i++)
		to->run.public_addr[i] = redact_addr(red, &old.run.public_addr[i]);
	to->run.stop = stop;
	to->last_ns = old.last_ns;
	to->full = old.full;
	to->newest_reply_ns = old.newest_reply_ns;
	to->changes = old.changes;
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
