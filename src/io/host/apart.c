/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/apart.h"
#include "io/host/clock.h"
#include "io/host/landlock.h"
#include "io/host/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SPARE_NS  (1000 * INT64_C(1000000)) /* for the process to begin and to end */
#define NS_PER_MS 1000000

void *apart_memory(size_t bytes)
{
	void *shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return shared == MAP_FAILED ? NULL : shared;
}

void apart_free(void *shared, size_t bytes)
{
	munmap(shared, bytes);
}

static _Noreturn void work_apart(apart_work *work, void *shared, const struct caller *as)
{
	struct err err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Who cannot become somebody else is held to what everybody reads. */
	if (privilege_drop(as, &err) != 0 &&
	    (privilege_forgo(&err) != 0 || landlock_reads(&(struct landlock_paths){0}, &err) != 0))
		_exit(0);
	if (sandbox_enter(SANDBOX_LIVE, &err) == 0)
		work(shared);
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

int apart_run(apart_work *work, void *shared, int64_t wait_ns, const struct caller *as)
{
	int line[2];
	pid_t pid;

	if (pipe2(line, O_CLOEXEC) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(line[0]);
		work_apart(work, shared, as);
	}
	close(line[1]);
	if (pid > 0)
		wait_for(pid, line[0], wait_ns);
	close(line[0]);
	return pid < 0 ? -1 : 0;
}
