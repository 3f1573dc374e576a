/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/clock.h"
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
