/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded into the program under test: its clocks are moved while it runs. CLOCKS names a file of
 * three numbers of 64 bits, in nanoseconds, which may change at any time: what the wall clock, the
 * clock that stands still while the machine sleeps, and the clock since its start are ahead by.
 * Timers by that last clock go off by the clock as it is moved; one that waits is set anew only by
 * the program, as when a machine wakes.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS INT64_C(1000000000)

enum { WALL, STEADY, BOOT, CLOCKS };

static const volatile int64_t *ahead;

__attribute__((constructor)) static void map(void)
{
	const char *path = getenv("CLOCKS");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *at = fd >= 0 ? mmap(NULL, CLOCKS * sizeof(*ahead), PROT_READ, MAP_SHARED, fd, 0)
			   : MAP_FAILED;

	if (at == MAP_FAILED)
		abort();
	ahead = at;
	close(fd);
}

static void move(struct timespec *ts, int64_t by_ns)
{
	int64_t ns = (int64_t)ts->tv_sec * SECOND_NS + ts->tv_nsec + by_ns;

	ts->tv_sec = ns / SECOND_NS;
	ts->tv_nsec = ns % SECOND_NS;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	int result = (int)syscall(SYS_clock_gettime, clock, ts);

	if (clock == CLOCK_REALTIME)
		move(ts, ahead[WALL]);
	else if (clock == CLOCK_MONOTONIC)
		move(ts, ahead[STEADY]);
	else if (clock == CLOCK_BOOTTIME)
		move(ts, ahead[BOOT]);
	return result;
}

/* The program sets timers at a time by the clock since the machine's start alone. */
int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	struct itimerspec moved = *new;

	if (flags & TFD_TIMER_ABSTIME) {
		move(&moved.it_value, -ahead[BOOT]);
		/* What is over already goes off at once; zero would mean never. */
		if (moved.it_value.tv_sec < 0)
			moved.it_value = (struct timespec){.tv_nsec = 1};
	}
	return (int)syscall(SYS_timerfd_settime, fd, flags, &moved, old);
}
