/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/shut_out.h"
#include "infer/scene/shut_out.h"

const char *shut_out_sentence(const struct scene *scene, uint32_t s, const struct judgement *j,
			      struct arena *arena)
{
	struct shut_out found;
	if (j->state != STATE_UNKNOWN || scene->conducts[s] != CONDUCT_SILENT ||
	    !scene_is_shut_out(scene, s, &found))
		return NULL;
	return arena_say(arena,
			 "This host was shut out of mail ports while it measured: whether port %u "
			 "is blocked besides cannot be told.",
			 scene->trace->servers[s].port);
}

void shut_out_reason(const struct telling *why)
{
	struct shut_out found;
	struct proof proof = {0};
	struct arena *arena = why->arena;
	(void)scene_is_shut_out(why->scene, why->vote->speaker, &found);
	const char *place =
		found.seen ? arena_printf(arena, ", somewhere after %s, where they still expire",
					  phrase_hop_of(why, found.seen))
			   : "";
	const char *beside =
		found.beside ? arena_printf(arena, ", while port %u is answered", found.beside)
			     : "";
	proof_replies(&proof, why->path, (struct proof_range){found.port, 0, 0}, REPLY_SYNACK);
	proof_silent(&proof, why->path, (struct proof_range){found.port, 0, 0});
	const char *text = arena_printf(
		arena,
		"Mail ports had accepted, port %u among them; then %u of %u SYNs to them were "
		"answered%s. Somebody counts connections to mail ports and shut this host out for "
		"those of this measurement%s: silence since then accuses nobody.",
		found.port, found.mail.answered, found.mail.sent, beside, place);
	reasons_add(why, text, &proof);
}

bool shut_out_advice(const struct advising *a)
{
	struct shut_out found;
	uint32_t s = a->vote->speaker;
	const struct rule *row = a->vote->claim.row;
	if (row && row->holds == rule_hurried) {
		advise(a, "Run it again with --gentle: it begins less than one connection to a "
			  "mail port a second.");
		return true;
	}
	if (s == TRACE_NONE || a->scene->conducts[s] != CONDUCT_SILENT ||
	    !scene_is_shut_out(a->scene, s, &found))
		return false;
	advise(a, "Wait until the list forgets this host (minutes, at some providers hours), then "
		  "run it again with --gentle: it begins less than one connection to a mail port "
		  "a second.");
	return true;
}
