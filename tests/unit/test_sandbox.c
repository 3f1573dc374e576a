/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/sandbox.h"
#include <asm/termbits.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define FINE 0

/* What a process does after it has entered; whatever comes back, it must have ended well. */
static void do_nothing(void)
{
}

static void do_socket(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void do_unix_socket(void)
{
	(void)socket(AF_UNIX, SOCK_STREAM, 0);
}

static void do_exec(void)
{
	char *args[] = {(char[]){"true"}, NULL};
	char *environment[] = {NULL};

	execve("/bin/true", args, environment);
}

static void do_fork(void)
{
	if (fork() == 0)
		_exit(FINE);
}

static void do_ptrace(void)
{
	(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void do_mount(void)
{
	(void)mount("none", "/", "tmpfs", 0, NULL);
}

static void do_module(void)
{
	(void)syscall(SYS_init_module, NULL, 0UL, "");
}

static void do_bpf(void)
{
	(void)syscall(SYS_bpf, 0, NULL, 0);
}

static void do_exec_open(void)
{
	char *args[] = {(char[]){"true"}, NULL};

	(void)syscall(SYS_execveat, -1, "/bin/true", args, NULL, 0);
}

static void do_unshare(void)
{
	(void)syscall(SYS_unshare, 0);
}

static void do_ring(void)
{
	(void)syscall(SYS_io_uring_setup, 0, NULL);
}

static void do_capset(void)
{
	(void)syscall(SYS_capset, NULL, NULL);
}

static void do_setuid(void)
{
	(void)syscall(SYS_setuid, getuid());
}

static void do_open_to_read(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		_exit(EXIT_FAILURE);
	close(fd);
}

static void do_open_to_write(void)
{
	(void)open("/dev/null", O_WRONLY | O_CLOEXEC);
}

static void do_create(void)
{
	(void)open("/nonexistent/file", O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
}

static void do_spool(void)
{
	FILE *f = tmpfile();

	if (!f || fputs("text", f) < 0 || fclose(f) != 0)
		_exit(EXIT_FAILURE);
}

static void do_unlink(void)
{
	(void)unlink("/nonexistent/file");
}

static void do_memory(void)
{
	for (size_t n = 1; n < 64; n++) {
		char *p = malloc(n << 18);

		if (!p)
			_exit(EXIT_FAILURE);
		memset(p, 1, n << 18);
		free(p);
	}
}

static void do_limits(void)
{
	const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};

	(void)setrlimit(RLIMIT_CORE, &all);
}

/* What isatty() asks, by the version of the C library. */
static void do_terminal(void)
{
	(void)syscall(SYS_ioctl, STDERR_FILENO, TCGETS, NULL);
#ifdef TCGETS2
	(void)syscall(SYS_ioctl, STDERR_FILENO, TCGETS2, NULL);
#endif
}

static void do_type_into_terminal(void)
{
	(void)syscall(SYS_ioctl, STDERR_FILENO, TIOCSTI, "x");
}

static void do_handler(void)
{
	if (signal(SIGINT, SIG_IGN) == SIG_ERR)
		_exit(EXIT_FAILURE);
}

/* Who could do this would live on after a call that is not allowed. */
static void do_ignore_the_end(void)
{
	(void)signal(SIGSYS, SIG_IGN);
}

#define READS  (1U << SANDBOX_READS)
#define WRITES (1U << SANDBOX_WRITES)
#define LIVE   (1U << SANDBOX_LIVE)
#define ALL    (READS | WRITES | LIVE)

static const struct {
	const char *name;
	void (*act)(void);
	unsigned ends; /* the rules under which it ends the process */
} cases[] = {
	{"nothing", do_nothing, 0},
	{"memory", do_memory, 0},
	{"open to read", do_open_to_read, 0},
	{"a file without a name", do_spool, 0},
	{"is it a terminal", do_terminal, 0},
	{"a handler of a signal", do_handler, 0},
	{"no handler of the last signal", do_ignore_the_end, READS | WRITES},
	{"type into the terminal", do_type_into_terminal, READS | WRITES},
	{"open to write", do_open_to_write, READS},
	{"create a file", do_create, READS},
	{"remove a file", do_unlink, READS},
	{"socket", do_socket, READS | WRITES},
	{"local socket", do_unix_socket, READS | WRITES},
	{"fork", do_fork, READS | WRITES},
	{"set a limit", do_limits, READS | WRITES},
	{"exec", do_exec, ALL},
	{"ptrace", do_ptrace, ALL},
	{"mount", do_mount, ALL},
	{"load a module", do_module, ALL},
	{"bpf", do_bpf, ALL},
	{"exec of an open file", do_exec_open, ALL},
	{"name spaces of its own", do_unshare, ALL},
	{"a ring of calls", do_ring, ALL},
	{"capabilities", do_capset, ALL},
	{"setuid", do_setuid, ALL},
};

/* How a process ends that enters and acts: its exit status, or minus the signal. */
static int end_of(enum sandbox_rules rules, void (*act)(void))
{
	struct rlimit none = {0, 0};
	struct err err = {0};
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		if (sandbox_enter(rules, &err) != 0)
			_exit(EXIT_FAILURE);
		act();
		_exit(FINE);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void test_violations(void **state)
{
	(void)state;
	if (!sandbox_built())
		skip();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (int rules = SANDBOX_READS; rules <= SANDBOX_LIVE; rules++) {
			int want = cases[i].ends & (1U << rules) ? -SIGSYS : FINE;
			int got = end_of((enum sandbox_rules)rules, cases[i].act);

			if (got != want)
				fail_msg("'%s' under rules %d ends with %d instead of %d",
					 cases[i].name, rules, got, want);
		}
	}
}

/* Without the filter the same acts end nobody: it is the filter that does it. */
static void test_without(void **state)
{
	struct err err = {0};

	(void)state;
	if (sandbox_built())
		skip();
	assert_int_equal(sandbox_enter(SANDBOX_READS, &err), 0);
	do_socket();
	assert_int_equal(prctl(PR_GET_SECCOMP, 0, 0, 0, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_violations),
		cmocka_unit_test(test_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
