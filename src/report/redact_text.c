/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/redact.h"
#include <stdio.h>
#include <string.h>

#define TOKEN_BYTES 64
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
		if (red->items[i].name && strcmp(red->items[i].name, s) == 0)
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

void redact_text(struct redaction *red, const char *s, struct text *out)
{
	while (*s) {
		char word[TOKEN_BYTES * 4], buf[ADDR_TEXT_BYTES];
		const char *new = NULL;
		size_t n = 0;

		while (is_word(s[n]))
			n++;
		if (n == 0) {
			text_add_bytes(out, s++, 1);
			continue;
		}
		n = trim(s, n);
		n = cut_port(s, n);
		if (n < sizeof(word)) {
			memcpy(word, s, n);
			word[n] = '\0';
			new = replace(red, word, n, buf);
		}
		if (new)
			text_add(out, new);
		else
			text_add_bytes(out, s, n);
		s += n;
	}
}
