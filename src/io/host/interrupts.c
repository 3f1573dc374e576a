/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/interrupts.h"
#include "io/host/status.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

int interrupts_open(struct err *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return err_set(err, IO_SYSTEM, "signalfd: %s", strerror(errno));
	return fd;
}
