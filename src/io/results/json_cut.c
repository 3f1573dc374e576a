/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/results/json_cut.h"
#include <stdint.h>
#include <string.h>

#define KEPT_DEPTH_MAX 16 /* of values of which only members are kept */
#define SKIP_DEPTH_MAX 64 /* of values that are taken or dropped as a whole: bits of a stack */

/* The text while it is read. */
struct cut {
	const char *at, *end;
	struct text *out;
};

static bool take_value(struct cut *c, const struct json_member *keep, unsigned depth);

static void skip_space(struct cut *c)
{
	while (c->at < c->end &&
	       (*c->at == ' ' || *c->at == '\n' || *c->at == '\t' || *c->at == '\r'))
		c->at++;
}

/* Steps over the character if it is the next one. */
static bool skip_char(struct cut *c, char wanted)
{
	if (c->at == c->end || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

static bool skip_string(struct cut *c)
{
	if (!skip_char(c, '"'))
		return false;
	while (c->at < c->end && *c->at != '"') {
		bool escape = *c->at == '\\';
		c->at += escape && c->end - c->at > 1 ? 2 : 1;
	}
	return skip_char(c, '"');
}

/* A number, true, false or null, by the characters that these are made of. */
static bool skip_word(struct cut *c)
{
	const char *begin = c->at;
	while (c->at < c->end && *c->at != '\0' && strchr("+-.0123456789eEtrufalsn", *c->at))
		c->at++;
	return c->at > begin;
}

/* Steps over a value with all that is in it. Brackets must match; commas are not looked at. */
static bool skip_value(struct cut *c)
{
	uint64_t braces = 0; /* the innermost bracket is the lowest bit: 1 for an object's */
	unsigned depth = 0;
	do {
		char next = c->at < c->end ? *c->at : '\0';
		if (next == '{' || next == '[') {
			if (depth++ == SKIP_DEPTH_MAX)
				return false;
			braces = braces << 1 | (next == '{');
			c->at++;
		} else if (depth > 0 && (next == '}' || next == ']')) {
			if ((braces & 1) != (next == '}'))
				return false;
			braces >>= 1;
			depth--;
			c->at++;
		} else if (depth > 0 && (next == ',' || next == ':')) {
			c->at++;
		} else if (next == '"' ? !skip_string(c) : !skip_word(c)) {
			return false;
		}
		if (depth > 0)
			skip_space(c);
	} while (depth > 0);
	return true;
}

/*
 * The member of that name, with its quotes. A name with escapes may be any: it is kept, as what
 * `any` says.
 */
static const struct json_member *find_member(const struct json_member *keep, const char *name,
					     size_t len)
{
	static const struct json_member any = {.key = ""};
	if (memchr(name, '\\', len))
		return &any;
	for (; keep->key; keep++) {
		if (strlen(keep->key) == len - 2 && memcmp(keep->key, name + 1, len - 2) == 0)
			return keep;
	}
	return NULL;
}

/* One member of an object: kept, after a comma unless it is the first, or dropped. */
static bool take_member(struct cut *c, const struct json_member *keep, unsigned depth, bool *first)
{
	const char *name = c->at;
	if (!skip_string(c))
		return false;
	size_t len = (size_t)(c->at - name);
	const struct json_member *member = find_member(keep, name, len);
	skip_space(c);
	if (!skip_char(c, ':'))
		return false;
	skip_space(c);
	if (!member)
		return skip_value(c);
	text_add(c->out, *first ? "" : ",");
	text_add_bytes(c->out, name, len);
	text_add(c->out, ":");
	*first = false;
	return take_value(c, member->inside, depth);
}

/* An object or an array, from its first bracket on. */
static bool take_inside(struct cut *c, const struct json_member *keep, unsigned depth)
{
	bool object = *c->at == '{', first = true, begun = false;
	const char *close = object ? "}" : "]";
	text_add_bytes(c->out, c->at++, 1);
	skip_space(c);
	while (!skip_char(c, *close)) {
		if (begun && !skip_char(c, ','))
			return false;
		skip_space(c);
		if (!object)
			text_add(c->out, begun ? "," : "");
		begun = true;
		if (object ? !take_member(c, keep, depth, &first) : !take_value(c, keep, depth))
			return false;
		skip_space(c);
	}
	text_add(c->out, close);
	return true;
}

static bool take_value(struct cut *c, const struct json_member *keep, unsigned depth)
{
	const char *begin = c->at;
	bool opens = c->at < c->end && (*c->at == '{' || *c->at == '[');
	if (keep && opens)
		return depth < KEPT_DEPTH_MAX && take_inside(c, keep, depth + 1);
	if (!skip_value(c))
		return false;
	text_add_bytes(c->out, begin, (size_t)(c->at - begin));
	return true;
}

bool json_cut(const char *text, size_t len, const struct json_member *keep, struct text *out)
{
	struct cut c = {.at = text, .end = text + len, .out = out};
	skip_space(&c);
	if (!take_value(&c, keep, 0))
		return false;
	skip_space(&c);
	return c.at == c.end;
}
