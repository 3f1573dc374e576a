/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/way/count.h"
#include "infer/numbers.h"
#include "infer/way/hops.h"
#include "infer/way/repeats.h"

/* Round trip of the SYN-ACK that came first, -1: none, or it cannot be told. */
static int64_t synack_rtt_ns(const struct trace *t, const struct probe *p)
{
	if (p->sent != 1 || p->implied)
		return -1;
	PATH_EACH_REPLY(t, p, r)
	{
		if (r->kind == REPLY_SYNACK)
			return r->at_ns - p->at_ns < WAIT_MAX_NS ? r->at_ns - p->at_ns : -1;
	}
	return -1;
}

/*
 * The longest round trip to a SYN-ACK of this server: the honest measure for its waits. Of one that
 * was lost the repetition comes a second and more after it.
 */
int64_t count_wait_ns(const struct trace *t, uint32_t server, bool by_link)
{
	struct path path;
	path.trace = t;
	path.server = server;
	path.by_link = by_link;
	int64_t least = -1, rtt = -1;
	PATH_EACH_PROBE(&path, p)
	{
		int64_t one = synack_rtt_ns(t, p);
		least = one >= 0 && (least < 0 || one < least) ? one : least;
	}
	PATH_EACH_PROBE(&path, p)
	{
		int64_t one = synack_rtt_ns(t, p);
		rtt = one > rtt && one < least + SYNACK_AGAIN_NS ? one : rtt;
	}
	if (rtt < 0)
		return -1;
	int64_t wait = 3 * rtt > rtt + WAIT_MARGIN_NS ? 3 * rtt : rtt + WAIT_MARGIN_NS;
	return wait > WAIT_MAX_NS ? WAIT_MAX_NS : wait;
}

/*
 * Another port whose SYN-ACKs come from much further than the chosen one's: whoever answers that
 * one is nearer than the server.
 */
static uint16_t furthest_port(const struct path *path, uint16_t choice)
{
	int most = -1;
	for (size_t i = 1; i < path->ports_n; i++)
		most = path->ports[i].port == choice ? path->ports[i].back : most;
	if (most < 0)
		return choice;
	most += TOLERANCE_HOPS;
	for (size_t i = 1; i < path->ports_n; i++) {
		const struct port_count *c = &path->ports[i];
		if (c->back <= most)
			continue;
		most = c->back;
		choice = c->port;
	}
	return choice;
}

/* In the order of preference: SYN-ACK on a port that is no submission port, then on one that is,
 * then a reset. */
static uint16_t choose_control(const struct path *path)
{
	const struct server *s = &path->trace->servers[path->server];
	uint16_t choice = 0;
	int best = 0;
	for (size_t i = 0; i < s->controls_n && i + 1 < path->ports_n; i++) {
		const struct port_count *c = &path->ports[i + 1];
		bool synack = c->full.synack > 0 || c->limited_synack;
		int score = synack ? (path_submission_port(c->port) ? 2 : 3) : c->full.reset > 0;
		/* In a capture without our facts the port whose way was traced is the one that was
		 * meant. */
		if (!path->trace->run.own && c->limited_synack)
			score += 3;
		if (score > best) {
			best = score;
			choice = c->port;
		}
	}
	return path->trace->run.own && choice ? furthest_port(path, choice) : choice;
}

/* One SYN's answers into its outcome; whether it drew any that counts. */
static bool count_replies(const struct trace *t, const struct probe *p, struct outcome *o)
{
	bool seen[REPLY_ODD + 1] = {false};
	enum reply_kind first = REPLY_ODD;
	PATH_EACH_REPLY(t, p, r)
	{
		bool counts = path_counts(t, p, r);
		seen[counts ? r->kind : REPLY_ODD] = true;
		bool tcp = counts && (r->kind == REPLY_SYNACK || r->kind == REPLY_RESET);
		if (tcp && first == REPLY_ODD)
			first = r->kind;
	}
	bool reached = first != REPLY_ODD;
	bool answered = reached || seen[REPLY_EXPIRED] || seen[REPLY_REJECTED];
	o->expired += seen[REPLY_EXPIRED];
	o->rejected += seen[REPLY_REJECTED];
	o->odd += seen[REPLY_ODD];
	o->synack += first == REPLY_SYNACK;
	o->reset += first == REPLY_RESET;
	/* Of a SYN that was repeated each may have been answered by another. */
	o->both += seen[REPLY_SYNACK] && seen[REPLY_RESET] && p->sent == 1;
	o->reached += reached;
	o->answered += answered;
	return answered;
}

/* Whether what came of the SYN came when it counted as missing: an answer sent again, mostly. */
static bool is_late(const struct trace *t, const struct probe *p, int64_t due)
{
	PATH_EACH_REPLY(t, p, r)
	{
		bool tcp = r->kind == REPLY_SYNACK || r->kind == REPLY_RESET;
		if (tcp && r->at_ns <= due && path_counts(t, p, r))
			return false;
	}
	return t->run.own;
}

/* Answered as a second SYN on an open 5-tuple is: neither an answer nor silence. */
static bool is_void(const struct trace *t, const struct probe *p)
{
	PATH_EACH_REPLY(t, p, r)
	{
		if (r->ack_valid && !path_counts(t, p, r))
			return true;
	}
	return false;
}

void count_probe(const struct path *path, const struct probe *p, struct outcome *o)
{
	const struct trace *t = path->trace;
	int64_t due = path_due_ns(path, p);
	uint32_t reached = o->reached;
	bool answered = count_replies(t, p, o);
	if (o->reached > reached && is_late(t, p, due))
		o->late++;
	else if (o->reached == reached && answered)
		o->unproven += is_void(t, p);
	o->asked++;
	o->unseen += p->implied;
	if (!t->run.own)
		o->sent += repeats_trials(path, p, answered);
	else if (answered)
		o->sent++;
	else if (t->last_ns < due && !t->run.ended_ns)
		o->pending++;
	else if (t->last_ns >= due && !trace_lossy(t, p->at_ns, due) && !is_void(t, p))
		o->sent++;
}

/* How each port's SYNs of unlimited TTL fare. */
static void count_ports(struct path *path)
{
	const struct trace *t = path->trace;
	PATH_EACH_PROBE(path, p)
	{
		struct port_count *c = path_port(path, p->dst_port);
		if (!c || !repeats_tell(path, p))
			continue;
		if (path_slot(t, p->ttl) == 0)
			count_probe(path, p, &c->full);
		PATH_EACH_REPLY(t, p, r)
		{
			bool tcp = r->kind == REPLY_SYNACK || r->kind == REPLY_RESET;
			int back = hops_back(r->ttl);
			if (!tcp || !path_counts(t, p, r))
				continue;
			if (r->kind == REPLY_SYNACK && back > c->back)
				c->back = back;
			int64_t rtt = r->at_ns - p->at_ns;
			if (!p->implied && (c->rtt_ns < 0 || rtt < c->rtt_ns))
				c->rtt_ns = rtt;
			if (r->kind == REPLY_SYNACK && path_slot(t, p->ttl) > 0)
				c->limited_synack = true;
		}
	}
}

/* Counts a router's answer at a hop; the fifth and later ones of a hop have no room. */
static void add_addr(struct hop_addrs *hop, const struct reply *r, int64_t rtt)
{
	hop->ttl_back = r->ttl;
	for (size_t i = 0; i < hop->n; i++) {
		if (!addr_equal(&hop->addr[i], &r->from))
			continue;
		hop->count[i]++;
		if (rtt >= 0 && (hop->rtt_ns[i] < 0 || rtt < hop->rtt_ns[i]))
			hop->rtt_ns[i] = rtt;
		return;
	}
	if (hop->n < PATH_ADDRS_MAX) {
		hop->addr[hop->n] = r->from;
		hop->count[hop->n] = 1;
		hop->rtt_ns[hop->n++] = rtt;
	}
}

static void note_first(int *first, int slot)
{
	if (slot > 0 && (*first == 0 || slot < *first))
		*first = slot;
}

/* Takes one answer into the lane's sums: where it first came, and how far back. */
static void fill_lane_reply(struct lane *lane, int slot, const struct probe *p,
			    const struct reply *r, struct arena *arena)
{
	struct hop_addrs *hops;
	int64_t rtt = p->implied ? -1 : r->at_ns - p->at_ns;
	switch (r->kind) {
	case REPLY_EXPIRED:
		hops = path_own_hops(lane, arena);
		if (hops)
			add_addr(&hops[slot], r, rtt);
		if (slot > lane->last_expired)
			lane->last_expired = slot;
		return;
	case REPLY_REJECTED:
		lane->rejected = true;
		note_first(&lane->first_rejected, slot);
		return;
	case REPLY_SYNACK:
		note_first(&lane->first_synack, slot);
		lane->synack_ttl = r->ttl;
		break;
	case REPLY_RESET:
		note_first(&lane->first_reset, slot);
		break;
	case REPLY_ODD:
		return;
	}
	if (rtt >= 0 && (lane->rtt_ns < 0 || rtt < lane->rtt_ns))
		lane->rtt_ns = rtt;
}

/* Counts one port's SYNs by TTL into the empty lane. */
static void fill_lane(const struct path *path, struct lane *lane, uint16_t port,
		      struct arena *arena)
{
	const struct trace *t = path->trace;
	lane->port = port;
	lane->hop = path_no_hops();
	lane->rtt_ns = lane->synack_ttl = -1;
	if (!port)
		return;
	PATH_EACH_PROBE_TO(path, port, p)
	{
		int slot = path_slot(t, p->ttl);
		if (!repeats_tell(path, p))
			continue;
		count_probe(path, p, &lane->at[slot]);
		PATH_EACH_REPLY(t, p, r)
		{
			if (path_counts(t, p, r))
				fill_lane_reply(lane, slot, p, r, arena);
		}
	}
}

void count_path(struct path *path, int64_t unknown_wait_ns, struct arena *arena)
{
	const struct trace *t = path->trace;
	const struct server *s = &t->servers[path->server];
	path_port(path, s->port);
	for (size_t i = 0; i < s->controls_n; i++)
		path_port(path, s->controls[i]);
	int64_t wait = count_wait_ns(t, path->server, path->by_link);
	path->wait_ns = wait < 0 ? unknown_wait_ns : wait;
	count_ports(path);
	fill_lane(path, &path->target, s->port, arena);
	fill_lane(path, &path->control, choose_control(path), arena);
	path_count_refused(path);
	const struct lane *c = &path->control;
	path->nearest = c->last_expired + 1;
	path->answered = c->first_synack ? c->first_synack : c->first_reset;
	path->distance = path->answered;
}
