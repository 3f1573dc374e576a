/* SPDX-License-Identifier: BSD-2-Clause */
/* A build that measures nothing asks nobody for the owners of routers. */
#include "io/host/status.h"
#include "io/names/owners_dns.h"

struct owners_dns *owners_dns_open(const char *zone, struct err *err)
{
	err_set(err, IO_USAGE,
		"'%s' is not asked: this whoblocks was built with WHOBLOCKS_LIVE=OFF", zone);
	return NULL;
}

void owners_dns_ask(struct owners_dns *d, const struct addr *addr)
{
	(void)d;
	(void)addr;
}

void owners_dns_step(struct owners_dns *d, int64_t wait_ns)
{
	(void)d;
	(void)wait_ns;
}

size_t owners_dns_asked(const struct owners_dns *d)
{
	(void)d;
	return 0;
}

bool owners_dns_next(const struct owners_dns *d, size_t *at, struct owner *out)
{
	(void)d;
	(void)at;
	(void)out;
	return false;
}

void owners_dns_close(struct owners_dns *d)
{
	(void)d;
}
