/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/folder_names.h"
#include "io/folder/folder.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {
	FOLDER_CAPTURE, "capture.pcap", "result.json", "result.txt",
	"report.html",	"ticket.txt",	"README.txt",  FOLDER_SUMS,
};

/* "capture-3.pcapng": an earlier round's. */
static bool is_round(const char *name, size_t len)
{
	static const char first[] = "capture-", last[] = ".pcapng";
	size_t digits = 0;

	if (len < sizeof(first) - 1 || strncmp(name, first, sizeof(first) - 1) != 0)
		return false;
	name += sizeof(first) - 1;
	len -= sizeof(first) - 1;
	digits = strspn(name, "0123456789");
	return digits > 0 && len == digits + sizeof(last) - 1 &&
	       strncmp(name + digits, last, sizeof(last) - 1) == 0;
}

static bool is_name(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == len && strncmp(names[i], name, len) == 0)
			return true;
	}
	return is_round(name, len);
}

static bool is_whole_name(const char *name)
{
	return is_name(name, strlen(name));
}

bool folder_is_ours(const char *name)
{
	static const char *const suffixes[] = {".partial", ".new"};
	const char *dot = strrchr(name, '.');

	if (is_whole_name(name))
		return true;
	/* Signatures and time stamps of the checksums are worth nothing without them. */
	if (strncmp(name, FOLDER_SUMS ".", sizeof(FOLDER_SUMS)) == 0)
		return true;
	for (size_t i = 0; dot && i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (strcmp(dot, suffixes[i]) == 0)
			return is_name(name, (size_t)(dot - name));
	}
	return false;
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void folder_list_free(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

static bool append(char ***list, size_t *n, const char *name)
{
	char **grown = realloc(*list, (*n + 1) * sizeof(**list));

	if (!grown)
		return false;
	*list = grown;
	grown[*n] = strdup(name);
	return grown[*n] && ++*n;
}

char **folder_list(const char *path, size_t *n)
{
	DIR *dir = opendir(path);
	char **list = calloc(1, sizeof(*list));
	bool whole = dir && list;

	*n = 0;
	for (struct dirent *e; whole && (e = readdir(dir));) {
		if (is_whole_name(e->d_name) && strcmp(e->d_name, FOLDER_SUMS) != 0)
			whole = append(&list, n, e->d_name);
	}
	if (dir)
		closedir(dir);
	if (whole) {
		qsort(list, *n, sizeof(*list), by_name);
		return list;
	}
	folder_list_free(list, *n);
	return NULL;
}

const char *folder_stranger(const char *path, char *buf, size_t size)
{
	DIR *dir = opendir(path);
	const char *found = NULL;

	if (!dir)
		return NULL;
	for (struct dirent *e; !found && (e = readdir(dir));) {
		if (is_dots(e->d_name) || folder_is_ours(e->d_name))
			continue;
		snprintf(buf, size, "%s", e->d_name);
		found = buf;
	}
	closedir(dir);
	return found;
}

bool folder_remove(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (struct dirent *e; (e = readdir(dir));) {
		if (folder_is_ours(e->d_name))
			unlinkat(dirfd(dir), e->d_name, 0);
	}
	closedir(dir);
	return rmdir(path) == 0;
}
