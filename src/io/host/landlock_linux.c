/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/landlock.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights by the version that brought them: 1 (Linux 5.13), 2 (5.19), 3 (6.2), 5 (6.10). */
#define RIGHTS_1 ((UINT64_C(1) << 13) - 1)
#define RIGHTS_2 (UINT64_C(1) << 13)
#define RIGHTS_3 (UINT64_C(1) << 14)
#define RIGHTS_5 (UINT64_C(1) << 15)
#define READ	 (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

/* What resolvers, TLS and the C library open, and the kernel's own tables. */
static const char *const common[] = {
	"/usr",
	"/lib",
	"/lib64",
	"/etc/ssl",
	"/etc/pki",
	"/etc/resolv.conf",
	"/etc/hosts",
	"/etc/nsswitch.conf",
	"/etc/services",
	"/etc/host.conf",
	"/etc/gai.conf",
	"/etc/localtime",
	"/etc/ca-certificates",
	"/run/systemd/resolve",
	"/proc",
	"/sys/class/net",
	"/dev/null",
	"/dev/urandom",
	"/var/lib/location",
};

static uint64_t rights_of(long version)
{
	return RIGHTS_1 | (version >= 2 ? RIGHTS_2 : 0) | (version >= 3 ? RIGHTS_3 : 0) |
	       (version >= 5 ? RIGHTS_5 : 0);
}

/* What is not there cannot be opened either. */
static int allow(int rules, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access};
	struct stat st;
	long result;

	rule.parent_fd = path ? open(path, O_PATH | O_CLOEXEC) : -1;
	if (rule.parent_fd < 0)
		return 0;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= LANDLOCK_ACCESS_FS_READ_FILE;
	result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	/* Pipes that a shell hands over (/dev/fd/N) lie in no file system that could be limited. */
	if (result != 0 && errno == EBADFD)
		result = 0;
	close(rule.parent_fd);
	return (int)result;
}

static int allow_all(int rules, const char *const *paths, size_t n, uint64_t access)
{
	int result = 0;

	for (size_t i = 0; i < n && result == 0; i++)
		result = allow(rules, paths[i], access);
	return result;
}

/* A set of rules that allows nothing yet; -1 with errno, -2 without Landlock in the kernel. */
static int new_rules(void)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr attr = {.handled_access_fs = rights_of(version)};

	if (version < 1)
		return -2;
	return (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr.handled_access_fs), 0);
}

/* The rules hold from here on, unless one of them could not be made. */
static int enter(int rules, int result, struct err *err)
{
	if (result == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		result = -1;
	if (result != 0)
		err_set(err, IO_SYSTEM, "cannot limit what this process opens: %s",
			strerror(errno));
	if (rules >= 0)
		close(rules);
	return result;
}

int landlock_reads(const struct landlock_paths *p, struct err *err)
{
	int rules = new_rules(), result = rules == -1 ? -1 : 0;

	if (rules == -2)
		return 0;
	if (result == 0)
		result = allow_all(rules, common, sizeof(common) / sizeof(common[0]), READ);
	if (result == 0)
		result = allow_all(rules, p->inputs, p->inputs_n, READ);
	if (result == 0)
		result = allow_all(rules, p->temps, p->temps_n,
				   READ | LANDLOCK_ACCESS_FS_WRITE_FILE);
	return enter(rules, result, err);
}

int landlock_nothing(struct err *err)
{
	int rules = new_rules();

	return rules == -2 ? 0 : enter(rules, rules == -1 ? -1 : 0, err);
}
