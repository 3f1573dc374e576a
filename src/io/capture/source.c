/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/source.h"
#include "io/capture/formats.h"
#include "io/capture/source_impl.h"
#include "io/host/status.h"
#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#define AT_NS_MAX (INT64_MAX / 4)

/* The beginning of the file, as much of it as tells; *n bytes. */
static const uint8_t *see_head(struct stream *in, size_t *n)
{
	const uint8_t *head = stream_see(in, FORMATS_HEAD_BYTES);

	*n = head ? FORMATS_HEAD_BYTES : stream_left(in);
	return head || in->error ? head : stream_see(in, *n);
}

static void tell_format(const char *name, const uint8_t *head, size_t n, struct err *err)
{
	struct text text = {0};

	format_tell(&text, name, head, n);
	err_set(err, IO_INPUT, "'%s' %s", name, text_str(&text));
	text_free(&text);
}

/* Takes the stream and the name over, but the name not when it fails. */
static struct source *open_by_magic(struct stream *in, char *name, struct err *err)
{
	size_t n;
	const uint8_t *head = see_head(in, &n);

	if (head && format_is_pcapng(head, n))
		return source_open_pcapng(in, name, err);
	if (head && format_is_classic(head, n))
		return source_open_classic(in, name, err);
	if (in->error)
		err_set(err, IO_INPUT, "cannot read '%s': %s", name, strerror(in->error));
	else if (stream_left(in) == 0)
		err_set(err, IO_INPUT, "'%s' is empty", name);
	else
		tell_format(name, head, n, err);
	stream_close(in);
	return NULL;
}

static struct source *open_stream(struct stream *in, const char *name, uint32_t file,
				  struct err *err)
{
	struct source *s;
	char *copy = strdup(name);

	if (!copy) {
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
		stream_close(in);
		return NULL;
	}
	s = open_by_magic(in, copy, err);
	if (!s) {
		free(copy);
		return NULL;
	}
	s->file = file;
	return s;
}

struct source *source_open_stream(FILE *f, const char *name, uint32_t file, struct err *err)
{
	struct stream in = stream_of(f, false);

	return open_stream(&in, name, file, err);
}

struct source *source_open_file(const char *path, uint32_t file, struct err *err)
{
	struct stream in;
	FILE *f;

	if (strcmp(path, "-") == 0)
		return source_open_stream(stdin, "standard input", file, err);
	f = fopen(path, "re");
	if (!f) {
		err_set(err, IO_INPUT, "cannot open '%s': %s", path, strerror(errno));
		return NULL;
	}
	in = stream_of(f, true);
	return open_stream(&in, path, file, err);
}

void source_close(struct source *s)
{
	char *name;

	if (!s)
		return;
	name = s->name;
	stream_close(&s->in);
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
	stream_pass(&s->in, s->behind);
	s->behind = 0;
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

bool source_place(const struct source *s, struct source_place *out)
{
	*out = (struct source_place){
		.at = s->in.at + s->behind,
		.number = s->number,
		.known = s->known,
		.shape = s->kind->shape ? s->kind->shape(s) : -1,
	};
	return out->shape >= 0;
}

bool source_move(struct source *s, const struct source_place *to)
{
	if (!stream_move(&s->in, to->at))
		return false;
	s->behind = 0;
	s->number = to->number;
	s->known = to->known;
	return true;
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
