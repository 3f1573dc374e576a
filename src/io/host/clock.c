/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/clock.h"
#include "io/host/status.h"
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static int64_t now_ns(clockid_t clock)
{
	struct timespec ts = {0};

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t clock_real_ns(void)
{
	return now_ns(CLOCK_REALTIME);
}

int64_t clock_mono_ns(void)
{
	return now_ns(CLOCK_MONOTONIC);
}

int64_t clock_boot_ns(void)
{
	return now_ns(CLOCK_BOOTTIME);
}

int clock_key(struct draw_key *key, struct err *err)
{
	/* Up to 256 bytes are never cut short by a signal. */
	if (getrandom(key, sizeof(*key), 0) == (ssize_t)sizeof(*key))
		return 0;
	return err_set(err, IO_SYSTEM, "the kernel gives no random numbers: %s", strerror(errno));
}
