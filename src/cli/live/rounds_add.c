/* SPDX-License-Identifier: BSD-2-Clause */
/* A round tells its outcome: also the only one of a measurement, which nobody hears. */
#include "cli/live/rounds.h"
#include <jansson.h>

/* One line of JSON to whoever started the round. */
static void tell(const struct about_round *round, int fd)
{
	json_t *told =
		json_pack("{sI ss ss ss ss sf}", "started", (json_int_t)round->started_ns, "state",
			  round->state, "blocker", round->blocker, "mechanism", round->mechanism,
			  "sentence", round->sentence, "confidence", round->confidence);
	if (told && fd >= 0)
		(void)json_dumpfd(told, fd, JSON_COMPACT);
	json_decref(told);
}

void rounds_add(struct rounds *rounds, const struct trace *t, const struct result *r)
{
	const struct judgement *j = &r->verdict.judgement;
	if (!rounds->items || rounds->n == ROUNDS_MAX)
		return;
	bool has = j->has_confidence && j->state != STATE_UNKNOWN;
	rounds->items[rounds->n] = (struct about_round){
		.started_ns = t->run.started_ns,
		.state = state_name(j->state),
		.blocker = blocker_name(j->blocker),
		.mechanism = mechanism_name(j->mechanism),
		.sentence = arena_copy(&rounds->arena, r->verdict.sentence),
		.confidence = has ? j->confidence : -1,
	};
	tell(&rounds->items[rounds->n++], rounds->report_fd);
}
