/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/owners.h"
#include "io/host/status.h"
#include "io/names/owners_impl.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct owners {
	const struct owners_format *format;
	void *data;
};

/* libloc's files begin with this; MaxMind's have no beginning of their own. */
static const char loc_magic[] = "LOCDBXX";

static int read_start(const char *path, char start[sizeof(loc_magic)], struct err *err)
{
	struct stat st;
	FILE *file = fopen(path, "rbe");
	size_t n;

	if (!file)
		return err_set(err, IO_INPUT, "cannot read the data base '%s': %s", path,
			       strerror(errno));
	/* Both libraries map the file: nothing else will do. */
	if (fstat(fileno(file), &st) != 0 || !S_ISREG(st.st_mode)) {
		fclose(file);
		return err_set(err, IO_INPUT, "cannot read the data base '%s': not a regular file",
			       path);
	}
	n = fread(start, 1, sizeof(loc_magic) - 1, file);
	start[n] = '\0';
	fclose(file);
	return 0;
}

struct owners *owners_open(const char *path, struct err *err)
{
	char start[sizeof(loc_magic)];
	struct owners *o;

	if (read_start(path, start, err) != 0)
		return NULL;
	o = calloc(1, sizeof(*o));
	if (!o) {
		err_set(err, IO_SYSTEM, "no memory for the data base '%s'", path);
		return NULL;
	}
	if (strcmp(start, loc_magic) == 0) {
		o->format = &owners_loc;
		o->data = owners_loc_open(path, err);
	} else {
		o->format = &owners_mmdb;
		o->data = owners_mmdb_open(path, err);
	}
	if (o->data)
		return o;
	free(o);
	return NULL;
}

/* A name that was cut must still end with a whole character. */
static void end_name(char *name)
{
	size_t n = strlen(name);

	if (n < OWNERS_NAME_BYTES - 1)
		return;
	while (n > 0 && ((unsigned char)name[n - 1] & 0x80))
		name[--n] = '\0';
}

bool owners_find(struct owners *o, const struct addr *addr, struct owner *out)
{
	*out = (struct owner){0};
	if (!addr_is_set(addr) || !o->format->find(o->data, addr, out) || out->asn == 0)
		return false;
	end_name(out->name);
	return true;
}

int64_t owners_made_s(const struct owners *o)
{
	return o->format->made_s(o->data);
}

void owners_close(struct owners *o)
{
	if (!o)
		return;
	o->format->close(o->data);
	free(o);
}
