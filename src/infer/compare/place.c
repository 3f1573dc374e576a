/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare/place.h"
#include "infer/numbers.h"
#include "infer/way/hops.h"

static int far_end(const struct cross *x)
{
	return line_out(x->server_hop > 0 ? x->server_hop : PATH_TTL_MAX);
}

int place_after(const struct cross *x, int point)
{
	if (point < 0)
		return line_link(0);
	int hop = x->points[point].hop;
	return x->points[point].inbound ? line_in(hop + 1) : line_link(hop);
}

int place_before(const struct cross *x, int point)
{
	if (point < 0 || point >= (int)x->n)
		return far_end(x);
	int hop = x->points[point].hop;
	return x->points[point].inbound ? line_link(hop) : line_out(hop);
}

static int reached(const struct finding *f)
{
	int hop = 0;

	for (size_t i = 0; i < f->hops_n; i++) {
		if (f->hops[i].target.expired > 0 && f->hops[i].hop > hop)
			hop = f->hops[i].hop;
	}
	return hop;
}

static bool meet(struct place *place, int lo, int hi)
{
	int from = lo > place->lo ? lo : place->lo, to = hi < place->hi ? hi : place->hi;

	if (from > to)
		return false;
	place->lo = from;
	place->hi = to;
	return true;
}

void place_narrow(struct place *place, const struct cross *x, const struct finding *f)
{
	const struct judgement *j = &f->judgement;
	int hop = reached(f);

	if (place->forward && hop > 0 && !meet(place, line_out(hop), far_end(x)))
		place->doubt = true;
	if ((j->state != STATE_BLOCKED && j->state != STATE_INTERCEPTED) || !j->link.known)
		return;
	bool one = j->link.from_hop == j->link.to_hop;
	int lo = one ? line_in(j->link.from_hop) : line_out(j->link.from_hop);
	int hi = one ? line_out(j->link.to_hop) : line_in(j->link.to_hop);
	if (meet(place, lo, hi)) {
		place->way_back = false;
		return;
	}
	place->doubt = true;
	place->lo = lo < place->lo ? lo : place->lo;
	place->hi = hi > place->hi ? hi : place->hi;
}

static bool is_private(const struct addr *a)
{
	return addr_class(a) == ADDR_PRIVATE;
}

/* What the captures themselves say of the hops: where the home's addresses end. */
static void amend_owners(const struct cross *x, struct roles *roles)
{
	const struct addr *client = &x->t->servers[x->server].client;

	if (x->settled_distance) {
		roles->server_hop = x->server_hop;
		for (int hop = x->server_hop; hop <= PATH_TTL_MAX; hop++)
			roles->owners[hop] = ROLE_REMOTE;
	}
	if (is_private(client) && roles->server_hop > 1 &&
	    roles->owners[1] == (ROLE_LOCAL | ROLE_ISP))
		roles->owners[1] = ROLE_LOCAL;
	for (size_t i = 0; i < x->n; i++) {
		const struct compared_capture *c = &x->c->captures[x->points[i].capture];
		bool out = c->translated && is_private(client) && !is_private(&c->client);

		for (int hop = x->points[i].hop + 1; out && hop < roles->server_hop; hop++) {
			if (roles->owners[hop] & (uint8_t)~ROLE_LOCAL)
				roles->owners[hop] &= (uint8_t)~ROLE_LOCAL;
		}
	}
}

static uint8_t owners_of(const struct place *place, const struct roles *roles)
{
	uint8_t owners = 0;
	int lo = place->way_back && place->back_lo < place->lo ? place->back_lo : place->lo;

	for (int at = lo; at <= place->hi; at++)
		owners |= roles_at(roles, at);
	return owners;
}

/* Whom the client's own evidence leaves, where it and the captures have anybody in common. */
static uint8_t common(uint8_t owners, const struct judgement *j)
{
	uint8_t said = 0;

	for (size_t i = 0; i < j->suspects_n; i++) {
		for (int seg = 0; seg < SEGMENT_COUNT; seg++) {
			if (blocker_of((enum segment)seg) == j->suspects[i].blocker)
				said = (uint8_t)(said | ROLE_BIT(seg));
		}
	}
	return owners & said ? owners & said : owners;
}

static void list(struct judgement *j, uint8_t owners, bool back, struct arena *arena)
{
	j->suspects_n = 0;
	for (int seg = 0; seg < SEGMENT_COUNT; seg++) {
		if (!((owners >> seg) & 1))
			continue;
		enum blocker blocker = blocker_of((enum segment)seg);
		const char *place = arena_word(arena, blocker_party(blocker, j->beside));
		j->suspects[j->suspects_n++] = (struct suspect){
			.blocker = blocker,
			.mechanism = j->mechanism,
			.probability = 1.0 / roles_parties(owners),
			.text = back ? arena_say(arena, "%s, on the way there or back", place)
				     : place,
		};
	}
	j->blocker = j->suspects_n == 1 ? j->suspects[0].blocker : BLOCKER_UNKNOWN;
}

static struct addr address_at(const struct cross *x, const struct path *path,
			      const struct roles *roles, int hop)
{
	if (hop == 0)
		return x->t->servers[x->server].client;
	return hop >= roles->server_hop ? x->t->servers[x->server].addr : hops_addr(path, hop);
}

void place_judge(const struct place *place, const struct cross *x, const struct scene *scene,
		 struct arena *arena, struct judgement *j)
{
	struct roles roles = scene->roles[x->server];
	uint8_t owners;

	amend_owners(x, &roles);
	owners = owners_of(place, &roles);
	if (!place->doubt)
		owners = common(owners, j);
	list(j, owners, place->way_back, arena);
	j->has_confidence = true;
	j->confidence = place->sure < SURE_MOST ? place->sure : SURE_MOST;
	j->link = (struct link_span){0};
	if (place->way_back || (x->server_hop == 0 && place->hi >= far_end(x)))
		return;
	struct span span = {.lo = place->lo, .hi = place->hi};
	span_hops(&span, &j->link.from_hop, &j->link.to_hop);
	if (j->link.to_hop > roles.server_hop)
		j->link.to_hop = roles.server_hop;
	if (j->link.from_hop > j->link.to_hop)
		j->link.from_hop = j->link.to_hop;
	j->link.known = true;
	j->link.from = address_at(x, &scene->paths[x->server], &roles, j->link.from_hop);
	j->link.to = address_at(x, &scene->paths[x->server], &roles, j->link.to_hop);
}
