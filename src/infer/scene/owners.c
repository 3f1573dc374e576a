/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/owners.h"
#include "infer/way/hops.h"
#include <string.h>
#include <strings.h>

#define WORD_LEAST 3 /* letters of a name's first word that tell anything */

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

/* Hops whose address says that they are no network of their own: between gateway and provider. */
static bool is_inner(const struct path *path, int hop)
{
	struct addr addr = hops_addr(path, hop);
	enum addr_class class = addr_class(&addr);

	return class == ADDR_PRIVATE || class == ADDR_CGN || class == ADDR_LINK_LOCAL;
}

/* The AS that announces this host's own address: the provider's, whatever the path shows. */
static const struct network *client_network(const struct path *path)
{
	const struct server *s = &path->trace->servers[path->server];
	const struct network *n = NULL;

	if (addr_class(&s->client) == ADDR_PUBLIC)
		n = trace_network(path->trace, &s->client);
	return n && n->asn ? n : NULL;
}

/* The first AS behind the gateway. The server's own is the provider's only if there is no other. */
static void find_access(struct owner_line *line)
{
	const struct network *client = client_network(line->path);
	bool others = false;
	int first = 0;

	line->sure = true;
	for (int hop = 2; hop < line->far; hop++) {
		if (line->asn[hop] && first == 0)
			first = hop;
		if (first == 0)
			line->sure = line->sure && is_inner(line->path, hop);
		others = others || (line->asn[hop] && line->asn[hop] != line->server_asn);
	}
	if (client) {
		line->access = client->asn;
		line->access_name = client->name;
		line->sure = true;
	} else if (first && !(line->asn[first] == line->server_asn && others)) {
		line->access = line->asn[first];
		line->access_name = line->names[first];
	}
}

static void find_ends(struct owner_line *line)
{
	line->access_end = line->far;
	line->server_begin = 1;
	for (int hop = 2; hop < line->far; hop++) {
		uint32_t asn = line->asn[hop];

		if (asn && asn != line->access && hop < line->access_end)
			line->access_end = hop;
		if (asn && asn != line->server_asn)
			line->server_begin = hop + 1;
	}
}

void owner_line_read(struct owner_line *line, const struct path *path, int far, const bool *shared)
{
	const struct server *server = &path->trace->servers[path->server];
	const struct network *own = trace_network(path->trace, &server->addr);

	*line = (struct owner_line){.path = path, .shared = shared, .far = far};
	line->server_asn = roles_server_asn(path->trace, server);
	line->server_name = own && own->name ? own->name : server->owner;
	for (int hop = 1; hop < far; hop++) {
		const struct network *n = hop_network(path, hop);
		struct addr addr = hops_addr(path, hop);

		line->asn[hop] = n ? n->asn : 0;
		line->names[hop] = n ? n->name : NULL;
		line->own_site[hop] = addr_is_set(&addr) && addr_same_site(&addr, &server->addr);
	}
	line->asn[far] = line->server_asn;
	find_access(line);
	find_ends(line);
}

/* ASCII alone: what a locale makes of a name is nobody's business here. */
static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool in_word(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/* Whether two names begin with the same word: one company often has several ASs. */
static bool is_kin(const char *a, const char *b)
{
	size_t n = 0;

	if (!a || !b)
		return false;
	while (in_word(a[n]) && lower(a[n]) == lower(b[n]))
		n++;
	return n >= WORD_LEAST && !in_word(a[n]) && !in_word(b[n]);
}

/* Whose an AS is at a hop, were the hop in its interior. */
static uint8_t role_of(const struct owner_line *line, int hop)
{
	uint32_t asn = line->asn[hop];
	uint8_t role = ROLE_TRANSIT;

	if (hop == line->far)
		return ROLE_REMOTE;
	if (hop == 1)
		return ROLE_ISP;
	if (asn == line->server_asn && hop >= line->server_begin) {
		role = ROLE_REMOTE;
		if (line->shared && line->shared[hop])
			role |= ROLE_TRANSIT;
		return asn == line->access ? role | ROLE_ISP : role;
	}
	if (asn == line->access && hop < line->access_end)
		return line->sure ? ROLE_ISP : ROLE_ISP | ROLE_TRANSIT;
	/* An AS that comes back behind another one, or no provider that could be told from it. */
	if (asn == line->access || asn == line->server_asn || !line->access || !line->sure)
		role |= ROLE_ISP;
	if (asn == line->server_asn || is_kin(line->names[hop], line->server_name))
		role |= ROLE_REMOTE;
	if (is_kin(line->names[hop], line->access_name))
		role |= ROLE_ISP;
	return role;
}

/* The nearest hop on a side (step -1 or 1) whose AS is known, 0: none. */
static int neighbour(const struct owner_line *line, int hop, int step)
{
	int last = step < 0 ? 1 : line->far;

	for (int at = hop; at != last;) {
		at += step;
		if (line->asn[at] || at == line->far)
			return at;
	}
	return 0;
}

uint8_t roles_by_owner(const struct owner_line *line, int hop, bool behind_gateway)
{
	uint32_t asn = line->asn[hop];
	uint8_t role;

	/* The first hop is the gateway, whoever numbered it. */
	if (hop < 2 || hop >= line->far || asn == 0)
		return 0;
	if (line->own_site[hop])
		return ROLE_REMOTE;
	role = role_of(line, hop);
	if (behind_gateway && asn == line->access && hop < line->access_end)
		return ROLE_ISP;

	int before = neighbour(line, hop, -1), behind = neighbour(line, hop, 1);
	bool same_before = before && line->asn[before] == asn;
	bool same_behind = behind && line->asn[behind] == asn;

	if (before && !same_before)
		role |= role_of(line, before);
	/*
	 * A link to a transit network carries that one's numbers, a link to a customer the
	 * provider's: only the server's router may answer with an address of the provider's.
	 */
	bool beside_server = behind == hop + 1 && (role_of(line, behind) & ROLE_REMOTE);
	bool provider = role == ROLE_ISP && same_before && !beside_server;
	if (behind && !same_behind && !provider)
		role |= role_of(line, behind);
	return role;
}
