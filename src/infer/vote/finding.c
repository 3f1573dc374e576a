/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/vote/finding.h"
#include "infer/scene/ladder.h"
#include "infer/vote/vote.h"
#include "infer/way/hops.h"

static double to_ms(int64_t ns)
{
	return ns < 0 ? -1.0 : (double)ns / 1e6;
}

/* What answers in the server's name before its place has no owner by that. */
static void fill_answers(const struct path *path, const struct hop_addrs *addrs, int hop,
			 struct hop_lane *out)
{
	const struct trace *t = path->trace;
	for (size_t i = 0; i < addrs->n && i < RESULT_ANSWERS_MAX; i++) {
		const struct addr *addr = &addrs->addr[i];
		bool borrowed = path->distance && hops_is_servers(path, hop, addr);
		const struct network *net = borrowed ? NULL : trace_network(t, addr);
		out->answers[out->answers_n++] = (struct hop_answer){
			.addr = *addr,
			.name = borrowed ? NULL : trace_name(t, addr),
			.asn = net ? net->asn : 0,
			.owner = net ? net->name : NULL,
			.rtt_ms = to_ms(addrs->rtt_ns[i]),
			.answered = addrs->count[i],
		};
	}
}

/* One port's column of a hop's row; at the server's distance with the server itself. */
static void fill_lane(const struct path *path, const struct lane *lane, int hop,
		      struct hop_lane *out)
{
	const struct outcome *o = &lane->at[hop];
	out->sent = o->sent;
	out->expired = o->expired;
	out->terminal = o->reached + o->rejected;
	fill_answers(path, &lane->hop[hop], hop, out);
	/* Resets from nearer than the server are somebody else's, whatever their source address. */
	int nearest = o->synack == 0 && path->distance ? path->distance : path->nearest;
	if (o->reached > 0 && out->answers_n < RESULT_ANSWERS_MAX && hop >= nearest) {
		const struct addr *addr = &path->trace->servers[path->server].addr;
		const struct network *net = trace_network(path->trace, addr);
		out->answers[out->answers_n++] = (struct hop_answer){
			.addr = *addr,
			.name = path->trace->servers[path->server].host,
			.asn = net ? net->asn : 0,
			.owner = net ? net->name : NULL,
			.rtt_ms = to_ms(lane->rtt_ns),
			.answered = o->reached,
		};
	}
}

/* Up to the server, and as far as any router answered: one of several machines may be further. */
static int rows_of(const struct path *path)
{
	int last = path_last_router(path);
	return path->distance > last ? path->distance : last;
}

/* The rows of the table of hops. They live in the arena. */
static void fill_hops(const struct scene *scene, uint32_t s, struct arena *arena,
		      struct finding *out)
{
	const struct path *path = &scene->paths[s];
	int rows = rows_of(path);
	struct hop_row *hops = rows ? arena_alloc(arena, sizeof(*hops) * (size_t)rows) : NULL;
	if (!hops)
		return;
	for (int hop = 1; hop <= rows; hop++) {
		struct hop_row *row = &hops[hop - 1];
		row->hop = (uint8_t)hop;
		fill_lane(path, &path->control, hop, &row->control);
		fill_lane(path, &path->target, hop, &row->target);
		row->owners = scene->roles[s].owners[hop];
		row->owned_by = row->owners ? scene->roles[s].by[hop] : NULL;
		row->is_server = hop == path->distance;
	}
	out->hops = hops;
	out->hops_n = (size_t)rows;
}

/* `all`: SYNs whose silence proves nothing were questions, too. */
static enum port_state port_state(const struct port_count *c, bool all)
{
	if (c->full.synack || c->limited_synack)
		return PORT_OPEN;
	if (c->full.reset)
		return PORT_CLOSED;
	if (c->full.rejected)
		return PORT_REJECTED;
	bool asked = c->full.sent || c->full.refused || (all && c->full.asked);
	return asked ? PORT_SILENT : PORT_UNASKED;
}

/* How each port of the server fares. */
static void fill_ports(const struct scene *scene, const struct path *path, struct finding *out)
{
	bool silent = scene->conducts[path->server] == CONDUCT_SILENT;
	bool own = scene->trace->run.own;
	for (size_t i = 0; i < path->ports_n && i < RESULT_PORTS_MAX; i++) {
		const struct port_count *c = &path->ports[i];
		out->ports[out->ports_n++] = (struct port_row){
			.port = c->port,
			.state = i == 0 && silent ? PORT_SILENT : port_state(c, !own),
			.is_target = i == 0,
			.is_control = c->port == path->control.port,
			.nearer = ladder_is_nearer(path, c),
			.kept = c->full.refused && !c->full.sent,
			.sent = c->full.sent > c->full.unseen ? c->full.sent - c->full.unseen : 0,
			.answered = c->full.answered,
			.rtt_ms = to_ms(c->rtt_ns),
		};
	}
}

/* The reply that the conduct rests on: the first of its kind in time. */
static const struct reply *telling_reply(const struct path *path, enum reply_kind kind)
{
	const struct reply *best = NULL;
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			bool counts = r->kind == kind && path_counts(path->trace, p, r);
			if (counts && (!best || r->at_ns < best->at_ns))
				best = r;
		}
	}
	return best;
}

/* The answer to the port under test that its conduct rests on. */
static void fill_reply(const struct scene *scene, uint32_t s, struct finding *out)
{
	const struct path *path = &scene->paths[s];
	const struct lane *target = &path->target;
	const struct reply *r = NULL;
	struct target_reply *reply = &out->reply;
	*reply = (struct target_reply){"none", {0}, -1, -1, -1, -1, -1, -1.0};
	if (scene->conducts[s] == CONDUCT_ANSWERS) {
		reply->kind = "syn-ack";
		reply->first_ttl = target->first_synack ? target->first_synack : -1;
		r = telling_reply(path, REPLY_SYNACK);
	} else if (scene->conducts[s] == CONDUCT_RESET) {
		reply->kind = "reset";
		reply->first_ttl = target->first_reset ? target->first_reset : -1;
		r = telling_reply(path, REPLY_RESET);
	} else if (scene->conducts[s] == CONDUCT_REJECTED) {
		reply->kind = "icmp";
		reply->first_ttl = target->first_rejected ? target->first_rejected : -1;
		r = telling_reply(path, REPLY_REJECTED);
	} else if (scene->conducts[s] == CONDUCT_REFUSED) {
		reply->kind = "local";
	}
	if (!r)
		return;
	reply->from = r->from;
	reply->ttl = r->ttl;
	/* Of a SYN that was not captured, the time is that of its answer. */
	if (!path->trace->probes[r->probe].implied)
		reply->rtt_ms = to_ms(r->at_ns - path->trace->probes[r->probe].at_ns);
	if (r->kind == REPLY_REJECTED) {
		reply->icmp_type = r->icmp_type;
		reply->icmp_code = r->icmp_code;
		reply->quoted_ttl = r->quoted_ttl;
	}
}

void finding_fill(const struct scene *scene, uint32_t s, struct arena *arena, struct finding *out)
{
	const struct path *path = &scene->paths[s];
	*out = (struct finding){
		.server = s,
		.votes = scene_votes(scene, s),
		.deaf = scene->here[s].deaf,
		.passes = scene->here[s].other ? scene->here[s].other->name : NULL,
		.control = path->control.port,
		.layer = scene->conducts[s] == CONDUCT_ANSWERS ? LAYER_TCP : LAYER_NONE,
		.distance_control = path->distance ? path->distance : -1,
		.distance_target = -1,
	};
	struct mail *mail = scene->mails[s].session ? arena_alloc(arena, sizeof(*mail)) : NULL;
	if (mail)
		*mail = scene->mails[s];
	out->mail = mail;
	fill_reply(scene, s, out);
	out->distance_target = out->reply.first_ttl;
	fill_hops(scene, s, arena, out);
	fill_ports(scene, path, out);
}
