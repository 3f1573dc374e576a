/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/infer.h"
#include "infer/tell/words.h"
#include "outside/parts.h"
#include <stdlib.h>
#include <string.h>

#define WITNESSES_MAX 12

/* Which network the view is about has a name where any row has. */
static void name_network(struct outside_view *view, const struct outside_row *rows, size_t n)
{
	for (size_t i = 0; i < n && !view->owner; i++)
		if (rows[i].same && rows[i].owner)
			view->owner = rows[i].owner;
}

/* The public measurements, each once, in the order of the rows. */
static void gather_ids(struct outside_view *view, const struct vantage_list *list)
{
	const char **ids =
		arena_alloc(&view->arena, (list->n * VANTAGE_IDS_MAX + 1) * sizeof(const char *));
	for (size_t i = 0; ids && i < list->n; i++) {
		for (size_t k = 0; k < list->items[i].ids_n; k++) {
			const char *id = list->items[i].ids[k];
			bool known = false;
			/* All places have the same few. */
			for (size_t j = 0; j < view->ids_n && j < VANTAGE_IDS_MAX * 4 && !known;
			     j++)
				known = strcmp(ids[j], id) == 0;
			if (!known)
				ids[view->ids_n++] = id;
		}
	}
	view->ids = ids;
}

/* Judges each place; its row, and as a site where its fate counts. False: no memory. */
static bool judge_places(const struct vantage_list *list, struct outside_view *view,
			 struct outside_row *rows, struct site *sites)
{
	for (size_t i = 0; i < list->n; i++) {
		struct result result;
		rows[i].vantage = &list->items[i];
		if (infer_judge(&list->items[i].trace, &result) != 0)
			return false;
		bool ok = row_fill(&rows[i], &result, &view->arena);
		rows[i].same = view->asn != 0 && rows[i].asn == view->asn;
		sites[i] = row_site(&rows[i], &result, (uint32_t)i, &view->arena);
		result_free(&result);
		if (!ok)
			return false;
	}
	return true;
}

int outside_judge(const struct vantage_list *list, uint32_t asn, const struct result *own,
		  const struct catalogue *catalogue, struct outside_view *out)
{
	*out = (struct outside_view){
		.asn = asn, .port = list->port, .told_arena.catalogue = catalogue};
	struct outside_row *rows = arena_alloc(&out->arena, (list->n + 1) * sizeof(*rows));
	struct site *sites = arena_alloc(&out->arena, (list->n + 1) * sizeof(*sites));
	if (!rows || !sites || !judge_places(list, out, rows, sites))
		return -1;
	out->rows = rows;
	out->rows_n = list->n;
	out->sites = sites;
	name_network(out, rows, list->n);
	counts_make(out, rows, list->n);
	for (int family = 0; family < 2; family++)
		out->says[family] = out->asked[family] ? counts_say(out, family) : OUTSIDE_NOTHING;
	gather_ids(out, list);
	if (!sites_combine(sites, list->n, &out->shared))
		return -1;
	out->sentences_n = words_fill(out, own, &out->arena, out->sentences);
	out->told_n = words_fill(out, own, &out->told_arena, out->told);
	return out->arena.failed || out->told_arena.failed ? -1 : 0;
}

void outside_free(struct outside_view *view)
{
	sites_free(&view->shared);
	arena_free(&view->arena);
	arena_free(&view->told_arena);
	*view = (struct outside_view){0};
}

/* --- the verdict ----------------------------------------------------------------------------- */

static struct suspect *find_suspect(struct judgement *j, enum blocker blocker)
{
	for (size_t i = 0; i < j->suspects_n; i++)
		if (j->suspects[i].blocker == blocker)
			return &j->suspects[i];
	return NULL;
}

/* Gives one suspect this probability, and the others what is left in their shares. */
static void raise_suspect(struct judgement *j, struct suspect *one, double p)
{
	double rest = 1 - one->probability;
	for (size_t i = 0; i < j->suspects_n; i++)
		if (&j->suspects[i] != one && rest > 0)
			j->suspects[i].probability *= (1 - p) / rest;
	one->probability = p;
	struct suspect raised = *one;
	/* Most likely first. */
	for (; one > j->suspects && one[-1].probability < p; one--)
		*one = one[-1];
	*one = raised;
}

static double after(double before, double ratio)
{
	double odds = before / (1 - before) * ratio;
	double p = odds / (1 + odds);
	return p > OUTSIDE_SURE_MAX ? OUTSIDE_SURE_MAX : p;
}

/* Which suspect the view speaks for, and how strongly; BLOCKER_NONE: for none that is one. */
static enum blocker favours(const struct outside_view *view, int family, const struct judgement *j,
			    double *ratio)
{
	const struct outside_count *same = &view->same[family], *other = &view->other[family];
	*ratio = 1;
	if (view->says[family] == OUTSIDE_PROVIDER && j->suspects_n == 2) {
		*ratio = counts_ratio(same->inside, same->open + same->blocked);
		return BLOCKER_ISP;
	}
	if (view->says[family] == OUTSIDE_EVERYBODY) {
		*ratio = counts_ratio(other->networks_at_server, other->networks);
		return BLOCKER_REMOTE;
	}
	return BLOCKER_NONE;
}

/* Moves the judgement. Returns the suspect that is likelier now, or NULL. */
static const struct suspect *move(const struct outside_view *view, int family, struct judgement *j)
{
	double ratio;
	if (j->state != STATE_BLOCKED || j->blocker != BLOCKER_UNKNOWN)
		return NULL;
	enum blocker blocker = favours(view, family, j, &ratio);
	struct suspect *one = blocker == BLOCKER_NONE ? NULL : find_suspect(j, blocker);
	if (!one || one->probability <= 0 || one->probability >= OUTSIDE_SURE_MAX || ratio <= 1 ||
	    (blocker == BLOCKER_ISP && !find_suspect(j, BLOCKER_LOCAL_NETWORK)))
		return NULL;
	raise_suspect(j, one, after(one->probability, ratio));
	one = find_suspect(j, blocker);
	if (one && one->probability >= 0.9) {
		j->blocker = blocker;
		if (j->mechanism == MECHANISM_UNKNOWN)
			j->mechanism = one->mechanism;
		if (j->has_confidence && j->confidence > one->probability)
			j->confidence = one->probability;
	}
	return one;
}

static bool add_reason(struct verdict *v, const char *text)
{
	if (v->reasons_n == RESULT_REASONS_MAX)
		v->reasons_n--; /* the last one tells least */
	v->reasons[v->reasons_n++] = (struct reason){
		.rule = "outside",
		.text = text,
		.server = TRACE_NONE,
	};
	return true;
}

/* The sentences of the view as one. */
static const char *joined(const char *const *sentences, size_t n, struct arena *arena)
{
	const char *text = "";
	for (size_t i = 0; i < n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", sentences[i]);
	return text;
}

/* "RIPE Atlas probes 1001, 1002": lines that count, of the provider where there are any. */
static const char *witnesses(const struct outside_view *view, struct arena *arena)
{
	bool same = view->same[0].lines + view->same[1].lines > 0;
	const char *text = "";
	size_t n = 0;
	for (size_t i = 0; i < view->rows_n; i++) {
		const struct outside_row *row = &view->rows[i];
		if (!row->counted || row->same != same)
			continue;
		if (n == WITNESSES_MAX)
			return arena_printf(arena, "%s and others", text);
		text = n++ ? arena_printf(arena, "%s, %s", text, row->vantage->probe)
			   : arena_printf(arena, "%s probes %s",
					  vantage_engine_title(row->vantage->engine),
					  row->vantage->probe);
	}
	return n ? text : "nobody whose line counts";
}

/* The advice to ask from elsewhere is followed. */
static void drop_advice(const struct arena *arena, struct verdict *v)
{
	const char *ask = arena_word(arena, words_ask_outside);
	size_t kept = 0;
	for (size_t i = 0; i < v->next_n; i++)
		if (v->next[i] != ask)
			v->next[kept++] = v->next[i];
	v->next_n = kept;
}

/* The sentence with what other lines make of it. */
static const char *say_likelier(const struct verdict *v, const struct suspect *likelier,
				struct arena *arena)
{
	const char *who = arena_word(arena, blocker_place(likelier->blocker));
	if (v->judgement.blocker == likelier->blocker)
		return arena_say(
			arena,
			"%s Other lines make %s the one that blocks it: %.2f, by how many of "
			"them fare alike (prior: a quarter of all lines fail by themselves).",
			v->sentence, who, likelier->probability);
	return arena_say(arena,
			 "%s Other lines make %s likelier: %.2f, by how many of them fare alike "
			 "(prior: a quarter of all lines fail by themselves).",
			 v->sentence, who, likelier->probability);
}

int outside_amend(const struct outside_view *view, struct result *own)
{
	struct verdict *v = &own->verdict;
	int family = v->family == 6;
	const struct suspect *likelier = move(view, family, &v->judgement);
	drop_advice(&own->arena, v);
	own->family[family] = likelier ? v->judgement : own->family[family];
	add_reason(v, arena_printf(&own->arena, "Seen from outside by %s: %s",
				   witnesses(view, &own->arena),
				   view->sentences_n ? view->sentences[0] : "nothing"));
	if (likelier)
		v->sentence = say_likelier(v, likelier, &own->arena);
	return own->arena.failed ? -1 : 0;
}

int outside_verdict(const struct outside_view *view, bool told, struct result *out)
{
	*out = (struct result){.arena.catalogue = told ? view->told_arena.catalogue : NULL};
	struct judgement *j = &out->verdict.judgement;
	int family = !view->asked[0];
	*j = judgement_unknown(MECHANISM_UNKNOWN);
	if (view->says[family] == OUTSIDE_EVERYBODY) {
		const struct outside_count *other = &view->other[family];
		double p = after(0.5, counts_ratio(other->networks_at_server, other->networks));
		j->state = STATE_BLOCKED;
		j->has_confidence = true;
		j->confidence = p;
		j->suspects[j->suspects_n++] =
			(struct suspect){BLOCKER_REMOTE, MECHANISM_UNKNOWN, p,
					 arena_word(&out->arena, N_("the server or its network"))};
		j->suspects[j->suspects_n++] =
			(struct suspect){BLOCKER_TRANSIT, MECHANISM_UNKNOWN, 1 - p,
					 arena_word(&out->arena, N_("networks on all ways to it"))};
		j->blocker = p >= 0.9 ? BLOCKER_REMOTE : BLOCKER_UNKNOWN;
		if (j->blocker == BLOCKER_UNKNOWN)
			j->confidence = OUTSIDE_SURE_MAX;
		out->verdict.family = family ? 6 : 4;
	}
	out->verdict.sentence = told ? joined(view->told, view->told_n, &out->arena)
				     : joined(view->sentences, view->sentences_n, &out->arena);
	return out->arena.failed ? -1 : 0;
}

const char *outside_fate_name(enum outside_fate fate)
{
	static const char *const names[] = {
		[OUTSIDE_OPEN] = "open",
		[OUTSIDE_BLOCKED] = "blocked",
		[OUTSIDE_UNDECIDED] = "undecided",
		[OUTSIDE_OUT] = "out",
	};
	return names[fate];
}

const char *outside_says_name(enum outside_says says)
{
	static const char *const names[] = {
		[OUTSIDE_NOTHING] = "nothing",	 [OUTSIDE_NO_LINE] = "no-line",
		[OUTSIDE_NOT_ALL] = "not-all",	 [OUTSIDE_SOME_LINES] = "some-lines",
		[OUTSIDE_PROVIDER] = "provider", [OUTSIDE_EVERYBODY] = "everybody",
	};
	return names[says];
}
