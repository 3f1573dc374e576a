/* SPDX-License-Identifier: BSD-2-Clause */
/* What hardware addresses tell of the way from a client to a server. */
#include "trace/survey.h"

/* Whether the same station stands for both, in either direction. */
static bool shares_station(const struct party *a, const struct party *b)
{
	return (a->from && a->from == b->from) || (a->to && a->to == b->to);
}

/*
 * Whether the station that stands for the server stands for somebody of another network, too, or
 * passes on what came from elsewhere: then it is a router, or plays one (RFC 1027).
 */
static bool is_router(const struct survey *s, const struct party *server)
{
	for (size_t i = 0; i < s->parties_n; i++) {
		const struct party *p = &s->parties[i];

		if (p->addr.family == server->addr.family && shares_station(p, server) &&
		    (p->routed || !addr_same_site(&p->addr, &server->addr)))
			return true;
	}
	return false;
}

enum link_place survey_place(const struct survey *s, uint32_t client, uint32_t server)
{
	const struct party *own = &s->parties[client], *theirs = &s->parties[server];
	hardware at = theirs->from ? theirs->from : theirs->to;

	if (own->line)
		return PLACE_LINE;
	/* Nothing tells where both are one station's: a loopback, addresses that were taken out. */
	if (!at || shares_station(own, theirs))
		return PLACE_UNKNOWN;
	if (is_router(s, theirs))
		return PLACE_BEHIND;
	return theirs->said == at ? PLACE_BESIDE : PLACE_UNKNOWN;
}
