/* SPDX-License-Identifier: BSD-2-Clause */
/* Where IPv6 ends and addresses stand for IPv4 ones. */
#include "infer/tell/reasons.h"
#include "infer/way/hops.h"

/*
 * The first hop of the way whose address stands for another; *own is the first that signs as the
 * server. 0: none.
 */
static int first_shown(const struct path *path, int *own)
{
	int first = 0;
	for (int hop = 1; hop < (path->distance ? path->distance : PATH_TTL_MAX); hop++) {
		struct addr addr = hops_addr(path, hop);
		if (!addr_is_set(&addr) || !trace_translated(path->trace, &addr))
			continue;
		first = first ? first : hop;
		*own = *own || !hops_is_servers(path, hop, &addr) ? *own : hop;
	}
	return first;
}

void reasons_translated(const struct telling *why)
{
	const struct path *path = why->path;
	const struct addr *server = &path->trace->servers[path->server].addr;
	struct addr inner = trace_plain(path->trace, server);
	char shown[ADDR_TEXT_BYTES], plain[ADDR_TEXT_BYTES];
	struct proof proof = {0};
	int own = 0, hop = first_shown(path, &own);

	if (!trace_translated(path->trace, server))
		return;
	const char *stands = arena_printf(
		why->arena, "The server's address %s stands for %s behind a translator (NAT64)",
		addr_text(server, shown), addr_text(&inner, plain));
	const char *text = arena_printf(why->arena, "%s, which does not show itself.", stands);
	const char *tells =
		own ? arena_printf(why->arena,
				   "from hop %d on they answer in the server's name, which proves "
				   "a distance, and nothing of whose they are",
				   own)
		    : "from there on the IPv4 addresses within those shown tell whose a hop is";
	if (hop) {
		text = arena_printf(why->arena,
				    "%s: hop %d is it, or the first router behind it; %s.", stands,
				    hop, tells);
		proof_replies(&proof, path, (struct proof_range){path->control.port, hop, hop},
			      REPLY_EXPIRED);
	}
	reasons_add(why, text, &proof);
}
