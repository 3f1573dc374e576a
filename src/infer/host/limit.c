/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/host/limit.h"
#include "infer/numbers.h"
#include <errno.h>

/* Whether both servers are of one family: one rule for a port would hit both. */
static bool is_alike(const struct trace *t, size_t s, uint32_t other)
{
	return other < t->servers_n && t->servers[other].addr.family == t->servers[s].addr.family;
}

/* How many SYNs of the raw socket to a port in the family of server s were refused, and when the
 * first was; INT64_MAX: none. */
static unsigned count_refusals(const struct trace *t, size_t s, uint16_t port, int64_t *first)
{
	unsigned n = 0;
	*first = INT64_MAX;
	for (size_t i = 0; i < t->send_errors_n; i++) {
		const struct send_error *e = &t->send_errors[i];
		if (e->kind != PROBE_RAW || e->error != EPERM || e->port != port ||
		    !is_alike(t, s, e->server))
			continue;
		*first = e->at_ns < *first ? e->at_ns : *first;
		n++;
	}
	return n;
}

/* Whether SYNs of the raw socket to this server were refused: a rule for other addresses, or for
 * another user's, refuses none where some pass. */
static bool is_refused(const struct trace *t, const struct probe *p)
{
	for (size_t i = 0; i < t->send_errors_n; i++) {
		const struct send_error *e = &t->send_errors[i];
		if (e->kind == PROBE_RAW && e->error == EPERM && e->server < t->servers_n &&
		    e->port == p->dst_port && t->servers[e->server].peer == p->server)
			return true;
	}
	return false;
}

bool limit_used_up(const struct path *path)
{
	const struct trace *t = path->trace;
	size_t s = path->server;
	bool both = false;
	int64_t first, of_control;
	/* A limit that hits the control as well is none of the port. */
	if (count_refusals(t, s, t->servers[s].port, &first) < TELLS_LEAST ||
	    count_refusals(t, s, path->control.port, &of_control) >= TELLS_LEAST)
		return false;
	for (size_t i = 0; i < t->probes_n; i++) {
		const struct probe *p = &t->probes[i];
		if (p->kind == PROBE_LINK || p->dst_port != t->servers[s].port ||
		    !is_alike(t, s, p->server))
			continue;
		/* What still passes shows that it is no limit, or one that others use up. */
		if (p->at_ns - LIMIT_SLACK_NS > first)
			return false;
		both = both || (p->kind == PROBE_RAW && is_refused(t, p));
	}
	return both;
}

bool limit_forbids_controls(const struct path *path)
{
	struct sign_raw port = signs_raw(path, path->target.port);
	unsigned forbidden = 0;
	if (port.left == 0 || port.denied || path->target.at[0].synack)
		return false;
	for (size_t i = 1; i < path->ports_n; i++) {
		struct sign_raw control = signs_raw(path, path->ports[i].port);
		if (control.left)
			return false;
		forbidden += control.denied > 0;
	}
	return forbidden > 0;
}
