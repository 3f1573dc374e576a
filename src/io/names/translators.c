/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/translators.h"
#include "io/host/sockaddr.h"
#include "io/host/status.h"
#include "io/names/resolver.h"
#include <stdlib.h>
#include <sys/socket.h>

#define TRY_MS 700
#define TRIES  2

static const char asked_name[] = "ipv4only.arpa";

struct translators {
	struct resolver *resolver;
	bool asked, pending;
	struct prefix prefixes[TRANSLATORS_MAX];
	size_t n;
};

struct translators *translators_open(struct err *err)
{
	struct translators *t = calloc(1, sizeof(*t));

	if (!t) {
		err_set(err, IO_SYSTEM, "no memory to look for address translators");
		return NULL;
	}
	t->resolver = resolver_open(TRY_MS, TRIES, "cannot look for address translators", err);
	if (t->resolver)
		return t;
	free(t);
	return NULL;
}

static void add(struct translators *t, const struct prefix *prefix)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->prefixes[i].len == prefix->len &&
		    addr_equal(&t->prefixes[i].addr, &prefix->addr))
			return;
	}
	if (t->n < TRANSLATORS_MAX)
		t->prefixes[t->n++] = *prefix;
}

static void on_addresses(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct translators *t = arg;

	(void)status;
	(void)timeouts;
	t->pending = false;
	if (!info)
		return;
	for (const struct ares_addrinfo_node *n = info->nodes; n; n = n->ai_next) {
		struct addr addr = sockaddr_addr(n->ai_addr);
		struct prefix prefix;

		if (prefix_of_translator(&addr, &prefix))
			add(t, &prefix);
	}
	ares_freeaddrinfo(info);
}

void translators_step(struct translators *t, int wait_ms)
{
	const struct ares_addrinfo_hints hints = {.ai_flags = ARES_AI_NOSORT,
						  .ai_family = AF_INET6};

	if (!t->asked) {
		t->asked = t->pending = true;
		ares_getaddrinfo(resolver_channel(t->resolver), asked_name, NULL, &hints,
				 on_addresses, t);
	}
	if (t->pending)
		resolver_work(t->resolver, wait_ms);
}

bool translators_asked(const struct translators *t)
{
	return t->asked;
}

bool translators_next(const struct translators *t, size_t *at, struct prefix *out)
{
	if (*at >= t->n)
		return false;
	*out = t->prefixes[(*at)++];
	return true;
}

void translators_close(struct translators *t)
{
	if (!t)
		return;
	/* A pending question calls back here. */
	resolver_close(t->resolver);
	free(t);
}
