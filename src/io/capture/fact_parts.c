/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/fact_parts.h"
#include "io/capture/evidence.h"
#include <string.h>

static bool inside_character(char c)
{
	return ((unsigned char)c & 0xc0U) == 0x80U;
}

bool fact_parts_cut(const char *json, size_t len, struct fact_cuts *out)
{
	size_t at = 0;

	*out = (struct fact_cuts){0};
	while (at < len) {
		size_t end = len - at > FACT_PART_ROOM ? at + FACT_PART_ROOM : len;

		while (end < len && end > at + 1 && inside_character(json[end]))
			end--;
		if (out->n == FACT_PARTS_MAX)
			return false;
		out->cut[++out->n] = end;
		at = end;
	}
	return true;
}

/* A number of at most four digits and the separator behind it; 0 when there is none. */
static uint32_t number(struct bytes *b, char end)
{
	uint32_t value = 0;

	for (int digits = 0; digits < 5; digits++) {
		uint8_t c = bytes_u8(b);

		if (c == (uint8_t)end)
			return value;
		if (c < '0' || c > '9')
			return 0;
		value = value * 10 + (c - (uint32_t)'0');
	}
	return 0;
}

void fact_parts_take(struct fact_parts *p, struct bytes comment)
{
	static const size_t tag_len = sizeof(FACT_PARTS_TAG) - 1;
	uint32_t n, all;

	if (comment.len < tag_len || memcmp(comment.at, FACT_PARTS_TAG, tag_len) != 0)
		return;
	bytes_skip(&comment, tag_len);
	n = number(&comment, '/');
	all = number(&comment, ' ');
	/* Parts stand in their order; a stranger's edit may have lost or doubled one. */
	if (comment.cut || n != p->seen + 1 || n > all || all > FACT_PARTS_MAX ||
	    (p->seen && all != p->all) ||
	    p->json.len + bytes_left(&comment) > EVIDENCE_FACTS_BYTES) {
		p->broken = true;
		return;
	}
	p->seen = n;
	p->all = all;
	text_add_bytes(&p->json, (const char *)comment.at + comment.pos, bytes_left(&comment));
}

enum source_facts fact_parts_state(const struct fact_parts *p)
{
	if (p->broken || p->json.failed)
		return SOURCE_FACTS_BROKEN;
	if (p->all == 0)
		return SOURCE_FACTS_NONE;
	return p->seen == p->all ? SOURCE_FACTS_WHOLE : SOURCE_FACTS_BROKEN;
}

void fact_parts_free(struct fact_parts *p)
{
	text_free(&p->json);
}
