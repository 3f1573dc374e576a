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

#define ROUND_DIGITS 4

static const char *const names[] = {
	FOLDER_CAPTURE, "capture.pcap", "result.json",	"result.txt", "report.html",
	"ticket.txt",	"README.txt",	FOLDER_OUTSIDE, FOLDER_SUMS,
};

/* "capture-3.pcapng": an earlier round's. At most so many digits, and no zero before them. */
static bool is_round(const char *name, size_t len)
{
	static const char first[] = "capture-", last[] = ".pcapng";
	size_t digits = 0;

	if (len < sizeof(first) - 1 || strncmp(name, first, sizeof(first) - 1) != 0)
		return false;
	name += sizeof(first) - 1;
	len -= sizeof(first) - 1;
	digits = strspn(name, "0123456789");
	return digits > 0 && digits <= ROUND_DIGITS && name[0] != '0' &&
	       len == digits + sizeof(last) - 1 &&
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

bool folder_is_member(const char *name)
{
	return is_whole_name(name) && strcmp(name, FOLDER_SUMS) != 0;
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

/* To be read from its beginning; NULL with errno. The descriptor stays the caller's. */
static DIR *open_list(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;

	if (fd >= 0 && !list)
		close(fd);
	return list;
}

char **folder_list(int dir, size_t *n)
{
	DIR *entries = open_list(dir);
	char **list = calloc(1, sizeof(*list));
	bool whole = entries && list;

	*n = 0;
	for (struct dirent *e; whole && (e = readdir(entries));) {
		if (folder_is_member(e->d_name))
			whole = append(&list, n, e->d_name);
	}
	if (entries)
		closedir(entries);
	if (whole) {
		qsort(list, *n, sizeof(*list), by_name);
		return list;
	}
	folder_list_free(list, *n);
	return NULL;
}

/* The first name in the folder that is ours, or is not; what cannot be read holds a stranger. */
static const char *find(int dir, bool ours, char *buf, size_t size)
{
	DIR *entries = open_list(dir);
	const char *found = NULL;

	if (!entries) {
		snprintf(buf, size, "?");
		return buf;
	}
	for (struct dirent *e; !found && (e = readdir(entries));) {
		if (is_dots(e->d_name) || folder_is_ours(e->d_name) != ours)
			continue;
		snprintf(buf, size, "%s", e->d_name);
		found = buf;
	}
	closedir(entries);
	return found;
}

const char *folder_stranger(int dir, char *buf, size_t size)
{
	return find(dir, false, buf, size);
}

bool folder_holds_nothing(int dir)
{
	char name[256];

	return !find(dir, false, name, sizeof(name)) && !find(dir, true, name, sizeof(name));
}

bool folder_remove(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
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
	return unlinkat(parent, name, AT_REMOVEDIR) == 0;
}
