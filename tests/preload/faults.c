/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded into the program under test. FAULT_ALLOC=N: of the allocations that the program and the
 * libraries named below make, the Nth fails, the 2Nth, and so on; others are no concern of ours.
 * FAULT_CLOCK=SECONDS: the clock is set by so much once 300 ms of the run are over; steady clocks
 * go on as they do.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define STEP_AFTER_NS 300000000L

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

static unsigned long count;
static long fail_at = -1;

static int is_ours(const void *caller)
{
	static const char *const names[] = {"whoblocks", "libjansson", "libpcap", "libnet.",
					    "libcares"};
	Dl_info info;

	if (!dladdr(caller, &info) || !info.dli_fname)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strstr(info.dli_fname, names[i]))
			return 1;
	}
	return 0;
}

static int fails(const void *caller)
{
	if (fail_at < 0) {
		const char *text = getenv("FAULT_ALLOC");

		fail_at = text ? atol(text) : 0;
	}
	if (fail_at == 0 || !is_ours(caller) || ++count % (unsigned long)fail_at != 0)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
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
