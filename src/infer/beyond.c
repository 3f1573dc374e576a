/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/beyond.h"
#include "infer/scene/build.h"
#include "infer/tell/advice.h"
#include "infer/tell/facts.h"
#include "infer/tell/host.h"
#include "infer/tell/proof.h"
#include "infer/tell/words.h"
#include "infer/vote/finding.h"
#include <stdlib.h>
#include <string.h>

/* What remains when this host is taken out of the way. */
struct remainder {
	struct scene scene;
	struct claim *claims;
	struct vote vote;
	bool tested; /* something was sent that this host could not stop */
};

static int build(const struct scene *whole, uint8_t family, struct arena *arena,
		 struct remainder *out)
{
	*out = (struct remainder){0};
	out->claims = calloc(whole->n ? whole->n : 1, sizeof(*out->claims));
	if (!out->claims || scene_build_beyond(&out->scene, whole) != 0)
		return -1;
	for (uint32_t s = 0; s < whole->n; s++) {
		claim_make(&out->scene, s, &out->claims[s]);
		if (scene_family(whole, s) == family && whole->here[s].kind)
			out->tested = out->tested || path_first(&out->scene.paths[s]);
	}
	struct votes v;
	int status = votes_count(&v, &out->scene, out->claims, NULL);
	if (status == 0)
		vote_family(&v, family, arena, &out->vote);
	votes_free(&v);
	return status;
}

static void release(struct remainder *r)
{
	scene_free(&r->scene);
	free(r->claims);
}

static bool blocks(enum state state)
{
	return state == STATE_BLOCKED || state == STATE_CLOSED || state == STATE_INTERCEPTED ||
	       state == STATE_DEGRADED;
}

/* What is known of the port beyond this host, in a sentence. */
static const char *beyond_text(const struct remainder *r, struct arena *arena)
{
	enum state state = r->vote.judgement.state;
	if (!r->tested)
		return arena_word(arena, N_("What lies beyond this host was not tested."));
	if (!r->vote.counts || state == STATE_UNKNOWN)
		return arena_word(arena, N_("What lies beyond this host is not known."));
	if (state == STATE_OPEN)
		return arena_word(arena,
				  N_("Nothing else blocks: what passes this host is answered."));
	const char *own = words_verdict(&r->scene, &r->vote, arena);
	bool port = !arena->catalogue && strncmp(own, "Port", 4) == 0;
	return arena_say(arena, "Lifting that is not enough: %s%s", port ? "p" : "",
			 own + (port ? 1 : 0));
}

/* The reason of the finding itself, with the frames that show it. */
static void tell(const struct scene *scene, uint32_t s, struct result *out)
{
	const struct local_finding *f = &scene->here[s];
	const struct path *path = &scene->paths[s];
	const struct filter_rule *rule = host_rule(scene, s);
	struct proof proof = {0};
	struct reason item = {
		.rule = local_name(f->kind),
		.text = host_evidence(scene, s, &out->arena),
		.server = s,
	};
	if (rule)
		item.text = arena_printf(&out->arena, "%s The rule: %s", item.text, rule->text);
	for (size_t i = 0; i < f->frames_n && proof.n < PROOF_FRAMES_MAX; i++)
		proof.frames[proof.n++] = f->frames[i];
	proof_replies(&proof, path, (struct proof_range){path->control.port, 0, 0}, REPLY_SYNACK);
	proof_reason(&out->arena, &out->verdict, item, &proof);
}

/* The way as link probes saw it, in place of one that ends here. */
static void show_way(const struct scene *whole, const struct remainder *r, struct result *out)
{
	for (uint32_t s = 0; s < whole->n; s++) {
		struct finding beyond;
		struct finding *f = &out->findings[s];
		if (!whole->here[s].kind || !whole->here[s].beyond_by_link)
			continue;
		finding_fill(&r->scene, s, &out->arena, &beyond);
		f->hops = beyond.hops;
		f->hops_n = beyond.hops_n;
		f->reply.kind = "local";
	}
}

/* Puts an advice at this place before the others. */
static void put_advice(struct verdict *verdict, size_t at, const char *text)
{
	if (!text || at > verdict->next_n)
		return;
	if (verdict->next_n < RESULT_NEXT_MAX)
		verdict->next_n++;
	for (size_t i = verdict->next_n; i > at + 1; i--)
		verdict->next[i - 1] = verdict->next[i - 2];
	verdict->next[at] = text;
}

/* What to do first: the firewall's own command where it is known. Of a block that stands there. */
static void advise_here(const struct scene *scene, uint32_t s, struct result *out)
{
	const struct filter_rule *rule = host_rule(scene, s);
	struct verdict *verdict = &out->verdict;
	const char *allow = host_allow(rule, &out->arena);
	if (!allow || verdict->judgement.state == STATE_BLOCKED)
		return;
	put_advice(verdict, 0, allow);
	if (rule->advice)
		put_advice(verdict, 1, arena_word(&out->arena, rule->advice));
}

/*
 * What blocks beyond this host is a block of its own: it is told, and nobody beside this host is
 * suspected of this one.
 */
int host_amend(const struct scene *scene, const struct vote *vote, struct result *out)
{
	uint32_t s = vote->speaker;
	struct verdict *verdict = &out->verdict;
	struct remainder r;
	if (s == TRACE_NONE || !scene->here[s].kind || scene->here[s].state == STATE_UNKNOWN)
		return 0;
	int status = build(scene, vote->family, &out->arena, &r);
	if (status == 0) {
		const struct judgement *beyond = &r.vote.judgement;
		verdict->reasons_n = 0;
		tell(scene, s, out);
		verdict->sentence = arena_printf(&out->arena, "%s %s", verdict->sentence,
						 beyond_text(&r, &out->arena));
		if (r.tested && r.vote.counts && beyond->state != STATE_UNKNOWN)
			words_reasons(&r.scene, &r.vote, &out->arena, verdict);
		show_way(scene, &r, out);
		advise_here(scene, s, out);
	}
	release(&r);
	return status;
}

/* The address that user-mode networks of virtual machines give to their gateway. */
static bool has_user_nat(const struct trace *t)
{
	const struct route *r = trace_route(t, 4);
	struct addr usual;
	return r && addr_parse("10.0.2.2", &usual) && addr_equal(&r->gateway, &usual);
}

/* Whether a connection of the user's to the port under test came about. */
static bool passed(const struct trace *t, const struct user *user)
{
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];
		if (c->uid == user->uid && c->server < t->servers_n && c->error == 0 &&
		    c->port == t->servers[c->server].port)
			return true;
	}
	return false;
}

/* Those who got through and were asked since a rule looks at users; NULL: nobody. */
static const char *named_users(const struct trace *t, struct arena *arena)
{
	const char *text = NULL;
	for (size_t u = 0; u < t->users_n; u++) {
		if (!t->users[u].by_rule || !passed(t, &t->users[u]))
			continue;
		const char *name = host_user(&t->users[u], arena);
		text = text ? arena_printf(arena, "%s, %s", text, name) : name;
	}
	return text;
}

/*
 * Root passes, and a rule that is loaded looks at the user: others may fare otherwise. Where others
 * were tried, the findings say so.
 */
static void remark_owners(const struct trace *t, struct result *out)
{
	struct verdict *verdict = &out->verdict;
	const struct filter_rule *found = host_owner_rule(t);
	bool chosen = t->users_n > 1 && !t->users[t->users_n - 1].by_rule;
	if (!found || chosen || verdict->judgement.state != STATE_OPEN)
		return;
	const char *others = named_users(t, &out->arena);
	if (others)
		verdict->sentence =
			arena_say(&out->arena,
				  "This host's own firewall has a rule that looks at users; root "
				  "and %s, who asked, get through. As root: %s",
				  others, verdict->sentence);
	else
		verdict->sentence = arena_say(&out->arena,
					      "This host's own firewall keeps some users from the "
					      "port and lets root, who asked, through. As root: %s",
					      verdict->sentence);
	put_advice(verdict, 0, host_ask_again(found, &out->arena));
	put_advice(verdict, 1, host_allow(found, &out->arena));
	if (found->advice)
		put_advice(verdict, 2, arena_word(&out->arena, found->advice));
}

void host_remark(const struct trace *t, struct result *out)
{
	struct verdict *verdict = &out->verdict;
	const struct judgement *j = &verdict->judgement;
	const char *remark = NULL;
	remark_owners(t, out);
	if (!blocks(j->state) || j->blocker == BLOCKER_LOCAL_HOST || j->blocker == BLOCKER_REMOTE)
		return;
	bool near = !j->link.known || j->link.from_hop <= 1;
	if (near && has_user_nat(t))
		remark = N_("You are testing the virtual machine's own NAT: run this on its host.");
	else if (trace_note(t, "tunnel"))
		remark = N_("All this is seen through a tunnel: the provider is whoever runs its "
			    "far end.");
	else if (j->link.known && near && trace_note(t, "container") &&
		 advice_suspects(j, BLOCKER_LOCAL_NETWORK))
		remark = N_("Hop 1 is usually the machine that runs this container.");
	if (remark)
		verdict->sentence = arena_printf(&out->arena, "%s %s", verdict->sentence,
						 arena_word(&out->arena, remark));
}
