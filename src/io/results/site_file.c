/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/results/site_file.h"
#include "base/array.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECT_BYTES_MAX (16 * 1024 * 1024)

#define CODE_INPUT  4
#define CODE_MEMORY 5

/* A file while it is read. */
struct reading {
	struct site_list *list;
	const char *name;
	site_complaint *complain;
	void *context;
	FILE *file;
	char *line; /* as getline() keeps it */
	size_t line_size;
	unsigned number;    /* of the line, from 1 */
	struct text object; /* the lines of an object so far */
	unsigned first;	    /* the object's first line */
	struct text wanted; /* scratch: the object with what is read of it */
};

static void complain(const struct reading *r, const char *why)
{
	struct text sentence = {0};
	text_addf(&sentence, "%s:%u: %s", r->name, r->first, why);
	r->complain(r->context, text_str(&sentence));
	text_free(&sentence);
}

/*
 * The object with the members that are read, or, where it could not be cut, the whole; NULL: it is
 * none, and *wrong says why.
 */
static json_t *parse_object(struct reading *r, json_error_t *wrong)
{
	r->wanted.len = 0;
	bool cut = json_cut(r->object.s, r->object.len, site_line_members, &r->wanted) &&
		   !r->wanted.failed;
	const struct text *text = cut ? &r->wanted : &r->object;
	return json_loadb(text->s, text->len, JSON_REJECT_DUPLICATES, wrong);
}

typedef int site_reader(const json_t *object, uint32_t index, struct arena *arena,
			struct site_record *out, struct err *err);

/* Takes a site in, or complains of it. -1 only without memory. */
static int take_site(struct reading *r, const json_t *object, site_reader *read, struct err *err)
{
	struct site_list *list = r->list;
	if (!array_reserve(&list->records, &list->cap, list->n + 1, sizeof(*list->records)))
		return err_set(err, CODE_MEMORY, "no memory for the results in '%s'", r->name);
	struct site_record *record = &list->records[list->n];
	int status = read(object, (uint32_t)list->n, &list->arena, record, err);
	if (status == 0)
		list->n++;
	else if (err->code == CODE_MEMORY)
		return -1;
	else
		complain(r, err->msg);
	return 0;
}

/* Takes the object in, or complains of it. -1 only without memory. */
static int take_object(struct reading *r, struct err *err)
{
	json_error_t wrong;
	json_t *object = parse_object(r, &wrong);
	const json_t *place;
	size_t i;
	int status = 0;
	if (!object) {
		char why[JSON_ERROR_TEXT_LENGTH + 32];
		snprintf(why, sizeof(why), "no JSON object: %s", wrong.text);
		complain(r, why);
		return 0;
	}
	if (site_line_is_own(object))
		status = take_site(r, object, site_line_read, err);
	json_array_foreach(site_line_places(object), i, place)
	{
		if (status == 0)
			status = take_site(r, place, site_line_read_place, err);
	}
	json_decref(object);
	return status;
}

/* Whether an object that was begun ends with this line: alone, or the last of an indented one. */
static bool ends_object(const char *line, size_t n, bool alone)
{
	while (n > 0 && strchr(" \t\r\n", line[n - 1]))
		n--;
	return alone ? n != 1 || line[0] != '{' : n == 1 && line[0] == '}';
}

static bool is_blank(const char *line, size_t n)
{
	return strspn(line, " \t\r\n") >= n;
}

static int take_line(struct reading *r, size_t n, struct err *err)
{
	bool alone = r->object.len == 0;
	r->number++;
	if (alone && is_blank(r->line, n))
		return 0;
	if (alone)
		r->first = r->number;
	text_add_bytes(&r->object, r->line, n);
	if (r->object.failed)
		return err_set(err, CODE_MEMORY, "no memory for line %u of '%s'", r->number,
			       r->name);
	int status = 0;
	if (r->object.len > OBJECT_BYTES_MAX)
		complain(r, "an object of more than 16 MiB is no result");
	else if (ends_object(r->line, n, alone))
		status = take_object(r, err);
	else
		return 0;
	r->object.len = 0;
	return status;
}

static int read_lines(struct reading *r, struct err *err)
{
	ssize_t n;
	int status = 0;
	while (status == 0 && (n = getline(&r->line, &r->line_size, r->file)) > 0)
		status = take_line(r, (size_t)n, err);
	if (status == 0 && ferror(r->file))
		status = err_set(err, CODE_INPUT, "cannot read '%s': %s", r->name, strerror(errno));
	if (status == 0 && r->object.len > 0)
		complain(r, "the object does not end");
	return status;
}

int site_list_read(struct site_list *list, const char *path, site_complaint *complaint,
		   void *context, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;
	struct reading r = {
		.list = list,
		.name = standard ? "standard input" : path,
		.complain = complaint,
		.context = context,
		.file = standard ? stdin : fopen(path, "re"),
	};
	if (!r.file)
		return err_set(err, CODE_INPUT, "cannot open '%s': %s", path, strerror(errno));
	int status = read_lines(&r, err);
	if (!standard)
		fclose(r.file);
	free(r.line);
	text_free(&r.object);
	text_free(&r.wanted);
	return status;
}

/* By name, then time, then the order in which they came. */
static int by_key(const void *a, const void *b)
{
	const struct site_record *left = *(const struct site_record *const *)a;
	const struct site_record *right = *(const struct site_record *const *)b;
	int order = strcmp(left->key, right->key);
	if (order == 0)
		order = strcmp(left->started, right->started);
	return order ? order : (left > right) - (left < right);
}

size_t site_list_latest(struct site_list *list)
{
	const struct site_record **keyed =
		arena_alloc(&list->arena, (list->n + 1) * sizeof(const struct site_record *));
	bool *dropped = arena_alloc(&list->arena, list->n + 1);
	size_t keyed_n = 0, kept = 0, n = list->n;
	if (!keyed || !dropped)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (list->records[i].key)
			keyed[keyed_n++] = &list->records[i];
	qsort(keyed, keyed_n, sizeof(const struct site_record *), by_key);
	for (size_t i = 0; i + 1 < keyed_n; i++)
		if (strcmp(keyed[i]->key, keyed[i + 1]->key) == 0)
			dropped[keyed[i] - list->records] = true;
	for (size_t i = 0; i < n; i++)
		if (!dropped[i])
			list->records[kept++] = list->records[i];
	list->n = kept;
	return n - kept;
}

void site_list_free(struct site_list *list)
{
	free(list->records);
	arena_free(&list->arena);
	*list = (struct site_list){0};
}
