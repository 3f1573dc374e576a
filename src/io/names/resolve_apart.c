/* SPDX-License-Identifier: BSD-2-Clause */
/* Names looked up by a process that has nothing to lose: what it reads comes from strangers. */
#include "io/host/apart.h"
#include "io/host/status.h"
#include "io/names/resolve.h"
#include <stdlib.h>
#include <string.h>

/* What the process is told, and what it leaves: nothing in it is trusted. */
struct apart {
	int32_t status;
	size_t n;
	int64_t wait_ns;
	struct resolve_host hosts[];
};

static void look_up(void *shared)
{
	struct apart *a = shared;
	struct err err;

	a->status = resolve_hosts(a->hosts, a->n, a->wait_ns, &err) == 0 ? 0 : err.code;
}

/* Takes over an answer as far as it can be one. */
static void take(struct resolve_host *to, const struct resolve_host *from)
{
	to->outcome = from->outcome <= RESOLVE_FAILED ? from->outcome : RESOLVE_FAILED;
	to->addrs_n = 0;
	for (size_t i = 0; i < from->addrs_n && i < RESOLVE_ADDRS_MAX; i++) {
		const struct addr *addr = &from->addrs[i];

		if ((addr->family == 4 && to->ipv4) || (addr->family == 6 && to->ipv6))
			to->addrs[to->addrs_n++] = *addr;
	}
	if (to->addrs_n == 0 && to->outcome == RESOLVE_FOUND)
		to->outcome = RESOLVE_NONE;
	to->why = resolve_phrase(to->outcome);
}

int resolve_hosts_apart(struct resolve_host *hosts, size_t n, int64_t wait_ns,
			const struct caller *as, struct err *err)
{
	size_t bytes = sizeof(struct apart) + n * sizeof(*hosts);
	struct apart *a = apart_memory(bytes);

	if (!a)
		return err_set(err, IO_SYSTEM, "no memory to look up names");
	*a = (struct apart){.status = IO_SYSTEM, .n = n, .wait_ns = wait_ns};
	memcpy(a->hosts, hosts, n * sizeof(*hosts));
	bool done = apart_run(look_up, a, wait_ns, as) == 0 && a->status == 0;
	for (size_t i = 0; i < n && done; i++)
		take(&hosts[i], &a->hosts[i]);
	apart_free(a, bytes);
	return done ? 0
		    : err_set(err, IO_SYSTEM, "names cannot be looked up: no resolver works here");
}
