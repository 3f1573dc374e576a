/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a verdict was reached, in sentences that name frames. */
#include "infer/tell/reasons.h"
#include "infer/rules/foreign.h"
#include "infer/scene/others.h"
#include "infer/tell/absent.h"
#include "infer/tell/foreign.h"
#include "infer/tell/ladder.h"
#include "infer/tell/mail.h"
#include "infer/tell/phrases.h"
#include "infer/tell/shut_out.h"
#include "infer/tell/ways.h"
#include "infer/tell/words.h"

/* Of a row without words: never a sentence that may be false. */
#define CANNOT_SAY                                                                                 \
	"Why that is so the program cannot say: the rule that decides has no words for it."

/* That this host drops no answers: they are looked for before its firewall sees them. */
static const char *not_this_host(const struct telling *why)
{
	return why->scene->trace->run.own
		       ? " No answer arrives at this host's network device either: its own "
			 "firewall drops none."
		       : "";
}

/* Between which hops SYNs to the port vanish, in a sentence. */
static const char *silence_text(const struct telling *why, int near, int missing, bool at_server)
{
	const char *own = way_of_its_own(why->scene, why->vote, why->arena);
	if (own)
		return own;
	if (why->path->at_server)
		return arena_printf(
			why->arena,
			"SYNs to port %u were captured beside the server, by their TTL far "
			"from who sent them, and draw no answer, while the control port %u "
			"is answered.",
			why->port, why->control);
	if (why->path->target.at[0].expired)
		return arena_printf(
			why->arena,
			"SYNs to port %u expire on their way though their TTL was not "
			"limited: they go round between routers, while the control port %u "
			"is answered.",
			why->port, why->control);
	if (at_server && near)
		return arena_printf(why->arena,
				    "SYNs to port %u reach %s, and what goes further draws no "
				    "answer, while the control port %u is answered.%s",
				    why->port, phrase_hop_of(why, near), why->control,
				    not_this_host(why));
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
			"TTL-limited SYNs to port %u leave this host and reach no router, "
			"while those to the control port %u reach %s.",
			why->port, why->control, phrase_hop_of(why, missing));
	return arena_printf(why->arena,
			    "TTL-limited SYNs to port %u reach %s but not %s, which those to the "
			    "control port %u do reach.",
			    why->port, phrase_hop_of(why, near), phrase_hop_of(why, missing),
			    why->control);
}

/* Expiries of a port's SYNs at a hop: on the speaker's way, else on those of servers that fare
 * alike. */
static void prove_expiries(const struct telling *why, bool target, int hop, struct proof *proof)
{
	const struct scene *scene = why->scene;
	size_t before = proof->n;
	for (uint32_t i = 0; i < scene->n && proof->n == before; i++) {
		const struct path *path = &scene->paths[(why->vote->speaker + i) % scene->n];
		uint16_t port = target ? path->target.port : path->control.port;
		if (scene_family(scene, path->server) == why->vote->family)
			proof_replies(proof, path, (struct proof_range){port, hop, hop},
				      REPLY_EXPIRED);
	}
}

/* Silence, with the expiries on either side of it. */
static void tell_silence(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	struct proof proof = {0};
	int near = claim->last_seen, missing = claim->first_missing;
	bool at_server = claim->span.way_back;
	/* Others narrow the place. */
	if (!at_server && !span_empty(&claim->span)) {
		int from, to;
		span_hops(&claim->span, &from, &to);
		near = from > near ? from : near;
		missing = to < missing ? to : missing;
	}
	at_server = at_server || phrase_is_end(why, missing) ||
		    (why->path->distance && missing >= why->path->distance);
	if (near)
		prove_expiries(why, true, near, &proof);
	if (at_server)
		proof_replies(&proof, why->path, (struct proof_range){why->control, 0, 0},
			      REPLY_SYNACK);
	else
		prove_expiries(why, false, missing, &proof);
	proof_silent(&proof, why->path, (struct proof_range){why->port, 0, 0});
	reasons_add(why, silence_text(why, near, missing, at_server), &proof);
}

/* Some SYNs pass and some do not. */
static void tell_partly(const struct telling *why)
{
	struct proof passing = {0}, failing = {0};
	struct proof_range full = {why->port, 0, 0};
	int near = why->vote->claim.last_seen;
	const char *text = way_reason(why->scene, why->vote, why->arena);
	const char *where = way_where(why->scene, why->vote, why->arena);
	proof_replies(&passing, why->path, full, REPLY_SYNACK);
	proof_silent(&failing, why->path, full);
	proof_replies(&failing, why->path, (struct proof_range){full.port, near, near},
		      REPLY_EXPIRED);
	reasons_add(why, text ? text : "Some SYNs to the port are answered and some are not.",
		    &passing);
	reasons_add(why, where ? where : "These draw no answer.", &failing);
}

/* On how many servers it is the same, and how many SYNs were accepted. */
static void tell_count(const struct telling *why)
{
	const struct vote *vote = why->vote;
	unsigned asked = 0, answered = 0, unseen = 0, both = 0;
	struct proof proof = {0};
	for (uint32_t s = 0; s < why->scene->n; s++) {
		bool ours = scene_family(why->scene, s) == vote->family &&
			    why->scene->trace->servers[s].port == why->port;
		if (!ours || !scene_votes(why->scene, s) || !others_speaks(why->scene, s))
			continue;
		const struct path *path = &why->scene->paths[s];
		struct outcome o = path_reaching(path, &path->target);
		asked += o.sent;
		answered += o.synack;
		both += o.both;
		unseen += o.unseen;
		proof_replies(&proof, path, (struct proof_range){path->control.port, 0, 0},
			      REPLY_SYNACK);
	}
	const char *lacks =
		unseen ? arena_printf(why->arena, " The capture lacks %u SYN%s of these.", unseen,
				      unseen == 1 ? "" : "s")
		       : "";
	const char *contradicted =
		both ? arena_printf(why->arena,
				    " at first, and %u of %u SYNs drew a reset and a SYN-ACK", both,
				    asked)
		     : "";
	bool open = vote->claim.state == STATE_OPEN && why->scene->trace->run.own;
	const char *untried = open ? arena_printf(why->arena,
						  " A limit above %u SYNs, or a fault that hits "
						  "few of them, would not "
						  "show.",
						  asked)
				   : "";
	const char *text = arena_printf(
		why->arena,
		"The same on %u of %u servers, in %u network%s; %u of %u full-TTL SYNs to port %u "
		"were accepted%s.%s%s%s",
		vote->alike, vote->servers, vote->networks, vote->networks == 1 ? "" : "s",
		answered, asked, why->port, contradicted, lacks,
		why->control ? " The control ports answered." : "", untried);
	reasons_add(why, text, &proof);
}

/* What no frame carries by itself. */
static void tell_none(const struct telling *why, const char *text)
{
	reasons_add(why, text, NULL);
}

/* With the frames in which the other side speaks. */
static void tell_session(const struct telling *why, const char *text)
{
	struct proof proof = {0};
	proof_session(&proof, why->scene->trace, why->scene->mails[why->vote->speaker].session);
	reasons_add(why, text, &proof);
}

/* What this host does to the port; its own sentences replace this where it is the whole verdict. */
static void tell_host(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	if (claim->state == STATE_INTERCEPTED)
		reasons_answer(why);
	else if (claim->mechanism == MECHANISM_TCP_RESET)
		reasons_reset(why);
	else if (claim->mechanism == MECHANISM_ICMP_REJECT)
		reasons_rejected(why);
	else
		tell_none(why, "This host's kernel refuses to send SYNs to the port.");
}

/* Which SYNs fare how: those that draw resets or rejections, else those that draw nothing. */
static void tell_share(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	if (claim->mechanism == MECHANISM_TCP_RESET || claim->mechanism == MECHANISM_CLOSED)
		reasons_reset(why);
	else if (claim->mechanism == MECHANISM_ICMP_REJECT)
		reasons_rejected(why);
	else
		tell_partly(why);
}

/* Whether what went past this host's rules was answered: how many were is all there is to say. */
static bool is_open_past(const struct telling *why)
{
	return why->scene->beyond && why->vote->claim.state == STATE_OPEN;
}

/* That nothing beyond this host blocks, by what went past its rules. */
static void tell_past(const struct telling *why)
{
	const struct vote *vote = why->vote;
	unsigned asked = 0, answered = 0;
	struct proof proof = {0};
	const char *way = why->path->by_link ? " that were handed straight to the network device"
					     : ", which its rules let go,";
	for (uint32_t s = 0; s < why->scene->n; s++) {
		const struct path *path = &why->scene->paths[s];
		if (scene_family(why->scene, s) != vote->family || path->target.port != why->port)
			continue;
		struct outcome o = path_reaching(path, &path->target);
		asked += o.sent;
		answered += o.synack;
		proof_replies(&proof, path, (struct proof_range){why->port, 0, 0}, REPLY_SYNACK);
	}
	reasons_add(
		why,
		arena_printf(why->arena,
			     "%u of %u test packets (SYNs)%s were accepted on port %u, by %u of "
			     "%u servers, in %u network%s. Nothing beyond this host blocks it.",
			     answered, asked, way, why->port, vote->alike, vote->servers,
			     vote->networks, vote->networks == 1 ? "" : "s"),
		&proof);
}

/* What its row says of a claim. */
static void tell_row(const struct telling *why, const struct rule *row)
{
	static const struct {
		void (*tell)(const struct telling *why);
		bool undecided; /* also of a claim that decides nothing */
	} ways[] = {
		[SAYS_HOST] = {tell_host, false},
		[SAYS_ANSWER] = {reasons_answer, false},
		[SAYS_BESIDE] = {reasons_beside, true},
		[SAYS_ABORTED] = {reasons_aborted, true},
		[SAYS_SHARE] = {tell_share, false},
		[SAYS_RESET] = {reasons_reset, false},
		[SAYS_RESET_BY_SERVER] = {reasons_reset, false},
		[SAYS_RESET_HERE] = {reasons_reset, false},
		[SAYS_RESET_ALONE] = {reasons_reset, false},
		[SAYS_REJECTED] = {reasons_rejected, false},
		[SAYS_SHUT_OUT] = {shut_out_reason, true},
		[SAYS_SILENCE] = {tell_silence, false},
		[SAYS_LARGE] = {NULL, false},
	};
	enum saying says = row ? row->says : SAYS_NOTHING;
	if (says == SAYS_TEXT)
		tell_none(why, row->text);
	else if (why->vote->claim.state == STATE_UNKNOWN && !ways[says].undecided)
		tell_none(why, "The answers so far fit more than one explanation.");
	else if (ways[says].tell)
		ways[says].tell(why);
	else
		tell_none(why, CANNOT_SAY);
}

/* What the claim rests on; `open` and `mail` are said instead. */
static void tell_claim(const struct telling *why, const char *open, const char *mail)
{
	const struct claim *claim = &why->vote->claim;
	if (why->vote->judgement.state == STATE_UNKNOWN && open)
		tell_none(why, open);
	else if (mail)
		tell_session(why, mail);
	else if (claim->state == STATE_UNKNOWN && claim->contradicts && claim->other.hi)
		reasons_contradiction(why);
	else
		tell_row(why, claim->row);
}

/* Why nobody is named though a rule does; and that no frame decides, where the likelier is named.
 */
static void tell_doubt(const struct telling *why)
{
	const struct doubt *doubt = &why->vote->doubt;
	const struct claim *claim = &why->vote->claim;
	if (why->vote->judgement.blocker == BLOCKER_REMOTE && claim->span.way_back &&
	    claim->mechanism == MECHANISM_SILENT_DROP)
		tell_none(why, "No frame tells whether SYNs are lost there or answers on their "
			       "way back: that one server's own side fails is how it mostly is.");
	if (doubt->accused == BLOCKER_NONE)
		return;
	tell_none(why, arena_printf(why->arena,
				    "By itself that would point to %s; all answers weighed "
				    "together leave it %.0f chances in 100, too few to name it.",
				    blocker_party(doubt->accused, why->vote->judgement.beside),
				    100 * doubt->probability));
}

void words_reasons(const struct scene *scene, const struct vote *vote, struct arena *arena,
		   struct verdict *verdict)
{
	struct telling why = {scene, vote, NULL, arena, verdict, 0, 0};
	if (vote->speaker == TRACE_NONE) {
		const char *open = foreign_unknown(scene, vote);
		struct reason item = {"no-answer", open, TRACE_NONE, NULL, 0};
		if (open)
			proof_reason(arena, verdict, item, NULL);
		else
			absent_reasons(scene, arena, verdict);
		return;
	}
	why.path = &scene->paths[vote->speaker];
	why.port = scene->trace->servers[vote->speaker].port;
	why.control = why.path->control.port;
	const struct claim *claim = &vote->claim;
	const char *open = foreign_unknown(scene, vote);
	const char *mail = mail_reason(scene, vote->speaker, claim, arena);
	if (is_open_past(&why)) {
		tell_past(&why);
		return;
	}
	tell_claim(&why, open, mail);
	tell_doubt(&why);
	reasons_forgery(&why);
	if (claim->state != STATE_OPEN)
		reasons_translated(&why);
	if ((claim->state == STATE_OPEN || claim->state == STATE_UNKNOWN) && !scene->trace->run.own)
		reasons_strays(&why);
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
	absent_names(scene, arena, verdict);
	/* Servers that refuse by themselves, or whose own ends fail, lie at different places
	 * anyway. */
	if (vote->contradiction && claim->state != STATE_CLOSED &&
	    verdict->judgement.blocker != BLOCKER_REMOTE)
		tell_none(&why, "Not every server shows the same place: more than one cause is "
				"possible.");
}
