/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/clock.h"
#include "io/host/status.h"
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

int64_t clock_boot_ns(void)
{
	struct timespec ts = {0};

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int clock_key(struct draw_key *key, struct err *err)
{
	/* Up to 256 bytes are never cut short by a signal. */
	if (getrandom(key, sizeof(*key), 0) == (ssize_t)sizeof(*key))
		return 0;
	return err_set(err, IO_SYSTEM, "the kernel gives no random numbers: %s", strerror(errno));
}
