/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PCAPNG_BUILD_H
#define PCAPNG_BUILD_H

/*
 * pcapng blocks made by hand, in either byte order, for the tests of the reader.
 */

#include "base/text.h"
#include "io/capture/source.h"
#include "io_test.h"
#include <stdbool.h>

struct builder {
	struct text out;
	bool big;
	size_t start; /* of the block being built */
};

static inline void put8(struct builder *b, uint8_t v)
{
	char c;

	memcpy(&c, &v, 1);
	text_add_bytes(&b->out, &c, 1);
}

static inline void put_n(struct builder *b, uint64_t v, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		put8(b, (uint8_t)(v >> 8 * (b->big ? bytes - 1 - i : i)));
}

static inline void put16(struct builder *b, uint16_t v)
{
	put_n(b, v, 2);
}

static inline void put32(struct builder *b, uint32_t v)
{
	put_n(b, v, 4);
}

static inline void put_padded(struct builder *b, const void *bytes, size_t len)
{
	text_add_bytes(&b->out, bytes, len);
	while (b->out.len % 4)
		put8(b, 0);
}

static inline void block_begin(struct builder *b, uint32_t type)
{
	b->start = b->out.len;
	put32(b, type);
	put32(b, 0);
}

static inline void block_end(struct builder *b)
{
	uint32_t len = (uint32_t)(b->out.len - b->start + 4);

	put32(b, len);
	assert_false(b->out.failed);
	memcpy(b->out.s + b->start + 4, b->out.s + b->out.len - 4, 4);
}

static inline void option(struct builder *b, uint16_t code, const void *value, size_t len)
{
	put16(b, code);
	put16(b, (uint16_t)len);
	put_padded(b, value, len);
}

static inline void section_begin(struct builder *b)
{
	block_begin(b, 0x0a0d0d0a);
	put32(b, 0x1a2b3c4d);
	put16(b, 1);
	put16(b, 0);
	put_n(b, UINT64_MAX, 8);
}

static inline void section(struct builder *b)
{
	section_begin(b);
	block_end(b);
}

/* resolution < 0: no option for it. */
static inline void interface(struct builder *b, uint16_t dlt, uint32_t snap, int resolution)
{
	uint8_t octet = (uint8_t)resolution;

	block_begin(b, 1);
	put16(b, dlt);
	put16(b, 0);
	put32(b, snap);
	if (resolution >= 0)
		option(b, 9, &octet, 1);
	block_end(b);
}

static inline void packet(struct builder *b, uint32_t on, uint64_t at, const char *bytes)
{
	block_begin(b, 6);
	put32(b, on);
	put32(b, (uint32_t)(at >> 32));
	put32(b, (uint32_t)at);
	put32(b, (uint32_t)strlen(bytes));
	put32(b, (uint32_t)strlen(bytes) + 100);
	put_padded(b, bytes, strlen(bytes));
	block_end(b);
}

/* Everything the reader knows, in one file. */
static inline void build_all(struct builder *b)
{
	section(b);
	interface(b, 1, 0, -1);
	interface(b, 276, 8, 9);
	packet(b, 0, 1700000000123456, "micro");
	packet(b, 1, 1700000000123456789, "nano");
	block_begin(b, 3);
	put32(b, 4);
	put_padded(b, "simp", 4);
	block_end(b);
	block_begin(b, 2);
	put16(b, 1);
	put16(b, 0);
	put32(b, (uint32_t)(1700000001000000001U >> 32));
	put32(b, (uint32_t)1700000001000000001U);
	put32(b, 3);
	put32(b, 3);
	put_padded(b, "old", 3);
	block_end(b);
	block_begin(b, 0x80000bad); /* a custom block of somebody's */
	put32(b, 4711);
	block_end(b);
	block_begin(b, 6);
	put32(b, 0);
	put_n(b, 0, 8);
	put32(b, 2);
	put32(b, 2);
	put_padded(b, "hi", 2);
	option(b, 1, "first", 5);
	option(b, 2988, "custom", 6);
	option(b, 1, "second", 6);
	option(b, 0, "", 0);
	block_end(b);
}

/* Opens the first `len` bytes as a file; the file is gone again when this returns. */
static inline struct source *open_bytes(const struct builder *b, size_t len, struct err *err)
{
	char folder[TEMP_PATH_BYTES], path[2 * TEMP_PATH_BYTES];
	struct source *s;

	*err = (struct err){0};
	temp_folder(folder);
	write_file(temp_path(path, folder, "in.pcapng"), b->out.s, len);
	s = source_open_file(path, 3, err);
	unlink(path);
	rmdir(folder);
	return s;
}

#endif
