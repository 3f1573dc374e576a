/* SPDX-License-Identifier: BSD-2-Clause */
/* The endpoint of a build that has no metrics: every function says so. */
#include "io/host/status.h"
#include "io/serve/endpoint.h"

struct endpoint *endpoint_open(const struct addr *addr, uint16_t port, endpoint_answer *answer,
			       void *arg, struct err *err)
{
	(void)addr;
	(void)port;
	(void)answer;
	(void)arg;
	err_set(err, IO_USAGE,
		"this whoblocks has no metrics: it was built with WHOBLOCKS_METRICS=OFF");
	return NULL;
}

int endpoint_fd(const struct endpoint *e)
{
	(void)e;
	return -1;
}

int endpoint_wait_ms(const struct endpoint *e)
{
	(void)e;
	return -1;
}

void endpoint_step(struct endpoint *e)
{
	(void)e;
}

void endpoint_close(struct endpoint *e)
{
	(void)e;
}
