/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/circumstances.h"
#include "io/host/clock.h"
#include "io/names/web.h"
#include <stdio.h>
#include <string.h>

#define ANSWER_BYTES 64

/* 128 random bits; unknown where the kernel gives none. */
static void draw_id(struct circumstances *c)
{
	struct draw_key key;
	struct err err;
	if (clock_key(&key, &err) != 0)
		return;
	for (size_t i = 0; i < (ABOUT_ID_BYTES - 1) / 2; i++)
		snprintf(c->id + 2 * i, 3, "%02x", key.bytes[i]);
	c->about.id = c->id;
}

void circumstances_read(struct circumstances *out, const struct options *o)
{
	*out = (struct circumstances){.o = o};
	draw_id(out);
	for (size_t i = 0; i < o->labels_n; i++)
		out->about.labels[i] = (struct about_label){o->label_names[i], o->label_values[i]};
	out->about.labels_n = o->labels_n;
	system_read(&out->system);
	out->about.clock = (struct about_clock){
		.known = out->system.clock.known,
		.synchronised = out->system.clock.synchronised,
		.estimated_error_us = out->system.clock.estimated_error_us,
		.max_error_us = out->system.clock.max_error_us,
	};
	out->about.os = out->system.os[0] != '\0' ? out->system.os : NULL;
	out->about.libraries = out->system.libraries;
	out->about.timestamps =
		"by the kernel, as each packet passed its interface (CLOCK_REALTIME)";
}

void circumstances_looked_up(struct circumstances *c, const char *what)
{
	if (c->lookups_n < LOOKUPS_MAX)
		c->lookups[c->lookups_n++] = what;
}

/* The answer must be an address and nothing else. */
static bool parse_answer(const struct text *answer, uint8_t family, struct addr *out)
{
	const char *s = text_str(answer);
	char word[ANSWER_BYTES];
	s += strspn(s, " \t\r\n");
	size_t n = strcspn(s, " \t\r\n");
	if (n == 0 || n >= sizeof(word) || s[n + strspn(s + n, " \t\r\n")] != '\0')
		return false;
	memcpy(word, s, n);
	word[n] = '\0';
	return addr_parse(word, out) && out->family == family;
}

/* Whether all servers of a family are asked from one address of this host. */
static bool all_asked_from(const struct trace *t, uint8_t family, const struct addr *from)
{
	for (size_t i = 0; i < t->servers_n; i++) {
		const struct server *s = &t->servers[i];

		if (s->addr.family == family && !addr_equal(&s->client, from))
			return false;
	}
	return true;
}

/*
 * An address learnt names the provider only where the service saw this host as the servers do:
 * asked through a proxy or another interface, it may tell of another line.
 */
static void take_public(struct circumstances *c, struct log *log, struct trace *t,
			const struct addr *addr, const struct addr *from)
{
	const char *url = c->o->public_address_url;

	about_set_public(&c->about, addr, arena_printf(&c->arena, "asked %s", url));
	if (all_asked_from(t, addr->family, from))
		t->run.public_addr[addr->family == 6] = *addr;
	else
		log_note(log,
			 "the public IPv%u address is for the ticket alone: '%s' was asked another "
			 "way than the servers",
			 addr->family, url);
}

static void ask_public(struct circumstances *c, struct log *log, struct trace *t, uint8_t family,
		       int64_t wait_ns)
{
	const char *url = c->o->public_address_url;
	struct web_answer answer = {0};
	struct err err = {0};
	struct addr addr;
	if (web_get(url, family, wait_ns, &answer, &err) != 0)
		log_note(log, "the public IPv%u address was not learnt: %s", family, err.msg);
	else if (parse_answer(&answer.text, family, &addr))
		take_public(c, log, t, &addr, &answer.from);
	else
		log_note(log,
			 "the public IPv%u address was not learnt: '%s' answers with more or "
			 "less than an address",
			 family, url);
	text_free(&answer.text);
}

/* The address whose network is the access provider's: the public one, else the first public hop. */
static struct addr provider_addr(const struct circumstances *c, const struct trace *t)
{
	struct addr best = {0};
	unsigned ttl = 256;
	if (c->about.public_n > 0)
		return c->about.public[0].addr;
	for (size_t i = 0; i < t->servers_n; i++) {
		if (addr_class(&t->servers[i].client) == ADDR_PUBLIC)
			return t->servers[i].client;
	}
	for (size_t i = 0; i < t->replies_n; i++) {
		const struct reply *r = &t->replies[i];
		unsigned at = t->probes[r->probe].ttl;
		if (r->kind == REPLY_EXPIRED && at < ttl && addr_class(&r->from) == ADDR_PUBLIC) {
			best = r->from;
			ttl = at;
		}
	}
	return best;
}

static void ask_registry(struct circumstances *c, struct log *log, const struct trace *t,
			 int64_t wait_ns)
{
	struct addr addr = provider_addr(c, t);
	size_t len = strlen(c->o->rdap);
	struct web_answer answer = {0};
	struct err err = {0};
	char buf[ADDR_TEXT_BYTES];
	if (!addr_is_set(&addr)) {
		log_note(log, "no registry was asked: no public address is known");
		return;
	}
	while (len > 0 && c->o->rdap[len - 1] == '/')
		len--;
	const char *url =
		arena_printf(&c->arena, "%.*s/ip/%s", (int)len, c->o->rdap, addr_text(&addr, buf));
	circumstances_looked_up(c, url);
	if (web_get(url, 0, wait_ns, &answer, &err) != 0 ||
	    rdap_parse(text_str(&answer.text), answer.text.len, &c->contact, &err) != 0)
		log_note(log, "the registry was of no help: %s", err.msg);
	else
		c->about.contact = (struct about_contact){
			.network = c->contact.network[0] ? c->contact.network : NULL,
			.name = c->contact.name[0] ? c->contact.name : NULL,
			.email = c->contact.email[0] ? c->contact.email : NULL,
			.source = url,
		};
	text_free(&answer.text);
}

void circumstances_ask(struct circumstances *c, struct log *log, struct trace *t, int64_t wait_ns)
{
	const struct options *o = c->o;
	int64_t end_ns = clock_mono_ns() + wait_ns;
	for (int i = 0; i < 2; i++) {
		uint8_t family = i == 0 ? 4 : 6;
		int64_t left_ns = end_ns - clock_mono_ns();
		if (addr_is_set(&o->public_address[i]))
			about_set_public(&c->about, &o->public_address[i], ABOUT_STATED);
		else if (o->public_address_url && trace_route(t, family))
			ask_public(c, log, t, family, o->rdap ? left_ns / 2 : left_ns);
	}
	if (o->public_address_url)
		circumstances_looked_up(c, o->public_address_url);
	if (o->rdap)
		ask_registry(c, log, t, end_ns - clock_mono_ns());
}

void circumstances_free(struct circumstances *c)
{
	arena_free(&c->arena);
}
