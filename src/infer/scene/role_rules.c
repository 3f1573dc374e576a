/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/role_rules.h"
#include "infer/numbers.h"
#include "infer/way/hops.h"

#define ANYBODY (ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE)

uint8_t role_by_user(const struct owner_line *line, int hop)
{
	const struct path *path = line->path;
	const struct hop_addrs *sets[] = {&path->control.hop[hop], &path->target.hop[hop]};
	const struct addr *server = &path->trace->servers[path->server].addr;
	uint8_t owners = 0;

	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < sets[k]->n; i++) {
			const struct addr *addr = &sets[k]->addr[i];
			const struct network *n = trace_network(path->trace, addr);

			/* Signed with the server's address behind a destination NAT. */
			if (addr_equal(addr, server))
				continue;
			if (!n || !n->has_role || !n->by_user)
				return 0;
			owners |= ROLE_BIT(n->role);
		}
	}
	return owners;
}

static uint8_t servers_name(const struct owner_line *line, int hop)
{
	return line->kind[hop] == HOP_SERVERS ? ANYBODY : 0;
}

/* A second router of the user's own numbers from the prefix that the provider delegates. */
static uint8_t delegated(const struct owner_line *line, int hop)
{
	struct addr shown = hops_addr(line->path, hop);
	struct addr addr = trace_plain(line->path->trace, &shown);
	const struct server *server = &line->path->trace->servers[line->path->server];
	bool own = addr.family == 6 && line->kind[hop] == HOP_PUBLIC &&
		   addr_same_site(&addr, &server->client);

	return line->inside && own ? ROLE_LOCAL | ROLE_ISP : 0;
}

/* Not where ways to others pass: a small provider has its routers and its servers side by side. */
static uint8_t servers_site(const struct owner_line *line, int hop)
{
	bool passed = line->shared && line->shared[hop];

	return line->own_site[hop] && line->kind[hop] == HOP_PUBLIC && !passed ? ROLE_REMOTE : 0;
}

/* The member's router there belongs to the network behind it, or to who hides there. */
static uint8_t exchange(const struct owner_line *line, int hop)
{
	int next = line->behind[hop];

	if (line->kind[hop] != HOP_EXCHANGE)
		return 0;
	if (next != hop + 1)
		return ROLE_TRANSIT | ROLE_REMOTE;
	uint8_t owners = next == line->far ? ROLE_REMOTE : owner_line_role(line, next);
	/* Who leads to other networks as well may carry, and number nothing behind it himself. */
	bool carries = next == line->far || (line->shared && line->shared[hop]);

	return carries && (owners & ROLE_REMOTE) ? owners | ROLE_TRANSIT : owners;
}

/* Without a number that anybody announces, between two hops of one network. */
static uint8_t between(const struct owner_line *line, int hop)
{
	int before = line->before[hop], next = line->behind[hop];

	bool numbered = line->kind[hop] == HOP_PUBLIC && !line->unrouted[hop];
	if (numbered || line->kind[hop] == HOP_EXCHANGE || !before || !next)
		return 0;
	if (next == line->far || line->asn[before] == 0 || line->asn[before] != line->asn[next])
		return 0;
	/* A customer's routers are inside as well when its provider numbers them. */
	bool inner = hop <= line->last_inner || line->near_home[hop];
	if (inner && line->asn[before] == line->access)
		return 0;
	return owner_line_role(line, before) | owner_line_role(line, next);
}

/* Whether a network may lie between the gateway and a hop that shows nothing of itself. */
static bool is_behind_silence(const struct owner_line *line, int hop)
{
	int silent = 0;

	for (int at = 2; at < hop; at++)
		silent += line->kind[at] == HOP_SILENT;
	return silent >= TELLS_LEAST;
}

/* Before the first public address: the user's own further routers, or the provider's. */
static uint8_t near_private(const struct owner_line *line, int hop)
{
	bool near = hop < line->first_public && !is_behind_silence(line, hop);

	return near && line->kind[hop] == HOP_PRIVATE ? ROLE_LOCAL | ROLE_ISP : 0;
}

/* One shared address behind the gateway is the provider's translator; companies use rows of them.
 */
static uint8_t near_shared(const struct owner_line *line, int hop)
{
	if (line->kind[hop] != HOP_SHARED || hop > line->first_public ||
	    is_behind_silence(line, hop))
		return 0;
	bool first = line->inside || (hop == 2 && line->kind[1] == HOP_SILENT);
	bool alone = first && line->kind[hop + 1] != HOP_SHARED;
	return alone ? ROLE_ISP : ROLE_LOCAL | ROLE_ISP;
}

/* What numbers its routers for itself may be the user's translator, the provider's, or another's.
 */
static uint8_t translator(const struct owner_line *line, int hop)
{
	bool inner = line->kind[hop] == HOP_PRIVATE || line->kind[hop] == HOP_SHARED;

	return inner && line->translator && hop >= line->translator ? ANYBODY : 0;
}

static uint8_t far_private(const struct owner_line *line, int hop)
{
	return line->kind[hop] == HOP_PRIVATE || line->kind[hop] == HOP_SHARED ? ANYBODY : 0;
}

/*
 * An unnamed hop of somebody else's capture, where nobody can ask again. Behind the gateway comes
 * the provider, or one more router of the user's, if the server is not about as near; local
 * networks do not reach far out.
 */
static uint8_t by_number(const struct path *path, int hop)
{
	int back = hops_server_back(path);
	if (hop <= NEAR_HOPS && (back < 0 || back > 2 * NEAR_HOPS))
		return ROLE_LOCAL | ROLE_ISP;
	return hop > LOCAL_HOPS ? ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE : ANYBODY;
}

static uint8_t silent(const struct owner_line *line, int hop)
{
	if (line->kind[hop] != HOP_SILENT)
		return 0;
	return line->path->trace->run.own ? ANYBODY : by_number(line->path, hop);
}

/*
 * Whether a hop is the first of several of its network on the way: then the router is that
 * network's, for a neighbour that numbers a link from it shows one address of it. Not so where the
 * network before comes again: then both are of one.
 */
static bool begins(const struct owner_line *line, int hop, int before)
{
	bool follows = hop + 1 != line->far && line->asn[hop + 1] == line->asn[hop];

	for (int at = hop + 1; follows && at < line->far; at++)
		follows = line->asn[at] != line->asn[before];
	return follows;
}

/* An address names a network with certainty only in its interior. */
static uint8_t by_network(const struct owner_line *line, int hop)
{
	uint32_t asn = line->asn[hop];
	int before = line->before[hop], next = line->behind[hop];

	if (!asn)
		return 0;
	uint8_t role = owner_line_role(line, hop);
	if (line->inside && asn == line->access && hop < line->access_end)
		role = ROLE_ISP;
	bool foreign = before && line->asn[before] && line->asn[before] != asn;
	if (foreign && !begins(line, hop, before))
		role |= owner_line_role(line, before);
	/* The neighbour's router may have a number of this network; on an exchange it has not. */
	bool border = next && line->asn[next] != asn;
	for (int at = hop + 1; border && at < next; at++)
		border = line->kind[at] != HOP_EXCHANGE;
	enum fan fan = line->fans ? line->fans[hop] : FAN_NONE;
	if (!border || fan == FAN_APART)
		return role;
	uint8_t behind_it = owner_line_role(line, next);
	/* A network of one router may lie between the two, with numbers of both. */
	bool room = fan == FAN_CARRIED || next != hop + 1;
	if (behind_it == ROLE_REMOTE && room)
		behind_it |= ROLE_TRANSIT;
	return role | behind_it;
}

/*
 * Networks that number their routers from the provider's addresses. At the provider's last hop
 * its neighbour may have such a number, too.
 */
static uint8_t customer(const struct owner_line *line, int hop)
{
	bool access = line->asn[hop] && line->asn[hop] == line->access && hop < line->access_end;

	if (!access || !(line->near_home[hop] || hop < line->last_inner))
		return 0;
	return ROLE_LOCAL | by_network(line, hop);
}

/* Where no data name networks: the first public router behind the gateway is the provider's. */
static uint8_t first_public(const struct owner_line *line, int hop)
{
	bool inner = line->near_home[hop] || hop < line->last_inner;

	return line->inside && !inner && line->kind[hop] == HOP_PUBLIC ? ROLE_ISP : 0;
}

static uint8_t public_address(const struct owner_line *line, int hop)
{
	uint8_t role = ROLE_ISP | ROLE_TRANSIT;

	if (!line->path->trace->run.own && by_number(line->path, hop) == (ROLE_LOCAL | ROLE_ISP))
		return ROLE_ISP;
	if (!(line->shared && line->shared[hop]))
		role |= ROLE_REMOTE;
	if (line->near_home[hop] || hop < line->last_inner)
		role |= ROLE_LOCAL;
	return role;
}

/* Top down, the first that says anything decides; the last always does. */
static const struct role_rule table[] = {
	{"networks", "the user's own file", false, role_by_user},
	{"first-hop", "RFC 1918, RFC 6598; measured on clouds, tunnels and telephones", false,
	 role_first_hop},
	{"servers-name", "RFC 6146, RFC 7915: translators sign with the server's address", false,
	 servers_name},
	{"delegated", "RFC 8415: prefix delegation", true, delegated},
	{"translator", "RFC 6052: an inner IPv4 number in a translator's prefix", false,
	 translator},
	{"servers-site", "measured: what shares the server's /24 or /48 is beside it", false,
	 servers_site},
	{"exchange", "MAP-IT: an exchange's LAN numbers the member's router", false, exchange},
	{"between", "bdrmap: unnumbered and unrouted hops between two of one network", false,
	 between},
	{"near-private", "RFC 1918: a second router, or the provider's", false, near_private},
	{"near-shared", "RFC 6598; measured: companies use it as well", false, near_shared},
	{"far-private", "RFC 1918, RFC 6598: anybody's number", false, far_private},
	{"silent", "nothing is known", false, silent},
	{"customer", "bdrmap: networks numbered by their provider", false, customer},
	{"network", "bdrmap, MAP-IT: interior and border routers", false, by_network},
	{"first-public", "measured: behind a private gateway", false, first_public},
	{"public", "nothing is known but the place", false, public_address},
};

const struct role_rule *role_rules_table(size_t *n)
{
	*n = sizeof(table) / sizeof(*table);
	return table;
}
