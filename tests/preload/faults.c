/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded into the program under test. FAULT_ALLOC=N: the Nth allocation and every one after it
 * that is divisible by it fails. FAULT_CLOCK=SECONDS: the clock is set by so much once 300 ms of
 * the run are over; steady clocks go on as they do.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define STEP_AFTER_NS 300000000L

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

static unsigned long count;
static long fail_at = -1;

static int fails(void)
{
	if (fail_at < 0) {
		const char *text = getenv("FAULT_ALLOC");

		fail_at = text ? atol(text) : 0;
	}
	if (fail_at == 0 || ++count % (unsigned long)fail_at != 0)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

static long long steady(void)
{
	struct timespec ts;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
	return (long long)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	static long long first;
	const char *step = getenv("FAULT_CLOCK");
	int result = (int)syscall(SYS_clock_gettime, clock, ts);

	if (!first)
		first = steady();
	if (clock == CLOCK_REALTIME && step && steady() - first > STEP_AFTER_NS)
		ts->tv_sec += atol(step);
	return result;
}
