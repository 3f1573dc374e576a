/* SPDX-License-Identifier: BSD-2-Clause */
/* The history of a build that has none: every function says so, by name. */
#include "io/history/history.h"
#include "io/host/status.h"

static int missing(struct err *err)
{
	return err_set(err, IO_USAGE,
		       "this whoblocks keeps no history: it was built with WHOBLOCKS_HISTORY=OFF");
}

bool history_built(void)
{
	return false;
}

struct history *history_open(const char *path, bool write, struct err *err)
{
	(void)path;
	(void)write;
	(void)missing(err);
	return NULL;
}

void history_close(struct history *h)
{
	(void)h;
}

int history_claim(struct history *h, const struct history_subject *s, struct tracker *tracker,
		  struct err *err)
{
	(void)h;
	(void)s;
	(void)tracker;
	return missing(err);
}

int history_add(struct history *h, const struct history_entry *entry, struct err *err)
{
	(void)h;
	(void)entry;
	return missing(err);
}

int history_prune(struct history *h, int64_t before_us, struct err *err)
{
	(void)h;
	(void)before_us;
	return missing(err);
}

int history_forget(struct history *h, const char *folder, struct err *err)
{
	(void)h;
	(void)folder;
	return missing(err);
}

int history_read(struct history *h, const char *only, int64_t since_us, struct history_list *out,
		 struct err *err)
{
	(void)h;
	(void)only;
	(void)since_us;
	*out = (struct history_list){0};
	return missing(err);
}

void history_list_free(struct history_list *list)
{
	(void)list;
}
