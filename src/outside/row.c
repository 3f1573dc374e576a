/* SPDX-License-Identifier: BSD-2-Clause */
#include "outside/parts.h"

#define SERVERS_LEAST 2 /* that fail alike before a place is held against a provider */

/* Owners as the places' own hops have them: the first that can be the provider's alone. */
static const struct hop_answer *provider_hop(const struct finding *f)
{
	for (size_t i = 0; i < f->hops_n; i++) {
		const struct hop_row *hop = &f->hops[i];
		if (hop->owners == 1u << SEGMENT_ISP && hop->control.answers_n > 0 &&
		    hop->control.answers[0].asn != 0)
			return &hop->control.answers[0];
	}
	return NULL;
}

uint32_t outside_provider(const struct result *own)
{
	for (size_t i = 0; i < own->findings_n; i++) {
		const struct hop_answer *hop = provider_hop(&own->findings[i]);
		if (hop)
			return hop->asn;
	}
	return 0;
}

/* The place's network: as the engine says, else as its address's owner, else its provider's. */
static void find_network(struct outside_row *row, const struct result *result, struct arena *arena)
{
	const struct trace *t = &row->vantage->trace;
	const struct network *network = trace_network(t, &row->vantage->from);
	row->asn = row->vantage->asn;
	if (row->asn == 0 && network)
		row->asn = network->asn;
	if (row->asn == 0)
		row->asn = outside_provider(result);
	if (network && network->name && network->asn == row->asn)
		row->owner = arena_copy(arena, network->name);
}

/* What is less sure than elsewhere: these ledgers lack what captures have. */
static void cap(struct judgement *j)
{
	if (j->has_confidence && j->confidence > OUTSIDE_SURE_MAX)
		j->confidence = OUTSIDE_SURE_MAX;
	for (size_t i = 0; i < j->suspects_n; i++)
		if (j->suspects[i].probability > OUTSIDE_SURE_MAX)
			j->suspects[i].probability = OUTSIDE_SURE_MAX;
}

static uint32_t blocked_servers(const struct result *result)
{
	uint32_t n = 0;
	for (size_t i = 0; i < result->findings_n; i++)
		n += result->findings[i].judgement.state == STATE_BLOCKED;
	return n;
}

static bool suspects(const struct judgement *j, enum blocker blocker)
{
	for (size_t i = 0; i < j->suspects_n; i++)
		if (j->suspects[i].blocker == blocker)
			return true;
	return false;
}

static void leave_out(struct outside_row *row, enum outside_fate fate, const char *why)
{
	row->fate = fate;
	row->why = why;
}

/* Whether a server is open to the place: then nothing stops the port as such. */
static bool reaches_one(const struct result *result)
{
	for (size_t i = 0; i < result->findings_n; i++)
		if (result->findings[i].judgement.state == STATE_OPEN)
			return true;
	return false;
}

static void fill_blocked(struct outside_row *row, const struct result *result)
{
	const struct judgement *j = &row->judgement;
	if (j->blocker == BLOCKER_LOCAL_HOST || j->blocker == BLOCKER_LOCAL_NETWORK) {
		leave_out(row, OUTSIDE_OUT, N_("it is blocked in its own local network"));
		return;
	}
	if (reaches_one(result)) {
		leave_out(row, OUTSIDE_UNDECIDED,
			  N_("it reaches some of the servers and not others"));
		/* One SYN to each is all there is: a single silence without a place may be a loss.
		 */
		if (!j->link.known && j->mechanism == MECHANISM_SILENT_DROP)
			row->judgement = judgement_unknown(MECHANISM_UNKNOWN);
		return;
	}
	row->fate = OUTSIDE_BLOCKED;
	row->inside = j->blocker == BLOCKER_ISP && j->link.known &&
		      blocked_servers(result) >= SERVERS_LEAST;
	row->at_server = j->state == STATE_CLOSED || j->blocker == BLOCKER_REMOTE ||
			 (j->passes_all && suspects(j, BLOCKER_REMOTE));
}

bool row_fill(struct outside_row *row, const struct result *result, struct arena *arena)
{
	find_network(row, result, arena);
	row->judgement = result->verdict.judgement;
	cap(&row->judgement);
	for (size_t i = 0; i < row->judgement.suspects_n; i++)
		row->judgement.suspects[i].text =
			arena_copy(arena, row->judgement.suspects[i].text);
	if (row->vantage->excluded) {
		row->judgement = judgement_unknown(MECHANISM_UNKNOWN);
		leave_out(row, OUTSIDE_OUT, row->vantage->excluded);
		return !arena->failed;
	}
	switch (row->judgement.state) {
	case STATE_OPEN:
		row->fate = OUTSIDE_OPEN;
		if (row->vantage->forged)
			leave_out(row, OUTSIDE_UNDECIDED,
				  N_("somebody on its way resets in the server's name"));
		break;
	case STATE_CLOSED:
	case STATE_BLOCKED:
		fill_blocked(row, result);
		break;
	case STATE_INTERCEPTED:
		leave_out(row, OUTSIDE_UNDECIDED, N_("somebody nearer than the server may answer"));
		break;
	case STATE_DEGRADED:
		leave_out(row, OUTSIDE_UNDECIDED, N_("its answers differ"));
		break;
	case STATE_UNKNOWN:
		if (row->judgement.mechanism == MECHANISM_NO_NETWORK)
			leave_out(row, OUTSIDE_OUT, N_("its control port fails as well"));
		else
			leave_out(row, OUTSIDE_UNDECIDED, N_("what it got does not decide"));
		break;
	}
	return !arena->failed;
}

/* The routers of one way that answered the control alone at their hop. */
static void fill_hops(const struct finding *f, uint32_t index, struct arena *arena,
		      struct site_way *way)
{
	struct site_hop *hops = arena_alloc(arena, (f->hops_n + 1) * sizeof(*hops));
	for (size_t i = 0; hops && i < f->hops_n; i++) {
		const struct hop_lane *lane = &f->hops[i].control;
		if (lane->answers_n != 1)
			continue;
		hops[way->hops_n++] = (struct site_hop){
			.hop = f->hops[i].hop,
			.addr = lane->answers[0].addr,
			.asn = lane->answers[0].asn,
			.scope = site_scope(&lane->answers[0].addr, index),
		};
	}
	way->hops = hops;
}

static enum way_fate way_fate(const struct judgement *j)
{
	if (j->state == STATE_OPEN || j->state == STATE_CLOSED)
		return WAY_PASSES;
	return j->state == STATE_BLOCKED ? WAY_FAILS : WAY_UNDECIDED;
}

struct site row_site(const struct outside_row *row, const struct result *result, uint32_t index,
		     struct arena *arena)
{
	struct site_way *ways = arena_alloc(arena, (result->findings_n + 1) * sizeof(*ways));
	struct site site = {
		.name = arena_printf(arena, "%s probe %s",
				     vantage_engine_title(row->vantage->engine),
				     row->vantage->probe),
		.asn = row->asn,
		.owner = row->owner,
		.state = row->fate == OUTSIDE_OPEN	? SITE_OPEN
			 : row->fate == OUTSIDE_BLOCKED ? SITE_FAILS
							: SITE_UNKNOWN,
		.ways = ways,
	};
	for (size_t i = 0; ways && i < result->findings_n; i++) {
		const struct finding *f = &result->findings[i];
		const struct link_span *link = &f->judgement.link;
		struct site_way *way = &ways[site.ways_n++];
		way->server = row->vantage->trace.servers[f->server].addr;
		way->fate = way_fate(&f->judgement);
		way->placed = link->known;
		if (link->known) {
			way->from_hop = (uint8_t)link->from_hop;
			way->to_hop = (uint8_t)link->to_hop;
		}
		fill_hops(f, index, arena, way);
	}
	return site;
}
