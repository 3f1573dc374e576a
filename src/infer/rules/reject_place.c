/* SPDX-License-Identifier: BSD-2-Clause */
/* The place of whoever rejects SYNs by ICMP. */
#include "infer/numbers.h"
#include "infer/rules/reject.h"
#include "infer/way/hops.h"

/*
 * Where a SYN was when it was refused: a filter before hop k's TTL check quotes T-(k-1), one behind
 * it T-k (RFC 1812, 4.3.2.3: the quoted header is the datagram as it was received or about to be
 * sent). False: no way to the server is like that.
 */
static bool by_quote(const struct path *path, const struct probe *p, const struct reply *r, int far,
		     struct span *out)
{
	int passed = p->ttl - r->quoted_ttl;
	*out = span_whole(far);
	if (r->quoted_ttl == 0 || path_ttl_void(path))
		return true;
	if (passed < 0 || passed > far)
		return false;
	out->lo = line_behind(passed);
	out->hi = line_before(passed + 1, far);
	return true;
}

static bool has_addr(const struct hop_addrs *set, const struct addr *addr)
{
	for (int i = 0; i < set->n; i++) {
		if (addr_equal(&set->addr[i], addr))
			return true;
	}
	return false;
}

/* An address that also expired SYNs, or that is the gateway's, names its hop; 0: it does not. */
static int source_hop(const struct path *path, const struct reply *r, int far)
{
	for (int hop = 1; hop < far && hop <= PATH_TTL_MAX; hop++) {
		if (has_addr(&path->control.hop[hop], &r->from) ||
		    has_addr(&path->target.hop[hop], &r->from))
			return hop;
	}
	const struct trace *t = path->trace;
	const struct route *route = trace_route(t, t->servers[path->server].addr.family);
	return route && far > 1 && addr_equal(&route->gateway, &r->from) ? 1 : 0;
}

/*
 * Anybody can sign with a router's address; what he sends comes back from his own distance. The
 * address is the sender's if an expiry that bears it came back from as far.
 */
static bool is_sender(const struct path *path, const struct probe *rejected, const struct reply *r)
{
	int back = hops_back(r->ttl);
	bool known = false;
	PATH_EACH_PROBE(path, p)
	{
		PATH_EACH_REPLY(path->trace, p, e)
		{
			if (e->kind != REPLY_EXPIRED || !addr_equal(&e->from, &r->from))
				continue;
			known = true;
			if (hops_back(e->ttl) == back)
				return true;
		}
	}
	/* A gateway that never let a SYN expire is next to this host all the same; in somebody
	 * else's capture, whoever comes back from as far as what he quotes had come. */
	bool agrees = !path->trace->run.own && !rejected->implied && r->quoted_ttl &&
		      rejected->ttl - r->quoted_ttl == back;
	return !known && (back == 0 || agrees);
}

/*
 * The first TTL that was refused lies just behind the last that expired, unless some SYNs are
 * spared: how far those got does not show where the others are refused.
 */
static struct span by_sweep(const struct path *path, int far)
{
	const struct lane *target = &path->target;
	struct span span = span_whole(far);
	int first = target->first_rejected;
	bool spared = target->at[0].synack || (first && target->last_expired >= first);
	int near = spared ? 0 : path_expired_before(path, first ? first : PATH_TTL_MAX + 1);
	span.lo = line_behind(near);
	/* Where TTLs are set on the way, only up to where the control's still count. */
	if (first && first < far && (!path_ttl_void(path) || first < path->nearest))
		span.hi = line_in(first);
	return span;
}

void rejections_join(struct span *out, const struct span *more)
{
	out->lo = more->lo < out->lo ? more->lo : out->lo;
	out->hi = more->hi > out->hi ? more->hi : out->hi;
}

/* Notes who signed a rejection: the server, its sender's own hop, or another's name. */
static void add_source(const struct path *path, const struct probe *p, const struct reply *r,
		       int far, struct rejections *out)
{
	int hop = source_hop(path, r, far);
	if (addr_equal(&r->from, &path->trace->servers[path->server].addr)) {
		out->by_server = !path_ttl_void(path);
		out->as_far = out->as_far || hops_server_as_far(path, hops_back(r->ttl));
		return;
	}
	if (!hop)
		return;
	struct span signer = {line_in(hop), line_out(hop), false};
	if (is_sender(path, p, r)) {
		out->source = span_meet(&out->source, &signer);
		return;
	}
	out->elsewhere = true;
	out->signer = signer;
}

/* Quotes that fit no way to the server are made up, and so the others may be. */
void rejections_gather(const struct path *path, int far, struct rejections *out)
{
	bool honest = true;
	*out = (struct rejections){.sweep = by_sweep(path, far),
				   .quote = span_whole(far),
				   .source = span_whole(far),
				   .quotes = {.lo = line_out(far), .hi = line_link(0)}};
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			struct span quote;
			if (r->kind != REPLY_REJECTED)
				continue;
			out->n++;
			out->local += path_is_own_word(path, p, r);
			/* A rejection that this host made itself never left it. */
			if (path_is_own_word(path, p, r))
				continue;
			honest = by_quote(path, p, r, far, &quote) && honest;
			out->quote = span_meet(&out->quote, &quote);
			rejections_join(&out->quotes, &quote);
			add_source(path, p, r, far, out);
		}
	}
	if (!honest)
		out->quote = span_whole(far);
}

static bool apart(const struct span *a, const struct span *b)
{
	struct span both = span_meet(a, b);
	return span_empty(&both);
}

/*
 * A sender that is known by its way back is the third who settles it when the sweep and the quote
 * differ: the quote was changed, or some SYNs were spared. False: it is with neither.
 */
static bool settle(const struct rejections *sides, struct span *out)
{
	struct span reach = sides->sweep;
	if (!sides->source.way_back && !span_empty(&sides->source)) {
		if (!apart(&sides->sweep, &sides->source)) {
			*out = span_meet(&sides->sweep, &sides->source);
			return true;
		}
		reach.lo = line_link(0);
		struct span said = span_meet(&sides->quote, &sides->source);
		if (!apart(&reach, &said)) {
			*out = span_meet(&reach, &said);
			return true;
		}
	}
	return false;
}

/* What is left of the sweep and the quote, by who signed. */
static void heed_signer(const struct rejections *sides, int far, struct claim *out)
{
	if (sides->by_server) {
		/*
		 * nftables at a bridge or at a device's ingress signs with the server's address; so
		 * may one on the segment that this host shares with the server. The server itself
		 * may be as near on a shorter way that a balancer chooses.
		 */
		bool near = sides->as_far && out->span.hi >= line_in(far - TOLERANCE_HOPS);
		if (out->span.hi < line_in(far) && near)
			out->span.hi = line_out(far);
		else if (out->span.hi < line_in(far))
			out->forged = true;
		else if (far > 1)
			out->span.lo = line_in(far);
	}
	out->forged = out->forged || (sides->elsewhere && apart(&out->span, &sides->signer));
	if (!apart(&out->span, &sides->source)) {
		out->span = span_meet(&out->span, &sides->source);
	} else if (!span_empty(&sides->source)) {
		/* The sender is not where the SYN says it was: one of them is right. */
		rejections_join(&out->span, &sides->source);
	}
}

/* All that the rejections say of their place. False: they contradict each other. */
bool rejections_place(const struct rejections *sides, int far, struct claim *out)
{
	out->span = span_meet(&sides->sweep, &sides->quote);
	if (span_empty(&out->span) && !settle(sides, &out->span)) {
		out->span = sides->sweep;
		out->span.way_back = false;
		out->other = sides->quote;
		return false;
	}
	heed_signer(sides, far, out);
	out->span.way_back = false;
	return true;
}
