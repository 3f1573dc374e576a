/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/folder_sums.h"
#include "io/folder/folder.h"
#include "io/folder/folder_names.h"
#include "io/folder/member.h"
#include "io/folder/sha256.h"
#include "io/host/status.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 1024
#define DIGITS	   (SHA256_TEXT_BYTES - 1)
#define FILES_MAX  1200 /* in one list: the captures of a thousand rounds, and the rest */

/* A list that is being checked, and whose files were found to be right. */
struct check {
	const char *path;
	int folder;
	char **names;
	size_t n;
};

static int sum_of(int folder, const char *name, char out[SHA256_TEXT_BYTES], struct err *err)
{
	int fd = member_open(folder, name);
	int status;

	if (fd < 0)
		return err_set(err, IO_INPUT, "cannot read '%s': %s", name, strerror(errno));
	status = sha256_fd(fd, name, out, err);
	close(fd);
	return status;
}

int folder_sums(int dir, struct text *out, struct err *err)
{
	char sum[SHA256_TEXT_BYTES];
	size_t n;
	char **names = folder_list(dir, &n);
	int status = 0;

	if (!names)
		return err_set(err, IO_SYSTEM, "cannot read the folder: %s", strerror(errno));
	for (size_t i = 0; i < n && status == 0; i++) {
		status = sum_of(dir, names[i], sum, err);
		text_addf(out, "%s  %s\n", sum, names[i]);
	}
	folder_list_free(names, n);
	if (status == 0 && out->failed)
		return err_set(err, IO_SYSTEM, "no memory for the checksums");
	return status;
}

/* Takes "DIGITS  NAME" apart; the name, or NULL. */
static char *parse_line(char *line)
{
	char *name = line + DIGITS + 2;

	line[strcspn(line, "\n")] = '\0';
	if (strlen(line) < DIGITS + 3 || strspn(line, "0123456789abcdef") != DIGITS)
		return NULL;
	if (line[DIGITS] != ' ' || (line[DIGITS + 1] != ' ' && line[DIGITS + 1] != '*'))
		return NULL;
	line[DIGITS] = '\0';
	return name;
}

static bool is_listed(const struct check *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++) {
		if (strcmp(c->names[i], name) == 0)
			return true;
	}
	return false;
}

/* Each name is one of an evidence folder's, and stands once: the list may be anybody's. */
static int note_name(struct check *c, const char *name, struct err *err)
{
	if (!folder_is_member(name))
		return err_set(err, IO_EVIDENCE,
			       "'%s/" FOLDER_SUMS "' names '%s', which is no file of an evidence "
			       "folder",
			       c->path, name);
	if (is_listed(c, name) || c->n == FILES_MAX)
		return err_set(err, IO_EVIDENCE, "'%s/" FOLDER_SUMS "' names %s '%s'", c->path,
			       c->n == FILES_MAX ? "too many files, the last" : "twice", name);
	c->names[c->n] = strdup(name);
	if (!c->names[c->n])
		return err_set(err, IO_SYSTEM, "no memory to check '%s'", c->path);
	c->n++;
	return 0;
}

static int check_line(struct check *c, char *line, struct err *err)
{
	char sum[SHA256_TEXT_BYTES];
	const char *name = parse_line(line);

	if (!name)
		return err_set(err, IO_EVIDENCE, "'%s/" FOLDER_SUMS "' is no list of checksums",
			       c->path);
	if (note_name(c, name, err) != 0)
		return -1;
	if (sum_of(c->folder, name, sum, err) != 0)
		return err_set(err, IO_EVIDENCE,
			       "'%s/%s' stands in " FOLDER_SUMS " but cannot be read", c->path,
			       name);
	if (strcmp(sum, line) != 0)
		return err_set(err, IO_EVIDENCE,
			       "'%s/%s' does not match its checksum in " FOLDER_SUMS
			       ": one of the two was changed after the measurement",
			       c->path, name);
	return 0;
}

/* A file of ours that the list does not name was put there later. */
static int check_unlisted(const struct check *c, struct err *err)
{
	size_t n;
	char **names = folder_list(c->folder, &n);
	int status = 0;

	if (!names)
		return err_set(err, IO_INPUT, "cannot read '%s': %s", c->path, strerror(errno));
	for (size_t i = 0; i < n && status == 0; i++) {
		if (!is_listed(c, names[i]))
			status = err_set(err, IO_EVIDENCE,
					 "'%s/%s' does not stand in " FOLDER_SUMS
					 ": it was put there after the measurement",
					 c->path, names[i]);
	}
	folder_list_free(names, n);
	return status;
}

static int check_list(struct check *c, FILE *f, struct err *err)
{
	char line[LINE_BYTES];
	int status = 0;

	c->names = calloc(FILES_MAX, sizeof(*c->names));
	if (!c->names)
		return err_set(err, IO_SYSTEM, "no memory to check '%s'", c->path);
	while (status == 0 && fgets(line, sizeof(line), f))
		status = check_line(c, line, err);
	if (status == 0)
		status = check_unlisted(c, err);
	folder_list_free(c->names, c->n);
	return status;
}

int folder_verify(const char *path, struct err *err)
{
	struct check check = {.path = path, .folder = member_folder(path)};
	int fd = check.folder >= 0 ? member_open(check.folder, FOLDER_SUMS) : -1;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	int status;

	if (check.folder < 0)
		status = err_set(err, IO_INPUT, "'%s' is no folder that can be read: %s", path,
				 strerror(errno));
	else if (!f)
		status = err_set(err, IO_INPUT,
				 "'%s' is no evidence folder: it has no " FOLDER_SUMS " (%s)", path,
				 strerror(errno));
	else
		status = check_list(&check, f, err);
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	if (check.folder >= 0)
		close(check.folder);
	return status;
}
