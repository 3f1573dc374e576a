/* SPDX-License-Identifier: BSD-2-Clause */
/* Rights as Linux has them: capabilities beside user ids. */
#include "io/host/privilege.h"
#include "io/host/status.h"
#include <errno.h>
#include <grp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

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
	return setresuid(0, 0, 0) == 0 || (c->gid != 0 && setresgid(0, 0, 0) == 0);
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

/* Puts one set of what may be in effect into effect: all of it, or nothing. */
static int set_effective(bool all, struct err *err)
{
	cap_t caps = cap_get_proc();
	int result = caps ? 0 : -1;

	for (cap_value_t c = 0; result == 0 && c < cap_max_bits(); c++) {
		cap_flag_value_t permitted = CAP_CLEAR;

		if (all && cap_get_flag(caps, c, CAP_PERMITTED, &permitted) != 0)
			continue;
		result = cap_set_flag(caps, CAP_EFFECTIVE, 1, &c, permitted);
	}
	if (result == 0)
		result = cap_set_proc(caps);
	if (caps)
		cap_free(caps);
	return result == 0
		       ? 0
		       : err_set(err, IO_SYSTEM, "cannot change capabilities: %s", strerror(errno));
}

int privilege_borrow(const struct caller *c, struct err *err)
{
	if (geteuid() != 0)
		return 0;
	if (c->uid == 0)
		return set_effective(false, err);
	if ((*c->name ? initgroups(c->name, c->gid) : setgroups(1, &c->gid)) != 0 ||
	    setegid(c->gid) != 0 || seteuid(c->uid) != 0)
		return err_set(err, IO_SYSTEM, "cannot become user %u: %s", c->uid,
			       strerror(errno));
	return 0;
}

int privilege_return(struct err *err)
{
	if (getuid() != 0)
		return 0;
	if (seteuid(0) != 0 || setegid(getgid()) != 0)
		return err_set(err, IO_SYSTEM, "cannot become root again: %s", strerror(errno));
	return set_effective(true, err);
}

int privilege_forgo(struct err *err)
{
	empty_bounding_set();
	cap_reset_ambient();
	return clear_capabilities(err);
}

/* Root without any capability but the one to read. */
static int keep_reading(struct err *err)
{
	const cap_value_t reading = CAP_DAC_READ_SEARCH;
	cap_flag_value_t had = CAP_CLEAR;
	cap_t now = cap_get_proc(), caps = cap_init();
	int result = now && caps ? 0 : -1;

	if (result == 0)
		result = cap_get_flag(now, reading, CAP_PERMITTED, &had);
	if (result == 0 && had == CAP_SET)
		result = cap_set_flag(caps, CAP_PERMITTED, 1, &reading, CAP_SET) |
			 cap_set_flag(caps, CAP_EFFECTIVE, 1, &reading, CAP_SET);
	if (result == 0)
		result = cap_set_proc(caps);
	cap_free(now);
	cap_free(caps);
	if (result != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_set(err, IO_SYSTEM, "cannot give up privileges: %s", strerror(errno));
	return 0;
}

int privilege_read_only(const struct caller *c, struct err *err)
{
	if (c->uid != 0)
		return privilege_drop(c, err);
	empty_bounding_set();
	cap_reset_ambient();
	return keep_reading(err);
}
