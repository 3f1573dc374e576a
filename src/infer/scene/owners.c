/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/owners.h"
#include "infer/numbers.h"
#include "infer/scene/beside.h"
#include "infer/scene/exchanges.h"
#include "infer/scene/siblings.h"
#include "infer/way/hops.h"

uint32_t roles_server_asn(const struct trace *t, const struct server *s)
{
	const struct network *n = trace_network(t, &s->addr);

	return n && n->asn ? n->asn : s->asn;
}

/* The network of all the routers that answered at a hop; NULL when they are of several. */
static const struct network *hop_network(const struct path *path, int hop)
{
	const struct hop_addrs *sets[] = {&path->control.hop[hop], &path->target.hop[hop]};
	const struct network *first = NULL;

	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < sets[k]->n; i++) {
			const struct addr *addr = &sets[k]->addr[i];
			const struct network *n = trace_network(path->trace, addr);

			if (hops_is_servers(path, hop, addr))
				continue;
			if (!n || n->asn == 0 || (first && first->asn != n->asn))
				return NULL;
			first = n;
		}
	}
	return first;
}

/* Whether nobody is known to announce any of the addresses at a hop. */
static bool hop_unrouted(const struct path *path, int hop)
{
	const struct hop_addrs *sets[] = {&path->control.hop[hop], &path->target.hop[hop]};

	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < sets[k]->n; i++) {
			const struct network *n = trace_network(path->trace, &sets[k]->addr[i]);

			if (n && n->asn)
				return false;
		}
	}
	return true;
}

/* What kind of number a hop shows that has one. */
static enum hop_kind kind_of(const struct path *path, int hop)
{
	struct addr shown = hops_addr(path, hop), addr = trace_plain(path->trace, &shown);

	if (hops_is_servers(path, hop, &shown))
		return HOP_SERVERS;
	if (addr_class(&addr) == ADDR_CGN)
		return HOP_SHARED;
	if (addr_class(&addr) != ADDR_PUBLIC)
		return HOP_PRIVATE;
	return exchange_has(&addr) ? HOP_EXCHANGE : HOP_PUBLIC;
}

/*
 * The AS that announces this host's own address, or the one that it has behind a translator by the
 * user's word or a service's: the provider's, whatever the path shows.
 */
static const struct network *client_network(const struct path *path)
{
	const struct server *s = &path->trace->servers[path->server];
	const struct addr *stated = &path->trace->run.public_addr[s->addr.family == 6];
	const struct addr *addr = addr_class(&s->client) == ADDR_PUBLIC ? &s->client : stated;
	const struct network *n = NULL;

	if (addr_class(addr) == ADDR_PUBLIC)
		n = trace_network(path->trace, addr);
	return n && n->asn ? n : NULL;
}

/*
 * Whether two public addresses are of one announced prefix; of one /16 or /40 where nothing is
 * known of either.
 */
static bool numbered_alike(const struct trace *t, const struct addr *a, const struct addr *b)
{
	const struct network *n = trace_network(t, a);
	struct prefix p = {.addr = *a, .len = a->family == 4 ? HOME_BITS_4 : HOME_BITS_6};

	if (addr_class(a) != ADDR_PUBLIC || addr_class(b) != ADDR_PUBLIC || a->family != b->family)
		return false;
	if (a->family == 4 && n && n->asn)
		return prefix_contains(&n->prefix, b);
	return prefix_contains(&p, b);
}

/*
 * Whether the first network shows one hop, before the only other that follows and need not be its
 * transit: then that may be the provider, and the hop a number of its customer's, or one of which
 * the data are wrong.
 */
static bool is_passed_at_once(const struct owner_line *line, int first)
{
	uint32_t asn = 0;
	int second = 0;

	if (line->fans && line->fans[first] == FAN_APART)
		return false;
	for (int hop = first + 1; hop < line->far; hop++) {
		asn = line->asn[hop] ? line->asn[hop] : asn;
		if (asn == line->asn[first] || line->kind[hop] == HOP_EXCHANGE)
			return false;
		if (asn && !second)
			second = hop;
	}
	return second && line->asn[second] != line->server_asn && !line->carries[second];
}

/* Whether a hop shows nothing of whose it is. */
static bool is_hidden(enum hop_kind kind)
{
	return kind == HOP_SILENT || kind == HOP_PRIVATE || kind == HOP_SHARED;
}

/* The first AS behind the gateway. The server's own is the provider's only if there is no other. */
static void find_access(struct owner_line *line)
{
	const struct network *client = client_network(line->path);
	bool others = false, hidden = false, unknown = false;
	int first = 0, silent = 0;

	for (int hop = 1; hop < line->far; hop++) {
		if (line->asn[hop] && first == 0)
			first = hop;
		if (first == 0) {
			hidden = hidden || (hop > 1 && is_hidden(line->kind[hop]));
			silent += hop > 1 && line->kind[hop] == HOP_SILENT;
			unknown = unknown || line->kind[hop] == HOP_PUBLIC;
		}
		others = others || (line->asn[hop] && line->asn[hop] != line->server_asn);
	}
	/*
	 * Who hides before a network of networks may be the provider, and that one its own; clouds
	 * take nothing off the TTL. Behind the gateway one router may be silent by its kind; where
	 * several are, a network hides.
	 */
	hidden = hidden || beside_is_cloud(line->path->trace);
	line->sure = !unknown && !(hidden && first && line->carries[first]) && silent < TELLS_LEAST;
	if (client) {
		line->access = client->asn;
		line->access_name = client->name;
		line->by_client = line->sure = true;
	} else if (first && !(line->asn[first] == line->server_asn && others)) {
		line->access = line->asn[first];
		line->access_name = line->names[first];
		line->sure = line->sure && !is_passed_at_once(line, first);
	}
}

/* Where the provider's addresses begin and end, and the server's network begins. */
static void find_ends(struct owner_line *line)
{
	line->access_end = line->first_public = line->far;
	line->server_begin = 1;
	for (int hop = 1; hop < line->far; hop++) {
		uint32_t asn = line->asn[hop];

		if (hop < line->first_public && line->kind[hop] == HOP_PUBLIC)
			line->first_public = hop;
		if (asn && asn == line->access && !line->access_begin)
			line->access_begin = hop;
		if (asn && asn != line->access && hop < line->access_end)
			line->access_end = hop;
		if (hop < line->access_end && line->kind[hop] == HOP_EXCHANGE)
			line->access_end = hop;
		bool inner = line->kind[hop] == HOP_PRIVATE || line->kind[hop] == HOP_SHARED;
		/* A translator's inner numbers tell nothing of the hops before it. */
		inner = inner && !(line->translator && hop >= line->translator);
		if (inner && hop < line->access_end)
			line->last_inner = hop;
		if (asn && asn != line->server_asn)
			line->server_begin = hop + 1;
	}
}

/* For each hop the nearest ones before and behind it whose AS is known; the server's is one. */
static void find_neighbours(struct owner_line *line)
{
	for (int hop = 2, last = 0; hop <= line->far; hop++) {
		last = line->asn[hop - 1] ? hop - 1 : last;
		line->before[hop] = last;
	}
	for (int hop = line->far - 1, next = line->far; hop >= 1; hop--) {
		line->behind[hop] = next;
		next = line->asn[hop] ? hop : next;
	}
}

/* One number for all ASs of an operator. */
static void read_as_groups(struct owner_line *line)
{
	for (int hop = 1; hop < line->far; hop++)
		line->asn[hop] = network_group(line->asn[hop]);
	line->server_asn = line->asn[line->far] = network_group(line->server_asn);
	find_access(line);
	line->access = network_group(line->access);
}

/* Whether provider and server are of one group, in which only the AS tells them apart. */
static bool within_group(const struct owner_line *line)
{
	return line->access != line->server_asn &&
	       network_group(line->access) == network_group(line->server_asn);
}

void owner_line_read(struct owner_line *line, const struct path *path, int far, const bool *shared,
		     const enum fan *fans)
{
	const struct server *server = &path->trace->servers[path->server];
	const struct network *own = trace_network(path->trace, &server->addr);
	struct addr gateway = hops_addr(path, 1);

	*line = (struct owner_line){.path = path, .shared = shared, .fans = fans, .far = far};
	line->server_asn = line->asn[far] = roles_server_asn(path->trace, server);
	line->server_name = own && own->name ? own->name : server->owner;
	for (int hop = 1; hop < far; hop++) {
		struct addr shown = hops_addr(path, hop), addr = trace_plain(path->trace, &shown);

		line->kind[hop] = HOP_SILENT;
		if (!addr_is_set(&shown))
			continue;
		if (!line->translator && (addr.family != shown.family))
			line->translator = hop;
		const struct network *n = hop_network(path, hop);
		line->kind[hop] = kind_of(path, hop);
		if (line->kind[hop] == HOP_PUBLIC) {
			line->asn[hop] = n ? n->asn : 0;
			line->names[hop] = n ? n->name : NULL;
			line->unrouted[hop] = hop_unrouted(path, hop);
			line->carries[hop] = network_carries(line->asn[hop]);
		}
		line->own_site[hop] = trace_same_site(path->trace, &shown, &server->addr);
		/* Whatever old data say of it. */
		if (line->own_site[hop] && line->kind[hop] == HOP_PUBLIC && line->server_asn)
			line->asn[hop] = line->server_asn;
		line->near_home[hop] = numbered_alike(path->trace, &server->client, &addr) ||
				       numbered_alike(path->trace, &gateway, &addr);
	}
	find_neighbours(line);
	find_access(line);
	if (!within_group(line))
		read_as_groups(line);
	find_ends(line);
}

uint8_t owner_line_role(const struct owner_line *line, int hop)
{
	uint32_t asn = line->asn[hop];
	uint8_t role = ROLE_TRANSIT;

	if (hop == line->far)
		return ROLE_REMOTE;
	if (asn == line->server_asn && hop >= line->server_begin) {
		bool carries = line->shared && line->shared[hop];

		role = carries ? ROLE_REMOTE | ROLE_TRANSIT : ROLE_REMOTE;
		if (asn != line->access)
			return role;
		/* What leads to other networks as well is the provider's, whose the server is. */
		return carries && line->sure ? ROLE_ISP : role | ROLE_ISP;
	}
	if (asn == line->access && hop < line->access_end)
		return line->sure ? ROLE_ISP : ROLE_ISP | ROLE_TRANSIT;
	/* An AS that comes back behind another one, or no provider that could be told from it. */
	if (asn == line->access || asn == line->server_asn || !line->access || !line->sure)
		role |= ROLE_ISP;
	/* What leads to the provider's own network carries its lines: by whom it is paid is
	 * unknown. */
	if (hop < line->access_begin)
		role |= ROLE_ISP;
	/* Of a provider that shows nothing itself the first network may be a part. */
	if (line->by_client && !line->access_begin && asn == line->asn[line->access_end])
		role |= ROLE_ISP;
	if (asn == line->server_asn ||
	    network_siblings(asn, line->names[hop], line->server_asn, line->server_name))
		role |= ROLE_REMOTE;
	if (network_siblings(asn, line->names[hop], line->access, line->access_name))
		role |= ROLE_ISP;
	return role;
}
