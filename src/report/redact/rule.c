/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The accounts of this host, and its firewall's rules in their own words: what these say of the
 * local network, of accounts and, in comments, of anything else.
 */
#include "report/redact/redact.h"
#include <string.h>

#define NAME_BYTES 128

enum token_kind {
	TOKEN_PLAIN,
	TOKEN_FREE, /* whatever the administrator wrote */
	TOKEN_USER, /* an account or a group, or several in braces */
};

struct token {
	const char *s;
	size_t n;
	enum token_kind kind;
};

struct rule {
	const char *at;
	enum token_kind next; /* of what stands behind the present word */
	bool list;	      /* between braces */
};

/* The system's own account tells nobody anything; a number is no name. */
static bool is_nobody(const char *name)
{
	return strcmp(name, "root") == 0 || strchr("?0123456789", *name);
}

const char *redact_user(const struct redaction *red, const char *name)
{
	const char *pseudo = redact_known_user(red, name);

	return pseudo ? pseudo : is_nobody(name) ? name : "user";
}

void redact_plan_user(struct redaction *red, const char *name)
{
	struct pseudonym *at;
	size_t number = 1;

	if (!name || is_nobody(name) || redact_known_user(red, name))
		return;
	for (size_t i = 0; i < red->n; i++)
		number += red->items[i].user;
	at = redact_append(red);
	if (at)
		*at = (struct pseudonym){
			.name = arena_copy(&red->arena, name),
			.pseudo = arena_printf(&red->arena, "user-%zu", number),
			.user = true,
		};
}

static bool is(const struct token *token, const char *const *words)
{
	for (; *words; words++) {
		if (strlen(*words) == token->n && memcmp(*words, token->s, token->n) == 0)
			return true;
	}
	return false;
}

/* What a word announces. */
static enum token_kind announced(const struct token *token)
{
	static const char *const before_free[] = {"comment",	  "--comment",	    "prefix",
						  "--log-prefix", "--nflog-prefix", NULL};
	static const char *const before_user[] = {"skuid", "skgid", "--uid-owner", "--gid-owner",
						  NULL};

	if (is(token, before_free))
		return TOKEN_FREE;
	return is(token, before_user) ? TOKEN_USER : TOKEN_PLAIN;
}

/* A word with the space behind it; what stands in quotes is one. */
static size_t length(const char *s)
{
	size_t n = 0;

	if (*s == '"') {
		for (n = 1; s[n] && s[n] != '"'; n++)
			n += s[n] == '\\' && s[n + 1];
	}
	return n + strcspn(s + n, " ");
}

static bool next_token(struct rule *rule, struct token *out)
{
	static const char *const signs[] = {"!", "!=", NULL};

	*out = (struct token){.s = rule->at, .n = strspn(rule->at, " ")};
	if (out->n == 0) {
		out->n = length(rule->at);
		out->kind = rule->next;
		/* "-m comment --comment" has an option where another has its text. */
		if (out->kind == TOKEN_FREE && *out->s == '-')
			out->kind = TOKEN_PLAIN;
		rule->list = out->kind == TOKEN_USER && (rule->list || *out->s == '{') &&
			     !memchr(out->s, '}', out->n);
		if (!rule->list && !(out->kind == TOKEN_USER && is(out, signs)))
			rule->next = out->kind == TOKEN_PLAIN ? announced(out) : TOKEN_PLAIN;
	}
	rule->at += out->n;
	return out->n > 0;
}

/* The name in `"alice",`; "" where there is a number, a set, or none. */
static size_t name_in(const struct token *token, char name[NAME_BYTES])
{
	size_t start = 0, n = 0;

	while (start < token->n && strchr("\"{", token->s[start]))
		start++;
	while (start + n < token->n && !strchr("\",}", token->s[start + n]))
		n++;
	if (n >= NAME_BYTES || (n > 0 && strchr("@!=0123456789", token->s[start])))
		n = 0;
	memcpy(name, token->s + start, n);
	name[n] = '\0';
	return start;
}

void redact_plan_rule(struct redaction *red, const char *s)
{
	struct rule rule = {.at = s};
	struct token token;
	char name[NAME_BYTES];

	while (next_token(&rule, &token)) {
		if (token.kind != TOKEN_USER)
			continue;
		name_in(&token, name);
		redact_plan_user(red, name);
	}
	redact_plan_text(red, s);
}

static void put_user(const struct redaction *red, const struct token *token, struct text *out)
{
	char name[NAME_BYTES];
	size_t start = name_in(token, name), end = start + strlen(name);

	text_add_bytes(out, token->s, start);
	text_add(out, redact_user(red, name));
	text_add_bytes(out, token->s + end, token->n - end);
}

void redact_rule(struct redaction *red, const char *s, struct text *out)
{
	struct rule rule = {.at = s};
	struct token token;

	while (next_token(&rule, &token)) {
		switch (token.kind) {
		case TOKEN_PLAIN:
			redact_bytes(red, token.s, token.n, out);
			break;
		case TOKEN_FREE:
			text_add(out, "\"...\"");
			break;
		case TOKEN_USER:
			put_user(red, &token, out);
			break;
		}
	}
}
