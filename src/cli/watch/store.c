/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/watch/store.h"
#include "cli/command.h"
#include "cli/confine.h"
#include "io/host/clock.h"
#include "io/host/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_PATH "/var/lib/whoblocks/history.db"
#define FILE_NAME    "history.db"

const char *store_path(const struct options *o, struct text *buf)
{
	const char *folder = getenv("STATE_DIRECTORY");

	if (o->watch.history)
		return o->watch.history;
	if (!folder || *folder != '/')
		return DEFAULT_PATH;
	text_addf(buf, "%s/" FILE_NAME, folder);
	return text_str(buf);
}

int store_prepare(const char *path, struct err *err)
{
	size_t n = (size_t)(strrchr(path, '/') - path);
	char *folder = strndup(path, n);
	bool there = folder && (mkdir(folder, 0755) == 0 || errno == EEXIST) &&
		     faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0;

	if (!there)
		err_set(err, EXIT_SYSTEM, "the folder of '%s' cannot be used: %s", path,
			folder ? strerror(errno) : "no memory");
	free(folder);
	return there ? 0 : -1;
}

void store_hosts(const struct options *o, struct text *out)
{
	for (size_t i = 0; i < o->hosts_n; i++) {
		text_addf(out, "%s%s", i ? " " : "", o->hosts[i].name);
		if (o->hosts[i].port)
			text_addf(out, ":%u", o->hosts[i].port);
	}
}

int store_confine(struct err *err)
{
	return confine_caller(err) != 0 ? -1 : sandbox_enter(SANDBOX_READS, err);
}

int store_read(const struct options *o, const char *only, struct history_list *out, struct err *err)
{
	const struct since *since = &o->watch.since;
	int64_t at_s = since->ago_s ? clock_real_ns() / 1000000000 - since->ago_s : since->at_s;
	struct text path = {0};
	struct history *h = history_open(store_path(o, &path), false, err);
	int status = h ? history_read(h, only, at_s * 1000000, out, err) : -1;

	history_close(h);
	text_free(&path);
	return status;
}
