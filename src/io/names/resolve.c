/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/resolve.h"
#include "io/host/clock.h"
#include "io/host/sockaddr.h"
#include "io/host/status.h"
#include "io/names/resolver.h"
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define NS_PER_MS   1000000
#define TRY_MS	    700 /* so that a lost query is asked again within the usual wait */
#define TRIES	    3
#define POLL_MS_MAX 1000

/* One question to the resolver. */
struct lookup {
	struct resolve_host *host; /* gets the addresses */
	size_t *pending;
	int status;
};

/* Questions that are asked together. */
struct session {
	struct resolver *resolver;
	struct lookup *lookups; /* room for those to come */
	size_t pending;
};

/* Room for n questions and a resolver; 0, or -1 with *err and nothing to end. */
static int begin(struct session *session, size_t n, struct err *err)
{
	*session = (struct session){.lookups = calloc(n ? n : 1, sizeof(*session->lookups))};
	if (!session->lookups)
		return err_set(err, IO_SYSTEM, "no memory to look up names");
	session->resolver = resolver_open(TRY_MS, TRIES, "cannot look up names", err);
	if (session->resolver)
		return 0;
	free(session->lookups);
	return -1;
}

/* Lets the resolver work until all is answered or the time is over, and ends it. */
static void run(struct session *session, int64_t wait_ns)
{
	int64_t end_ns = clock_mono_ns() + wait_ns;

	while (session->pending > 0) {
		int64_t left_ms = (end_ns - clock_mono_ns()) / NS_PER_MS;

		if (left_ms <= 0)
			break;
		resolver_work(session->resolver,
			      left_ms < POLL_MS_MAX ? (int)left_ms : POLL_MS_MAX);
	}
	/* What is left calls back as cancelled. */
	ares_cancel(resolver_channel(session->resolver));
	resolver_close(session->resolver);
}

static bool has_family(const struct resolve_host *host, uint8_t family)
{
	for (size_t i = 0; i < host->addrs_n; i++) {
		if (host->addrs[i].family == family)
			return true;
	}
	return false;
}

static void add(struct resolve_host *host, const struct addr *addr)
{
	bool wanted = addr->family == 4 ? host->ipv4 : addr->family == 6 && host->ipv6;
	size_t at = host->addrs_n;

	if (!wanted || at == RESOLVE_ADDRS_MAX || (!host->all && has_family(host, addr->family)))
		return;
	for (size_t i = 0; i < at; i++) {
		if (addr_equal(&host->addrs[i], addr))
			return;
	}
	/* IPv4 stands first, whichever answer came first. */
	while (addr->family == 4 && at > 0 && host->addrs[at - 1].family == 6) {
		host->addrs[at] = host->addrs[at - 1];
		at--;
	}
	host->addrs[at] = *addr;
	host->addrs_n++;
}

static void on_addresses(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct lookup *l = arg;

	(void)timeouts;
	l->status = status;
	--*l->pending;
	if (!info)
		return;
	for (const struct ares_addrinfo_node *n = info->nodes; n; n = n->ai_next) {
		struct addr addr = sockaddr_addr(n->ai_addr);

		add(l->host, &addr);
	}
	ares_freeaddrinfo(info);
}

static enum resolve_outcome outcome_of(int status)
{
	switch (status) {
	case ARES_SUCCESS:
	case ARES_ENODATA:
	case ARES_ENOTFOUND:
	case ARES_EBADNAME:
		return RESOLVE_NONE;
	case ARES_ETIMEOUT:
	case ARES_ECANCELLED:
		return RESOLVE_LATE;
	default:
		return RESOLVE_FAILED;
	}
}

const char *resolve_phrase(enum resolve_outcome outcome)
{
	switch (outcome) {
	case RESOLVE_FOUND:
		return NULL;
	case RESOLVE_NONE:
		return "the resolver knows none";
	case RESOLVE_LATE:
		return "no answer in time";
	case RESOLVE_FAILED:
		return "no resolver answers";
	}
	return NULL;
}

/* A name that one family's answer denies and the other's delays is not denied. */
static void judge(const struct lookup *l)
{
	enum resolve_outcome outcome = outcome_of(l->status);

	if (l->host->addrs_n)
		outcome = RESOLVE_FOUND;
	else if (l->host->outcome == RESOLVE_LATE || outcome == RESOLVE_NONE)
		outcome = l->host->outcome;
	l->host->outcome = outcome;
	l->host->why = resolve_phrase(outcome);
}

static void ask(struct session *session, struct lookup *l, struct resolve_host *host, int family)
{
	const struct ares_addrinfo_hints hints = {.ai_flags = ARES_AI_NOSORT, .ai_family = family};

	*l = (struct lookup){.host = host, .pending = &session->pending};
	session->pending++;
	ares_getaddrinfo(resolver_channel(session->resolver), host->name, NULL, &hints,
			 on_addresses, l);
}

/* Resets the answer; whether the name is an address already. */
static bool is_numeric(struct resolve_host *host)
{
	struct addr addr;

	host->addrs_n = 0;
	host->outcome = RESOLVE_NONE;
	host->why = resolve_phrase(RESOLVE_NONE);
	if (!addr_parse(host->name, &addr))
		return false;
	add(host, &addr);
	if (host->addrs_n) {
		host->outcome = RESOLVE_FOUND;
		host->why = NULL;
	} else {
		host->why = "it is an address of the other family";
	}
	return true;
}

int resolve_hosts(struct resolve_host *hosts, size_t n, int64_t wait_ns, struct err *err)
{
	struct session session;
	size_t asked = 0;

	/* One question a family, so that a family without an answer takes nothing from the other.
	 */
	if (begin(&session, 2 * n, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (is_numeric(&hosts[i]))
			continue;
		if (hosts[i].ipv4)
			ask(&session, &session.lookups[asked++], &hosts[i], AF_INET);
		if (hosts[i].ipv6)
			ask(&session, &session.lookups[asked++], &hosts[i], AF_INET6);
	}
	run(&session, wait_ns);
	for (size_t i = 0; i < asked; i++)
		judge(&session.lookups[i]);
	free(session.lookups);
	return 0;
}
