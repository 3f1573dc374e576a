/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/interrupts.h"
#include "io/host/status.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int open_for(const int *signals, struct err *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (; *signals; signals++)
		sigaddset(&set, *signals);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return err_set(err, IO_SYSTEM, "signalfd: %s", strerror(errno));
	return fd;
}

int interrupts_open(struct err *err)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, 0};

	return open_for(signals, err);
}

int interrupts_open_watch(struct err *err)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD, SIGWINCH, 0};

	return open_for(signals, err);
}

int interrupts_next(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info) ? (int)info.ssi_signo : 0;
}
