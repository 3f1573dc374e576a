/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/redact/redact.h"
#include <stdio.h>
#include <string.h>

#define TOKEN_BYTES 64
#define WORD_BYTES  256
#define MAC_DIGITS  17 /* xx:xx:xx:xx:xx:xx */

/* Bytes of which addresses, names and hardware addresses are made. */
static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '.' || c == ':' || c == '-' || c == '_';
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_mac(const char *s, size_t n)
{
	for (size_t i = 0; i < n && n == MAC_DIGITS; i++) {
		if (i % 3 == 2 ? s[i] != ':' && s[i] != '-' : !is_hex(s[i]))
			return false;
	}
	return n == MAC_DIGITS;
}

static struct pseudonym *find_name(const struct redaction *red, const char *s)
{
	for (size_t i = 0; i < red->n; i++) {
		if (red->items[i].name && !red->items[i].user && strcmp(red->items[i].name, s) == 0)
			return &red->items[i];
	}
	return NULL;
}

/* A new entry for a hardware address, which is found and replaced like a name. */
static const char *name_mac(struct redaction *red, const char *s)
{
	const struct pseudonym *found = find_name(red, s);
	struct pseudonym *at;

	if (found)
		return found->pseudo;
	at = redact_append(red);
	if (!at)
		return "xx:xx:xx:xx:xx:xx";
	*at = (struct pseudonym){
		.name = arena_copy(&red->arena, s),
		.pseudo = arena_printf(&red->arena, "00:00:5e:00:53:%02zx", red->n & 0xff),
	};
	return at->pseudo;
}

/* What the word becomes, in `buf` or elsewhere; NULL: it stays. */
static const char *replace(struct redaction *red, const char *word, size_t n,
			   char buf[ADDR_TEXT_BYTES])
{
	const struct pseudonym *name = find_name(red, word);
	struct addr addr, shown;

	if (name)
		return name->pseudo;
	if (is_mac(word, n))
		return name_mac(red, word);
	if (!addr_parse(word, &addr))
		return NULL;
	shown = redact_addr(red, &addr);
	return addr_equal(&shown, &addr) ? NULL : addr_text(&shown, buf);
}

/* A full stop or colon at the end belongs to the sentence. */
static size_t trim(const char *s, size_t n)
{
	while (n > 1 &&
	       (s[n - 1] == '.' || s[n - 1] == '-' || (s[n - 1] == ':' && s[n - 2] != ':')))
		n--;
	return n;
}

/* "192.0.2.1:587": an address with a port. */
static size_t cut_port(const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n);
	size_t head = colon ? (size_t)(colon - s) : n;

	return colon && memchr(s, '.', head) && !memchr(colon + 1, ':', n - head - 1) ? head : n;
}

/* "192.0.2.1-192.0.2.9": the first address of a range. */
static size_t cut_range(const char *s, size_t n)
{
	const char *dash = memchr(s, '-', n);
	size_t head = dash ? (size_t)(dash - s) : 0;
	char first[TOKEN_BYTES];
	struct addr addr;

	if (head == 0 || head >= sizeof(first))
		return n;
	memcpy(first, s, head);
	first[head] = '\0';
	return addr_parse(first, &addr) ? head : n;
}

/*
 * Copies the word at the start of `s` and returns its length; 0: there is none. A word that is
 * longer than all that could be replaced comes back as "".
 */
static size_t take_word(const char *s, size_t most, char word[WORD_BYTES])
{
	size_t n = 0;

	while (n < most && is_word(s[n]) && *s != '-')
		n++;
	n = n > 0 ? cut_port(s, cut_range(s, trim(s, n))) : 0;
	word[0] = '\0';
	if (n < WORD_BYTES) {
		memcpy(word, s, n);
		word[n] = '\0';
	}
	return n;
}

static void walk(struct redaction *red, const char *s, size_t len, bool users, struct text *out)
{
	const char *end = s + len;

	while (s < end) {
		char word[WORD_BYTES], buf[ADDR_TEXT_BYTES];
		size_t n = take_word(s, (size_t)(end - s), word);
		const char *new = *word ? replace(red, word, n, buf) : NULL;

		if (!new &&users &&*word)
			new = redact_known_user(red, word);
		if (new)
			text_add(out, new);
		else
			text_add_bytes(out, s, n > 0 ? n : 1);
		s += n > 0 ? n : 1;
	}
}

void redact_bytes(struct redaction *red, const char *s, size_t n, struct text *out)
{
	walk(red, s, n, false, out);
}

void redact_text(struct redaction *red, const char *s, struct text *out)
{
	redact_bytes(red, s, strlen(s), out);
}

void redact_prose(struct redaction *red, const char *s, struct text *out)
{
	walk(red, s, strlen(s), true, out);
}

void redact_plan_text(struct redaction *red, const char *s)
{
	while (*s) {
		char word[WORD_BYTES];
		size_t n = take_word(s, strlen(s), word);
		struct addr addr;

		if (addr_parse(word, &addr))
			redact_plan_other(red, &addr);
		s += n > 0 ? n : 1;
	}
}
