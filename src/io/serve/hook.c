/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/serve/hook.h"
#include "io/host/clock.h"
#include "io/host/files.h"
#include "io/host/privilege.h"
#include "io/host/status.h"
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECOND_NS INT64_C(1000000000)
#define FAILED	  127 /* what a shell ends with when there is no such program */

/* Becomes who started this program, without what it may do beyond. */
static bool become_caller(void)
{
	struct caller caller;
	struct err err;

	if (privilege_return(&err) != 0 || privilege_caller(&caller, &err) != 0)
		return false;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (!caller.sudo)
		return true;
	return setgroups(1, &caller.gid) == 0 &&
	       setresgid(caller.gid, caller.gid, caller.gid) == 0 &&
	       setresuid(caller.uid, caller.uid, caller.uid) == 0;
}

static void run_child(const char *program, int input, char *const *environment)
{
	char *const argv[] = {strdup(program), NULL};
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	/* What it prints is no result: it goes where the messages go. */
	if (dup2(input, STDIN_FILENO) >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 &&
	    files_close(STDERR_FILENO + 1, ~0U) == 0 && become_caller())
		execve(program, argv, environment);
	_exit(FAILED);
}

/* The event as a file that is read from its beginning; -1 on failure. */
static int make_input(const char *input, size_t n)
{
	int fd = memfd_create("event", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, input, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int hook_start(struct hooks *hooks, const char *program, const char *input,
	       char *const *environment, struct err *err)
{
	struct hook *hook = hooks->running;
	int fd;

	while (hook < hooks->running + HOOKS_MAX && hook->pid)
		hook++;
	if (hook == hooks->running + HOOKS_MAX)
		return err_set(err, IO_SYSTEM, "'%s' is not run: %d of it have not ended yet",
			       program, HOOKS_MAX);
	fd = make_input(input, strlen(input));
	if (fd < 0)
		return err_set(err, IO_SYSTEM, "cannot run '%s': %s", program, strerror(errno));
	hook->pid = fork();
	if (hook->pid == 0)
		run_child(program, fd, environment);
	close(fd);
	if (hook->pid < 0) {
		hook->pid = 0;
		return err_set(err, IO_SYSTEM, "cannot run '%s': %s", program, strerror(errno));
	}
	hook->end_ns = clock_boot_ns() + HOOK_SECONDS * SECOND_NS;
	return 0;
}

bool hook_step(struct hooks *hooks, int *status)
{
	for (size_t i = 0; i < HOOKS_MAX; i++) {
		struct hook *hook = &hooks->running[i];

		if (!hook->pid)
			continue;
		/* Its children, too: it leads a session. */
		if (clock_boot_ns() >= hook->end_ns)
			kill(-hook->pid, SIGKILL);
		if (waitpid(hook->pid, status, WNOHANG) == hook->pid) {
			hook->pid = 0;
			return true;
		}
	}
	return false;
}

bool hooks_busy(const struct hooks *hooks)
{
	for (size_t i = 0; i < HOOKS_MAX; i++) {
		if (hooks->running[i].pid)
			return true;
	}
	return false;
}
