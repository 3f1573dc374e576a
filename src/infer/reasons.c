/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a verdict was reached, in sentences that name frames. */
#include "infer/foreign.h"
#include "infer/ladder.h"
#include "infer/mail_rules.h"
#include "infer/proof.h"
#include "infer/way_words.h"
#include "infer/words.h"
#include <string.h>

struct telling {
	const struct scene *scene;
	const struct vote *vote;
	const struct path *path;
	struct arena *arena;
	struct verdict *verdict;
	unsigned port, control;
};

static const char *hop_text(const struct telling *why, int hop)
{
	struct addr addr = roles_hop_addr(why->path, hop);
	return words_hop(why->arena, hop, &addr);
}

static void tell(const struct telling *why, const char *text, struct proof *proof)
{
	struct reason item = {
		.rule = why->vote->claim.rule,
		.text = text,
		.server = why->vote->speaker,
	};
	proof_reason(why->arena, why->verdict, item, proof);
}

static const char *silence_text(const struct telling *why, int near, int missing, bool at_server)
{
	if (at_server && near)
		return arena_printf(why->arena,
				    "SYNs to port %u expire at %s, and what goes further draws no "
				    "answer, while the control port %u is answered.",
				    why->port, hop_text(why, near), why->control);
	if (at_server)
		return arena_printf(
			why->arena,
			"SYNs to port %u leave this host and draw no answer at all, while "
			"the control port %u is answered; no router on the way shows "
			"itself to both.",
			why->port, why->control);
	if (!near)
		return arena_printf(
			why->arena,
			"SYNs to port %u leave this host and expire nowhere, while SYNs "
			"to the control port %u expire at %s.",
			why->port, why->control, hop_text(why, missing));
	return arena_printf(why->arena,
			    "SYNs to port %u expire at %s and are never seen at %s, where SYNs to "
			    "the control port %u expire.",
			    why->port, hop_text(why, near), hop_text(why, missing), why->control);
}

static void tell_silence(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	struct proof proof = {0};
	int near = claim->last_seen, missing = claim->first_missing;
	bool at_server = claim->span.way_back;
	if (near)
		proof_replies(&proof, why->path,
			      (struct proof_range){(uint16_t)why->port, near, near}, REPLY_EXPIRED);
	if (at_server)
		proof_replies(&proof, why->path, (struct proof_range){(uint16_t)why->control, 0, 0},
			      REPLY_SYNACK);
	else
		proof_replies(&proof, why->path,
			      (struct proof_range){(uint16_t)why->control, missing, missing},
			      REPLY_EXPIRED);
	proof_silent(&proof, why->path, (struct proof_range){(uint16_t)why->port, 0, 0});
	tell(why, silence_text(why, near, missing, at_server), &proof);
}

/* Some SYNs pass and some do not. */
static void tell_partly(const struct telling *why)
{
	struct proof passing = {0}, failing = {0};
	struct proof_range full = {(uint16_t)why->port, 0, 0};
	int near = why->vote->claim.last_seen;
	const char *text = way_reason(why->scene, why->vote, why->arena);
	const char *where = way_where(why->scene, why->vote, why->arena);
	proof_replies(&passing, why->path, full, REPLY_SYNACK);
	proof_silent(&failing, why->path, full);
	proof_replies(&failing, why->path, (struct proof_range){full.port, near, near},
		      REPLY_EXPIRED);
	tell(why, text ? text : "Some SYNs to the port are answered and some are not.", &passing);
	tell(why, where ? where : "These draw no answer.", &failing);
}

static void tell_reset(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	struct proof proof = {0};
	proof_replies(&proof, why->path, (struct proof_range){(uint16_t)why->port, 0, PATH_TTL_MAX},
		      REPLY_RESET);
	const char *text = foreign_reason(why->scene, why->vote, why->arena);
	if (!text && claim->mechanism == MECHANISM_CLOSED)
		text = arena_printf(
			why->arena,
			"Resets answer SYNs to port %u from the server's own distance of "
			"%d hops.",
			why->port, why->path->distance);
	else if (!text)
		text = arena_printf(
			why->arena,
			"Resets answer SYNs to port %u that could travel only %d hop%s; "
			"the server is at least %d hops away%s.",
			why->port, why->path->target.first_reset,
			why->path->target.first_reset == 1 ? "" : "s", why->path->nearest,
			claim->on_path ? ", and the SYNs travel on beside the resets" : "");
	tell(why, text, &proof);
}

static void tell_rejected(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	struct proof proof = {0};
	proof_replies(&proof, why->path, (struct proof_range){(uint16_t)why->port, 0, PATH_TTL_MAX},
		      REPLY_REJECTED);
	const char *place = foreign_reason(why->scene, why->vote, why->arena);
	const char *text =
		place ? place
		      : arena_printf(why->arena,
				     "ICMP rejects SYNs to port %u; by the TTL that it quotes%s "
				     "that is %s.",
				     why->port,
				     claim->forged ? " (its source address is not the sender's)"
						   : "",
				     claim->last_seen == claim->first_missing
					     ? hop_text(why, claim->last_seen)
					     : arena_printf(why->arena, "between %s and %s",
							    hop_text(why, claim->last_seen),
							    hop_text(why, claim->first_missing)));
	tell(why, text, &proof);
}

static void tell_answer(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	struct proof proof = {0};
	proof_replies(&proof, why->path, (struct proof_range){(uint16_t)why->port, 0, PATH_TTL_MAX},
		      REPLY_SYNACK);
	const char *text = "The port answers.";
	if (claim->state == STATE_OPEN)
		text = arena_printf(why->arena, "SYN-ACKs answer SYNs to port %u.", why->port);
	else if (why->path->target.first_synack)
		text = arena_printf(why->arena,
				    "A SYN-ACK answers SYNs to port %u that could travel only %d "
				    "hops; the server is at least %d hops away.",
				    why->port, why->path->target.first_synack, why->path->nearest);
	else
		text = arena_printf(why->arena,
				    "From %s on, expiries of SYNs to port %u carry the server's "
				    "address: they are redirected there.",
				    hop_text(why, claim->first_missing), why->port);
	tell(why, text, &proof);
}

/* Resets beside the SYN-ACKs that no TCP would accept. */
static void tell_strays(const struct telling *why)
{
	struct proof proof = {0};
	proof_invalid(&proof, why->path, (uint16_t)why->port);
	if (proof.n)
		tell(why,
		     "Resets came too, but acknowledge nothing that was sent: they are not the "
		     "server's.",
		     &proof);
}

static void tell_count(const struct telling *why)
{
	const struct vote *vote = why->vote;
	unsigned asked = 0, answered = 0;
	struct proof proof = {0};
	for (uint32_t s = 0; s < why->scene->n; s++) {
		bool ours = scene_family(why->scene, s) == vote->family &&
			    why->scene->trace->servers[s].port == why->port;
		if (!ours || !vote_has(why->scene, s))
			continue;
		const struct path *path = &why->scene->paths[s];
		struct outcome o = path_reaching(path, &path->target);
		asked += o.sent;
		answered += o.synack;
		proof_replies(&proof, path, (struct proof_range){path->control.port, 0, 0},
			      REPLY_SYNACK);
	}
	const char *text = arena_printf(
		why->arena,
		"The same on %u of %u servers, in %u network%s; %u of %u full-TTL SYNs to port %u "
		"were accepted.%s",
		vote->alike, vote->servers, vote->company.sites_alike,
		vote->company.sites_alike == 1 ? "" : "s", answered, asked, why->port,
		why->control ? " The control ports answered." : "");
	tell(why, text, &proof);
}

static void tell_none(const struct telling *why, const char *text)
{
	struct proof proof = {0};
	tell(why, text, &proof);
}

/* With the frames in which the other side speaks. */
static void tell_session(const struct telling *why, const char *text)
{
	struct proof proof = {0};
	proof_session(&proof, why->scene->trace, why->scene->mails[why->vote->speaker].session);
	tell(why, text, &proof);
}

void words_reasons(const struct scene *scene, const struct vote *vote, struct arena *arena,
		   struct verdict *verdict)
{
	struct telling why = {scene, vote, NULL, arena, verdict, 0, 0};
	if (vote->speaker == TRACE_NONE) {
		struct proof proof = {0};
		const char *open = foreign_unknown(scene, vote);
		struct reason item = {"no-answer", open ? open : "No server answered on any port.",
				      TRACE_NONE, NULL, 0};
		proof_reason(arena, verdict, item, &proof);
		return;
	}
	why.path = &scene->paths[vote->speaker];
	why.port = scene->trace->servers[vote->speaker].port;
	why.control = why.path->control.port;
	const struct claim *claim = &vote->claim;
	const char *open = foreign_unknown(scene, vote);
	const char *mail = mail_reason(scene, vote->speaker, claim, arena);
	if (vote->judgement.state == STATE_UNKNOWN && open)
		tell_none(&why, open);
	else if (mail)
		tell_session(&why, mail);
	else if (strcmp(claim->rule, "connect-fails") == 0)
		tell_none(&why, "SYNs to the port are answered, but no connection of this host's "
				"own to it came about, while others did.");
	else if (claim->state == STATE_UNKNOWN)
		tell_none(&why, "The answers so far fit more than one explanation.");
	else if (claim->state == STATE_OPEN || claim->state == STATE_INTERCEPTED)
		tell_answer(&why);
	else if (claim->state == STATE_DEGRADED && claim->mechanism != MECHANISM_TCP_RESET &&
		 claim->mechanism != MECHANISM_CLOSED)
		tell_partly(&why);
	else if (claim->mechanism == MECHANISM_TCP_RESET || claim->mechanism == MECHANISM_CLOSED)
		tell_reset(&why);
	else if (claim->mechanism == MECHANISM_ICMP_REJECT)
		tell_rejected(&why);
	else if (claim->span.lo > 0)
		tell_silence(&why);
	else
		tell_none(&why, "This host's kernel refuses to send SYNs to the port.");
	if (claim->state == STATE_OPEN && !scene->trace->run.own)
		tell_strays(&why);
	const char *more = mail ? NULL : mail_detail(scene, vote->speaker, arena);
	if (more)
		tell_session(&why, more);
	if (claim->state != STATE_UNKNOWN)
		tell_count(&why);
	const char *ladder = ladder_reason(scene, vote, arena);
	if (ladder)
		tell_none(&why, ladder);
	const char *login = mail_login(scene, vote->speaker, arena);
	if (login)
		tell_session(&why, login);
	if (vote->contradiction)
		tell_none(&why, "Not every server shows the same place: more than one cause is "
				"possible.");
}
