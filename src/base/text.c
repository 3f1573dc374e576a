/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text.h"
#include "base/array.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_free(struct text *t)
{
	free(t->s);
	*t = (struct text){0};
}

const char *text_str(const struct text *t)
{
	return t->s ? t->s : "";
}

/* Room for n more bytes and the final NUL. */
static bool text_reserve(struct text *t, size_t n)
{
	if (t->failed)
		return false;
	if (n >= SIZE_MAX - t->len || !array_reserve(&t->s, &t->cap, t->len + n + 1, 1))
		t->failed = true;
	return !t->failed;
}

void text_add_bytes(struct text *t, const char *s, size_t n)
{
	if (!text_reserve(t, n))
		return;
	if (n > 0)
		memcpy(t->s + t->len, s, n);
	t->len += n;
	t->s[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
	text_add_bytes(t, s, strlen(s));
}

void text_add_spaces(struct text *t, size_t n)
{
	if (!text_reserve(t, n))
		return;
	memset(t->s + t->len, ' ', n);
	t->len += n;
	t->s[t->len] = '\0';
}

void text_addf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		t->failed = true;
	if (n < 0 || !text_reserve(t, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(t->s + t->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)n;
}

/* Code points that show nothing, move the cursor or reorder what stands around them. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{0x0000, 0x001f},     /* C0 controls */
	{0x007f, 0x009f},     /* delete, C1 controls */
	{0x00ad, 0x00ad},     /* soft hyphen */
	{0x034f, 0x034f},     /* grapheme joiner */
	{0x061c, 0x061c},     /* Arabic letter mark */
	{0x115f, 0x1160},     /* Hangul fillers */
	{0x17b4, 0x17b5},     /* Khmer inherent vowels */
	{0x180b, 0x180f},     /* Mongolian selectors */
	{0x200b, 0x200f},     /* zero width, directional marks */
	{0x2028, 0x202e},     /* line and paragraph separators, embeddings, overrides */
	{0x2060, 0x206f},     /* word joiner, isolates, deprecated format characters */
	{0x3164, 0x3164},     /* Hangul filler */
	{0xd800, 0xf8ff},     /* surrogates, private use */
	{0xfdd0, 0xfdef},     /* noncharacters */
	{0xfe00, 0xfe0f},     /* variation selectors */
	{0xfeff, 0xfeff},     /* byte order mark */
	{0xffa0, 0xffa0},     /* half-width Hangul filler */
	{0xfff0, 0xfffb},     /* interlinear annotation */
	{0xfffe, 0xffff},     /* noncharacters */
	{0x1d173, 0x1d17a},   /* musical format characters */
	{0xe0000, 0xffffffff} /* tags, private use, beyond Unicode */
};

static bool is_shown(uint32_t point)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (point >= hidden[i].first && point <= hidden[i].last)
			return false;
	}
	return true;
}

/* The bytes of a sequence by its first byte (RFC 3629); 0: no sequence starts so. */
static size_t sequence_len(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	if (first >= 0xf0 && first <= 0xf4)
		return 4;
	return 0;
}

/* The length of the printable character of several bytes at s, 0 when there is none. */
static size_t wide_len(const char *s, size_t n)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t first = (uint8_t)s[0];
	size_t len = sequence_len(first);
	uint32_t point = first & (0x7fu >> len);

	if (len < 2 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (((uint8_t)s[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | ((uint8_t)s[i] & 0x3fu);
	}
	return point >= least[len] && is_shown(point) ? len : 0;
}

/* How many bytes from s on are printable characters. */
static size_t printable_len(const char *s, size_t n)
{
	size_t run = 0, len = 1;

	while (run < n && len > 0) {
		bool ascii = s[run] >= 0x20 && s[run] < 0x7f;

		len = ascii ? 1 : wide_len(s + run, n - run);
		run += len;
	}
	return run;
}

void text_add_untrusted(struct text *t, const char *s, size_t n)
{
	while (n > 0) {
		size_t run = printable_len(s, n);

		text_add_bytes(t, s, run);
		if (run < n)
			text_addf(t, "\\x%02x", (unsigned int)(uint8_t)s[run++]);
		s += run;
		n -= run;
	}
}
