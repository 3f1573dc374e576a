/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/privilege.h"
#include "io/host/status.h"
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DECIMAL 10
#define NOBODY	65534 /* where no user has that name */

/* A user or group number; -1 itself means "leave unchanged" to the system calls. */
static bool parse_id(const char *s, unsigned int *out)
{
	unsigned long value;
	char *end;

	if (!s || *s < '0' || *s > '9')
		return false;
	errno = 0;
	value = strtoul(s, &end, DECIMAL);
	if (errno || *end || value >= UINT_MAX)
		return false;
	*out = (unsigned int)value;
	return true;
}

static void fill_name(struct caller *c)
{
	const struct passwd *entry = getpwuid(c->uid);

	c->name[0] = '\0';
	if (entry && strlen(entry->pw_name) < sizeof(c->name))
		strcpy(c->name, entry->pw_name);
}

/* Reads what one of the programs left in the environment, if it did. 0, or -1 with *err. */
static int told(struct caller *out, struct err *err)
{
	const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");
	const char *doas = getenv("DOAS_USER"), *pkexec = getenv("PKEXEC_UID");
	const struct passwd *entry = NULL;
	unsigned int number = 0;

	if (uid) {
		if (parse_id(uid, &out->uid) && parse_id(gid, &out->gid))
			return 0;
		return err_set(err, IO_SYSTEM, "SUDO_UID '%s' and SUDO_GID '%s' name no user", uid,
			       gid ? gid : "");
	}
	if (!doas && !pkexec)
		return 0;
	if (doas)
		entry = getpwnam(doas);
	else if (parse_id(pkexec, &number))
		entry = getpwuid(number);
	if (!entry)
		return err_set(err, IO_SYSTEM, "%s '%s' names no user",
			       doas ? "DOAS_USER" : "PKEXEC_UID", doas ? doas : pkexec);
	out->uid = entry->pw_uid;
	out->gid = entry->pw_gid;
	return 0;
}

int privilege_caller(struct caller *out, struct err *err)
{
	*out = (struct caller){.uid = getuid(), .gid = getgid()};
	/* Only root may be told who it is: anybody can set a variable. */
	if (getuid() == 0 && geteuid() == 0 && told(out, err) != 0)
		return -1;
	out->sudo = out->uid != getuid();
	if (!out->sudo)
		out->gid = getgid();
	fill_name(out);
	return 0;
}

void privilege_nobody(struct caller *out)
{
	static const char *const names[] = {"_whoblocks", "nobody"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct passwd *entry = getpwnam(names[i]);

		if (!entry || entry->pw_uid == 0)
			continue;
		*out = (struct caller){.uid = entry->pw_uid, .gid = entry->pw_gid};
		fill_name(out);
		return;
	}
	*out = (struct caller){.uid = NOBODY, .gid = NOBODY};
}

int privilege_user(const char *name, struct caller *out, struct err *err)
{
	const struct passwd *entry;
	unsigned int uid;

	*out = (struct caller){0};
	errno = 0;
	entry = getpwnam(name);
	if (!entry && parse_id(name, &uid)) {
		entry = getpwuid(uid);
		if (!entry) {
			out->uid = uid;
			out->gid = uid;
			return 0;
		}
	}
	if (!entry)
		return err_set(err, IO_USAGE, "there is no user '%s'", name);
	out->uid = entry->pw_uid;
	out->gid = entry->pw_gid;
	fill_name(out);
	return 0;
}
