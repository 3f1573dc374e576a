/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/scene/sessions.h"
#include "infer/way/parting.h"

/* Whether the target's expiries at the hop are signed with the server's own address. */
static bool is_renamed(const struct path *path, int hop)
{
	return parting_renamed(path, &path->target.hop[hop]);
}

int claim_renamed_from(const struct path *path)
{
	int hop = 1;
	while (hop <= path->target.last_expired && !is_renamed(path, hop))
		hop++;
	return hop <= path->target.last_expired ? hop : 0;
}

/* Between the last router that signs with its own address and the first that does not: either may
 * have been lost at the hops beside them. */
static void place_nat(const struct path *path, int proven, struct claim *out)
{
	int from = claim_renamed_from(path);
	int first = from && from < proven ? from : proven;
	int near = path_expired_before(path, first);
	out->placed = true;
	out->last_seen = near;
	out->first_missing = first;
	out->span = (struct span){.lo = line_link(near), .hi = line_in(first)};
}

/* Whether the server's own side redirects, where its edge may: nobody else's router is in the
 * place, or a verified name says that it is this server which answers. */
static bool spread_by_farm(const struct scene *scene, uint32_t s, int hop, const struct claim *out)
{
	const struct roles *roles = &scene->roles[s];
	return roles_over(roles, &out->span) == ROLE_REMOTE ||
	       ((roles_at(roles, line_in(hop)) & ROLE_REMOTE) && mail_is_trusted(scene, s));
}

/* By what this server's own expiries show. */
static bool is_redirected(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	const struct addr *server = &path->trace->servers[s].addr;
	for (int hop = 1; hop <= PATH_TTL_MAX && rate_server_beyond(scene, s, hop); hop++) {
		if (!is_renamed(path, hop) || !path->control.hop[hop].n)
			continue;
		if (addr_equal(&path->control.hop[hop].addr[0], server))
			return false;
		struct claim claim = *out;
		claim_say(&claim, STATE_INTERCEPTED, MECHANISM_REDIRECT, SURE_REDIRECTED);
		place_nat(path, hop, &claim);
		if (spread_by_farm(scene, s, hop, &claim))
			return false;
		/* The server's own edge, or somebody nearer whose expiries were lost. */
		if (roles_at(&scene->roles[s], line_in(hop)) == ROLE_REMOTE)
			claim_contradicts(&claim);
		*out = claim;
		return true;
	}
	return false;
}

/* The last hop at which a router lets the port's SYNs expire under a name of its own, 0: none. */
static int last_named(const struct path *path)
{
	int hop = path->target.last_expired;
	while (hop > 0 && (!path->target.hop[hop].n || is_renamed(path, hop)))
		hop--;
	return hop;
}

/* Whether SYNs to a server of another network are redirected, and nothing shows that this server's
 * pass that place. */
static bool redirected_elsewhere(const struct scene *scene, uint32_t s)
{
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_APART)
	{
		struct claim theirs = {0};
		if (is_redirected(scene, o.server, &theirs) && theirs.state == STATE_INTERCEPTED &&
		    last_named(&scene->paths[s]) < theirs.first_missing)
			return true;
	}
	return false;
}

/*
 * Behind a destination NAT every expiry is signed with the address that the client asked for. Whose
 * own expiries were lost may be redirected as the others are: then it is another machine that is
 * closed or silent.
 */
bool rule_destination_nat(const struct scene *scene, uint32_t s, struct claim *out)
{
	enum conduct conduct = scene->conducts[s];
	if (is_redirected(scene, s, out))
		return true;
	return (conduct == CONDUCT_RESET || conduct == CONDUCT_SILENT) &&
	       redirected_elsewhere(scene, s);
}
