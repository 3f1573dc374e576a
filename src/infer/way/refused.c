/* SPDX-License-Identifier: BSD-2-Clause */
/* SYNs that never left this host. */
#include "infer/numbers.h"
#include "infer/way/path.h"

bool path_unseen(const struct trace *t, const struct unseen *u)
{
	if (u->server >= t->servers_n || trace_lossy(t, u->at_ns, u->at_ns + SEEN_WITHIN_NS))
		return false;
	return trace_find_probe(t, &t->servers[u->server].addr, u->port, u->src_port, u->seq) ==
	       TRACE_NONE;
}

static void count(struct path *path, uint16_t port, uint8_t ttl)
{
	int slot = path_slot(path->trace, ttl);
	if (port == path->target.port)
		path->target.at[slot].refused++;
	if (port == path->control.port)
		path->control.at[slot].refused++;
	struct port_count *c = slot == 0 ? path_port(path, port) : NULL;
	if (c)
		c->full.refused++;
}

static bool of_path(const struct path *path, uint32_t server, enum probe_kind kind)
{
	const struct trace *t = path->trace;
	return server < t->servers_n && t->servers[server].peer == t->servers[path->server].peer &&
	       (kind == PROBE_LINK) == path->by_link;
}

void path_count_refused(struct path *path)
{
	const struct trace *t = path->trace;
	for (size_t i = 0; i < t->send_errors_n; i++) {
		const struct send_error *e = &t->send_errors[i];
		if (of_path(path, e->server, e->kind))
			count(path, e->port, e->ttl);
	}
	for (size_t i = 0; i < t->unseen_n; i++) {
		const struct unseen *u = &t->unseen[i];
		if (of_path(path, u->server, u->kind) && path_unseen(t, u))
			count(path, u->port, u->ttl);
	}
}

bool path_is_own_word(const struct path *path, const struct probe *p, const struct reply *r)
{
	const struct trace *t = path->trace;
	bool signs = addr_equal(&r->from, &t->servers[path->server].client);
	return r->loopback || (!t->run.own && signs && !p->implied && r->quoted_ttl == p->ttl);
}

static const struct reply *rejection_of(const struct path *path, const struct probe *p)
{
	PATH_EACH_REPLY(path->trace, p, r)
	{
		if (r->kind == REPLY_REJECTED && !path_is_own_word(path, p, r))
			return r;
	}
	return NULL;
}

struct addr path_rejecter(const struct path *path)
{
	if (!path->target.rejected)
		return (struct addr){0};
	PATH_EACH_PROBE(path, p)
	{
		const struct reply *r = rejection_of(path, p);
		if (r && p->dst_port == path->target.port)
			return r->from;
	}
	return (struct addr){0};
}

/* Whether it says that there is no way to the network or host, whatever the port (RFC 1122, 4443).
 */
static bool lacks_way(const struct reply *r)
{
	if (r->from.family == 6)
		return r->icmp_code == 0 || r->icmp_code == 2 || r->icmp_code == 3;
	return r->icmp_code <= 1 || (r->icmp_code >= 5 && r->icmp_code <= 8) ||
	       r->icmp_code == 11 || r->icmp_code == 12;
}

bool path_rejects_port(const struct path *path)
{
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == REPLY_REJECTED && !lacks_way(r))
				return true;
		}
	}
	return false;
}
