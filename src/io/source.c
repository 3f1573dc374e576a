/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/source.h"
#include "base/bytes.h"
#include "io/pcapng.h"
#include "io/source_impl.h"
#include "io/status.h"
#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC_BYTES 4
#define AT_NS_MAX   (INT64_MAX / 4)

/* A file whose first bytes were read already and come again: works on pipes as well. */
struct peeked {
	FILE *f;
	uint8_t head[MAGIC_BYTES];
	size_t have, given;
	bool keep_open;
};

static ssize_t peeked_read(void *cookie, char *to, size_t room)
{
	struct peeked *p = cookie;
	size_t got;

	if (p->given < p->have) {
		got = p->have - p->given < room ? p->have - p->given : room;
		memcpy(to, p->head + p->given, got);
		p->given += got;
		return (ssize_t)got;
	}
	got = fread(to, 1, room, p->f);
	return got == 0 && ferror(p->f) ? -1 : (ssize_t)got;
}

static int peeked_close(void *cookie)
{
	struct peeked *p = cookie;
	int result = p->keep_open ? 0 : fclose(p->f);

	free(p);
	return result;
}

static FILE *peeked_file(struct peeked *p)
{
	static const cookie_io_functions_t functions = {
		.read = peeked_read,
		.close = peeked_close,
	};
	FILE *f = fopencookie(p, "r", functions);

	if (!f)
		peeked_close(p);
	return f;
}

static uint32_t magic_of(const struct peeked *p)
{
	struct bytes b = bytes_of(p->head, p->have);

	return bytes_u32(&b);
}

/* The magic numbers that libpcap knows: micro- and nanoseconds, Kuznetzov's, both byte orders. */
static bool is_classic(uint32_t magic)
{
	return magic == 0xa1b2c3d4U || magic == 0xd4c3b2a1U || magic == 0xa1b23c4dU ||
	       magic == 0x4d3cb2a1U || magic == 0xa1b2cd34U || magic == 0x34cdb2a1U;
}

static const char *what_else(const struct peeked *p)
{
	if (p->have >= 2 && p->head[0] == 0x1f && p->head[1] == 0x8b)
		return "is compressed (gzip): decompress it first";
	if (p->have >= 4 && memcmp(p->head, "\x28\xb5\x2f\xfd", 4) == 0)
		return "is compressed (zstd): decompress it first";
	return "is not a pcap or pcapng capture";
}

static struct source *open_by_magic(struct peeked *p, char *name, struct err *err)
{
	struct source *(*open)(FILE * f, char *name, struct err *err) = NULL;
	uint32_t magic;
	FILE *f;

	p->have = fread(p->head, 1, sizeof(p->head), p->f);
	magic = magic_of(p);
	if (ferror(p->f))
		err_set(err, IO_INPUT, "cannot read '%s': %s", name, strerror(errno));
	else if (p->have == 0)
		err_set(err, IO_INPUT, "'%s' is empty", name);
	else if (p->have == sizeof(p->head) && magic == PCAPNG_SECTION)
		open = source_open_pcapng;
	else if (p->have == sizeof(p->head) && is_classic(magic))
		open = source_open_classic;
	else
		err_set(err, IO_INPUT, "'%s' %s", name, what_else(p));
	if (!open) {
		peeked_close(p);
		return NULL;
	}
	f = peeked_file(p);
	if (!f) {
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
		return NULL;
	}
	return open(f, name, err);
}

static struct source *open_peeked(struct peeked *p, const char *name, uint32_t file,
				  struct err *err)
{
	struct source *s;
	char *copy = strdup(name);

	if (!copy) {
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
		peeked_close(p);
		return NULL;
	}
	s = open_by_magic(p, copy, err);
	if (!s) {
		free(copy);
		return NULL;
	}
	s->file = file;
	return s;
}

struct source *source_open_stream(FILE *f, const char *name, uint32_t file, struct err *err)
{
	struct peeked *p = calloc(1, sizeof(*p));

	if (!p) {
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
		return NULL;
	}
	p->f = f;
	p->keep_open = true;
	return open_peeked(p, name, file, err);
}

struct source *source_open_file(const char *path, uint32_t file, struct err *err)
{
	struct peeked *p;

	if (strcmp(path, "-") == 0)
		return source_open_stream(stdin, "standard input", file, err);
	p = calloc(1, sizeof(*p));
	if (!p) {
		err_set(err, IO_SYSTEM, "no memory to read '%s'", path);
		return NULL;
	}
	p->f = fopen(path, "re");
	if (!p->f) {
		err_set(err, IO_INPUT, "cannot open '%s': %s", path, strerror(errno));
		free(p);
		return NULL;
	}
	return open_peeked(p, path, file, err);
}

void source_close(struct source *s)
{
	char *name;

	if (!s)
		return;
	name = s->name;
	s->kind->close(s);
	free(name);
}

static const char *dlt_name(uint32_t dlt)
{
	const char *name = pcap_datalink_val_to_name((int)dlt);

	return name ? name : "unnamed";
}

/* Remembers how it ended; a file without one frame that can be decoded is no end but a failure. */
static enum source_event end(struct source *s, enum source_event event, struct err *err)
{
	if (event != SOURCE_FAILED && s->number > 0 && s->known == 0) {
		err_set(err, IO_INPUT,
			"'%s' holds only frames of link type %u (%s), not known here", s->name,
			s->dlt, dlt_name(s->dlt));
		event = SOURCE_FAILED;
	}
	if (event != SOURCE_END)
		s->why = *err;
	s->over = event;
	return event;
}

enum source_event source_next(struct source *s, struct frame *frame, struct err *err)
{
	enum source_event event;

	*frame = (struct frame){0};
	if (s->over != SOURCE_FRAME) {
		if (s->over != SOURCE_END)
			*err = s->why;
		return s->over;
	}
	event = s->kind->next(s, frame, err);
	if (event == SOURCE_IDLE)
		return event;
	if (event != SOURCE_FRAME)
		return end(s, event, err);
	/* Sums and differences of times fit into 64 bits, whatever a file claims. */
	if (frame->at_ns < -AT_NS_MAX)
		frame->at_ns = -AT_NS_MAX;
	else if (frame->at_ns > AT_NS_MAX)
		frame->at_ns = AT_NS_MAX;
	s->known += frame->link != LINK_UNKNOWN && s->known < UINT32_MAX;
	s->number++;
	frame->number = s->live ? 0 : s->number;
	frame->file = s->file;
	return SOURCE_FRAME;
}

int source_fd(const struct source *s)
{
	return s->fd;
}

bool source_counts(struct source *s, struct source_counts *out)
{
	*out = (struct source_counts){0};
	return s->kind->counts && s->kind->counts(s, out);
}

enum source_facts source_facts(const struct source *s, const char **json)
{
	enum source_facts state;

	*json = NULL;
	if (!s->kind->facts)
		return SOURCE_FACTS_NONE;
	state = s->kind->facts(s, json);
	if (state != SOURCE_FACTS_WHOLE)
		*json = NULL;
	return state;
}

const char *source_comment(const struct source *s)
{
	return s->kind->comment ? s->kind->comment(s) : NULL;
}
