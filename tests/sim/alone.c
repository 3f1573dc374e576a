/* SPDX-License-Identifier: BSD-2-Clause */
#include "alone.h"
#include "infer/scene/build.h"
#include <stdlib.h>

/* The states that the model gives to the servers that it judges. */
static void take_states(const struct model_result *model, struct claim *claims)
{
	for (size_t s = 0; s < model->servers_n; s++) {
		const struct model_server *m = &model->servers[s];
		if (m->applies)
			claims[s] = (struct claim){.rule = claims[s].rule,
						   .row = claims[s].row,
						   .state = m->judgement.state,
						   .mechanism = m->judgement.mechanism};
	}
}

/* What the model says of a family, by the server that speaks for it. */
static void judge_family(const struct votes *v, const struct model_result *model, uint8_t family,
			 struct alone *out)
{
	struct arena texts = {0};
	struct vote vote;
	vote_family(v, family, &texts, &vote);
	arena_free(&texts);
	*out = (struct alone){.speaker = vote.speaker};
	out->judgement.state = STATE_UNKNOWN;
	out->judgement.blocker = BLOCKER_UNKNOWN;
	if (vote.speaker == TRACE_NONE || !model->servers[vote.speaker].applies)
		return;
	out->counts = true;
	out->judgement = model->servers[vote.speaker].judgement;
}

/* The worse of both families, as it speaks for the run. */
static void choose_family(const struct alone families[2], struct alone *out)
{
	const struct alone *a = &families[0], *b = &families[1];
	bool second = b->counts && (!a->counts || state_rank(b->judgement.state) <
							  state_rank(a->judgement.state));
	*out = second ? *b : *a;
}

int alone_judge(const struct trace *t, const struct prior *prior, struct alone *out)
{
	struct alone families[2];
	struct model_result model = {0};
	struct scene scene;
	struct votes v = {0};
	struct claim *claims = calloc(t->servers_n ? t->servers_n : 1, sizeof(*claims));
	int status = -1;
	if (scene_build(&scene, t) != 0 || !claims || model_judge(&scene, prior, &model) != 0)
		goto out;
	for (uint32_t s = 0; s < scene.n; s++)
		claim_make(&scene, s, &claims[s]);
	take_states(&model, claims);
	if (votes_count(&v, &scene, claims, NULL) != 0)
		goto out;
	judge_family(&v, &model, 4, &families[0]);
	judge_family(&v, &model, 6, &families[1]);
	choose_family(families, out);
	status = 0;
out:
	model_free(&model);
	votes_free(&v);
	scene_free(&scene);
	free(claims);
	return status;
}
