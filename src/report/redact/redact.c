/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/redact/redact.h"
#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX   4096
#define PREFIX_V4   3 /* bytes of an address that name its network, as votes count networks */
#define PREFIX_V6   6
#define PREFIX_LINK 8

bool redact_is_inside(const struct addr *addr)
{
	enum addr_class class = addr_class(addr);

	return class == ADDR_PRIVATE || class == ADDR_LINK_LOCAL;
}

static struct pseudonym *find(const struct redaction *red, const struct addr *addr)
{
	for (size_t i = 0; i < red->n; i++) {
		if (!red->items[i].name && addr_equal(&red->items[i].addr, addr))
			return &red->items[i];
	}
	return NULL;
}

bool redact_knows(const struct redaction *red, const struct addr *addr)
{
	return find(red, addr) != NULL;
}

struct addr redact_addr(const struct redaction *red, const struct addr *addr)
{
	const struct pseudonym *found = find(red, addr);

	return found ? found->shown : *addr;
}

struct pseudonym *redact_append(struct redaction *red)
{
	struct pseudonym *grown;

	if (red->n < red->cap)
		return &red->items[red->n++];
	if (red->cap >= ITEMS_MAX)
		return NULL;
	grown = arena_alloc(&red->arena, (red->cap + 64) * sizeof(*grown));
	if (!grown)
		return NULL;
	if (red->n > 0)
		memcpy(grown, red->items, red->n * sizeof(*grown));
	red->items = grown;
	red->cap += 64;
	return &red->items[red->n++];
}

/* Whether the trace knows the address as somebody else's: it must not become a pseudonym. */
static bool is_taken(const struct redaction *red, const struct addr *addr)
{
	for (size_t i = 0; i < red->t->replies_n; i++) {
		if (addr_equal(&red->t->replies[i].from, addr))
			return true;
	}
	for (size_t i = 0; i < red->t->servers_n; i++) {
		if (addr_equal(&red->t->servers[i].addr, addr))
			return true;
	}
	for (size_t i = 0; i < red->n; i++) {
		if (!red->items[i].name && (addr_equal(&red->items[i].addr, addr) ||
					    addr_equal(&red->items[i].shown, addr)))
			return true;
	}
	return false;
}

/* The pseudonym's network: that of a neighbour that has one already, else the next. */
static uint8_t site_of(const struct redaction *red, const struct addr *addr)
{
	uint8_t sites = 0;

	for (size_t i = 0; i < red->n; i++) {
		const struct pseudonym *p = &red->items[i];
		uint8_t site;

		if (p->name || p->addr.family != addr->family ||
		    (addr->family == 4 && !redact_is_inside(&p->addr)))
			continue;
		site = p->shown.family == 4 ? p->shown.b[2] : p->shown.b[5];
		if (addr_same_site(&p->addr, addr))
			return site;
		sites = site >= sites ? (uint8_t)(site + 1) : sites;
	}
	return sites;
}

/* An address of the same kind, without what tells of this network; public ones are of TEST-NET-1.
 */
static struct addr blank(const struct redaction *red, const struct addr *addr)
{
	struct addr shown = {.family = addr->family};

	if (addr->family == 4 && !redact_is_inside(addr)) {
		shown.b[0] = 192;
		shown.b[2] = 2;
	} else if (addr->family == 4) {
		shown.b[0] = 10;
		shown.b[1] = 255;
		shown.b[2] = site_of(red, addr);
	} else if (addr_class(addr) == ADDR_PRIVATE) {
		shown.b[0] = 0xfd;
		shown.b[5] = site_of(red, addr);
	} else {
		memcpy(shown.b, addr->b, PREFIX_LINK);
	}
	return shown;
}

static struct addr invent(const struct redaction *red, const struct addr *addr)
{
	struct addr shown = blank(red, addr);
	size_t last = addr->family == 4 ? 3 : 15;

	/* What ends with a zero is a network's. */
	for (unsigned n = addr->b[last] != 0; n < 0xff; n++) {
		shown.b[last] = (uint8_t)n;
		if (!is_taken(red, &shown))
			return shown;
	}
	return shown;
}

static void add_addr(struct redaction *red, const struct addr *addr)
{
	struct pseudonym item = {.addr = *addr, .shown = invent(red, addr)};
	struct pseudonym *at = redact_append(red);

	if (at)
		*at = item;
}

void redact_plan_addr(struct redaction *red, const struct addr *addr)
{
	/* A public IPv4 address has no part that could be left out. */
	if (addr_is_set(addr) && !find(red, addr) && (addr->family == 6 || redact_is_inside(addr)))
		add_addr(red, addr);
}

void redact_plan_other(struct redaction *red, const struct addr *addr)
{
	enum addr_class class = addr_class(addr);

	if (class != ADDR_NONE && class != ADDR_LOOPBACK && class != ADDR_MULTICAST &&
	    !is_taken(red, addr))
		add_addr(red, addr);
}

void redact_key(const struct redaction *red, struct text *out)
{
	char shown[ADDR_TEXT_BYTES], real[ADDR_TEXT_BYTES];

	text_add(out, "# pseudonym = what it stands for\n");
	for (size_t i = 0; i < red->n; i++) {
		const struct pseudonym *p = &red->items[i];

		if (p->name) {
			text_addf(out, "%s = ", p->pseudo);
			text_add_untrusted(out, p->name, strlen(p->name));
			text_add(out, "\n");
		} else {
			text_addf(out, "%s = %s\n", addr_text(&p->shown, shown),
				  addr_text(&p->addr, real));
		}
	}
}

void redact_free(struct redaction *red)
{
	arena_free(&red->arena);
	*red = (struct redaction){0};
}

const char *redact_known_user(const struct redaction *red, const char *name)
{
	for (size_t i = 0; i < red->n; i++) {
		if (red->items[i].user && strcmp(red->items[i].name, name) == 0)
			return red->items[i].pseudo;
	}
	return NULL;
}
