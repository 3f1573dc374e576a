/* SPDX-License-Identifier: BSD-2-Clause */
/* Names looked up by a process that has nothing to lose: what it reads comes from strangers. */
#include "io/host/clock.h"
#include "io/host/landlock.h"
#include "io/host/sandbox.h"
#include "io/host/status.h"
#include "io/names/resolve.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SPARE_NS  (1000 * INT64_C(1000000)) /* for the process to begin and to end */
#define NS_PER_MS 1000000

/* What the process leaves: nothing in it is trusted. */
struct apart {
	int32_t status;
	struct err err;
	struct resolve_host hosts[];
};

static _Noreturn void look_up(struct apart *a, size_t n, int64_t wait_ns, const struct caller *as)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	a->status = IO_SYSTEM;
	/* Who cannot become somebody else is held to what everybody reads. */
	if (privilege_drop(as, &a->err) != 0 &&
	    (privilege_forgo(&a->err) != 0 ||
	     landlock_reads(&(struct landlock_paths){0}, &a->err) != 0))
		_exit(0);
	if (sandbox_enter(SANDBOX_LIVE, &a->err) == 0)
		a->status = resolve_hosts(a->hosts, n, wait_ns, &a->err) == 0 ? 0 : a->err.code;
	_exit(0);
}

/* Until the process has ended, and no longer than it may take. */
static void wait_for(pid_t pid, int done, int64_t wait_ns)
{
	struct pollfd end = {.fd = done, .events = POLLIN};
	int64_t until = clock_mono_ns() + wait_ns + SPARE_NS;
	int64_t left = wait_ns + SPARE_NS;

	while (left > 0 && poll(&end, 1, (int)(left / NS_PER_MS) + 1) < 0 && errno == EINTR)
		left = until - clock_mono_ns();
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* Takes over an answer as far as it can be one. */
static void take(struct resolve_host *to, const struct resolve_host *from)
{
	to->outcome = from->outcome <= RESOLVE_FAILED ? from->outcome : RESOLVE_FAILED;
	to->addrs_n = 0;
	for (size_t i = 0; i < from->addrs_n && i < RESOLVE_ADDRS_MAX; i++) {
		const struct addr *addr = &from->addrs[i];

		if ((addr->family == 4 && to->ipv4) || (addr->family == 6 && to->ipv6))
			to->addrs[to->addrs_n++] = *addr;
	}
	if (to->addrs_n == 0 && to->outcome == RESOLVE_FOUND)
		to->outcome = RESOLVE_NONE;
	to->why = resolve_phrase(to->outcome);
}

/* Has a child look up a->hosts, and waits for it. 0, or -1 with *err. */
static int run(struct apart *a, size_t n, int64_t wait_ns, const struct caller *as, struct err *err)
{
	int line[2];
	pid_t pid;

	if (pipe2(line, O_CLOEXEC) != 0)
		return err_set(err, IO_SYSTEM, "cannot look up names: %s", strerror(errno));
	a->status = IO_SYSTEM;
	pid = fork();
	if (pid == 0) {
		close(line[0]);
		look_up(a, n, wait_ns, as);
	}
	close(line[1]);
	if (pid > 0)
		wait_for(pid, line[0], wait_ns);
	close(line[0]);
	if (pid < 0 || a->status != 0)
		return err_set(err, IO_SYSTEM, "names cannot be looked up: no resolver works here");
	return 0;
}

int resolve_hosts_apart(struct resolve_host *hosts, size_t n, int64_t wait_ns,
			const struct caller *as, struct err *err)
{
	size_t bytes = sizeof(struct apart) + n * sizeof(*hosts);
	struct apart *a =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;

	if (a == MAP_FAILED)
		return err_set(err, IO_SYSTEM, "no memory to look up names");
	memcpy(a->hosts, hosts, n * sizeof(*hosts));
	status = run(a, n, wait_ns, as, err);
	for (size_t i = 0; i < n && status == 0; i++)
		take(&hosts[i], &a->hosts[i]);
	munmap(a, bytes);
	return status;
}
