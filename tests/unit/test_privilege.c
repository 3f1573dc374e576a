/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/privilege.h"
#include "io/host/status.h"
#include "io_test.h"
#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NOBODY 65534

enum { GOOD = 42 };

static void need_root(void)
{
	if (geteuid() != 0 || !privilege_net_raw()) {
		print_message("needs root\n");
		skip();
	}
}

/* Runs a check in a process of its own, because there is no way back. */
static void in_child(void (*check)(void))
{
	int status;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		check();
		_exit(GOOD);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), GOOD);
}

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

static void no_way_back(void)
{
	MUST(!privilege_net_raw());
	MUST(socket(AF_PACKET, SOCK_RAW, 0) == -1);
	MUST(socket(AF_INET, SOCK_RAW, 6) == -1);
	/* Not by a program that is run either. */
	MUST(system("grep -q '^CapBnd:.*0000000000000000$' /proc/self/status") == 0);
	MUST(system("grep -q '^CapEff:.*0000000000000000$' /proc/self/status") == 0);
	MUST(system("grep -q '^NoNewPrivs:.*1$' /proc/self/status") == 0);
}

static void become_sudo_caller(void)
{
	struct caller c;
	struct err err;
	gid_t groups[4];

	setenv("SUDO_UID", "65534", 1);
	setenv("SUDO_GID", "65534", 1);
	MUST(privilege_caller(&c, &err) == 0);
	MUST(c.sudo && c.uid == NOBODY && c.gid == NOBODY);
	MUST(strcmp(c.name, "nobody") == 0);
	MUST(privilege_drop(&c, &err) == 0);
	MUST(getuid() == NOBODY && geteuid() == NOBODY && getgid() == NOBODY);
	MUST(getgroups(4, groups) == 1 && groups[0] == NOBODY);
	MUST(setuid(0) == -1);
	no_way_back();
}

static void become_nameless(void)
{
	struct caller c;
	struct err err;

	setenv("SUDO_UID", "4000000001", 1);
	setenv("SUDO_GID", "4000000002", 1);
	MUST(privilege_caller(&c, &err) == 0);
	MUST(c.sudo && *c.name == '\0');
	MUST(privilege_drop(&c, &err) == 0);
	MUST(getuid() == 4000000001U && getgid() == 4000000002U);
	MUST(getgroups(0, NULL) == 1);
	no_way_back();
}

/* Root without sudo stays root, but only in name: it writes its own files and nothing else. */
static void stay_root(void)
{
	char name[] = "/tmp/whoblocks-test-XXXXXX";
	struct caller c;
	struct err err;
	int fd;

	unsetenv("SUDO_UID");
	MUST(privilege_caller(&c, &err) == 0);
	MUST(!c.sudo && c.uid == 0);
	MUST(privilege_drop(&c, &err) == 0);
	MUST(getuid() == 0);
	no_way_back();
	fd = mkstemp(name);
	MUST(fd >= 0);
	MUST(unlink(name) == 0);
	MUST(chown("/tmp", NOBODY, NOBODY) == -1);
}

static void dropping(void **state)
{
	static void (*const checks[])(void) = {become_sudo_caller, become_nameless, stay_root};

	(void)state;
	need_root();
	for (size_t i = 0; i < COUNT(checks); i++)
		in_child(checks[i]);
}

static void callers(void **state)
{
	static const struct {
		const char *uid, *gid;
		int result;
		uid_t want;
		bool sudo;
	} cases[] = {
		{NULL, NULL, 0, 0, false},
		{"1000", "1000", 0, 1000, true},
		{"0", "0", 0, 0, false},
		{"1000", NULL, -1, 0, false},
		{"", "1000", -1, 0, false},
		{"-1", "1000", -1, 0, false},
		{"4294967295", "1000", -1, 0, false},
		{"99999999999999999999", "1000", -1, 0, false},
		{"10x", "1000", -1, 0, false},
		{"1000", "1000 ", -1, 0, false},
	};

	(void)state;
	need_root();
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = {0};
		struct caller c;

		unsetenv("SUDO_UID");
		unsetenv("SUDO_GID");
		if (cases[i].uid)
			setenv("SUDO_UID", cases[i].uid, 1);
		if (cases[i].gid)
			setenv("SUDO_GID", cases[i].gid, 1);
		assert_int_equal(privilege_caller(&c, &err), cases[i].result);
		if (cases[i].result) {
			assert_int_equal(err.code, IO_SYSTEM);
			continue;
		}
		assert_int_equal(c.uid, cases[i].want);
		assert_int_equal(c.sudo, cases[i].sudo);
	}
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
}

static void users(void **state)
{
	struct err err = {0};
	struct caller c;

	(void)state;
	assert_int_equal(privilege_user("root", &c, &err), 0);
	assert_int_equal(c.uid, 0);
	assert_int_equal(privilege_user("0", &c, &err), 0);
	assert_string_equal(c.name, "root");
	assert_int_equal(privilege_user("3999999999", &c, &err), 0);
	assert_int_equal(c.uid, 3999999999U);
	assert_string_equal(c.name, "");
	assert_int_equal(privilege_user("no such user", &c, &err), -1);
	assert_int_equal(err.code, IO_USAGE);
	assert_non_null(strstr(err.msg, "'no such user'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dropping),
		cmocka_unit_test(callers),
		cmocka_unit_test(users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
