/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sites/words.h"
#include <string.h>

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void add_router(struct text *out, const struct site_hop *hop)
{
	char buf[ADDR_TEXT_BYTES];
	text_add(out, addr_text(&hop->addr, buf));
	if (hop->asn)
		text_addf(out, " (AS%u)", hop->asn);
}

static bool is_router(const struct stretch *s)
{
	return addr_equal(&s->from.addr, &s->to.addr);
}

void sites_words_head(const struct sites_result *r, struct text *out)
{
	text_addf(out, "%u of %u site%s lose%s the port; %u %s open, %u say%s nothing.", r->failing,
		  r->sites, plural(r->sites), r->failing == 1 ? "s" : "", r->open,
		  r->open == 1 ? "is" : "are", r->unknown, r->unknown == 1 ? "s" : "");
}

void sites_words_stretch(const struct stretch *s, struct text *out)
{
	add_router(out, &s->from);
	if (is_router(s))
		return;
	text_add(out, " to ");
	add_router(out, &s->to);
}

void sites_words_provider(const struct provider_row *row, struct text *out)
{
	if (row->asn == 0) {
		text_add(out, "unknown");
		return;
	}
	text_addf(out, "AS%u", row->asn);
	if (row->owner) {
		text_add(out, " ");
		text_add_untrusted(out, row->owner, strlen(row->owner));
	}
}

/* The one link among the suspects, else the only router. */
static const struct stretch *link_of(const struct share *share)
{
	for (size_t i = 0; i < share->suspects_n; i++)
		if (!is_router(&share->suspects[i]))
			return &share->suspects[i];
	return &share->suspects[0];
}

static void add_place(const struct share *share, struct text *out)
{
	const struct stretch *link = link_of(share);
	if (is_router(link)) {
		text_add(out, "at ");
		add_router(out, &link->from);
		return;
	}
	text_add(out, "behind ");
	add_router(out, &link->from);
	text_add(out, ", before ");
	add_router(out, &link->to);
}

/* The first and the last suspect enclose the rest. */
static void add_range(const struct share *share, struct text *out)
{
	text_addf(out, "at one of %zu places, from ", share->suspects_n);
	add_router(out, &share->suspects[0].from);
	text_add(out, " to ");
	add_router(out, &share->suspects[share->suspects_n - 1].to);
}

static void tell_link(const struct share *share, struct text *out)
{
	text_addf(out, "%zu site%s lose it ", share->sites_n, plural(share->sites_n));
	if (share->named)
		add_place(share, out);
	else
		add_range(share, out);
	text_add(out, "; no site passes there.");
	if (share->apart > 0) {
		if (share->apart == share->sites_n)
			text_add(out, " Each");
		else
			text_addf(out, " %u of them", share->apart);
		text_add(out, " may as well lose it right beside that, at a place that is on no "
			      "other site's way: this count alone does not say where.");
	}
	if (share->behind > 0) {
		text_addf(out, " %u open site%s ", share->behind, plural(share->behind));
		text_add(out, share->behind == 1 ? "passes " : "pass ");
		add_router(out, &share->suspects[0].from);
		text_add(out, " over other links.");
	}
}

static void tell_network(const struct sites_result *r, const struct share *share, struct text *out)
{
	for (size_t i = 0; i < r->providers_n; i++) {
		const struct provider_row *row = &r->providers[i];
		if (row->asn != share->asn)
			continue;
		text_addf(out, "%zu of %u site%s of ", share->sites_n, row->sites,
			  plural(row->sites));
		sites_words_provider(row, out);
		text_addf(out,
			  " lose it inside that network, at %u place%s; none of its sites is open.",
			  share->places, plural(share->places));
	}
}

static void tell_alone(const struct share *share, const struct site *sites, struct text *out)
{
	const char *name = sites[share->sites[0]].name;
	text_add_untrusted(out, name, strlen(name));
	text_add(out, " loses it with no other site beside it: only its own verdict speaks.");
}

static void tell_contradicted(const struct share *share, struct text *out)
{
	const struct stretch *link = link_of(share);
	text_addf(out, "%zu site%s lose%s it where other sites pass: ", share->sites_n,
		  plural(share->sites_n), share->sites_n == 1 ? "s" : "");
	sites_words_stretch(link, out);
	text_addf(out,
		  " lets the SYNs of %u site%s through. Rules for single lines, tariffs or "
		  "sources look like that, and so do measurements at different times.",
		  link->passing, plural(link->passing));
}

void sites_words_share(const struct sites_result *r, const struct share *share,
		       const struct site *sites, struct text *out)
{
	switch (share->kind) {
	case SHARE_LINK:
		tell_link(share, out);
		break;
	case SHARE_NETWORK:
		tell_network(r, share, out);
		break;
	case SHARE_ALONE:
		tell_alone(share, sites, out);
		break;
	case SHARE_CONTRADICTED:
		tell_contradicted(share, out);
		break;
	}
}

const char *sites_words_caution(void)
{
	return "These are counts of what each site found by itself. What sites share is where to "
	       "look; it accuses nobody alone, and an open site acquits nobody.";
}

const char *sites_words_kind(enum share_kind kind)
{
	static const char *const names[] = {
		[SHARE_LINK] = "link",
		[SHARE_NETWORK] = "network",
		[SHARE_ALONE] = "alone",
		[SHARE_CONTRADICTED] = "contradicted",
	};
	return names[kind];
}
