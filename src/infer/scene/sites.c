/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/sites.h"
#include "infer/numbers.h"
#include "infer/scene/owners.h"
#include <stdlib.h>

struct member {
	uint64_t prefix; /* family and first bytes of the address */
	uint32_t asn;	 /* 0: unknown */
	uint32_t server;
	uint32_t earlier; /* first server of the same network, or itself */
};

static uint64_t prefix_of(const struct trace *t, const struct addr *server)
{
	const struct addr plain = trace_plain(t, server), *addr = &plain;
	int n = addr->family == 6 ? PREFIX6_BYTES : PREFIX4_BYTES;
	uint64_t prefix = addr->family;
	for (int i = 0; i < n; i++)
		prefix = prefix << 8 | addr->b[i];
	return prefix;
}

static int in_order(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int by_asn(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	return x->asn != y->asn ? in_order(x->asn, y->asn) : in_order(x->server, y->server);
}

static int by_prefix(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return in_order(x->server, y->server);
}

static void meet(struct member *m, uint32_t earlier)
{
	if (earlier < m->earlier)
		m->earlier = earlier;
}

static void meet_by_asn(struct member *members, size_t n)
{
	uint32_t first = 0;
	qsort(members, n, sizeof(*members), by_asn);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || members[i].asn != members[i - 1].asn)
			first = members[i].server;
		if (members[i].asn)
			meet(&members[i], first);
	}
}

/* Where an AS is unknown the prefix tells: two known ones that differ are two networks. */
static void meet_by_prefix(struct member *members, size_t n)
{
	uint32_t first = 0, first_unknown = TRACE_NONE;
	qsort(members, n, sizeof(*members), by_prefix);
	for (size_t i = 0; i < n; i++) {
		struct member *m = &members[i];
		if (i == 0 || m->prefix != members[i - 1].prefix) {
			first = m->server;
			first_unknown = TRACE_NONE;
		}
		if (!m->asn && first_unknown == TRACE_NONE)
			first_unknown = m->server;
		meet(m, m->asn ? first_unknown : first);
	}
}

int sites_number(const struct trace *t, uint32_t *sites)
{
	size_t n = t->servers_n;
	struct member *members = calloc(n ? n : 1, sizeof(*members));
	if (!members)
		return -1;
	for (uint32_t s = 0; s < n; s++)
		members[s] = (struct member){
			.prefix = prefix_of(t, &t->servers[s].addr),
			.asn = roles_server_asn(t, &t->servers[s]),
			.server = s,
			.earlier = s,
		};
	meet_by_asn(members, n);
	meet_by_prefix(members, n);
	for (size_t i = 0; i < n; i++)
		sites[members[i].server] = members[i].earlier;
	/* The first one's own may be another's: numbers are those of the very first. */
	for (uint32_t s = 0; s < n; s++)
		sites[s] = sites[sites[s]];
	free(members);
	return 0;
}
