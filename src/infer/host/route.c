/* SPDX-License-Identifier: BSD-2-Clause */
/* Routing rules of this host that look at the port. */
#include "infer/host/local.h"
#include "infer/host/signs.h"

/* Whether the routing tables treat the port under test otherwise than the control port. */
static bool routes_differ(const struct local_case *c, size_t user, struct local_finding *out)
{
	const struct flow_route *t = signs_route(c->path, c->path->target.port, &c->users[user]);
	const struct flow_route *k = signs_route(c->path, c->path->control.port, &c->users[user]);
	if (!t || !k || (t->error == k->error && t->ifindex == k->ifindex))
		return false;
	out->error = t->error;
	out->interface = t->error || !*t->interface ? NULL : t->interface;
	return true;
}

/* A connection that leaves by another device than the raw SYNs, which are answered. */
static bool leaves_apart(const struct local_case *c, const struct sign_try *try)
{
	if (try->end != SIGN_HANGS || !try->syn || try->answered || try->lossy)
		return false;
	PATH_EACH_PROBE_TO(c->path, c->path->target.port, p)
	{
		if (p->kind != PROBE_RAW)
			continue;
		PATH_EACH_REPLY(c->path->trace, p, r)
		{
			if (r->kind == REPLY_SYNACK && p->ifindex != try->syn->ifindex)
				return true;
		}
	}
	return false;
}

/* What a rule may say by itself, or a line without neighbours: no reject rule was needed. */
static bool is_unreachable(const struct local_case *c, const struct sign_try *try)
{
	bool v6 = c->path->trace->servers[c->path->server].addr.family == 6;
	if (!try->errors)
		return true;
	return v6 ? try->icmp_code == 0 || try->icmp_code == 3 : try->icmp_code <= 1;
}

bool local_policy_route(const struct local_case *c, struct local_finding *out)
{
	out->mechanism = MECHANISM_POLICY_ROUTE;
	out->hook = HOOK_ROUTE;
	out->action = FILTER_ROUTE;
	for (size_t u = 0; u < c->users_n; u++) {
		const struct sign_try *try = &c->target[u];
		if (!signs_passes(&c->control[u]))
			continue;
		if (leaves_apart(c, try))
			return routes_differ(c, u, out) || true;
		if (signs_fails_here(try) && !try->resets && is_unreachable(c, try) &&
		    routes_differ(c, u, out))
			return true;
	}
	return false;
}
