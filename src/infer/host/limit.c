/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/host/limit.h"
#include "infer/numbers.h"
#include <errno.h>

/* Whether both servers are asked on one port in one family: one rule would hit both. */
static bool is_alike(const struct trace *t, size_t s, uint32_t other, uint16_t port)
{
	return other < t->servers_n && port == t->servers[s].port &&
	       t->servers[other].addr.family == t->servers[s].addr.family;
}

/* When the first SYN of the raw socket was refused; how many were. INT64_MAX: none. */
static int64_t first_refusal(const struct trace *t, size_t s, unsigned *n)
{
	int64_t first = INT64_MAX;
	*n = 0;
	for (size_t i = 0; i < t->send_errors_n; i++) {
		const struct send_error *e = &t->send_errors[i];
		if (e->kind != PROBE_RAW || e->error != EPERM ||
		    !is_alike(t, s, e->server, e->port))
			continue;
		first = e->at_ns < first ? e->at_ns : first;
		(*n)++;
	}
	return first;
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

/* Whether SYNs to the port that is compared were refused as well: such a limit is on any port. */
static bool hits_control(const struct path *path)
{
	const struct trace *t = path->trace;
	unsigned n = 0;
	for (size_t i = 0; i < t->send_errors_n; i++) {
		const struct send_error *e = &t->send_errors[i];
		n += e->kind == PROBE_RAW && e->error == EPERM && e->port == path->control.port &&
		     is_alike(t, path->server, e->server, t->servers[path->server].port);
	}
	return n >= TELLS_LEAST;
}

bool limit_used_up(const struct path *path)
{
	const struct trace *t = path->trace;
	size_t s = path->server;
	unsigned refused;
	bool both = false;
	int64_t first = first_refusal(t, s, &refused);
	if (refused < TELLS_LEAST || hits_control(path))
		return false;
	for (size_t i = 0; i < t->probes_n; i++) {
		const struct probe *p = &t->probes[i];
		if (p->kind == PROBE_LINK || !is_alike(t, s, p->server, p->dst_port))
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
