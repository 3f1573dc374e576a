/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/reverse.h"
#include "io/host/clock.h"
#include "io/host/status.h"
#include "io/names/resolver.h"
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TRY_MS	  700
#define TRIES	  2
#define NS_PER_MS 1000000

struct entry {
	struct reverse *reverse;
	struct addr addr;
	char *name; /* NULL: none so far */
};

struct reverse {
	struct resolver *resolver;
	size_t n, pending;
	struct entry entries[REVERSE_MAX];
};

struct reverse *reverse_open(struct err *err)
{
	struct reverse *r = calloc(1, sizeof(*r));

	if (!r) {
		err_set(err, IO_SYSTEM, "no memory to look up names");
		return NULL;
	}
	r->resolver = resolver_open(TRY_MS, TRIES, "cannot look up names", err);
	if (r->resolver)
		return r;
	free(r);
	return NULL;
}

static void on_name(void *arg, int status, int timeouts, struct hostent *found)
{
	struct entry *entry = arg;

	(void)timeouts;
	entry->reverse->pending--;
	if (status == ARES_SUCCESS && found && found->h_name && !entry->name)
		entry->name = strdup(found->h_name);
}

void reverse_ask(struct reverse *r, const struct addr *addr)
{
	struct entry *entry;

	if (r->n == REVERSE_MAX || !addr_is_set(addr))
		return;
	for (size_t i = 0; i < r->n; i++) {
		if (addr_equal(&r->entries[i].addr, addr))
			return;
	}
	entry = &r->entries[r->n++];
	*entry = (struct entry){.reverse = r, .addr = *addr};
	r->pending++;
	ares_gethostbyaddr(resolver_channel(r->resolver), entry->addr.b, addr->family == 4 ? 4 : 16,
			   addr->family == 4 ? AF_INET : AF_INET6, on_name, entry);
}

void reverse_step(struct reverse *r, int64_t wait_ns)
{
	int64_t end_ns = clock_mono_ns() + wait_ns;

	while (r->pending > 0) {
		int64_t left_ns = end_ns - clock_mono_ns();

		/* Short waits: the resolver's own times are looked at in between. */
		resolver_work(r->resolver, left_ns > 20 * NS_PER_MS ? 20 : left_ns > 0 ? 1 : 0);
		if (left_ns <= 0)
			return;
	}
}

size_t reverse_asked(const struct reverse *r)
{
	return r->n;
}

const char *reverse_next(const struct reverse *r, size_t *at, struct addr *addr)
{
	while (*at < r->n) {
		const struct entry *entry = &r->entries[(*at)++];

		if (entry->name) {
			*addr = entry->addr;
			return entry->name;
		}
	}
	return NULL;
}

void reverse_close(struct reverse *r)
{
	if (!r)
		return;
	/* Pending questions call back here, while the entries still stand. */
	resolver_close(r->resolver);
	for (size_t i = 0; i < r->n; i++)
		free(r->entries[i].name);
	free(r);
}
