/* SPDX-License-Identifier: BSD-2-Clause */
#include "outside/parts.h"

/* A sentence of the view, while there is room. */
static void say(struct outside_view *view, const char *sentence)
{
	if (view->sentences_n < OUTSIDE_SENTENCES_MAX)
		view->sentences[view->sentences_n++] = sentence;
}

static const char *plural(uint32_t n)
{
	return n == 1 ? "" : "s";
}

/* " over IPv6", where both families were asked. */
static const char *over(const struct outside_view *view, int family)
{
	if (!view->asked[0] || !view->asked[1])
		return "";
	return family ? " over IPv6" : " over IPv4";
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
static const char *place(struct outside_view *view, bool same, int family, uint32_t blocked)
{
	char buf[ADDR_TEXT_BYTES];
	for (size_t i = 0; i < view->shared.shares_n; i++) {
		const struct share *share = &view->shared.shares[i];
		uint32_t n = share->suspects_n ? count_behind(view, share, same, family) : 0;
		if (n < 2)
			continue;
		const char *address = addr_text(&share->suspects[0].from.addr, buf);
		return n == blocked
			       ? arena_printf(&view->arena, " behind %s", address)
			       : arena_printf(&view->arena, " (%u of them behind %s)", n, address);
	}
	return "";
}

/* "5 of 6 lines of AS64500 lose 587 behind 198.51.100.1; 1 reaches the server." */
static void say_class(struct outside_view *view, bool same, int family)
{
	const struct outside_count *c = same ? &view->same[family] : &view->other[family];
	struct arena *arena = &view->arena;
	uint32_t decided = c->open + c->blocked;
	const char *whose = same ? arena_printf(arena, "of AS%u", view->asn)
				 : arena_printf(arena, "of %u other network%s", c->networks,
						plural(c->networks));
	const char *rest = "";
	if (c->lines == 0)
		return;
	if (c->undecided > 0)
		rest = arena_printf(arena, " %u %s undecided.", c->undecided,
				    c->undecided == 1 ? "is" : "are");
	if (!same && c->networks == 0)
		whose = "of other networks";
	if (decided == 0)
		say(view, arena_printf(arena, "No line %s gave an answer that decides%s.%s", whose,
				       over(view, family), rest));
	else if (c->blocked == 0)
		say(view,
		    arena_printf(arena, "%u of %u line%s %s reach%s the server's port %u%s.%s",
				 c->open, decided, plural(decided), whose, c->open == 1 ? "es" : "",
				 view->port, over(view, family), rest));
	else
		say(view,
		    arena_printf(arena, "%u of %u line%s %s lose%s port %u%s%s; %s the server.%s",
				 c->blocked, decided, plural(decided), whose,
				 c->blocked == 1 ? "s" : "", view->port, over(view, family),
				 place(view, same, family, c->blocked),
				 c->open == 0	? "none reaches"
				 : c->open == 1 ? "1 reaches"
						: arena_printf(arena, "%u reach", c->open),
				 rest));
}

/* What the classes beside each other show, and what stays open. */
static void say_meaning(struct outside_view *view, int family)
{
	const struct outside_count *same = &view->same[family];
	const char *on = over(view, family);
	struct arena *arena = &view->arena;
	switch (view->says[family]) {
	case OUTSIDE_NOTHING:
		say(view, arena_printf(arena, "That is too little to say who blocks it%s.", on));
		break;
	case OUTSIDE_NO_LINE:
		if (view->asn)
			say(view,
			    arena_printf(arena,
					 "No line in AS%u %s%s: whether your "
					 "provider does it to all stays open.",
					 view->asn, same->lines ? "decides it" : "answered", on));
		else
			say(view, "Which network is your provider's is not known: whether other "
				  "lines of it fare alike stays open (--asn).");
		break;
	case OUTSIDE_NOT_ALL:
		say(view,
		    arena_printf(arena,
				 "Other lines of your provider reach it%s: no rule holds for "
				 "the whole network. That acquits nobody: rules for a tariff, "
				 "a region, a line or an access node remain, and so do your "
				 "router and this host.",
				 on));
		break;
	case OUTSIDE_SOME_LINES:
		say(view, arena_printf(arena,
				       "Some lines of your provider lose it%s and others do not: "
				       "what they have in common is the question to ask.",
				       on));
		break;
	case OUTSIDE_PROVIDER:
		say(view, arena_printf(arena,
				       "The provider blocks it for others as well%s: %u of %u "
				       "lines, inside its network.",
				       on, same->inside, same->open + same->blocked));
		break;
	case OUTSIDE_EVERYBODY:
		say(view, arena_printf(arena,
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
static void say_boundary(struct outside_view *view, const struct result *own)
{
	const struct link_span *link = &own->verdict.judgement.link;
	char buf[ADDR_TEXT_BYTES];
	uint32_t n = 0;
	if (own->verdict.judgement.state != STATE_BLOCKED || !link->known ||
	    addr_class(&link->from) != ADDR_PUBLIC)
		return;
	for (size_t i = 0; i < view->rows_n; i++)
		n += view->rows[i].same && passes(&view->sites[i], &link->from);
	if (n > 0)
		say(view, arena_printf(&view->arena,
				       "%s, behind which this host's SYNs get lost, lets those of "
				       "%u of these lines pass: it does not block for them.",
				       addr_text(&link->from, buf), n));
}

/* How many lines fare like this, what that is called, and why the first of them does. */
static void say_without(struct outside_view *view, enum outside_fate fate, const char *called)
{
	uint32_t n = 0;
	const char *why = NULL;
	for (size_t i = 0; i < view->rows_n; i++) {
		if (view->rows[i].fate != fate)
			continue;
		n++;
		why = why ? why : view->rows[i].why;
	}
	if (n == 1)
		say(view, arena_printf(&view->arena, "1 line is %s: %s.", called, why));
	else if (n > 1)
		say(view,
		    arena_printf(&view->arena, "%u lines are %s; the first: %s.", n, called, why));
}

/* Open over one family and lost over the other: both are of the same lines. */
static void say_families(struct outside_view *view)
{
	const struct outside_count *s = view->same, *o = view->other;
	for (int lost = 0; lost < 2; lost++) {
		int open = !lost;
		if (s[lost].blocked + o[lost].blocked > 0 && s[lost].open + o[lost].open == 0 &&
		    s[open].open + o[open].open > 0 && s[open].blocked + o[open].blocked == 0)
			say(view, open ? "Only IPv4 is affected: over IPv6 every line reaches it."
				       : "Only IPv6 is affected: over IPv4 every line reaches it.");
	}
}

void words_fill(struct outside_view *view, const struct result *own)
{
	for (int family = 0; family < 2; family++) {
		if (!view->asked[family])
			continue;
		say_class(view, true, family);
		say_class(view, false, family);
		say_meaning(view, family);
	}
	say_families(view);
	if (own)
		say_boundary(view, own);
	say_without(view, OUTSIDE_UNDECIDED, "undecided");
	say_without(view, OUTSIDE_OUT, "left out");
}
