/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/host/signs.h"
#include "infer/host/local.h"
#include <errno.h>

static bool at_server(const struct path *path, uint32_t server)
{
	const struct trace *t = path->trace;
	return server < t->servers_n && t->servers[server].peer == t->servers[path->server].peer;
}

static const struct addr *server_addr(const struct path *path)
{
	return &path->trace->servers[path->server].addr;
}

/* Where a SYN of this source port and sequence number went that never came by as sent. */
static bool find_elsewhere(const struct trace *t, uint16_t src_port, const uint32_t *seq,
			   struct addr *other, uint16_t *other_port)
{
	for (size_t i = 0; i < t->strays_n; i++) {
		const struct stray *s = &t->strays[i];
		if (s->kind != STRAY_SYN || s->src_port != src_port || (seq && s->seq != *seq))
			continue;
		*other = s->other;
		*other_port = s->port;
		return true;
	}
	for (size_t i = t->probes_n; i > 0 && seq; i--) {
		const struct probe *p = &t->probes[i - 1];
		if (p->src_port != src_port || p->seq != *seq)
			continue;
		*other = t->servers[p->server].addr;
		*other_port = p->dst_port;
		return true;
	}
	return false;
}

/* SYNs that the kernel would not send, by why. */
static void count_errors(const struct path *path, uint16_t port, struct sign_raw *out)
{
	const struct trace *t = path->trace;
	for (size_t i = 0; i < t->send_errors_n; i++) {
		const struct send_error *e = &t->send_errors[i];
		if (e->kind != PROBE_RAW || e->port != port || !at_server(path, e->server))
			continue;
		if (e->error == EPERM)
			out->denied++;
		if (e->error == ENOBUFS)
			out->swallowed++;
	}
}

/* SYNs that the kernel took and no device showed: swallowed, or sent elsewhere. */
static void count_unseen(const struct path *path, uint16_t port, struct sign_raw *out)
{
	const struct trace *t = path->trace;
	for (size_t i = 0; i < t->unseen_n; i++) {
		const struct unseen *u = &t->unseen[i];
		if (u->kind != PROBE_RAW || u->port != port || !at_server(path, u->server) ||
		    !path_unseen(t, u))
			continue;
		if (find_elsewhere(t, u->src_port, &u->seq, &out->other, &out->other_port))
			out->elsewhere++;
		else
			out->swallowed++;
	}
}

bool signs_others_swallowed(const struct path *path)
{
	const struct trace *t = path->trace;
	uint16_t port = path->target.port;
	for (size_t i = 0; i < t->send_errors_n; i++) {
		const struct send_error *e = &t->send_errors[i];
		if (e->kind == PROBE_RAW && e->port != port && e->error == ENOBUFS)
			return true;
	}
	for (size_t i = 0; i < t->unseen_n; i++) {
		const struct unseen *u = &t->unseen[i];
		if (u->kind == PROBE_RAW && u->port != port && path_unseen(t, u))
			return true;
	}
	return false;
}

/* Packets on the loopback interface from the port range of `kind`, for SYNs that nobody saw. */
static bool is_sign(const struct path *path, const struct stray *s, uint16_t port)
{
	return s->kind != STRAY_SYN && s->port == port && at_server(path, s->server) &&
	       trace_find_probe(path->trace, server_addr(path), port, s->src_port, s->seq) ==
		       TRACE_NONE;
}

struct sign_raw signs_raw(const struct path *path, uint16_t port)
{
	const struct trace *t = path->trace;
	struct sign_raw out = {0};
	PATH_EACH_PROBE(path, p)
	out.left += p->kind == PROBE_RAW && p->dst_port == port;
	count_errors(path, port, &out);
	count_unseen(path, port, &out);
	for (size_t i = 0; i < t->strays_n; i++) {
		const struct stray *s = &t->strays[i];
		if (!is_sign(path, s, port) || trace_port_kind(t, s->src_port) != PROBE_RAW)
			continue;
		if (s->kind == STRAY_RESET) {
			out.resets++;
			continue;
		}
		out.errors++;
		out.icmp_type = s->icmp_type;
		out.icmp_code = s->icmp_code;
	}
	return out;
}

static enum sign_end end_of(const struct path *path, const struct connect_result *c)
{
	const struct trace *t = path->trace;
	int64_t waited = c->took_ns > 0 ? c->took_ns : t->last_ns - c->at_ns;
	if (c->error == ECANCELED)
		return SIGN_NONE;
	if (c->error == 0)
		return SIGN_OK;
	if (c->error != EINPROGRESS)
		return SIGN_FAILED;
	return waited >= path->wait_ns ? SIGN_HANGS : SIGN_WAITING;
}

static void look_at_syn(const struct path *path, struct sign_try *out)
{
	const struct trace *t = path->trace;
	const struct probe *p = out->syn;
	PATH_EACH_REPLY(t, p, r)
	{
		out->answered = out->answered || r->kind == REPLY_SYNACK;
		out->reached = out->reached || (r->kind == REPLY_RESET && r->ack_valid);
	}
	out->reached = out->reached || (out->answered && p->established);
}

/* Answers on the loopback interface to a connection, and where its SYN went instead. */
static void look_at_strays(const struct path *path, struct sign_try *out)
{
	const struct trace *t = path->trace;
	uint16_t src_port = out->connect->src_port;
	for (size_t i = 0; i < t->strays_n; i++) {
		const struct stray *s = &t->strays[i];
		if (s->src_port != src_port || !is_sign(path, s, out->connect->port))
			continue;
		out->resets = out->resets || s->kind == STRAY_RESET;
		if (s->kind != STRAY_ICMP)
			continue;
		out->errors = true;
		out->icmp_type = s->icmp_type;
		out->icmp_code = s->icmp_code;
	}
	out->elsewhere =
		!out->syn && find_elsewhere(t, src_port, NULL, &out->other, &out->other_port);
}

/* The newest try, or an earlier one that succeeded: among losses some fail. */
static const struct connect_result *best_connect(const struct path *path, uint16_t port,
						 const struct user *user)
{
	const struct trace *t = path->trace;
	const struct connect_result *best = NULL;
	for (size_t i = t->connects_n; i > 0; i--) {
		const struct connect_result *c = &t->connects[i - 1];
		bool ours = c->port == port && c->uid == user->uid && at_server(path, c->server);
		if (ours && c->error == 0)
			return c;
		if (ours && !best && end_of(path, c) != SIGN_NONE)
			best = c;
	}
	return best;
}

struct sign_try signs_try(const struct path *path, uint16_t port, const struct user *user)
{
	const struct trace *t = path->trace;
	struct sign_try out = {.connect = best_connect(path, port, user)};
	if (!out.connect)
		return out;
	out.end = end_of(path, out.connect);
	uint32_t at = trace_find_tuple(t, server_addr(path), port, out.connect->src_port);
	out.syn = at == TRACE_NONE ? NULL : &t->probes[at];
	if (out.syn)
		look_at_syn(path, &out);
	look_at_strays(path, &out);
	out.lossy = trace_lossy(t, out.connect->at_ns, out.connect->at_ns + path->wait_ns);
	return out;
}

struct sign_try signs_control(const struct path *path, const struct user *user)
{
	struct sign_try best = {0};
	if (path->control.port)
		best = signs_try(path, path->control.port, user);
	for (size_t i = 1; i < path->ports_n; i++) {
		struct sign_try other = signs_try(path, path->ports[i].port, user);
		if (!signs_passes(&best) && signs_passes(&other))
			best = other;
	}
	return best;
}

const struct flow_route *signs_route(const struct path *path, uint16_t port,
				     const struct user *user)
{
	const struct trace *t = path->trace;
	for (size_t i = 0; i < t->flow_routes_n; i++) {
		const struct flow_route *r = &t->flow_routes[i];
		if (r->port == port && r->uid == user->uid && at_server(path, r->server))
			return r;
	}
	return NULL;
}

bool signs_fails_here(const struct sign_try *try)
{
	bool fails = try->end == SIGN_FAILED || try->end == SIGN_HANGS;
	return fails && !try->lossy && !try->syn && !try->elsewhere;
}

bool signs_passes(const struct sign_try *try)
{
	return try->end == SIGN_OK || try->reached;
}
