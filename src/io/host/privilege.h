/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_PRIVILEGE_H
#define IO_HOST_PRIVILEGE_H

/*
 * Who runs this, and giving up for good whatever more than an ordinary user's
 * rights the process has.
 */

#include "base/err.h"
#include <stdbool.h>
#include <sys/types.h>

#define PRIVILEGE_NAME_BYTES 64

struct caller {
	uid_t uid;
	gid_t gid;
	char name[PRIVILEGE_NAME_BYTES]; /* "" when the uid has none */
	bool sudo;			 /* came by sudo or its like from another user */
};

/* Whether CAP_NET_RAW is in effect. */
bool privilege_net_raw(void);

/*
 * Whether this is root, or has CAP_NET_ADMIN: who may see the packets of others and send past the
 * host's own rules.
 */
bool privilege_is_admin(void);

/* Whether no program file and no sudo can give the process more than it has (no_new_privs). */
bool privilege_is_frozen(void);

/*
 * The user behind the process: who called sudo (SUDO_UID, SUDO_GID), doas (DOAS_USER) or pkexec
 * (PKEXEC_UID), the real user of a set-uid program, or the user it runs as. 0, or -1 with *err
 * (IO_SYSTEM) when the environment lies.
 */
int privilege_caller(struct caller *out, struct err *err);

/* Whom a process of root's becomes that has to be nobody: _whoblocks, else nobody. */
void privilege_nobody(struct caller *out);

/*
 * Has the caller's rights, and no other, for what follows: names that the caller gave are opened in
 * between. Can be undone by privilege_return(), which must succeed for the process to go on. 0, or
 * -1 with *err (IO_SYSTEM).
 */
int privilege_borrow(const struct caller *caller, struct err *err);
int privilege_return(struct err *err);

/* A user by name or number. 0, or -1 with *err (IO_USAGE). */
int privilege_user(const char *name, struct caller *out, struct err *err);

/*
 * For a command that only reads: becomes the caller without any capability. Root itself may still
 * read what it names. 0, or -1 with *err (IO_SYSTEM).
 */
int privilege_read_only(const struct caller *caller, struct err *err);

/* Gives up every capability and stays who it is. 0, or -1 with *err (IO_SYSTEM). */
int privilege_forgo(struct err *err);

/*
 * Becomes the caller (groups, gid, uid; uid 0 stays uid 0) without any capability in any set,
 * forbids gaining new ones, and verifies both. Cannot be undone. 0, or -1 with *err (IO_SYSTEM):
 * then the process must not go on. Not for a process with threads.
 */
int privilege_drop(const struct caller *caller, struct err *err);

#endif
