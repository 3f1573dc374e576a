/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/clock.h"
#include "io/host/status.h"
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

int clock_key(struct draw_key *key, struct err *err)
{
	if (getentropy(key, sizeof(*key)) == 0)
		return 0;
	return err_set(err, IO_SYSTEM, "the kernel gives no random numbers: %s", strerror(errno));
}
