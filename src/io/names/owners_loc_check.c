/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/owners_loc_check.h"
#include "base/bytes.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sizes in bytes, as libloc's format.h has them; all numbers are in network byte order. */
#define MAGIC_BYTES	7
#define VERSION		1
#define SIGNATURE_BYTES 2048
#define AS_BYTES	8
#define NETWORK_BYTES	12
#define NODE_BYTES	12
#define COUNTRY_BYTES	8
#define NO_NETWORK	UINT32_MAX
#define DEPTH_MAX	128   /* bits of an address */
#define FORGET_EVERY	65536 /* nodes */

struct table {
	const uint8_t *at;
	uint32_t offset, n; /* n: entries; of the pool: bytes */
};

struct loc_file {
	struct table as, networks, nodes, countries, pool;
	uint32_t texts[3]; /* vendor, description, license */
	uint8_t *map;	   /* of a file, whose pages come back when they are read again, or NULL */
};

static struct bytes entry(const struct table *t, uint32_t i, size_t size)
{
	return bytes_of(t->at + (size_t)i * size, size);
}

/* Takes an offset and a length, and whether they are within the file and hold whole entries. */
static bool take_table(struct bytes *in, size_t all, const uint8_t *start, uint32_t size,
		       struct table *out)
{
	uint32_t offset = bytes_u32(in), length = bytes_u32(in);

	out->at = start + offset;
	out->offset = offset;
	out->n = length / size;
	return offset <= all && length <= all - offset && length % size == 0;
}

/*
 *  magic and version | created | vendor | description | license | five tables, each an offset and
 *  a length | lengths of two signatures | the signatures | padding
 */
static bool read_header(const uint8_t *bytes, size_t n, struct loc_file *f)
{
	struct bytes in = bytes_of(bytes, n);
	bool good;

	bytes_skip(&in, MAGIC_BYTES);
	good = bytes_u8(&in) == VERSION;
	bytes_skip(&in, 8);
	for (size_t i = 0; i < sizeof(f->texts) / sizeof(f->texts[0]); i++)
		f->texts[i] = bytes_u32(&in);
	good = take_table(&in, n, bytes, AS_BYTES, &f->as) && good;
	good = take_table(&in, n, bytes, NETWORK_BYTES, &f->networks) && good;
	good = take_table(&in, n, bytes, NODE_BYTES, &f->nodes) && good;
	good = take_table(&in, n, bytes, COUNTRY_BYTES, &f->countries) && good;
	good = take_table(&in, n, bytes, 1, &f->pool) && good;
	for (int i = 0; i < 2; i++)
		good = bytes_u16(&in) <= SIGNATURE_BYTES && good;
	bytes_skip(&in, 2 * SIGNATURE_BYTES);
	return good && !in.cut;
}

/* Strings end within the pool when its last byte is the end of one. */
static bool has_text(const struct loc_file *f, uint32_t offset)
{
	return offset < f->pool.n;
}

static bool texts_hold(const struct loc_file *f)
{
	bool good = f->pool.n > 0 && f->pool.at[f->pool.n - 1] == '\0';

	for (size_t i = 0; i < sizeof(f->texts) / sizeof(f->texts[0]); i++)
		good = good && has_text(f, f->texts[i]);
	for (uint32_t i = 0; good && i < f->as.n; i++) {
		struct bytes in = entry(&f->as, i, AS_BYTES);

		bytes_skip(&in, 4);
		good = has_text(f, bytes_u32(&in));
	}
	for (uint32_t i = 0; good && i < f->countries.n; i++) {
		struct bytes in = entry(&f->countries, i, COUNTRY_BYTES);

		bytes_skip(&in, 4);
		good = has_text(f, bytes_u32(&in));
	}
	return good;
}

/*
 * Whether a child comes behind its parent, so that no way leads around, and no deeper than an
 * address, or there is none (0), and how deep that is. There are millions of nodes, in no order
 * that a processor could guess: nothing here branches. Where nothing is to be noted, the root's
 * depth, which nobody asks for any more, is written over.
 */
static bool child_holds(uint32_t n, uint32_t parent, uint32_t child, uint8_t *depth)
{
	uint8_t own = depth[parent];
	bool behind = child - parent - 1 < n - parent - 1;
	uint8_t *noted = &depth[behind ? child : 0];

	*noted = *noted > own ? *noted : (uint8_t)(own + 1);
	return (child == 0) | (behind & (own < DEPTH_MAX));
}

/* Word k of a node. There are millions of nodes, all within the file: nothing else is checked. */
static uint32_t node_word(const struct loc_file *f, uint32_t node, size_t k)
{
	const uint8_t *at = f->nodes.at + (size_t)node * NODE_BYTES + k * sizeof(uint32_t);

	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The tree is most of the file, and read once: its pages before this node count as ours no more. */
static void forget_before(const struct loc_file *f, uint32_t node)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t first = ((size_t)f->nodes.offset + page - 1) / page * page;
	size_t last = ((size_t)f->nodes.offset + (size_t)node * NODE_BYTES) / page * page;

	if (last > first)
		(void)madvise(f->map + first, last - first, MADV_DONTNEED);
}

/* Whether the nodes from `first` on, before `end`, hold. */
static bool nodes_hold(const struct loc_file *f, uint32_t first, uint32_t end, uint8_t *depth)
{
	bool good = true;

	for (uint32_t i = first; i < end; i++) {
		uint32_t network = node_word(f, i, 2);

		good &= child_holds(f->nodes.n, i, node_word(f, i, 0), depth);
		good &= child_holds(f->nodes.n, i, node_word(f, i, 1), depth);
		good &= (network == NO_NETWORK) | (network < f->networks.n);
	}
	return good;
}

static bool tree_holds(const struct loc_file *f)
{
	uint8_t *depth = calloc((size_t)f->nodes.n + 1, 1);
	bool good = depth && f->nodes.n > 0;

	for (uint32_t i = 0; good && i < f->nodes.n; i += FORGET_EVERY) {
		uint32_t left = f->nodes.n - i;

		if (f->map)
			forget_before(f, i);
		good = nodes_hold(f, i, i + (left < FORGET_EVERY ? left : FORGET_EVERY), depth);
		if (f->nodes.n - i <= FORGET_EVERY)
			break;
	}
	free(depth);
	return good;
}

/* `map`: the bytes, where they are a file's, or NULL. */
static bool is_sound(const uint8_t *bytes, size_t n, uint8_t *map)
{
	struct loc_file f = {.map = map};

	return n <= UINT32_MAX && read_header(bytes, n, &f) && texts_hold(&f) && tree_holds(&f);
}

bool owners_loc_sound(const uint8_t *bytes, size_t n)
{
	return is_sound(bytes, n, NULL);
}

bool owners_loc_sound_file(int fd)
{
	struct stat st;
	void *at;
	bool sound;

	if (fstat(fd, &st) != 0 || st.st_size <= 0)
		return false;
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return false;
	sound = is_sound(at, (size_t)st.st_size, at);
	munmap(at, (size_t)st.st_size);
	return sound;
}
