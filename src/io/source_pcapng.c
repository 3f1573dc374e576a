/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/pcapng.h"
#include "io/pcapng_reader.h"
#include "io/source_impl.h"
#include "io/status.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct pcapng_source {
	struct source base;
	FILE *f;
	uint8_t *block;
	size_t block_cap;
	uint64_t at; /* byte of the file where the current block begins */
	struct pcapng_state state;
};

enum block_event { BLOCK_WHOLE, BLOCK_END, BLOCK_CUT, BLOCK_FAILED };

static uint32_t u32_at(const uint8_t *bytes, bool little)
{
	struct bytes b = bytes_of(bytes, 4);

	return bytes_u32_as(&b, little);
}

static bool grow(struct pcapng_source *p, size_t need, struct err *err)
{
	uint8_t *more;

	if (need <= p->block_cap)
		return true;
	more = realloc(p->block, need);
	if (!more) {
		err_set(err, IO_SYSTEM, "no memory to read '%s'", p->base.name);
		return false;
	}
	p->block = more;
	p->block_cap = need;
	return true;
}

static enum block_event fault(struct pcapng_source *p, const char *what, struct err *err)
{
	err_set(err, IO_INPUT, "'%s' is damaged at byte %llu: %s", p->base.name,
		(unsigned long long)p->at, what);
	return BLOCK_CUT;
}

/* Fills block[from .. to); what is missing is an error, a cut, or the end. */
static enum block_event fill(struct pcapng_source *p, size_t from, size_t to, struct err *err)
{
	size_t got;

	if (!grow(p, to, err))
		return BLOCK_FAILED;
	got = fread(p->block + from, 1, to - from, p->f);
	if (got == to - from)
		return BLOCK_WHOLE;
	if (ferror(p->f)) {
		err_set(err, IO_INPUT, "cannot read '%s': %s", p->base.name, strerror(errno));
		return BLOCK_FAILED;
	}
	if (from + got == 0)
		return BLOCK_END;
	err_set(err, IO_INPUT, "'%s' is cut off in the block at byte %llu", p->base.name,
		(unsigned long long)p->at);
	return BLOCK_CUT;
}

/* A section may be in another byte order than the one before it. */
static bool section_order(struct pcapng_source *p)
{
	if (u32_at(p->block + 8, true) == PCAPNG_BYTE_ORDER)
		p->state.little = true;
	else if (u32_at(p->block + 8, false) == PCAPNG_BYTE_ORDER)
		p->state.little = false;
	else
		return false;
	return true;
}

/* Reads a block whole: type, length, body and the length again. */
static enum block_event read_block(struct pcapng_source *p, uint32_t *type, struct bytes *body,
				   struct err *err)
{
	enum block_event event = fill(p, 0, 12, err);
	uint32_t len;

	if (event != BLOCK_WHOLE)
		return event;
	*type = u32_at(p->block, p->state.little);
	if (*type == PCAPNG_SECTION && !section_order(p))
		return fault(p, "a section header without a byte order", err);
	if (!p->state.in_section && *type != PCAPNG_SECTION)
		return fault(p, "a block before the section header", err);
	len = u32_at(p->block + 4, p->state.little);
	if (len < 12 || len % 4 != 0 || len > PCAPNG_BLOCK_MAX)
		return fault(p, "an impossible block length", err);
	event = fill(p, 12, len, err);
	if (event != BLOCK_WHOLE)
		return event;
	if (u32_at(p->block + len - 4, p->state.little) != len)
		return fault(p, "the two lengths of a block differ", err);
	*body = bytes_of(p->block + 8, len - 12);
	return BLOCK_WHOLE;
}

static enum source_event next_frame(struct source *s, struct frame *frame, struct err *err)
{
	struct pcapng_source *p = (struct pcapng_source *)s;
	enum pcapng_result result = PCAPNG_PASSED;
	enum block_event event;
	struct bytes body;
	uint32_t type;

	while (result == PCAPNG_PASSED) {
		event = read_block(p, &type, &body, err);
		if (event == BLOCK_END)
			return SOURCE_END;
		if (event != BLOCK_WHOLE)
			return event == BLOCK_CUT ? SOURCE_CUT : SOURCE_FAILED;
		result = pcapng_take(&p->state, type, body, frame);
		if (result == PCAPNG_BAD) {
			fault(p, p->state.fault, err);
			return SOURCE_CUT;
		}
		p->at += body.len + 12;
	}
	s->dlt = p->state.dlt;
	return SOURCE_FRAME;
}

static bool counts(struct source *s, struct source_counts *out)
{
	const struct pcapng_state *state = &((struct pcapng_source *)s)->state;

	*out = (struct source_counts){.received = state->received, .dropped = state->dropped};
	for (size_t i = 0; i < state->interfaces_n; i++) {
		out->received += state->interfaces[i].received;
		out->dropped += state->interfaces[i].dropped;
	}
	return true;
}

static enum source_facts facts(const struct source *s, const char **json)
{
	const struct fact_parts *parts = &((const struct pcapng_source *)s)->state.facts;

	*json = text_str(&parts->json);
	return fact_parts_state(parts);
}

static const char *comment(const struct source *s)
{
	const struct text *text = &((const struct pcapng_source *)s)->state.comment;

	return text->len ? text_str(text) : NULL;
}

static void close_file(struct source *s)
{
	struct pcapng_source *p = (struct pcapng_source *)s;

	fclose(p->f);
	free(p->block);
	pcapng_state_free(&p->state);
	free(p);
}

struct source *source_open_pcapng(FILE *f, char *name, struct err *err)
{
	static const struct source_kind kind = {
		.next = next_frame,
		.counts = counts,
		.facts = facts,
		.comment = comment,
		.close = close_file,
	};
	struct pcapng_source *p = calloc(1, sizeof(*p));
	struct frame none = {0};
	struct bytes body;
	uint32_t type;

	if (!p) {
		fclose(f);
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
		return NULL;
	}
	p->base = (struct source){.kind = &kind, .name = name, .fd = -1};
	p->f = f;
	if (read_block(p, &type, &body, err) != BLOCK_WHOLE)
		goto failed;
	if (pcapng_take(&p->state, type, body, &none) == PCAPNG_BAD) {
		fault(p, p->state.fault, err);
		goto failed;
	}
	p->at = body.len + 12;
	return &p->base;
failed:
	close_file(&p->base);
	return NULL;
}
