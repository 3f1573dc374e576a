/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/pcapng_writer.h"
#include "io/capture/fact_parts.h"
#include "io/capture/pcapng.h"
#include <stdio.h>
#include <string.h>

#define NANOSECONDS    9 /* if_tsresol: 10^-9 s */
#define HEADER_TEXT    1024
#define NAMES_MAX      4096
#define NAME_BYTES_MAX 255
#define PART_TAG_BYTES 48

static void put_bytes(struct text *out, const void *bytes, size_t len)
{
	static const char zero[4];

	text_add_bytes(out, bytes, len);
	text_add_bytes(out, zero, (4U - len % 4U) % 4U);
}

/* Little-endian whatever the host, so that the same run gives the same file. */
static void put_u32(struct text *out, uint32_t v)
{
	const uint8_t b[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
			      (uint8_t)(v >> 24)};

	put_bytes(out, b, sizeof(b));
}

static void put_u16s(struct text *out, uint32_t first, uint32_t second)
{
	put_u32(out, (first & 0xffffU) | second << 16);
}

static void put_u64(struct text *out, uint64_t v)
{
	put_u32(out, (uint32_t)v);
	put_u32(out, (uint32_t)(v >> 32));
}

/* Timestamps are the one place where the high half comes first. */
static void put_time(struct text *out, int64_t at_ns)
{
	uint64_t at = at_ns > 0 ? (uint64_t)at_ns : 0;

	put_u32(out, (uint32_t)(at >> 32));
	put_u32(out, (uint32_t)at);
}

static void put_option(struct text *out, uint32_t code, const void *value, size_t len)
{
	put_u16s(out, code, (uint32_t)len);
	put_bytes(out, value, len);
}

static void put_option_u64(struct text *out, uint32_t code, uint64_t value)
{
	put_u16s(out, code, sizeof(value));
	put_u64(out, value);
}

static void put_option_time(struct text *out, uint32_t code, int64_t at_ns)
{
	put_u16s(out, code, sizeof(at_ns));
	put_time(out, at_ns);
}

/* The bytes of `s` up to `room`, cut between characters. */
static size_t whole_characters(const char *s, size_t room)
{
	size_t len = strnlen(s, room + 1);

	if (len <= room)
		return len;
	len = room;
	while (len > 0 && ((unsigned char)s[len] & 0xc0U) == 0x80U)
		len--;
	return len;
}

static void put_option_text(struct text *out, uint32_t code, const char *s, size_t room)
{
	if (s && *s)
		put_option(out, code, s, whole_characters(s, room));
}

static size_t begin(struct text *out, uint32_t type)
{
	size_t start = out->len;

	put_u32(out, type);
	put_u32(out, 0); /* end() puts the length */
	return start;
}

static void end(struct text *out, size_t start)
{
	uint32_t len = (uint32_t)(out->len - start + 4);

	put_u32(out, len);
	if (!out->failed)
		memcpy(out->s + start + 4, out->s + out->len - 4, 4);
}

static void put_facts(struct text *out, const char *json)
{
	char tag[PART_TAG_BYTES];
	struct fact_cuts cuts;

	if (!fact_parts_cut(json, strlen(json), &cuts))
		return;
	for (uint32_t i = 0; i < cuts.n; i++) {
		size_t len = cuts.cut[i + 1] - cuts.cut[i];
		int tag_len = snprintf(tag, sizeof(tag), FACT_PARTS_TAG "%u/%u ", i + 1, cuts.n);
		size_t all = (size_t)tag_len + len;

		put_u16s(out, PCAPNG_OPT_COMMENT, (uint32_t)all);
		text_add_bytes(out, tag, (size_t)tag_len);
		text_add_bytes(out, json + cuts.cut[i], len);
		text_add_bytes(out, "\0\0\0", (4U - all % 4U) % 4U);
	}
}

void pcapng_put_section(struct text *out, const struct evidence_end *e)
{
	size_t start = begin(out, PCAPNG_SECTION);

	put_u32(out, PCAPNG_BYTE_ORDER);
	put_u16s(out, 1, 0);
	put_u64(out, UINT64_MAX); /* section length: unknown */
	if (e) {
		put_option_text(out, PCAPNG_SHB_HARDWARE, e->hardware, HEADER_TEXT);
		put_option_text(out, PCAPNG_SHB_OS, e->os, HEADER_TEXT);
		put_option_text(out, PCAPNG_SHB_APPLICATION, e->application, HEADER_TEXT);
		if (e->facts)
			put_facts(out, e->facts);
		put_u32(out, PCAPNG_OPT_END);
	}
	end(out, start);
}

void pcapng_put_interface(struct text *out)
{
	static const uint8_t resolution = NANOSECONDS;
	size_t start = begin(out, PCAPNG_INTERFACE);

	put_u16s(out, PCAPNG_LINKTYPE_SLL2, 0);
	put_u32(out, SOURCE_SNAP_BYTES);
	put_option_text(out, PCAPNG_IF_NAME, "any", HEADER_TEXT);
	put_option(out, PCAPNG_IF_TSRESOL, &resolution, sizeof(resolution));
	put_u32(out, PCAPNG_OPT_END);
	end(out, start);
}

void pcapng_put_frame(struct text *out, const struct frame *frame, const char *comment)
{
	size_t start = begin(out, PCAPNG_PACKET);

	put_u32(out, 0); /* interface */
	put_time(out, frame->at_ns);
	put_u32(out, frame->captured_len);
	put_u32(out, frame->wire_len);
	put_bytes(out, frame->bytes, frame->captured_len);
	if (comment && *comment) {
		put_option_text(out, PCAPNG_OPT_COMMENT, comment, EVIDENCE_FRAME_NOTE_BYTES);
		put_u32(out, PCAPNG_OPT_END);
	}
	end(out, start);
}

static void put_name(struct text *out, const struct evidence_name *name)
{
	size_t addr_len = name->addr.family == 4 ? 4 : 16;
	uint32_t type = name->addr.family == 4 ? PCAPNG_NAME_IPV4 : PCAPNG_NAME_IPV6;
	uint8_t record[16 + NAME_BYTES_MAX + 1] = {0};
	size_t len = strnlen(name->text, NAME_BYTES_MAX);

	memcpy(record, name->addr.b, addr_len);
	for (size_t i = 0; i < len; i++) {
		char c = name->text[i];

		record[addr_len + i] = (uint8_t)(c > ' ' && c <= '~' ? c : '?');
	}
	put_option(out, type, record, addr_len + len + 1);
}

void pcapng_put_names(struct text *out, const struct evidence_name *names, size_t n)
{
	size_t start = begin(out, PCAPNG_NAMES);

	for (size_t i = 0; i < n && i < NAMES_MAX; i++) {
		if (addr_is_set(&names[i].addr) && names[i].text && *names[i].text)
			put_name(out, &names[i]);
	}
	put_u32(out, PCAPNG_NAME_END);
	end(out, start);
}

void pcapng_put_statistics(struct text *out, const struct evidence_end *e)
{
	size_t start = begin(out, PCAPNG_STATISTICS);

	put_u32(out, 0); /* interface */
	put_time(out, e->ended_ns);
	put_option_time(out, PCAPNG_ISB_START, e->started_ns);
	put_option_time(out, PCAPNG_ISB_END, e->ended_ns);
	put_option_u64(out, PCAPNG_ISB_RECEIVED, e->received);
	put_option_u64(out, PCAPNG_ISB_DROPPED, e->dropped);
	put_u32(out, PCAPNG_OPT_END);
	end(out, start);
}
