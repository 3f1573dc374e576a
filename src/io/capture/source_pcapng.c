/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/pcapng.h"
#include "io/capture/pcapng_reader.h"
#include "io/capture/source_impl.h"
#include "io/host/status.h"
#include <stdlib.h>

struct pcapng_source {
	struct source base;
	struct pcapng_state state;
};

enum block_event { BLOCK_WHOLE, BLOCK_END, BLOCK_CUT, BLOCK_FAILED };

static uint32_t u32_at(const uint8_t *bytes, bool little)
{
	struct bytes b = bytes_of(bytes, 4);

	return bytes_u32_as(&b, little);
}

static enum block_event fault(struct pcapng_source *p, const char *what, struct err *err)
{
	err_set(err, IO_INPUT, "'%s' is damaged at byte %llu: %s", p->base.name,
		(unsigned long long)p->base.in.at, what);
	return BLOCK_CUT;
}

/* The next n bytes; fewer are an error, a cut, or the end. */
static enum block_event see(struct pcapng_source *p, size_t n, const uint8_t **at, struct err *err)
{
	*at = stream_see(&p->base.in, n);
	if (*at)
		return BLOCK_WHOLE;
	if (p->base.in.error) {
		stream_explain(&p->base.in, p->base.name, err);
		return BLOCK_FAILED;
	}
	if (stream_left(&p->base.in) == 0)
		return BLOCK_END;
	err_set(err, IO_INPUT, "'%s' is cut off in the block at byte %llu", p->base.name,
		(unsigned long long)p->base.in.at);
	return BLOCK_CUT;
}

/* A section may be in another byte order than the one before it. */
static bool section_order(struct pcapng_source *p, const uint8_t *at)
{
	if (u32_at(at + 8, true) == PCAPNG_BYTE_ORDER)
		p->state.little = true;
	else if (u32_at(at + 8, false) == PCAPNG_BYTE_ORDER)
		p->state.little = false;
	else
		return false;
	return true;
}

/* Reads a block whole: type, length, body and the length again. */
static enum block_event read_block(struct pcapng_source *p, uint32_t *type, struct bytes *body,
				   struct err *err)
{
	const uint8_t *at;
	enum block_event event = see(p, 12, &at, err);
	uint32_t len;

	if (event != BLOCK_WHOLE)
		return event;
	*type = u32_at(at, p->state.little);
	if (*type == PCAPNG_SECTION && !section_order(p, at))
		return fault(p, "a section header without a byte order", err);
	if (!p->state.in_section && *type != PCAPNG_SECTION)
		return fault(p, "a block before the section header", err);
	len = u32_at(at + 4, p->state.little);
	if (len < 12 || len % 4 != 0 || len > PCAPNG_BLOCK_MAX)
		return fault(p, "an impossible block length", err);
	event = see(p, len, &at, err);
	if (event != BLOCK_WHOLE)
		return event;
	if (u32_at(at + len - 4, p->state.little) != len)
		return fault(p, "the two lengths of a block differ", err);
	*body = bytes_of(at + 8, len - 12);
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
		if (result == PCAPNG_FRAME)
			s->behind = body.len + 12;
		else
			stream_pass(&s->in, body.len + 12);
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

/* Simple packets have the time of the one before them. */
static int64_t shape(const struct source *s)
{
	const struct pcapng_state *state = &((const struct pcapng_source *)s)->state;

	return state->simple ? -1 : state->others;
}

static void close_file(struct source *s)
{
	struct pcapng_source *p = (struct pcapng_source *)s;

	pcapng_state_free(&p->state);
	free(p);
}

struct source *source_open_pcapng(struct stream *in, char *name, struct err *err)
{
	static const struct source_kind kind = {
		.next = next_frame,
		.counts = counts,
		.facts = facts,
		.comment = comment,
		.shape = shape,
		.close = close_file,
	};
	struct pcapng_source *p = calloc(1, sizeof(*p));
	struct frame none = {0};
	struct bytes body;
	uint32_t type;

	if (!p) {
		stream_close(in);
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
		return NULL;
	}
	p->base = (struct source){.kind = &kind, .name = name, .fd = -1, .in = *in};
	if (read_block(p, &type, &body, err) != BLOCK_WHOLE)
		goto failed;
	if (pcapng_take(&p->state, type, body, &none) == PCAPNG_BAD) {
		fault(p, p->state.fault, err);
		goto failed;
	}
	stream_pass(&p->base.in, body.len + 12);
	return &p->base;
failed:
	stream_close(&p->base.in);
	close_file(&p->base);
	return NULL;
}
