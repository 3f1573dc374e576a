/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/watch/attic.h"
#include "cli/command.h"
#include "io/folder/folder_names.h"
#include "io/folder/marker.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NEWEST	    "latest"
#define STAMP_BYTES 17 /* 20261130T031000Z and its end */

int attic_open(struct attic *a, const char *path, uint32_t keep, struct err *err)
{
	*a = (struct attic){.path = path, .keep = keep};
	if (!path)
		return 0;
	if (mkdir(path, 0755) != 0 && errno != EEXIST)
		return err_set(err, EXIT_SYSTEM, "cannot make the folder '%s': %s", path,
			       strerror(errno));
	if (asprintf(&a->newest, "%s/" NEWEST, path) >= 0)
		return 0;
	a->newest = NULL;
	return err_set(err, EXIT_SYSTEM, "no memory for the evidence");
}

void attic_close(struct attic *a)
{
	free(a->newest);
	*a = (struct attic){0};
}

static char *name_of(const struct attic *a, int64_t since_us, const char *state, bool confirmed)
{
	time_t s = (time_t)(since_us / 1000000);
	char stamp[STAMP_BYTES];
	struct tm tm;
	char *name = NULL;

	gmtime_r(&s, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	if (asprintf(&name, "%s/%s-%s%s", a->path, stamp, state, confirmed ? "-confirmed" : "") < 0)
		return NULL;
	return name;
}

/* Gives the newest run's folder a name. One that has it already was left by a watch that was killed
 * before it could store the run: nothing names it. 0, or -1 with errno. */
static int move_newest(const struct attic *a, const char *name)
{
	if (rename(a->newest, name) == 0)
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return -1;
	attic_drop(name);
	return rename(a->newest, name);
}

char *attic_keep(const struct attic *a, int64_t since_us, const char *state, bool confirmed,
		 struct err *err)
{
	char *name = a->path ? name_of(a, since_us, state, confirmed) : NULL;

	if (!name)
		return NULL;
	if (move_newest(a, name) == 0)
		return name;
	err_set(err, EXIT_SYSTEM, "cannot keep the evidence '%s': %s", a->newest, strerror(errno));
	free(name);
	return NULL;
}

char *attic_find(const struct attic *a, int64_t since_us, const char *state)
{
	char *name = a->path ? name_of(a, since_us, state, false) : NULL;

	if (name && access(name, F_OK) == 0)
		return name;
	free(name);
	return NULL;
}

void attic_drop(const char *folder)
{
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	/* Somebody's own folder may have such a name. */
	if (marker_folder(fd))
		(void)folder_remove(AT_FDCWD, folder);
	close(fd);
}

/* Whether the name begins with a time, as ours do. */
static int is_kept(const struct dirent *e)
{
	static const char form[] = "00000000T000000Z-";

	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		bool digit = e->d_name[i] >= '0' && e->d_name[i] <= '9';

		if (form[i] == '0' ? !digit : e->d_name[i] != form[i])
			return 0;
	}
	return 1;
}

void attic_prune(const struct attic *a, attic_removed *removed, void *arg)
{
	struct dirent **names = NULL;
	int n = a->path ? scandir(a->path, &names, is_kept, alphasort) : 0;
	uint32_t changes = 0;

	/* From the newest on; those of one change begin with the same time. */
	for (int i = n; i-- > 0;) {
		char *folder = NULL;

		if (i + 1 == n || strncmp(names[i]->d_name, names[i + 1]->d_name, STAMP_BYTES) != 0)
			changes++;
		if (changes > a->keep &&
		    asprintf(&folder, "%s/%s", a->path, names[i]->d_name) >= 0) {
			attic_drop(folder);
			removed(arg, folder);
			free(folder);
		}
	}
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
}
