/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/folder_sums.h"
#include "io/folder/folder.h"
#include "io/folder/folder_names.h"
#include "io/folder/sha256.h"
#include "io/host/status.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LINE_BYTES 1024
#define DIGITS	   (SHA256_TEXT_BYTES - 1)

static int sum_of(const char *folder, const char *name, char out[SHA256_TEXT_BYTES],
		  struct err *err)
{
	char *path = NULL;
	int status;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return err_set(err, IO_SYSTEM, "no memory to check '%s'", name);
	status = sha256_file(path, out, err);
	free(path);
	return status;
}

int folder_sums(const char *path, struct text *out, struct err *err)
{
	char sum[SHA256_TEXT_BYTES];
	size_t n;
	char **names = folder_list(path, &n);
	int status = 0;

	if (!names)
		return err_set(err, IO_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
	for (size_t i = 0; i < n && status == 0; i++) {
		status = sum_of(path, names[i], sum, err);
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
	/* Nothing outside the folder is read for a list that may be anybody's. */
	return strchr(name, '/') ? NULL : name;
}

static int check_line(const char *folder, char *line, struct err *err)
{
	char sum[SHA256_TEXT_BYTES];
	const char *name = parse_line(line);

	if (!name)
		return err_set(err, IO_EVIDENCE, "'%s/" FOLDER_SUMS "' is no list of checksums",
			       folder);
	if (sum_of(folder, name, sum, err) != 0)
		return err_set(err, IO_EVIDENCE,
			       "'%s/%s' stands in " FOLDER_SUMS " but cannot be read", folder,
			       name);
	if (strcmp(sum, line) != 0)
		return err_set(err, IO_EVIDENCE,
			       "'%s/%s' does not match its checksum in " FOLDER_SUMS
			       ": one of the two was changed after the measurement",
			       folder, name);
	return 0;
}

/* Whether the list names the file. */
static bool lists(FILE *f, const char *name)
{
	char line[LINE_BYTES];
	bool found = false;

	rewind(f);
	while (!found && fgets(line, sizeof(line), f)) {
		const char *listed = parse_line(line);

		found = listed && strcmp(listed, name) == 0;
	}
	return found;
}

/* A file of ours that the list does not name was put there later. */
static int check_unlisted(const char *folder, FILE *f, struct err *err)
{
	size_t n;
	char **names = folder_list(folder, &n);
	int status = 0;

	if (!names)
		return err_set(err, IO_INPUT, "cannot read '%s': %s", folder, strerror(errno));
	for (size_t i = 0; i < n && status == 0; i++) {
		if (!lists(f, names[i]))
			status = err_set(err, IO_EVIDENCE,
					 "'%s/%s' does not stand in " FOLDER_SUMS
					 ": it was put there after the measurement",
					 folder, names[i]);
	}
	folder_list_free(names, n);
	return status;
}

int folder_verify(const char *path, struct err *err)
{
	char line[LINE_BYTES];
	char *list = NULL;
	struct stat st;
	FILE *f;
	int status = 0;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(err, IO_INPUT, "'%s' is no folder", path);
	if (asprintf(&list, "%s/" FOLDER_SUMS, path) < 0)
		return err_set(err, IO_SYSTEM, "no memory to check '%s'", path);
	f = fopen(list, "re");
	free(list);
	if (!f)
		return err_set(err, IO_INPUT,
			       "'%s' is no evidence folder: it has no " FOLDER_SUMS " (%s)", path,
			       strerror(errno));
	while (status == 0 && fgets(line, sizeof(line), f))
		status = check_line(path, line, err);
	if (status == 0)
		status = check_unlisted(path, f, err);
	fclose(f);
	return status;
}
