/* SPDX-License-Identifier: BSD-2-Clause */
/* Reasons that only somebody else's capture needs. */
#include "infer/tell/foreign.h"
#include "infer/tell/words.h"

/* What resets show in a capture that has no SYNs of limited TTL. */
static const char *reset_text(const struct path *path, const struct claim *claim,
			      struct arena *arena)
{
	unsigned port = path->target.port;
	if (claim->state == STATE_CLOSED && path->control.port)
		return arena_printf(arena,
				    "Resets answer SYNs to port %u, and they come as far as the "
				    "SYN-ACKs of port %u do.",
				    port, path->control.port);
	if (claim->state == STATE_CLOSED)
		return arena_printf(
			arena, "Resets answer SYNs to port %u, which never leave this host.", port);
	if (!path->control.port)
		return arena_printf(arena,
				    "Resets with the server's address answer SYNs to port %u. "
				    "Nothing in the capture tells them from somebody else's: no "
				    "other port of the server was answered.",
				    port);
	return arena_printf(arena,
			    "Resets answer SYNs to port %u over a shorter way than the SYN-ACKs of "
			    "port %u take: they are not the server's. No SYN of limited TTL tells "
			    "where they are made.",
			    port, path->control.port);
}

static bool is_here(const struct claim *claim)
{
	return claim->span.hi == line_out(0);
}

/* Rejected in this host's name, or in the server's. */
static const char *rejected_text(const struct path *path, const struct claim *claim,
				 struct arena *arena)
{
	const struct server *server = &path->trace->servers[path->server];
	unsigned port = path->target.port;
	char buf[ADDR_TEXT_BYTES];
	if (is_here(claim))
		return arena_printf(arena,
				    "ICMP messages from %s, which is this host, reject SYNs to "
				    "port %u; what they quote has crossed no router.",
				    addr_text(&server->client, buf), port);
	if (path->told == 1)
		return arena_printf(arena,
				    "ICMP messages from the server's own address (%s) reject SYNs "
				    "to port %u; neither they nor what they quote have crossed a "
				    "router: the server is on this host's own segment.",
				    addr_text(&server->addr, buf), port);
	return arena_printf(arena,
			    "ICMP messages from the server's own address (%s) reject SYNs to port "
			    "%u; by the TTL that they quote these had come %d hop%s far, and the "
			    "messages come back from as far.",
			    addr_text(&server->addr, buf), port, path->told - 1,
			    path->told == 2 ? "" : "s");
}

const char *foreign_reason(const struct scene *scene, const struct vote *vote, struct arena *arena)
{
	const struct path *path = &scene->paths[vote->speaker];
	const struct claim *claim = &vote->claim;
	unsigned port = path->target.port;
	if (scene->trace->run.own)
		return NULL;
	switch (claim->row ? claim->row->says : SAYS_NOTHING) {
	case SAYS_RESET_ALONE:
		return reset_text(path, claim, arena);
	case SAYS_RESET_HERE:
		return arena_printf(arena,
				    "Resets on the loopback interface answer SYNs to port %u that "
				    "never left the host.",
				    port);
	case SAYS_REJECTED:
		if (path->told || is_here(claim))
			return rejected_text(path, claim, arena);
		if (path->distance == 0 && !claim->span.way_back && !vote->judgement.link.known)
			return arena_printf(arena,
					    "ICMP messages reject SYNs to port %u; what they quote "
					    "does not tell where they were made.",
					    port);
		return NULL;
	default:
		return NULL;
	}
}

/* Where no other port was asked: what came back in place of an answer. */
static const char *uncontrolled(const struct scene *scene)
{
	bool expired = false, rejected = false;
	for (uint32_t s = 0; s < scene->n; s++) {
		const struct outcome *full = &scene->paths[s].target.at[0];
		expired = expired || full->expired;
		rejected = rejected || full->rejected;
	}
	if (rejected)
		return "ICMP messages say that no way leads to the servers, whatever the port; no "
		       "other "
		       "port of them answers, so that nothing tells whether this one fares "
		       "otherwise.";
	if (!scene_uncontrolled(scene))
		return NULL;
	if (expired)
		return "SYNs of full TTL expire on the way: they go round in circles. No other "
		       "port of the same servers was asked, so that nothing tells whether this "
		       "one fares otherwise.";
	return scene->trace->replies_n
		       ? "Nothing came back that decides, and no other port of the same servers "
			 "was asked."
		       : "Nothing came back, and no other port of the same servers was asked.";
}

/* What came of SYNs to the port where that is next to nothing; NULL: something that counts. */
static const char *undecided(const struct path *path)
{
	struct outcome all = path_reaching(path, &path->target);
	if (all.answered)
		return NULL;
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == REPLY_RESET)
				return "Nothing that came back on the port is an answer that a "
				       "client would heed.";
		}
	}
	return all.odd ? NULL
		       : "The capture shows no answer to SYNs to the port, but too few of them, or "
			 "too little time behind them, for that to tell.";
}

const char *foreign_unknown(const struct scene *scene, const struct vote *vote)
{
	const struct claim *claim = &vote->claim;
	if (scene->trace->run.own)
		return NULL;
	if (scene->n == 0)
		return "The capture shows nobody who asks a port that could be judged.";
	if (vote->speaker == TRACE_NONE && scene->trace->run.blind && !scene->trace->replies_n)
		return "The capture shows nothing that came back, on any port.";
	const struct rule *row = vote->speaker == TRACE_NONE ? NULL : claim->row;
	if (row && row->says != SAYS_TEXT && !row->of_silence && row->text)
		return row->text;
	if (scene->trace->run.blind)
		return "The capture may lack answers by its making, so silence in it says nothing.";
	const char *alone = vote->speaker == TRACE_NONE ? uncontrolled(scene) : NULL;
	if (alone)
		return alone;
	if (row && row->of_silence)
		return row->text;
	if (vote->speaker != TRACE_NONE && claim->state == STATE_UNKNOWN)
		return undecided(&scene->paths[vote->speaker]);
	if (vote->speaker != TRACE_NONE)
		return "The servers differ, and which of them somebody asked for is not known.";
	return NULL;
}
