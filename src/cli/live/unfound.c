/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/unfound.h"
#include "base/text.h"
#include "cli/command.h"
#include <string.h>

#define NAMES_TOLD 20 /* of those that fail alike: a fact holds no thousand names */

static bool is_unfound(const struct candidates *c, const struct resolve_host *lookups, size_t i)
{
	return !c->items[i].numeric && lookups[i].addrs_n == 0;
}

static const char *cause(const struct resolve_host *h)
{
	return h->why ? h->why : "the cause is unknown";
}

/* Names that are told together: of the same cause, all asked for or all references. */
static bool is_alike(const struct candidates *c, const struct resolve_host *lookups, size_t a,
		     size_t b)
{
	return is_unfound(c, lookups, a) && is_unfound(c, lookups, b) &&
	       c->items[a].server.reference == c->items[b].server.reference &&
	       strcmp(cause(&lookups[a]), cause(&lookups[b])) == 0;
}

static bool is_told(const struct candidates *c, const struct resolve_host *lookups, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (is_alike(c, lookups, k, i))
			return true;
	}
	return false;
}

static int add_note(struct trace *t, const char *kind, struct text *text, struct err *err)
{
	struct note note = {.kind = kind, .server = TRACE_NONE, .text = text_str(text)};
	bool added = !text->failed && trace_add_note(t, &note);

	text_free(text);
	return added ? 0 : err_set(err, EXIT_SYSTEM, "no memory for a note");
}

int unfound_names(struct trace *t, const struct candidates *c, const struct resolve_host *lookups,
		  struct err *err)
{
	for (size_t i = 0; i < c->n; i++) {
		struct text text = {0};
		size_t names = 1;

		if (!is_unfound(c, lookups, i) || is_told(c, lookups, i))
			continue;
		text_add(&text, c->items[i].server.host);
		for (size_t k = i + 1; k < c->n; k++) {
			if (!is_alike(c, lookups, i, k))
				continue;
			if (names < NAMES_TOLD)
				text_addf(&text, ", %s", c->items[k].server.host);
			names++;
		}
		if (names > NAMES_TOLD)
			text_addf(&text, " and %zu more", names - NAMES_TOLD);
		text_addf(&text, " %s no address: %s", names == 1 ? "has" : "have",
			  cause(&lookups[i]));
		if (add_note(t, c->items[i].server.reference ? "name" : "dns", &text, err) != 0)
			return -1;
	}
	return 0;
}

int unfound_route(struct trace *t, const char *host, const struct addr *addr, int error,
		  struct err *err)
{
	char buf[ADDR_TEXT_BYTES];
	struct text text = {0};

	text_addf(&text, "no route to %s (%s): %s", host, addr_text(addr, buf), strerror(error));
	return add_note(t, "route", &text, err);
}
