/* SPDX-License-Identifier: BSD-2-Clause */
/* How a family's servers vote. */
#include "infer/explain/parts.h"
#include "infer/scene/forgery.h"

/* Networks and servers by state, in the speaker's company. */
static void add_ballots(const struct explaining *x, uint32_t speaker)
{
	const char *before = "  votes          ";
	for (int state = 0; state <= STATE_UNKNOWN; state++) {
		const struct ballot *b = votes_in(x->votes, speaker, (enum state)state);
		if (!b->servers)
			continue;
		text_addf(x->out, "%s%s %u servers in %u networks%s", before,
			  state_name((enum state)state), b->servers, b->sites,
			  b->controlled ? "" : " (no control but submission ports)");
		before = ", ";
	}
	text_add(x->out, "\n");
}

/* The sign that somebody plays the part of others, with the frames that show it. */
static void add_forgery(const struct explaining *x, const struct forgery *f)
{
	text_addf(x->out, "  forgery        %s", forgery_name(f->kind));
	if (f->kind) {
		text_add(x->out, ", seen at ");
		explain_name(x, f->server);
	}
	if (f->a)
		text_addf(x->out, " [%u:%u", f->a->file, f->a->frame);
	if (f->a && f->b)
		text_addf(x->out, " %u:%u", f->b->file, f->b->frame);
	text_add(x->out, f->a ? "]\n" : "\n");
}

void explain_vote(const struct explaining *x, const struct vote *vote)
{
	const struct scene *scene = x->scene;
	const struct family_rate *rate = &scene->rates[vote->family == 6];
	if (scene->first[vote->family == 6] == TRACE_NONE)
		return;
	text_addf(x->out, "\nIPv%d: %s\n", vote->family,
		  vote->counts ? "counts" : "does not count: no server answered on any port");
	text_addf(x->out,
		  "  full TTL       controls %u of %u answered; the port %u of %u on %u servers "
		  "where it answers%s\n",
		  rate->control.reached, rate->control.sent, rate->target.reached,
		  rate->target.sent, rate->answering,
		  rate->runs_short ? "; routers' answers run short" : "");
	add_forgery(x, &scene->forgeries[vote->family == 6]);
	if (vote->speaker == TRACE_NONE)
		return;
	add_ballots(x, vote->speaker);
	text_add(x->out, "  speaker        ");
	explain_name(x, vote->speaker);
	text_addf(x->out, " by %s; %u of %u servers fare alike, in %u networks; %u open%s%s\n",
		  vote->claim.rule, vote->alike, vote->servers, vote->networks, vote->open,
		  vote->contradiction ? "; no one place explains them all" : "",
		  vote->list_doubt ? "; listed servers would all have to fail by themselves" : "");
	text_add(x->out, "  judged         ");
	explain_judgement(x, &vote->judgement);
}
