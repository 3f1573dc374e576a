/* SPDX-License-Identifier: BSD-2-Clause */
/* Rights as every Unix has them, user ids alone: what a build that only reads needs. */
#include "io/host/privilege.h"
#include "io/host/status.h"
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

/* Root alone can become somebody else; whoever it is then, it has no way back. */
int privilege_drop(const struct caller *c, struct err *err)
{
	int groups;

	if (c->uid == getuid() && c->uid == geteuid())
		return 0;
	if (*c->name)
		groups = initgroups(c->name, c->gid);
	else
		groups = setgroups(1, &c->gid);
	if (groups != 0 || setgid(c->gid) != 0 || setuid(c->uid) != 0)
		return err_set(err, IO_SYSTEM, "cannot become user %u: %s", c->uid,
			       strerror(errno));
	if (getuid() != c->uid || geteuid() != c->uid || seteuid(0) == 0)
		return err_set(err, IO_SYSTEM, "privileges are still there after giving them up");
	return 0;
}

int privilege_return(struct err *err)
{
	if (getuid() != 0 || (seteuid(0) == 0 && setegid(getgid()) == 0))
		return 0;
	return err_set(err, IO_SYSTEM, "cannot become root again: %s", strerror(errno));
}

int privilege_read_only(const struct caller *c, struct err *err)
{
	return privilege_drop(c, err);
}
