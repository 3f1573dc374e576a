/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/privilege.h"
#include "io/host/status.h"
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define DECIMAL 10

static bool is_effective(cap_value_t capability)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t caps = cap_get_proc();

	if (!caps)
		return false;
	if (cap_get_flag(caps, capability, CAP_EFFECTIVE, &value) != 0)
		value = CAP_CLEAR;
	cap_free(caps);
	return value == CAP_SET;
}

bool privilege_net_raw(void)
{
	return is_effective(CAP_NET_RAW);
}

bool privilege_is_admin(void)
{
	return geteuid() == 0 || is_effective(CAP_NET_ADMIN);
}

bool privilege_is_frozen(void)
{
	return geteuid() != 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

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

int privilege_caller(struct caller *out, struct err *err)
{
	const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");

	*out = (struct caller){.uid = getuid(), .gid = getgid()};
	/* Only root may be told who it is: anybody can set a variable. */
	if (getuid() == 0 && geteuid() == 0 && uid) {
		if (!parse_id(uid, &out->uid) || !parse_id(gid, &out->gid))
			return err_set(err, IO_SYSTEM,
				       "SUDO_UID '%s' and SUDO_GID '%s' name no user", uid,
				       gid ? gid : "");
		out->sudo = out->uid != 0;
		if (!out->sudo)
			out->gid = getgid();
	}
	fill_name(out);
	return 0;
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

/* Nothing that is executed later can have these either. Without CAP_SETPCAP it stays as it is. */
static void empty_bounding_set(void)
{
	for (int cap = 0; cap < cap_max_bits(); cap++) {
		if (cap_get_bound(cap) == 1 && cap_drop_bound(cap) != 0)
			return;
	}
}

static int become(const struct caller *c, struct err *err)
{
	int groups;

	if (c->uid == getuid() && c->uid == geteuid())
		return 0;
	if (*c->name)
		groups = initgroups(c->name, c->gid);
	else
		groups = setgroups(1, &c->gid);
	if (groups != 0 || setresgid(c->gid, c->gid, c->gid) != 0 ||
	    setresuid(c->uid, c->uid, c->uid) != 0)
		return err_set(err, IO_SYSTEM, "cannot become user %u: %s", c->uid,
			       strerror(errno));
	return 0;
}

static int clear_capabilities(struct err *err)
{
	cap_t none = cap_init();
	int result = none ? cap_set_proc(none) : -1;

	if (none)
		cap_free(none);
	if (result != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_set(err, IO_SYSTEM, "cannot give up privileges: %s", strerror(errno));
	return 0;
}

static bool has_no_capability(void)
{
	cap_t now = cap_get_proc(), none = cap_init();
	bool same = now && none && cap_compare(now, none) == 0;

	cap_free(now);
	cap_free(none);
	return same;
}

/* A capability or a user id that is back would show here. */
static bool can_regain(const struct caller *c)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP);

	if (fd >= 0) {
		close(fd);
		return true;
	}
	if (c->uid == 0)
		return false;
	return setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0;
}

int privilege_drop(const struct caller *caller, struct err *err)
{
	empty_bounding_set();
	cap_reset_ambient();
	if (become(caller, err) != 0 || clear_capabilities(err) != 0)
		return -1;
	if (!has_no_capability() || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 ||
	    getuid() != caller->uid || geteuid() != caller->uid || can_regain(caller))
		return err_set(err, IO_SYSTEM, "privileges are still there after giving them up");
	return 0;
}

int privilege_forgo(struct err *err)
{
	if (geteuid() == 0)
		return 0;
	cap_reset_ambient();
	return clear_capabilities(err);
}
