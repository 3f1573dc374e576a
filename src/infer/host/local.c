/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/host/local.h"
#include "infer/host/signs.h"
#include "infer/numbers.h"
#include <errno.h>

/* The control port is answered, and this host lets every SYN to it go. */
static bool control_passes(const struct local_case *c)
{
	const struct sign_raw *raw = &c->raw_control;
	return c->path->control.port && path_reaching(c->path, &c->path->control).reached &&
	       !raw->denied && !raw->swallowed && !raw->elsewhere;
}

/* The answer arrives at the device and the kernel never takes it. */
static bool misses_answer(const struct sign_try *try)
{
	return try->end == SIGN_HANGS && try->syn && try->answered && !try->reached;
}

/* Raw SYNs to the control port pass, and those to the port under test fare all alike: no limit of
 * the host's own hits packets at random. */
static bool is_steady(const struct local_case *c)
{
	const struct sign_raw *t = &c->raw_target, *k = &c->raw_control;
	return !k->denied && !k->swallowed && (!t->left || !(t->denied + t->swallowed));
}

/* The first user for whom the target fails as told, while the control passes; -1: nobody. */
static int find_user(const struct local_case *c, bool (*fails)(const struct sign_try *))
{
	for (size_t u = 0; u < c->users_n; u++) {
		if (fails(&c->target[u]) && signs_passes(&c->control[u]))
			return (int)u;
	}
	return -1;
}

static void blame_user(const struct local_case *c, int user, struct local_finding *out)
{
	const struct sign_try *try = &c->target[user];
	out->error = try->end == SIGN_FAILED ? try->connect->error : 0;
	out->icmp_type = try->icmp_type;
	out->icmp_code = try->icmp_code;
}

static bool is_table_full(const struct local_case *c, struct local_finding *out)
{
	int64_t most = trace_counter(c->path->trace, "conntrack-max");
	int64_t now = trace_counter(c->path->trace, "conntrack-count");
	out->state = STATE_UNKNOWN;
	out->mechanism = MECHANISM_UNKNOWN;
	out->error = EPERM;
	return c->raw_target.denied + c->raw_control.denied > 0 && most > 0 &&
	       now * 10 >= most * TABLE_FULL_TENTHS;
}

/*
 * Its SYNs to the port leave for somebody else, or come back to this host: they were seen on their
 * way, so that it needs no control, which a rule for every port takes as well.
 */
static bool is_redirected(const struct local_case *c, struct local_finding *out)
{
	out->state = STATE_INTERCEPTED;
	out->mechanism = MECHANISM_REDIRECT;
	out->beyond_by_link = true;
	out->hook = HOOK_NAT;
	out->action = FILTER_REDIRECT;
	for (size_t u = 0; u < c->users_n; u++) {
		const struct sign_try *try = &c->target[u];
		if (!try->elsewhere)
			continue;
		out->to = try->other;
		out->to_port = try->other_port;
		return true;
	}
	out->to = c->raw_target.other;
	out->to_port = c->raw_target.other_port;
	return c->raw_target.elsewhere > 0 && c->raw_target.left == 0;
}

/* A rule that looks at the user: root alone may pass, or root alone may not. */
static bool is_owner_rule(const struct local_case *c, struct local_finding *out)
{
	int failing = find_user(c, signs_fails_here);
	out->by_owner = true;
	out->hook = HOOK_OUTPUT;
	if (failing < 0 || !is_steady(c))
		return false;
	for (size_t u = 0; u < c->users_n; u++) {
		if (!signs_passes(&c->target[u]))
			continue;
		const struct sign_try *try = &c->target[failing];
		out->user = &c->users[failing];
		out->other = &c->users[u];
		out->mechanism = try->resets   ? MECHANISM_TCP_RESET
				 : try->errors ? MECHANISM_ICMP_REJECT
					       : MECHANISM_SILENT_DROP;
		out->action = try->resets   ? FILTER_RESET
			      : try->errors ? FILTER_REJECT
					    : FILTER_DROP;
		out->beyond_by_link = c->raw_target.left == 0;
		blame_user(c, failing, out);
		return true;
	}
	return false;
}

/* The raw socket is refused again and again, on this port alone, and nobody connects. */
static bool is_refused(const struct local_case *c)
{
	for (size_t u = 0; u < c->users_n; u++) {
		if (signs_passes(&c->target[u]) || c->target[u].end == SIGN_WAITING)
			return false;
	}
	return c->raw_target.left == 0 && c->raw_target.denied >= TELLS_LEAST && control_passes(c);
}

static bool any_try(const struct local_case *c, bool resets)
{
	for (size_t u = 0; u < c->users_n; u++) {
		if (resets ? c->target[u].resets : c->target[u].errors)
			return true;
	}
	return false;
}

static bool is_reset(const struct local_case *c, struct local_finding *out)
{
	out->mechanism = MECHANISM_TCP_RESET;
	out->action = FILTER_RESET;
	out->beyond_by_link = true;
	out->error = EPERM;
	return is_refused(c) && (c->raw_target.resets || any_try(c, true));
}

static bool is_rejected(const struct local_case *c, struct local_finding *out)
{
	out->mechanism = MECHANISM_ICMP_REJECT;
	out->action = FILTER_REJECT;
	out->beyond_by_link = true;
	out->error = EPERM;
	out->icmp_type = c->raw_target.icmp_type;
	out->icmp_code = c->raw_target.icmp_code;
	return is_refused(c) && (c->raw_target.errors || any_try(c, false));
}

static bool is_dropped(const struct local_case *c, struct local_finding *out)
{
	out->mechanism = MECHANISM_SILENT_DROP;
	out->action = FILTER_DROP;
	out->beyond_by_link = true;
	out->error = EPERM;
	return is_refused(c);
}

/* The IP layer let them go, and no device ever showed them. */
static bool is_swallowed(const struct local_case *c, struct local_finding *out)
{
	out->mechanism = MECHANISM_SILENT_DROP;
	out->hook = HOOK_EGRESS;
	out->action = FILTER_DROP;
	out->beyond_by_link = true;
	for (size_t u = 0; u < c->users_n; u++) {
		if (signs_passes(&c->target[u]))
			return false;
	}
	return c->raw_target.left == 0 && c->raw_target.denied == 0 &&
	       c->raw_target.swallowed >= TELLS_LEAST && control_passes(c) &&
	       !signs_others_swallowed(c->path);
}

/* The first user whom no answer of the server reaches, whatever the port, as where its address is
 * banned; -1: nobody. */
static int find_deaf(const struct local_case *c)
{
	for (size_t u = 0; u < c->users_n; u++) {
		if (misses_answer(&c->target[u]) && misses_answer(&c->control[u]))
			return (int)u;
	}
	return -1;
}

/* A user's SYN is answered on the device, and the kernel never hears of it. */
static bool is_input_drop(const struct local_case *c, struct local_finding *out)
{
	int user = find_user(c, misses_answer);
	if (user < 0) {
		user = find_deaf(c);
		out->deaf = true;
	}
	out->mechanism = MECHANISM_RETURN_DROP;
	out->hook = HOOK_INPUT;
	out->action = FILTER_DROP;
	/* An answer that was damaged on its way is dropped by any host. */
	if (user < 0 || trace_counter(c->path->trace, "bad-checksums") > 0)
		return false;
	const struct probe *p = c->target[user].syn;
	out->frames[out->frames_n++] = (struct frame_ref){p->file, p->frame};
	PATH_EACH_REPLY(c->path->trace, p, r)
	{
		if (r->kind == REPLY_SYNACK && out->frames_n < 4)
			out->frames[out->frames_n++] = (struct frame_ref){r->file, r->frame};
	}
	return true;
}

/* No packet at all, and an answer at once: somebody stands before the IP layer. */
static bool is_denied(const struct local_case *c, struct local_finding *out)
{
	int user = find_user(c, signs_fails_here);
	out->mechanism = MECHANISM_UNKNOWN;
	/* Of what can do this, IPsec policies alone can be read. */
	out->hook = HOOK_ROUTE;
	out->action = FILTER_DROP;
	if (user < 0)
		return false;
	const struct sign_try *try = &c->target[user];
	blame_user(c, user, out);
	return try->end == SIGN_FAILED && try->connect->took_ns < REFUSED_AT_ONCE_NS &&
	       !try->resets && !try->errors && (out->error == EPERM || out->error == EACCES);
}

/* The kernel's own SYNs never leave although the raw socket's do. */
static bool is_dropped_alone(const struct local_case *c, struct local_finding *out)
{
	int user = find_user(c, signs_fails_here);
	out->action = FILTER_DROP;
	out->mechanism = MECHANISM_SILENT_DROP;
	if (user < 0 || !is_steady(c) || c->raw_target.left == 0)
		return false;
	const struct sign_try *try = &c->target[user];
	blame_user(c, user, out);
	if (try->resets || try->errors) {
		out->mechanism = try->resets ? MECHANISM_TCP_RESET : MECHANISM_ICMP_REJECT;
		out->action = try->resets ? FILTER_RESET : FILTER_REJECT;
		out->kind = try->resets ? LOCAL_RESET : LOCAL_REJECT;
	}
	return true;
}

const char *local_name(enum local_kind kind)
{
	static const char *const names[] = {
		[LOCAL_TABLE_FULL] = "conntrack-full", [LOCAL_REDIRECT] = "local-redirect",
		[LOCAL_OWNER_RULE] = "owner-rule",     [LOCAL_RESET] = "output-reject-reset",
		[LOCAL_REJECT] = "output-reject-icmp", [LOCAL_DROP] = "output-drop",
		[LOCAL_EGRESS_DROP] = "egress-drop",   [LOCAL_INPUT_DROP] = "input-drop",
		[LOCAL_POLICY_ROUTE] = "policy-route", [LOCAL_DENIED] = "connect-denied",
		[LOCAL_LIMIT] = "output-limit",	       [LOCAL_CONTROLS] = "controls-denied",
		[LOCAL_QUEUE] = "queue-drop",
	};
	return names[kind];
}

static const struct local_rule table[] = {
	{LOCAL_TABLE_FULL, is_table_full},
	{LOCAL_REDIRECT, is_redirected},
	{LOCAL_OWNER_RULE, is_owner_rule},
	{LOCAL_RESET, is_reset},
	{LOCAL_REJECT, is_rejected},
	{LOCAL_DROP, is_dropped},
	{LOCAL_EGRESS_DROP, is_swallowed},
	{LOCAL_INPUT_DROP, is_input_drop},
	{LOCAL_POLICY_ROUTE, local_policy_route},
	{LOCAL_DENIED, is_denied},
	{LOCAL_DROP, is_dropped_alone},
	{LOCAL_QUEUE, local_queue},
};

const struct local_rule *local_rules(size_t *n)
{
	*n = sizeof(table) / sizeof(*table);
	return table;
}
