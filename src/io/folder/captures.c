/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/captures.h"
#include "io/capture/packed.h"
#include "io/folder/folder.h"
#include "io/folder/member.h"
#include "io/host/status.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One file, with the frame that comes next in it. */
struct input {
	char *name; /* for messages */
	FILE *f;
	bool borrowed; /* f is the caller's */
	struct source *source;
	struct frame head;
	bool has_head;
	bool over;
	struct err packed_cut; /* of what it was unpacked from; code 0: whole */
	struct err cut;	       /* code 0: whole */
};

struct captures {
	struct input *inputs;
	size_t n;
	struct input *given; /* whose frame was handed out last */
};

/* What is read from now on; `spool` is of our making. */
static void replace_stream(struct input *in, FILE *spool)
{
	if (!in->borrowed)
		fclose(in->f);
	in->f = spool;
	in->borrowed = false;
}

/* Replaces a stream that cannot be rewound by a copy. 0 or -1 with *err. */
static int make_seekable(struct input *in, const struct captures_watch *watch, struct err *err)
{
	struct stat stat;
	FILE *spool;

	if (fstat(fileno(in->f), &stat) == 0 && S_ISREG(stat.st_mode) && ftello(in->f) == 0)
		return 0;
	spool = spool_copy(in->f, in->name, watch, err);
	if (!spool)
		return -1;
	replace_stream(in, spool);
	return 0;
}

/* Replaces a compressed capture by what it holds. 0 or -1 with *err. */
static int unpack(struct input *in, const struct captures_watch *watch, struct err *err)
{
	FILE *spool;

	if (!packed_is(in->f))
		return 0;
	spool = packed_copy(in->f, in->name, watch, &in->packed_cut, err);
	if (!spool)
		return -1;
	replace_stream(in, spool);
	return 0;
}

static bool is_folder(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static int open_path(struct input *in, const char *path, const struct captures_watch *watch,
		     struct err *err)
{
	bool standard = strcmp(path, "-") == 0, folder = is_folder(path);

	if (folder) {
		if (asprintf(&in->name, "%s/%s", path, FOLDER_CAPTURE) < 0)
			in->name = NULL;
	} else {
		in->name = strdup(standard ? "standard input" : path);
	}
	if (!in->name)
		return err_set(err, IO_SYSTEM, "no memory to read '%s'", path);
	if (folder)
		in->f = member_stream(path, FOLDER_CAPTURE);
	else
		in->f = standard ? stdin : fopen(in->name, "re");
	in->borrowed = standard;
	if (!in->f)
		return err_set(err, IO_INPUT, "cannot open '%s': %s", in->name, strerror(errno));
	if (make_seekable(in, watch, err) != 0)
		return -1;
	return unpack(in, watch, err);
}

/* Reads the frame that comes next in the file; how that ended stays with it. */
static enum source_event read_frame(struct input *in, struct frame *frame, struct err *err)
{
	enum source_event event = in->over ? SOURCE_END : source_next(in->source, frame, err);

	if (in->over || event == SOURCE_FRAME || event == SOURCE_FAILED)
		return event;
	in->cut = event == SOURCE_CUT ? *err : in->packed_cut;
	in->over = true;
	return SOURCE_END;
}

static int open_sources(struct captures *c, struct err *err)
{
	for (size_t i = 0; i < c->n; i++) {
		struct input *in = &c->inputs[i];

		in->source = source_open_stream(in->f, in->name, (uint32_t)i + 1, err);
		if (!in->source)
			return -1;
		in->has_head = in->over = false;
	}
	c->given = NULL;
	return 0;
}

static struct captures *make(size_t n, struct err *err)
{
	struct captures *c = calloc(1, sizeof(*c));

	if (c)
		c->inputs = calloc(n, sizeof(*c->inputs));
	if (!c || !c->inputs) {
		err_set(err, IO_SYSTEM, "no memory to read captures");
		free(c);
		return NULL;
	}
	c->n = n;
	return c;
}

struct captures *captures_open(const char *const *paths, size_t n,
			       const struct captures_watch *watch, struct err *err)
{
	struct captures *c;

	if (n > CAPTURES_MAX) {
		err_set(err, IO_USAGE, "more than %d captures at once", CAPTURES_MAX);
		return NULL;
	}
	c = make(n, err);
	for (size_t i = 0; c && i < n; i++) {
		if (open_path(&c->inputs[i], paths[i], watch, err) != 0)
			goto failed;
	}
	if (c && open_sources(c, err) == 0)
		return c;
failed:
	captures_close(c);
	return NULL;
}

struct captures *captures_of_stream(FILE *f, const char *name, struct err *err)
{
	struct captures *c = make(1, err);

	if (!c)
		return NULL;
	c->inputs[0].f = f;
	c->inputs[0].borrowed = true;
	c->inputs[0].name = strdup(name);
	if (!c->inputs[0].name)
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
	else if (open_sources(c, err) == 0)
		return c;
	captures_close(c);
	return NULL;
}

void captures_close(struct captures *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++) {
		struct input *in = &c->inputs[i];

		source_close(in->source);
		if (in->f && !in->borrowed)
			fclose(in->f);
		free(in->name);
	}
	free(c->inputs);
	free(c);
}

enum source_event captures_next(struct captures *c, struct frame *frame, struct err *err)
{
	struct input *first = NULL;

	if (c->n == 1)
		return read_frame(c->inputs, frame, err);
	/* Only now may the bytes of the frame that was handed out last go. */
	if (c->given)
		c->given->has_head = false;
	c->given = NULL;
	for (size_t i = 0; i < c->n; i++) {
		struct input *in = &c->inputs[i];
		enum source_event event =
			in->has_head ? SOURCE_FRAME : read_frame(in, &in->head, err);

		if (event == SOURCE_FAILED)
			return event;
		in->has_head = event == SOURCE_FRAME;
		if (in->has_head && (!first || in->head.at_ns < first->head.at_ns))
			first = in;
	}
	if (!first)
		return SOURCE_END;
	c->given = first;
	*frame = first->head;
	return SOURCE_FRAME;
}

int captures_rewind(struct captures *c, struct err *err)
{
	for (size_t i = 0; i < c->n; i++) {
		source_close(c->inputs[i].source);
		c->inputs[i].source = NULL;
		rewind(c->inputs[i].f);
	}
	return open_sources(c, err);
}

double captures_progress(const struct captures *c)
{
	double done = 0, all = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct source_place place;
		struct stat info;

		(void)source_place(c->inputs[i].source, &place);
		if (fstat(fileno(c->inputs[i].f), &info) == 0)
			all += (double)info.st_size;
		done += (double)place.at;
	}
	/* The record that a file ends in counts as a whole one. */
	return done < all ? done / all : all > 0;
}

size_t captures_count(const struct captures *c)
{
	return c->n;
}

const char *captures_name(const struct captures *c, size_t i)
{
	return c->inputs[i].name;
}

const char *captures_cut(const struct captures *c, size_t i)
{
	return c->inputs[i].cut.code ? c->inputs[i].cut.msg : NULL;
}

struct source *captures_source(struct captures *c, size_t i)
{
	return c->inputs[i].source;
}
