/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/watch/measurement.h"
#include "base/text.h"
#include "cli/command.h"
#include "io/host/clock.h"
#include "io/host/files.h"
#include "io/host/identity.h"
#include "io/host/privilege.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define RESULT_MOST (8U * 1024 * 1024) /* bytes; no run tells so much */

struct moment measurement_moment(void)
{
	return (struct moment){
		.wall_us = clock_real_ns() / 1000,
		.boot_us = clock_boot_ns() / 1000,
		.asleep_us = (clock_boot_ns() - clock_mono_ns()) / 1000,
		.boot = identity_boot(),
	};
}

/* The child: nothing of the parent's stays open, and its output is the result. */
static void run_child(const struct options *probe, int fd)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct err err;
	sigset_t none;
	int status;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* A change of user clears it: first the rights that a watch by sudo does without. */
	if (privilege_return(&err) != 0)
		_exit(EXIT_SYSTEM);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
	    files_close(STDERR_FILENO + 1, ~0U) != 0)
		_exit(EXIT_SYSTEM);
	status = probe_main(probe);
	fflush(stdout);
	_exit(status);
}

int measurement_start(struct measurement *m, const struct options *probe, struct err *err)
{
	int64_t time_us = (int64_t)probe->budget_ms * 1000 + MEASUREMENT_OVERTIME_US;

	*m = (struct measurement){.started = measurement_moment()};
	m->end_us = m->started.boot_us + time_us;
	m->fd = memfd_create("result", MFD_CLOEXEC);
	if (m->fd < 0)
		return err_set(err, EXIT_SYSTEM, "cannot start a run: %s", strerror(errno));
	fflush(NULL);
	m->pid = fork();
	if (m->pid == 0)
		run_child(probe, m->fd);
	if (m->pid > 0)
		return 0;
	m->pid = 0;
	close(m->fd);
	return err_set(err, EXIT_SYSTEM, "cannot start a run: %s", strerror(errno));
}

void measurement_bound(struct measurement *m)
{
	if (!m->pid || m->killed || clock_boot_ns() / 1000 < m->end_us)
		return;
	m->killed = true;
	kill(m->pid, SIGKILL);
}

void measurement_stop(struct measurement *m)
{
	if (!m->pid)
		return;
	kill(m->pid, SIGKILL);
	while (waitpid(m->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(m->fd);
	m->pid = 0;
}

static void read_result(int fd, struct text *out)
{
	char buf[8192];
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while (out->len < RESULT_MOST && (n = read(fd, buf, sizeof(buf))) > 0)
		text_add_bytes(out, buf, (size_t)n);
}

bool measurement_take(struct measurement *m, struct outcome *out)
{
	struct text text = {0};
	int status = 0;

	if (!m->pid || waitpid(m->pid, &status, WNOHANG) != m->pid)
		return false;
	read_result(m->fd, &text);
	close(m->fd);
	m->pid = 0;
	outcome_read(&text, WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SYSTEM, &m->started,
		     clock_real_ns() / 1000, out);
	text_free(&text);
	return true;
}
