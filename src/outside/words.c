/* SPDX-License-Identifier: BSD-2-Clause */
#include "outside/parts.h"
#include <string.h>

/* The sentences in one language, as many as there is room for. */
struct saying {
	const struct outside_view *view;
	struct arena *arena;
	const char **list;
	size_t n;
};

static void say(struct saying *g, const char *sentence)
{
	if (g->n < OUTSIDE_SENTENCES_MAX)
		g->list[g->n++] = sentence;
}

/* " over IPv6", where both families were asked. */
static const char *over(const struct saying *g, int family)
{
	if (!g->view->asked[0] || !g->view->asked[1])
		return "";
	return arena_word(g->arena, family ? N_(" over IPv6") : N_(" over IPv4"));
}

/* Whether the place itself found that its SYNs get lost behind this router, beyond its own home. */
static bool is_behind(const struct outside_row *row, const struct addr *router)
{
	const struct judgement *j = &row->judgement;
	for (size_t i = 0; i < j->suspects_n; i++)
		if (j->suspects[i].blocker == BLOCKER_LOCAL_NETWORK)
			return false;
	return row->fate == OUTSIDE_BLOCKED && j->link.known && addr_equal(&j->link.from, router);
}

/*
 * How many lines of the class lose their SYNs behind the first router of the share; 0 where any of
 * them did not find so by itself. What lines share otherwise may have another cause in each.
 */
static uint32_t count_behind(const struct outside_view *view, const struct share *share, bool same,
			     int family)
{
	const struct addr *router = &share->suspects[0].from.addr;
	uint32_t n = 0;
	if (share->kind != SHARE_LINK || (router->family == 6) != family)
		return 0;
	for (size_t k = 0; k < share->sites_n; k++) {
		const struct outside_row *row = &view->rows[share->sites[k]];
		if (!is_behind(row, router))
			return 0;
		n += row->same == same && row->counted;
	}
	return n;
}

/* " behind 198.51.100.1": where those that lose it have one place in common. */
static const char *place(const struct saying *g, bool same, int family, uint32_t blocked)
{
	const struct outside_view *view = g->view;
	char buf[ADDR_TEXT_BYTES];
	for (size_t i = 0; i < view->shared.shares_n; i++) {
		const struct share *share = &view->shared.shares[i];
		uint32_t n = share->suspects_n ? count_behind(view, share, same, family) : 0;
		if (n < 2)
			continue;
		const char *address = addr_text(&share->suspects[0].from.addr, buf);
		return n == blocked ? arena_say(g->arena, " behind %s", address)
				    : arena_say(g->arena, " (%u of them behind %s)", n, address);
	}
	return "";
}

/* "of AS64500", "of 3 other networks". */
static const char *whose(const struct saying *g, bool same, uint32_t networks)
{
	if (same)
		return arena_say(g->arena, "of AS%u", g->view->asn);
	if (networks == 0)
		return arena_word(g->arena, N_("of other networks"));
	return arena_count(g->arena, networks, "of %u other network", "of %u other networks",
			   networks);
}

/* What follows "lose port 587; ". */
static const char *reaching(const struct saying *g, uint32_t open)
{
	if (open == 0)
		return arena_word(g->arena, N_("none reaches"));
	if (open == 1)
		return arena_word(g->arena, N_("1 reaches"));
	return arena_say(g->arena, "%u reach", open);
}

/* "5 of 6 lines of AS64500 lose 587 behind 198.51.100.1; 1 reaches the server." */
static void say_class(struct saying *g, bool same, int family)
{
	const struct outside_view *view = g->view;
	const struct outside_count *c = same ? &view->same[family] : &view->other[family];
	uint32_t decided = c->open + c->blocked;
	const char *of = whose(g, same, c->networks), *on = over(g, family), *rest = "";
	if (c->lines == 0)
		return;
	if (c->undecided > 0)
		rest = arena_count(g->arena, c->undecided, " %u is undecided.",
				   " %u are undecided.", c->undecided);
	if (decided == 0)
		say(g, arena_say(g->arena, "No line %s gave an answer that decides%s.%s", of, on,
				 rest));
	else if (c->blocked == 0)
		say(g, arena_say(g->arena,
				 decided == 1
					 ? N_("%u of %u line %s reaches the server's port %u%s.%s")
					 : N_("%u of %u lines %s reach the server's port %u%s.%s"),
				 c->open, decided, of, view->port, on, rest));
	else
		say(g,
		    arena_say(g->arena,
			      decided == 1
				      ? N_("%u of %u line %s loses port %u%s%s; %s the server.%s")
			      : c->blocked == 1
				      ? N_("%u of %u lines %s loses port %u%s%s; %s the server.%s")
				      : N_("%u of %u lines %s lose port %u%s%s; %s the server.%s"),
			      c->blocked, decided, of, view->port, on,
			      place(g, same, family, c->blocked), reaching(g, c->open), rest));
}

/* Where no line of the provider's says anything. */
static void say_no_line(struct saying *g, int family)
{
	const struct outside_view *view = g->view;
	const char *on = over(g, family);
	if (!view->asn)
		say(g, arena_word(g->arena,
				  N_("Which network is your provider's is not known: whether other "
				     "lines of it fare alike stays open (--asn).")));
	else if (view->same[family].lines)
		say(g, arena_say(g->arena,
				 "No line in AS%u decides it%s: whether your provider does it to "
				 "all stays open.",
				 view->asn, on));
	else
		say(g, arena_say(g->arena,
				 "No line in AS%u answered%s: whether your provider does it to all "
				 "stays open.",
				 view->asn, on));
}

/* What the classes beside each other show, and what stays open. */
static void say_meaning(struct saying *g, int family)
{
	const struct outside_count *same = &g->view->same[family];
	const char *on = over(g, family);
	struct arena *arena = g->arena;
	switch (g->view->says[family]) {
	case OUTSIDE_NOTHING:
		say(g, arena_say(arena, "That is too little to say who blocks it%s.", on));
		break;
	case OUTSIDE_NO_LINE:
		say_no_line(g, family);
		break;
	case OUTSIDE_NOT_ALL:
		say(g, arena_say(arena,
				 "Other lines of your provider reach it%s: no rule holds for "
				 "the whole network. That acquits nobody: rules for a tariff, "
				 "a region, a line or an access node remain, and so do your "
				 "router and this host.",
				 on));
		break;
	case OUTSIDE_SOME_LINES:
		say(g, arena_say(arena,
				 "Some lines of your provider lose it%s and others do not: "
				 "what they have in common is the question to ask.",
				 on));
		break;
	case OUTSIDE_PROVIDER:
		say(g, arena_say(arena,
				 "The provider blocks it for others as well%s: %u of %u "
				 "lines, inside its network.",
				 on, same->inside, same->open + same->blocked));
		break;
	case OUTSIDE_EVERYBODY:
		say(g, arena_say(arena,
				 "Everybody loses it at the server's end%s: the server "
				 "or its network blocks it.",
				 on));
		break;
	}
}

/* Whether SYNs of the place to the port got past this router. */
static bool passes(const struct site *site, const struct addr *router)
{
	for (size_t i = 0; i < site->ways_n; i++) {
		const struct site_way *way = &site->ways[i];
		for (size_t k = 0; k < way->hops_n && way->fate != WAY_UNDECIDED; k++) {
			bool past = way->fate == WAY_PASSES ||
				    (way->placed && way->hops[k].hop < way->from_hop);
			if (past && addr_equal(&way->hops[k].addr, router))
				return true;
		}
	}
	return false;
}

/* The router behind which our own SYNs get lost, where it lets those of others pass. */
static void say_boundary(struct saying *g, const struct result *own)
{
	const struct outside_view *view = g->view;
	const struct link_span *link = &own->verdict.judgement.link;
	char buf[ADDR_TEXT_BYTES];
	uint32_t n = 0;
	if (own->verdict.judgement.state != STATE_BLOCKED || !link->known ||
	    addr_class(&link->from) != ADDR_PUBLIC)
		return;
	for (size_t i = 0; i < view->rows_n; i++)
		n += view->rows[i].same && passes(&view->sites[i], &link->from);
	if (n > 0)
		say(g, arena_say(g->arena,
				 "%s, behind which this host's SYNs get lost, lets those of "
				 "%u of these lines pass: it does not block for them.",
				 addr_text(&link->from, buf), n));
}

/* Why a line says nothing. The words of its own system stay as they are. */
static const char *reason(struct saying *g, const char *why)
{
	size_t n = sizeof(VANTAGE_CANNOT_SEND) - 1;
	if (strncmp(why, VANTAGE_CANNOT_SEND, n) == 0)
		return arena_say(g->arena, "it could not send: %s", why + n);
	return arena_word(g->arena, why);
}

/* How many lines say nothing, in this way, and why the first of them does. */
static void say_without(struct saying *g, enum outside_fate fate)
{
	const struct outside_view *view = g->view;
	bool out = fate == OUTSIDE_OUT;
	uint32_t n = 0;
	const char *why = NULL;
	for (size_t i = 0; i < view->rows_n; i++) {
		if (view->rows[i].fate != fate)
			continue;
		n++;
		why = why ? why : reason(g, view->rows[i].why);
	}
	if (n == 1)
		say(g,
		    arena_say(g->arena,
			      out ? N_("1 line is left out: %s.") : N_("1 line is undecided: %s."),
			      why));
	else if (n > 1)
		say(g, arena_say(g->arena,
				 out ? N_("%u lines are left out; the first: %s.")
				     : N_("%u lines are undecided; the first: %s."),
				 n, why));
}

/* Open over one family and lost over the other: both are of the same lines. */
static void say_families(struct saying *g)
{
	const struct outside_count *s = g->view->same, *o = g->view->other;
	for (int lost = 0; lost < 2; lost++) {
		int open = !lost;
		if (s[lost].blocked + o[lost].blocked > 0 && s[lost].open + o[lost].open == 0 &&
		    s[open].open + o[open].open > 0 && s[open].blocked + o[open].blocked == 0)
			say(g, arena_word(g->arena,
					  open ? N_("Only IPv4 is affected: over IPv6 every line "
						    "reaches it.")
					       : N_("Only IPv6 is affected: over IPv4 every line "
						    "reaches it.")));
	}
}

size_t words_fill(const struct outside_view *view, const struct result *own, struct arena *arena,
		  const char *list[OUTSIDE_SENTENCES_MAX])
{
	struct saying g = {.view = view, .arena = arena, .list = list};
	for (int family = 0; family < 2; family++) {
		if (!view->asked[family])
			continue;
		say_class(&g, true, family);
		say_class(&g, false, family);
		say_meaning(&g, family);
	}
	say_families(&g);
	if (own)
		say_boundary(&g, own);
	say_without(&g, OUTSIDE_UNDECIDED);
	say_without(&g, OUTSIDE_OUT);
	return g.n;
}
