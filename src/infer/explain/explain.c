/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/explain/explain.h"
#include "infer/explain/parts.h"
#include "infer/infer.h"
#include "infer/scene/build.h"
#include "infer/scene/others.h"
#include <stdlib.h>
#include <string.h>

/* Everything about one server. */
static void add_server(const struct explaining *x, const struct vote votes[2], uint32_t s)
{
	const struct scene *scene = x->scene;
	const struct server *server = &scene->trace->servers[s];
	struct judgement own;
	text_addf(x->out, "\nserver %u: ", s + 1);
	explain_name(x, s);
	text_addf(x->out, ", port %u beside control port %u, network %u%s%s%s\n", server->port,
		  scene->paths[s].control.port, scene->sites[s], server->listed ? ", listed" : "",
		  server->reference ? ", asked as a reference" : "",
		  others_speaks(scene, s) ? "" : ", another name of a server above");
	explain_facts(x, s);
	explain_rules(x, s);
	vote_server(x->votes, &votes[scene_family(scene, s) == 6], s, x->arena, &own);
	text_add(x->out, "  judged         ");
	explain_judgement(x, &own);
	explain_model(x, s);
	explain_script(x, s);
}

/* The sentence of the whole, and what carries it. */
static void add_verdict(const struct explaining *x, const struct result *r)
{
	const struct verdict *v = &r->verdict;
	text_add(x->out, "verdict: ");
	explain_judgement(x, &v->judgement);
	text_add(x->out, "  ");
	text_add_untrusted(x->out, v->sentence, strlen(v->sentence));
	text_add(x->out, "\n");
	for (size_t i = 0; i < v->reasons_n; i++) {
		const struct reason *reason = &v->reasons[i];
		text_addf(x->out, "  reason %-12s ", reason->rule);
		text_add_untrusted(x->out, reason->text, strlen(reason->text));
		for (size_t k = 0; k < reason->packets_n; k++)
			text_addf(x->out, "%s%u:%u", k ? " " : " [", reason->packets[k].file,
				  reason->packets[k].frame);
		text_add(x->out, reason->packets_n ? "]\n" : "\n");
	}
}

static void add_all(const struct explaining *x, const struct result *r)
{
	static const uint8_t families[2] = {4, 6};
	struct vote votes[2];
	add_verdict(x, r);
	for (int i = 0; i < 2; i++) {
		vote_family(x->votes, families[i], x->arena, &votes[i]);
		explain_vote(x, &votes[i]);
	}
	for (uint32_t s = 0; s < x->scene->n; s++)
		add_server(x, votes, s);
	text_add(x->out, "\nWhat the name of a rule means: whoblocks explain NAME.\n");
}

int explain_trace(const struct trace *t, struct text *out)
{
	struct scene scene = {0};
	struct votes votes = {0};
	struct model_result model = {0};
	struct arena arena = {0};
	struct result result = {0};
	int status = -1;
	struct claim *claims = calloc(t->servers_n ? t->servers_n : 1, sizeof(*claims));
	if (scene_build(&scene, t) != 0 || !claims || infer_judge(t, &result) != 0)
		goto out;
	for (uint32_t s = 0; s < scene.n; s++)
		claim_make(&scene, s, &claims[s]);
	if (model_judge(&scene, NULL, &model) != 0 ||
	    votes_count(&votes, &scene, claims, &model) != 0)
		goto out;
	struct explaining x = {&scene, &votes, &model, &arena, out};
	add_all(&x, &result);
	status = out->failed || arena.failed ? -1 : 0;
out:
	result_free(&result);
	model_free(&model);
	votes_free(&votes);
	scene_free(&scene);
	arena_free(&arena);
	free(claims);
	return status;
}
