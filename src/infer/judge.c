/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/beyond.h"
#include "infer/infer.h"
#include "infer/model/model.h"
#include "infer/scene/build.h"
#include "infer/scene/sessions.h"
#include "infer/tell/facts.h"
#include "infer/tell/words.h"
#include "infer/vote/finding.h"
#include "infer/vote/vote.h"
#include <stdlib.h>

static const uint8_t families[2] = {4, 6};

static const char *family_name(uint8_t family)
{
	return family == 6 ? "IPv6" : "IPv4";
}

/* Each server's own result. 0, or -1 when there is no memory. */
static int fill_findings(const struct votes *v, const struct vote votes[2], struct result *out)
{
	const struct scene *scene = v->scene;
	struct arena *arena = &out->arena;
	out->findings = arena_alloc(arena, sizeof(*out->findings) * (scene->n ? scene->n : 1));
	if (!out->findings)
		return -1;
	out->findings_n = scene->n;
	for (uint32_t s = 0; s < scene->n; s++) {
		struct finding *f = &out->findings[s];
		finding_fill(scene, s, arena, f);
		vote_server(v, &votes[scene_family(scene, s) == 6], s, arena, &f->judgement);
		f->layer = mail_layer(scene, s);
		if (f->judgement.state == STATE_INTERCEPTED && !scene->mails[s].session)
			f->layer = LAYER_NONE;
		f->sentence = words_server(scene, s, &f->judgement, arena);
	}
	return 0;
}

/* The worse family speaks; equal ones by confidence, then IPv4. */
static const struct vote *worse(const struct vote votes[2])
{
	if (!votes[0].counts || !votes[1].counts)
		return votes[0].counts ? &votes[0] : votes[1].counts ? &votes[1] : NULL;
	int a = state_rank(votes[0].judgement.state), b = state_rank(votes[1].judgement.state);
	if (a != b)
		return a < b ? &votes[0] : &votes[1];
	return votes[1].judgement.confidence > votes[0].judgement.confidence ? &votes[1]
									     : &votes[0];
}

static bool agree(const struct vote votes[2])
{
	return votes[0].counts && votes[1].counts &&
	       votes[0].judgement.state == votes[1].judgement.state &&
	       votes[0].judgement.blocker == votes[1].judgement.blocker;
}

/* The family's state in a word or two, for the sentence about the other one. */
static const char *brief(const struct judgement *j, struct arena *arena)
{
	if (j->state == STATE_BLOCKED && j->blocker != BLOCKER_UNKNOWN)
		return arena_say(arena, "blocked by %s",
				 arena_word(arena, blocker_party(j->blocker, j->beside)));
	return arena_word(arena,
			  j->state == STATE_UNKNOWN ? N_("undecided") : state_name(j->state));
}

/* The sentence of the family that speaks, with the other's state where that differs. */
static const char *family_sentence(const struct scene *scene, const struct vote votes[2],
				   const struct vote *speaks, struct arena *arena)
{
	const char *own = words_verdict(scene, speaks, arena);
	const struct vote *other = speaks == &votes[0] ? &votes[1] : &votes[0];
	bool asked = false;
	for (uint32_t s = 0; s < scene->n; s++)
		asked = asked || scene_family(scene, s) == other->family;
	if (!asked || agree(votes))
		return own;
	const char *state = other->counts
				    ? brief(&other->judgement, arena)
				    : arena_word(arena, N_("without any answer, so not judged"));
	return arena_say(arena, "%s This holds for %s; %s is %s.", own, family_name(speaks->family),
			 family_name(other->family), state);
}

/* The verdict of the whole, from the family that speaks: sentence, reasons, advice. */
static void fill_verdict(const struct scene *scene, const struct vote votes[2], struct result *out)
{
	struct verdict *verdict = &out->verdict;
	struct arena *arena = &out->arena;
	const struct vote *speaks = worse(votes);
	const struct vote *shown = speaks ? speaks : &votes[0];
	for (int i = 0; i < 2; i++) {
		out->family[i] = votes[i].judgement;
		out->family_counts[i] = votes[i].counts;
	}
	verdict->judgement = shown->judgement;
	verdict->family = speaks ? speaks->family : 0;
	if (agree(votes))
		verdict->family = 46;
	verdict->sentence = speaks ? family_sentence(scene, votes, speaks, arena)
				   : words_verdict(scene, shown, arena);
	words_reasons(scene, shown, arena, verdict);
	words_next(scene, shown, &votes[shown == &votes[0]], arena, verdict);
}

/*
 * Where this host forbids the comparison alone, what its firewall did not see is compared instead:
 * SYNs to the port and to controls that went past it. Whether that is so, or -1 without memory.
 */
static int compare_past(struct scene *scene)
{
	struct scene past;
	bool answered = false;
	for (uint32_t s = 0; s < scene->n && !answered; s++)
		answered = scene->here[s].kind == LOCAL_CONTROLS;
	if (!answered)
		return 0;
	int status = scene_build_beyond(&past, scene);
	answered = false;
	for (uint32_t s = 0; status == 0 && s < past.n; s++)
		answered = answered || past.paths[s].control.port;
	scene_free(status == 0 && answered ? scene : &past);
	if (status != 0 || !answered)
		return status;
	*scene = past;
	return 1;
}

/* `weighed`: the model may take back whom the rules name. The catalogue may be NULL. */
static int judge(const struct trace *t, bool weighed, const struct catalogue *catalogue,
		 struct result *out)
{
	struct scene scene;
	int past = 0;
	struct vote votes[2];
	int status = -1;
	*out = (struct result){.arena.catalogue = catalogue};
	struct claim *claims = calloc(t->servers_n ? t->servers_n : 1, sizeof(*claims));
	struct votes v = {0};
	struct model_result model = {0};
	if (scene_build(&scene, t) != 0 || !claims || (past = compare_past(&scene)) < 0 ||
	    (weighed && model_judge(&scene, NULL, &model) != 0))
		goto out;
	for (uint32_t s = 0; s < scene.n; s++)
		claim_make(&scene, s, &claims[s]);
	if (votes_count(&v, &scene, claims, weighed ? &model : NULL) != 0)
		goto out;
	for (int i = 0; i < 2; i++)
		vote_family(&v, families[i], &out->arena, &votes[i]);
	if (fill_findings(&v, votes, out) != 0)
		goto out;
	fill_verdict(&scene, votes, out);
	if (past)
		out->verdict.sentence =
			arena_say(&out->arena,
				  "%s This host's own firewall refuses SYNs to the control "
				  "ports: the comparison was made past it.",
				  out->verdict.sentence);
	const struct vote *speaks = worse(votes);
	if (host_facts(&scene, out) != 0 || (speaks && host_amend(&scene, speaks, out) != 0))
		goto out;
	host_remark(t, out);
	status = out->arena.failed ? -1 : 0;
out:
	if (status != 0)
		result_free(out);
	votes_free(&v);
	model_free(&model);
	scene_free(&scene);
	free(claims);
	return status;
}

int infer_judge(const struct trace *t, struct result *out)
{
	return judge(t, true, NULL, out);
}

int infer_judge_in(const struct trace *t, const struct catalogue *catalogue, struct result *out)
{
	return judge(t, true, catalogue, out);
}

int infer_judge_by_rules(const struct trace *t, const struct catalogue *catalogue,
			 struct result *out)
{
	return judge(t, false, catalogue, out);
}
