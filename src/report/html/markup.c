/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/html/parts.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PUT_BYTES 512

void html_put(const struct html *h, const char *markup)
{
	text_add(h->out, markup);
}

void html_putf(const struct html *h, const char *fmt, ...)
{
	char buf[PUT_BYTES];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(buf))
		h->out->failed = true;
	else
		text_add(h->out, buf);
}

static void add_escaped(const struct html *h, const char *clean, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		switch (clean[i]) {
		case '&':
			text_add(h->out, "&amp;");
			break;
		case '<':
			text_add(h->out, "&lt;");
			break;
		case '>':
			text_add(h->out, "&gt;");
			break;
		case '"':
			text_add(h->out, "&quot;");
			break;
		case '\'':
			text_add(h->out, "&#39;");
			break;
		default:
			text_add_bytes(h->out, clean + i, 1);
		}
	}
}

/* The bytes of the first characters of valid UTF-8. */
static size_t bytes_of(const char *clean, size_t characters)
{
	size_t n = 0;

	while (clean[n]) {
		if (((unsigned char)clean[n] & 0xc0) != 0x80 && characters-- == 0)
			break;
		n++;
	}
	return n;
}

void html_cut(const struct html *h, const char *s, size_t characters)
{
	struct text clean = {0};
	size_t n;

	if (!s)
		return;
	text_add_untrusted(&clean, s, strlen(s));
	n = bytes_of(text_str(&clean), characters);
	add_escaped(h, text_str(&clean), n);
	if (text_str(&clean)[n])
		text_add(h->out, "…");
	h->out->failed |= clean.failed;
	text_free(&clean);
}

void html_text(const struct html *h, const char *s)
{
	html_cut(h, s, SIZE_MAX);
}

void html_element(const struct html *h, const char *tag, const char *s)
{
	size_t name = strcspn(tag, " ");

	html_put(h, "<");
	html_put(h, tag);
	html_put(h, ">");
	html_text(h, s);
	html_put(h, "</");
	text_add_bytes(h->out, tag, name);
	html_put(h, ">\n");
}

void html_property(const struct html *h, const char *name, const char *value)
{
	if (!value)
		return;
	html_element(h, "dt", name);
	html_element(h, "dd", value);
}

void html_table_begin(const struct html *h, const char *caption, const char *const *columns,
		      bool stacked)
{
	/* The caption stands outside, so that it does not scroll away with the table. */
	html_element(h, "p class=\"caption\"", caption);
	html_put(h, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
	html_text(h, caption);
	html_put(h, stacked ? "\"><table class=\"stack\">\n" : "\"><table>\n");
	html_put(h, "<thead><tr>");
	for (size_t i = 0; columns[i]; i++)
		html_element(h, "th scope=\"col\"", columns[i]);
	html_put(h, "</tr></thead>\n<tbody>\n");
}

void html_table_end(const struct html *h)
{
	html_put(h, "</tbody></table></div>\n");
}
