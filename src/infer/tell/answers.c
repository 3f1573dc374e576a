/* SPDX-License-Identifier: BSD-2-Clause */
/* Reasons that are answers: SYN-ACKs, resets, rejections. */
#include "infer/result/hop_text.h"
#include "infer/rules/foreign.h"
#include "infer/rules/reject.h"
#include "infer/scene/seen.h"
#include "infer/tell/foreign.h"
#include "infer/tell/phrases.h"
#include "infer/tell/reasons.h"
#include "infer/way/hops.h"

/* A reason with the answers of a kind to SYNs to the port, of this TTL at least; 0: of any. */
static void add_replies(const struct telling *why, const char *text, enum reply_kind kind, int from)
{
	struct proof proof = {0};
	proof_replies(&proof, why->path, (struct proof_range){why->port, from, PATH_TTL_MAX}, kind);
	reasons_add(why, text, &proof);
}

void reasons_reset(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	const char *text = foreign_reason(why->scene, why->vote, why->arena);
	if (!text && path_ttl_void(why->path))
		text = arena_printf(why->arena,
				    "Resets answer SYNs to port %u%s. TTLs are set anew on the way "
				    "there: they do not tell at which hop.",
				    why->port,
				    claim->mechanism == MECHANISM_CLOSED
					    ? " from as far away as the control port's answers come"
					    : "");
	else if (!text && claim->mechanism == MECHANISM_CLOSED)
		text = arena_printf(
			why->arena,
			"Resets answer SYNs to port %u from the server's own distance of "
			"%d hops.",
			why->port, why->path->distance);
	else if (!text && claim->row && claim->row->says == SAYS_RESET_BY_SERVER)
		text = arena_printf(why->arena,
				    "Resets answer SYNs to port %u that could travel %d hops, "
				    "about as far as the server is.",
				    why->port, why->path->target.first_reset);
	else if (!text)
		text = arena_printf(
			why->arena,
			"Resets answer SYNs to port %u that could travel only %d hop%s; "
			"%s at least %d hop%s away%s.",
			why->port, why->path->target.first_reset,
			why->path->target.first_reset == 1 ? "" : "s",
			why->path->parting ? "what answers the control port, another way, is"
					   : "the server is",
			why->path->nearest, why->path->nearest == 1 ? "" : "s",
			claim->on_path ? ", and the SYNs travel on beside the resets" : "");
	add_replies(why, text, REPLY_RESET, 0);
}

/* The hop that rejects: it is not silent, though no SYN may expire there. */
static const char *refuser(const struct telling *why, int hop)
{
	struct hop_seen seen = scene_hop_seen(why->scene, why->vote->speaker, hop);
	return hop_text(why->arena, hop, &seen.addr, false);
}

void reasons_rejected(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	const char *place = foreign_reason(why->scene, why->vote, why->arena);
	const char *text =
		place ? place
		      : arena_printf(
				why->arena,
				"ICMP rejects SYNs to port %u; by the TTL that it quotes%s "
				"that is %s.",
				why->port,
				claim->forged ? " (its source address is not the sender's)" : "",
				claim->last_seen == claim->first_missing
					? refuser(why, claim->last_seen)
				: phrase_is_end(why, claim->first_missing)
					? arena_printf(why->arena, "beyond %s",
						       phrase_hop_of(why, claim->last_seen))
					: arena_printf(why->arena, "between %s and %s",
						       phrase_hop_of(why, claim->last_seen),
						       phrase_hop_of(why, claim->first_missing)));
	add_replies(why, text, REPLY_REJECTED, 0);
}

static const char *span_text(const struct telling *why, const struct span *span)
{
	int from, to;
	if (span_empty(span))
		return "nowhere on the way";
	span_hops(span, &from, &to);
	if (phrase_is_end(why, to))
		return arena_printf(why->arena, "beyond %s", phrase_hop_of(why, from));
	return arena_printf(why->arena, "between %s and %s", phrase_hop_of(why, from),
			    phrase_hop_of(why, to));
}

/* The two places of a claim that contradicts itself. */
static const char *contradiction_text(const struct telling *why, const struct claim *claim)
{
	return arena_printf(why->arena,
			    "ICMP rejects SYNs to port %u; the TTLs that draw this place it %s, "
			    "the TTLs that it quotes %s: one of them is not true.",
			    why->port, span_text(why, &claim->span), span_text(why, &claim->other));
}

/* Both sides of what does not fit together. */
void reasons_contradiction(const struct telling *why)
{
	add_replies(why, contradiction_text(why, &why->vote->claim), REPLY_REJECTED, 0);
}

void reasons_answer(const struct telling *why)
{
	const struct claim *claim = &why->vote->claim;
	const char *text = "The port answers.";
	if (claim->state == STATE_OPEN)
		text = arena_printf(why->arena, "SYN-ACKs answer SYNs to port %u.", why->port);
	else if (why->path->target.first_synack)
		text = arena_printf(why->arena,
				    "A SYN-ACK answers SYNs to port %u that could travel only %d "
				    "hop%s; the server is at least %d hop%s away.",
				    why->port, why->path->target.first_synack,
				    why->path->target.first_synack == 1 ? "" : "s",
				    why->path->nearest, why->path->nearest == 1 ? "" : "s");
	else
		text = arena_printf(why->arena,
				    "From %s on, expiries of SYNs to port %u carry the server's "
				    "address: they are redirected there.",
				    phrase_hop_of(why, claim->first_missing), why->port);
	add_replies(why, text, REPLY_SYNACK, 0);
}

/* Accepted by somebody nearer than the server, and by the server. */
void reasons_beside(const struct telling *why)
{
	int first = why->path->target.first_synack;
	const char *text = arena_printf(why->arena,
					"SYN-ACKs answer SYNs to port %u that could travel only %d "
					"hop%s, and these SYNs travel on: somebody there answers "
					"beside the server, yet a session got through.",
					why->port, first, first == 1 ? "" : "s");
	add_replies(why, text, REPLY_SYNACK, 1);
}

/* Accepted and reset in one breath. */
void reasons_aborted(const struct telling *why)
{
	struct outcome o = path_reaching(why->path, &why->path->target);
	const char *text = arena_printf(
		why->arena,
		"%u SYNs to port %u were accepted, and what was accepted was reset at once in %u "
		"cases; on the control port that never happened.",
		o.synack, why->port, o.both);
	add_replies(why, text, REPLY_RESET, 0);
}

/* Resets beside the SYN-ACKs that no TCP would accept. */
void reasons_strays(const struct telling *why)
{
	struct proof proof = {0};
	proof_invalid(&proof, why->path, why->port);
	if (proof.n)
		reasons_add(
			why,
			"Resets came too, but acknowledge nothing that was sent: they are not the "
			"server's.",
			&proof);
}
