/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page.h"
#include <stdint.h>
#include <string.h>

struct page page_on(struct text *out, const struct text_style *style)
{
	size_t columns = style->columns;

	if (columns < PAGE_COLUMNS_MIN)
		columns = PAGE_COLUMNS_MIN;
	if (columns > PAGE_COLUMNS_MAX)
		columns = PAGE_COLUMNS_MAX;
	return (struct page){
		.out = out,
		.columns = columns,
		.colour = style->colour,
		.utf8 = style->utf8,
	};
}

/* The code point at s, valid UTF-8, and its bytes. */
static uint32_t point_at(const char *s, size_t *bytes)
{
	uint8_t first = (uint8_t)s[0];
	size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t point = n == 1 ? first : first & (0x7fu >> n);

	for (*bytes = 1; *bytes < n && s[*bytes]; (*bytes)++)
		point = point << 6 | ((uint8_t)s[*bytes] & 0x3fu);
	return point;
}

struct block {
	uint32_t first, last;
};

static bool in_blocks(uint32_t point, const struct block *blocks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (point >= blocks[i].first && point <= blocks[i].last)
			return true;
	return false;
}

/*
 * What terminals show two columns wide (Unicode's East Asian Width, emoji), and marks that stand on
 * the letter before. Not wcwidth(): a page is the same whatever the locale is.
 */
static size_t point_columns(uint32_t point)
{
	static const struct block none[] = {
		{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd},	{0x0610, 0x061a},
		{0x064b, 0x065f}, {0x0900, 0x0902}, {0x0941, 0x0948},	{0x094d, 0x094d},
		{0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e},	{0x1ab0, 0x1ac0},
		{0x1dc0, 0x1dff}, {0x20d0, 0x20f0}, {0x302a, 0x302d},	{0x3099, 0x309a},
		{0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
	};
	static const struct block wide[] = {
		{0x1100, 0x115f},   {0x231a, 0x231b},	{0x2329, 0x232a},   {0x23e9, 0x23f3},
		{0x25fd, 0x25fe},   {0x2600, 0x27bf},	{0x2b1b, 0x2b55},   {0x2e80, 0xa4cf},
		{0xa960, 0xa97f},   {0xac00, 0xd7a3},	{0xf900, 0xfaff},   {0xfe10, 0xfe6f},
		{0xff00, 0xff60},   {0xffe0, 0xffe6},	{0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff},
		{0x1f000, 0x1ffff}, {0x20000, 0x3ffff},
	};

	if (in_blocks(point, none, sizeof(none) / sizeof(none[0])))
		return 0;
	return in_blocks(point, wide, sizeof(wide) / sizeof(wide[0])) ? 2 : 1;
}

size_t page_width(const char *clean)
{
	size_t columns = 0, bytes;

	for (; *clean; clean += bytes)
		columns += point_columns(point_at(clean, &bytes));
	return columns;
}

static const char *ascii_for(uint32_t point)
{
	switch (point) {
	case 0x00a0:
		return " ";
	case 0x2010:
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
		return "-";
	case 0x2018:
	case 0x2019:
		return "'";
	case 0x201c:
	case 0x201d:
		return "\"";
	case 0x2026:
		return "...";
	default:
		return "?";
	}
}

static void add_ascii(struct text *to, const char *clean)
{
	size_t bytes;

	for (; *clean; clean += bytes) {
		uint32_t point = point_at(clean, &bytes);

		if (point < 0x80)
			text_add_bytes(to, clean, 1);
		else
			text_add(to, ascii_for(point));
	}
}

void page_clean(const struct page *p, const char *s, struct text *to)
{
	struct text clean = {0};

	if (!s)
		return;
	text_add_untrusted(&clean, s, strlen(s));
	if (p->utf8)
		text_add(to, text_str(&clean));
	else
		add_ascii(to, text_str(&clean));
	to->failed |= clean.failed;
	text_free(&clean);
}

size_t page_measure(const struct page *p, const char *s)
{
	struct text clean = {0};
	size_t columns;

	page_clean(p, s, &clean);
	columns = page_width(text_str(&clean));
	p->out->failed |= clean.failed;
	text_free(&clean);
	return columns;
}

const char *page_glyph(const struct page *p, enum glyph glyph)
{
	static const char *const glyphs[][2] = {
		[GLYPH_SEEN] = {"*", "●"},    [GLYPH_SILENT] = {".", "·"},
		[GLYPH_REFUSED] = {"x", "×"}, [GLYPH_STRANGER] = {"!", "◆"},
		[GLYPH_RULE] = {"-", "─"},    [GLYPH_DOTS] = {"...", "…"},
		[GLYPH_NONE] = {"-", "–"},    [GLYPH_HERE] = {"<-", "◀"},
	};

	return glyphs[glyph][p->utf8];
}

static const char *paint_code(enum paint paint)
{
	switch (paint) {
	case PAINT_NONE:
		return NULL;
	case PAINT_STRONG:
		return "\033[1m";
	case PAINT_GOOD:
		return "\033[32m";
	case PAINT_BAD:
		return "\033[31m";
	case PAINT_DOUBT:
		return "\033[33m";
	case PAINT_FAINT:
		return "\033[2m";
	}
	return NULL;
}

static void add_painted(const struct page *p, enum paint paint, const char *s, size_t n)
{
	const char *code = p->colour && n > 0 ? paint_code(paint) : NULL;

	if (code)
		text_add(p->out, code);
	text_add_bytes(p->out, s, n);
	if (code)
		text_add(p->out, "\033[0m");
}

/*
 * How many bytes of clean text fit into `room` columns, broken at a space where
 * there is one; at least one character, so that the paragraph comes to its end.
 */
static size_t line_bytes(const char *s, size_t room)
{
	size_t at = 0, columns = 0, space = 0, bytes;

	while (s[at]) {
		columns += point_columns(point_at(s + at, &bytes));
		if (s[at] == ' ')
			space = at;
		if (columns > room && s[at] != ' ')
			return space > 0 ? space : at > 0 ? at : bytes;
		if (columns > room)
			return at;
		at += bytes;
	}
	return at;
}

void page_paragraph(const struct page *p, const struct margin *m, const char *s)
{
	struct text clean = {0};
	size_t lead = page_width(m->lead), tail = page_width(m->broken);
	const char *rest;

	page_clean(p, s, &clean);
	rest = text_str(&clean);
	rest += strspn(rest, " ");
	text_add(p->out, m->lead);
	for (;;) {
		size_t room = p->columns - lead;
		size_t n = page_width(rest) <= room ? strlen(rest) : line_bytes(rest, room - tail);

		size_t shown = n;

		while (shown > 0 && rest[shown - 1] == ' ')
			shown--;
		add_painted(p, m->paint, rest, shown);
		rest += n;
		rest += strspn(rest, " ");
		if (!*rest)
			break;
		text_add(p->out, m->broken);
		page_end(p);
		page_spaces(p, m->indent);
		lead = m->indent;
	}
	page_end(p);
	p->out->failed |= clean.failed;
	text_free(&clean);
}

void page_commands(const struct page *p, size_t indent, const char *commands)
{
	for (size_t n; *commands; commands += n + (commands[n] == '\n')) {
		struct text line = {0}, clean = {0};

		n = strcspn(commands, "\n");
		text_add_bytes(&line, commands, n);
		page_clean(p, text_str(&line), &clean);
		page_spaces(p, indent);
		add_painted(p, PAINT_STRONG, text_str(&clean), clean.len);
		page_end(p);
		p->out->failed |= line.failed || clean.failed;
		text_free(&line);
		text_free(&clean);
	}
}

void page_advice(const struct page *p, const struct margin *m, const char *advice)
{
	struct text said = {0};
	size_t n = strcspn(advice, "\n");

	text_add_bytes(&said, advice, n);
	page_paragraph(p, m, text_str(&said));
	if (advice[n])
		page_commands(p, m->indent + 2, advice + n + 1);
	p->out->failed |= said.failed;
	text_free(&said);
}

/* How many bytes of clean text leave room for a mark within the columns. */
static size_t cut_bytes(const char *clean, size_t columns)
{
	size_t at = 0, used = 0, bytes;

	while (clean[at]) {
		used += point_columns(point_at(clean + at, &bytes));
		if (used + 1 > columns)
			break;
		at += bytes;
	}
	return at;
}

void page_fit(const struct page *p, const char *s, size_t columns, struct text *to)
{
	struct text clean = {0};

	page_clean(p, s, &clean);
	if (page_width(text_str(&clean)) <= columns) {
		text_add(to, text_str(&clean));
	} else if (columns > 0) {
		text_add_bytes(to, text_str(&clean), cut_bytes(text_str(&clean), columns));
		text_add(to, p->utf8 ? "…" : "~");
	}
	to->failed |= clean.failed;
	text_free(&clean);
}

void page_cell(const struct page *p, const struct cell *c)
{
	struct text clean = {0};
	size_t wide, before = 0;

	page_fit(p, c->text, c->columns, &clean);
	wide = page_width(text_str(&clean));
	if (c->columns > wide && c->align != ALIGN_LEFT)
		before = (c->columns - wide) / (c->align == ALIGN_CENTRE ? 2 : 1);
	page_spaces(p, before);
	add_painted(p, c->paint, text_str(&clean), strlen(text_str(&clean)));
	if (c->columns > before + wide)
		page_spaces(p, c->columns - before - wide);
	p->out->failed |= clean.failed;
	text_free(&clean);
}

void page_put(const struct page *p, const char *s)
{
	text_add(p->out, s);
}

void page_spaces(const struct page *p, size_t n)
{
	while (n-- > 0)
		text_add(p->out, " ");
}

void page_rule(const struct page *p, size_t columns)
{
	while (columns-- > 0)
		text_add(p->out, page_glyph(p, GLYPH_RULE));
}

void page_end(const struct page *p)
{
	struct text *out = p->out;

	while (!out->failed && out->len > 0 && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
	text_add(out, "\n");
}

enum paint page_state_paint(enum state s)
{
	switch (s) {
	case STATE_OPEN:
		return PAINT_GOOD;
	case STATE_UNKNOWN:
		return PAINT_DOUBT;
	case STATE_CLOSED:
	case STATE_BLOCKED:
	case STATE_INTERCEPTED:
	case STATE_DEGRADED:
		return PAINT_BAD;
	}
	return PAINT_NONE;
}
