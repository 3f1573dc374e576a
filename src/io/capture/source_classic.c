/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The classic format (draft-ietf-opsawg-pcap) as everybody writes it, read where it lies in the
 * buffer: large captures are read by this, the odd ones by libpcap.
 */
#include "base/bytes.h"
#include "io/capture/source_impl.h"
#include "io/host/status.h"
#include <stdlib.h>

#define HEADER_BYTES	24
#define RECORD_BYTES	16
#define FRAME_BYTES_MAX (256 * 1024) /* as libpcap has it */
#define LINK_TYPE_MASK	0x0fffffffU
#define NS_PER_S	1000000000
#define NS_PER_US	1000

enum {
	MAGIC_MICRO = (int)0xa1b2c3d4U,
	MAGIC_NANO = (int)0xa1b23c4dU,
};

struct classic_source {
	struct source base;
	bool little;
	int64_t unit_ns;
	uint32_t snap;
	enum link_type link;
};

static enum source_event cut_off(const struct source *s, const char *how, struct err *err)
{
	if (s->in.error) {
		stream_explain(&s->in, s->name, err);
		return SOURCE_FAILED;
	}
	err_set(err, IO_INPUT, "'%s' is cut off or damaged after frame %u: %s", s->name, s->number,
		how);
	return SOURCE_CUT;
}

static enum source_event next_frame(struct source *s, struct frame *frame, struct err *err)
{
	const struct classic_source *c = (const struct classic_source *)s;
	const uint8_t *at = stream_see(&s->in, RECORD_BYTES);
	struct bytes b = bytes_of(at, RECORD_BYTES);
	uint32_t seconds, part;

	if (!at && stream_left(&s->in) == 0 && !s->in.error)
		return SOURCE_END;
	if (!at)
		return cut_off(s, "it ends in the head of the next", err);
	seconds = bytes_u32_as(&b, c->little);
	part = bytes_u32_as(&b, c->little);
	frame->captured_len = bytes_u32_as(&b, c->little);
	frame->wire_len = bytes_u32_as(&b, c->little);
	if (frame->captured_len > FRAME_BYTES_MAX)
		return cut_off(s, "the next is longer than any frame can be", err);
	s->behind = RECORD_BYTES + (size_t)frame->captured_len;
	at = stream_see(&s->in, s->behind);
	if (!at)
		return cut_off(s, "the next is not all there", err);
	frame->at_ns = (int64_t)seconds * NS_PER_S + (int64_t)part * c->unit_ns;
	frame->bytes = at + RECORD_BYTES;
	frame->link = c->link;
	return SOURCE_FRAME;
}

/* No record says anything of another. */
static int64_t shape(const struct source *s)
{
	(void)s;
	return 0;
}

static void close_file(struct source *s)
{
	free(s);
}

/* Whether this is the format as everybody writes it; then its particulars are known. */
static bool read_header(struct classic_source *c)
{
	const uint8_t *at = stream_see(&c->base.in, HEADER_BYTES);
	struct bytes b = bytes_of(at, at ? HEADER_BYTES : 0);
	uint32_t magic = bytes_u32(&b);
	uint16_t major, minor;

	c->little = magic != (uint32_t)MAGIC_MICRO && magic != (uint32_t)MAGIC_NANO;
	b.pos = 0;
	magic = bytes_u32_as(&b, c->little);
	major = bytes_u16_as(&b, c->little);
	minor = bytes_u16_as(&b, c->little);
	bytes_skip(&b, 8);
	c->snap = bytes_u32_as(&b, c->little);
	c->base.dlt = bytes_u32_as(&b, c->little) & LINK_TYPE_MASK;
	c->link = link_from_dlt(c->base.dlt);
	c->unit_ns = magic == (uint32_t)MAGIC_NANO ? 1 : NS_PER_US;
	return !b.cut && major == 2 && minor == 4 &&
	       (magic == (uint32_t)MAGIC_MICRO || magic == (uint32_t)MAGIC_NANO);
}

struct source *source_open_classic(struct stream *in, char *name, struct err *err)
{
	static const struct source_kind kind = {
		.next = next_frame,
		.close = close_file,
		.shape = shape,
	};
	struct classic_source *c = calloc(1, sizeof(*c));

	if (!c) {
		stream_close(in);
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
		return NULL;
	}
	c->base = (struct source){.kind = &kind, .name = name, .fd = -1, .in = *in};
	if (!read_header(c)) {
		*in = c->base.in;
		free(c);
		return source_open_libpcap(in, name, err);
	}
	stream_pass(&c->base.in, HEADER_BYTES);
	return &c->base;
}
