/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/way.h"
#include "infer/way/count.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"
#include "infer/way/repeats.h"
#include <stdlib.h>
#include <string.h>

#define SLOTS	  (PATH_TTL_MAX + 1)
#define DREW_SETS 16

/* Trials as they are read, and the cells that they fall into: [slot][what came]. */
struct reading {
	const struct path *path;
	struct way *way;
	struct arena *arena;
	uint32_t count[SLOTS][DREW_SETS];
	size_t trials_max;
};

bool way_applies(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	enum conduct conduct = scene->conducts[s];
	bool waits = conduct == CONDUCT_ABSENT || conduct == CONDUCT_PENDING ||
		     conduct == CONDUCT_REFUSED;
	/* Without SYNs of limited TTLs there is no way to weigh anything on. */
	bool measured = path->distance || path->control.last_expired || path->target.last_expired;
	return measured && !waits && !scene->here[s].kind && !scene->trace->servers[s].dark &&
	       !path->impostor && !path_ttl_void(path);
}

uint8_t way_owners(const struct way *way, int position)
{
	int hop = way_hop(position);
	bool link = !way_is_in(position) && !way_is_out(position);
	return way->owners[hop] | (link ? way->between[hop] : 0);
}

double way_share(const struct prior *p, const struct way *way, int position, enum segment party)
{
	uint8_t owners = way_owners(way, position);
	double share = owners & ROLE_BIT(party) ? 1.0 / roles_parties(owners) : 0;
	if (!way->second_router || way_hop(position) != way->second_router)
		return share;
	return share * (1 - p->second_router) + (party == SEGMENT_LOCAL ? p->second_router : 0);
}

int way_accepted(const struct way *way)
{
	int n = 0;
	for (size_t i = 0; i < way->trials_n;) {
		bool accepted = false;
		uint16_t flow = way->trials[i].flow;
		for (; i < way->trials_n && way->trials[i].flow == flow; i++)
			accepted |= (way->cells[way->trials[i].cell].drew & DREW_SYNACK) != 0;
		n += accepted;
	}
	return n;
}

static uint8_t drew_of(const struct outcome *o)
{
	return (uint8_t)((o->expired ? DREW_EXPIRY : 0) | (o->synack ? DREW_SYNACK : 0) |
			 (o->reset ? DREW_RESET : 0) | (o->rejected ? DREW_REJECTION : 0));
}

static void keep_reply(struct reading *r, struct way_replies **set, const struct probe *p,
		       const struct reply *reply)
{
	if (!*set)
		*set = arena_alloc(r->arena, sizeof(**set));
	if (!*set || (*set)->n == WAY_REPLIES)
		return;
	(*set)->item[(*set)->n++] = (struct way_reply){
		.sent_ttl = p->ttl,
		.ttl = reply->ttl,
		.quoted = reply->quoted_ttl,
		.genuine = reply->seq == 0 && reply->window == 0 && reply->options_len == 0,
		.from = reply->from,
	};
}

/* Resets and rejections, for their manners; the way back of the server's SYN-ACKs. */
static void keep_replies(struct reading *r, const struct probe *p)
{
	struct way *way = r->way;
	PATH_EACH_REPLY(r->path->trace, p, reply)
	{
		if (!path_counts(r->path->trace, p, reply))
			continue;
		if (reply->kind == REPLY_RESET)
			keep_reply(r, &way->resets, p, reply);
		else if (reply->kind == REPLY_REJECTED)
			keep_reply(r, &way->rejections, p, reply);
		else if (reply->kind == REPLY_SYNACK && way->end_ttl < 0)
			way->end_ttl = reply->ttl;
	}
}

/* One SYN to the port, if its outcome is known. */
static void read_trial(struct reading *r, const struct probe *p)
{
	struct outcome o = {0};
	int slot = path_slot(r->path->trace, p->ttl);
	count_probe(r->path, p, &o);
	if (!o.sent || r->way->trials_n >= r->trials_max)
		return;
	uint8_t drew = drew_of(&o);
	r->count[slot][drew]++;
	r->way->heard |= drew;
	r->way->trials[r->way->trials_n++] = (struct way_trial){
		.flow = p->src_port,
		.cell = (uint16_t)(slot * DREW_SETS + drew),
	};
	keep_replies(r, p);
}

static int by_flow(const void *a, const void *b)
{
	const struct way_trial *x = a, *y = b;
	return x->flow != y->flow ? (int)x->flow - (int)y->flow : (int)x->cell - (int)y->cell;
}

/* Makes cells of the counts, nearest TTL first, and numbers them in the trials. */
static void number_cells(struct reading *r)
{
	struct way *way = r->way;
	uint16_t number[SLOTS * DREW_SETS];
	for (int i = 1; i <= SLOTS; i++) {
		int slot = i % SLOTS;
		for (int drew = 0; drew < DREW_SETS; drew++) {
			if (!r->count[slot][drew])
				continue;
			number[slot * DREW_SETS + drew] = (uint16_t)way->cells_n;
			way->cells[way->cells_n++] = (struct way_cell){
				.ttl = (uint8_t)(slot ? slot : WAY_FULL),
				.drew = (uint8_t)drew,
				.n = r->count[slot][drew],
			};
		}
	}
	for (size_t i = 0; i < way->trials_n; i++)
		way->trials[i].cell = number[way->trials[i].cell];
	qsort(way->trials, way->trials_n, sizeof(*way->trials), by_flow);
}

static size_t cells_most(const struct reading *r)
{
	size_t n = 0;
	for (int slot = 0; slot < SLOTS; slot++) {
		for (int drew = 0; drew < DREW_SETS; drew++)
			n += r->count[slot][drew] > 0;
	}
	return n;
}

/* Counts the SYNs to the port. 0, or -1 when there is no memory. */
static int read_target(struct reading *r)
{
	struct way *way = r->way;
	for (int slot = 0; slot < SLOTS; slot++)
		r->trials_max += r->path->target.at[slot].asked;
	size_t room = r->trials_max ? r->trials_max : 1;
	way->trials = arena_alloc(r->arena, room * sizeof(*way->trials));
	if (!way->trials)
		return -1;
	PATH_EACH_PROBE_TO(r->path, r->path->target.port, p)
	{
		if (repeats_tell(r->path, p))
			read_trial(r, p);
	}
	way->cells = arena_alloc(r->arena, (cells_most(r) + 1) * sizeof(*way->cells));
	if (!way->cells)
		return -1;
	number_cells(r);
	return 0;
}

/* How far the server is, as far as anything tells. */
static void find_ends(const struct path *path, struct way *way)
{
	int far = path_last_router(path);
	int back = way->end_ttl < 0 ? -1 : hops_back((uint8_t)way->end_ttl);
	int nearest_synack = path->target.first_synack;
	way->control_end = path->distance ? path->distance : nearest_synack;
	if (!way->control_end)
		way->control_end = back + 1 > far + 1 ? back + 1 : far + 1;
	if (way->control_end > PATH_TTL_MAX)
		way->control_end = PATH_TTL_MAX;
	way->end = way->control_end;
	if (path->target.last_expired >= way->end && path->target.last_expired < PATH_TTL_MAX)
		way->end = path->target.last_expired + 1;
}

/* Where balanced ways differ in length, a router is met one hop earlier or later as well. */
static void blur_owners(struct way *way)
{
	uint8_t owners[WAY_HOPS];
	memcpy(owners, way->owners, sizeof(owners));
	for (int hop = 2; hop < way->end; hop++) {
		if (hop > 2)
			way->owners[hop] |= owners[hop - 1];
		if (hop + 1 < way->end)
			way->owners[hop] |= owners[hop + 1];
	}
}

static void read_hops(const struct scene *scene, uint32_t s, struct way *way)
{
	const struct path *path = &scene->paths[s];
	const struct roles *roles = &scene->roles[s];
	int known = roles->server_hop;
	for (int hop = 1; hop <= way->end; hop++) {
		const struct hop_addrs *control = &path->control.hop[hop];
		const struct hop_addrs *any = control->n ? control : &path->target.hop[hop];
		const struct outcome *o = &path->control.at[hop];
		int at = hop < known ? hop : known;
		way->owners[hop] = roles->owners[at];
		way->between[hop] = hop <= known ? roles->between[hop] : 0;
		way->router[hop] = hops_addr(path, hop);
		way->back[hop] = any->n ? hops_back(any->ttl_back) : -1;
		if (hop < way->control_end)
			way->hop[hop] = (struct way_rate){o->expired, o->sent - o->expired};
	}
	way->uneven = parting_is_uneven(path);
	if (way->uneven)
		blur_owners(way);
	/* Nothing but its place says that it is the provider's. */
	const struct addr second = trace_plain(path->trace, &way->router[2]);
	const struct network *n = trace_network(path->trace, &second);
	if (way->end > 2 && way->owners[1] == ROLE_LOCAL && way->owners[2] == ROLE_ISP && !n &&
	    addr_class(&second) == ADDR_PUBLIC)
		way->second_router = 2;
	const struct route *route = trace_route(path->trace, path->trace->servers[s].addr.family);
	if (!addr_is_set(&way->router[1]) && route)
		way->router[1] = route->gateway;
	/* A server on this host's own link: a switch may lie between. */
	if (way->end == 1)
		way->between[1] |= ROLE_LOCAL;
	if (way->end < known)
		way->owners[way->end] = ROLE_REMOTE;
	if (way->back[way->end] < 0)
		way->back[way->end] =
			way->end_ttl < 0 ? way->end - 1 : hops_back((uint8_t)way->end_ttl);
}

/* The server's answers to the control, and to other ports that mostly answer. */
static void read_answers(const struct path *path, struct way *way)
{
	struct outcome c = path_reaching(path, &path->control);
	uint32_t sent = c.sent > c.expired ? c.sent - c.expired : 0;
	bool synack = c.synack > 0;
	way->answer.yes = synack ? c.synack : c.reset;
	way->answer.no = sent > way->answer.yes ? sent - way->answer.yes : 0;
	for (size_t i = 1; i < path->ports_n; i++) {
		const struct outcome *o = &path->ports[i].full;
		uint32_t yes = synack ? o->synack : o->reset;
		if (path->ports[i].port == path->control.port || yes * 2 <= o->sent)
			continue;
		way->answer.yes += yes;
		way->answer.no += o->sent - yes;
	}
}

int way_read(const struct scene *scene, uint32_t s, struct arena *arena, struct way *out)
{
	const struct path *path = &scene->paths[s];
	struct reading r = {.path = path, .way = out, .arena = arena};
	*out = (struct way){.server = s, .end_ttl = path->control.synack_ttl};
	if (read_target(&r) != 0)
		return -1;
	find_ends(path, out);
	read_hops(scene, s, out);
	read_answers(path, out);
	return arena->failed ? -1 : 0;
}
