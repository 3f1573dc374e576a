/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom the ticket addresses, and what its sentences need to know. */
#include "infer/result/hop_text.h"
#include "report/page/about.h"
#include "report/page/phrase.h"
#include "report/ticket/parts.h"
#include <string.h>

/* A host whose own address is public and whose first router is the provider's stands with a host.
 */
static bool is_hosted(const struct ticket *k)
{
	if (!k->server || !addr_is_set(&k->server->client))
		return false;
	if (addr_class(&k->server->client) != ADDR_PUBLIC)
		return false;
	for (size_t i = 0; i < k->f->hops_n; i++) {
		if (k->f->hops[i].hop == 1)
			return !(k->f->hops[i].owners & (1u << SEGMENT_LOCAL));
	}
	return k->server->client.family == 4;
}

static bool is_suspect(const struct judgement *j, enum blocker b)
{
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].blocker == b)
			return true;
	}
	return false;
}

/* With several suspects, the one that knows the line best: the provider, else the nearest. */
static enum blocker addressed(const struct judgement *j)
{
	static const enum blocker order[] = {BLOCKER_ISP, BLOCKER_LOCAL_HOST, BLOCKER_LOCAL_NETWORK,
					     BLOCKER_TRANSIT, BLOCKER_REMOTE};

	if (j->blocker != BLOCKER_UNKNOWN)
		return j->blocker;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (is_suspect(j, order[i]))
			return order[i];
	}
	return BLOCKER_UNKNOWN;
}

static enum ticket_party party_of(const struct ticket *k)
{
	const struct judgement *j = &k->r->verdict.judgement;

	if (j->state == STATE_OPEN)
		return PARTY_NOBODY;
	if (j->state == STATE_UNKNOWN)
		return PARTY_UNDECIDED;
	switch (addressed(j)) {
	case BLOCKER_LOCAL_HOST:
		return PARTY_HOST;
	case BLOCKER_LOCAL_NETWORK:
		return PARTY_NETWORK;
	case BLOCKER_ISP:
	case BLOCKER_TRANSIT:
		return is_hosted(k) ? PARTY_HOSTING : PARTY_PROVIDER;
	case BLOCKER_REMOTE:
		return PARTY_OPERATOR;
	case BLOCKER_NONE:
	case BLOCKER_UNKNOWN:
		break;
	}
	return PARTY_UNDECIDED;
}

static void define_place(struct ticket *k)
{
	const struct link_span *link = &k->r->verdict.judgement.link;
	const char *to = hop_text(&k->arena, link->to_hop, &link->to, link->to_silent);
	const char *place = arena_word(&k->arena, N_("somewhere on the way"));

	if (link->known && link->from_hop == link->to_hop)
		place = arena_say(&k->arena, "at %s", to);
	else if (link->known && link->from_hop == 0)
		place = arena_say(&k->arena, "between this host and %s", to);
	else if (link->known)
		place = arena_say(
			&k->arena, "between %s and %s",
			hop_text(&k->arena, link->from_hop, &link->from, link->from_silent), to);
	ticket_define(k, "place", place);
	ticket_define(k, "to",
		      link->known && addr_is_set(&link->to)
			      ? to
			      : arena_word(&k->arena, N_("the router there")));
}

static void define_subject(struct ticket *k)
{
	const struct judgement *j = &k->r->verdict.judgement;
	struct text text = {0};

	phrase_judgement(j, k->arena.catalogue, &text);
	ticket_define(k, "subject",
		      j->state == STATE_UNKNOWN
			      ? arena_say(&k->arena, "is undecided: %s", text_str(&text))
			      : arena_say(&k->arena, "is %s", text_str(&text)));
	text_free(&text);
}

static void define_suspects(struct ticket *k)
{
	const struct judgement *j = &result_told(k->r)->judgement;
	struct text text = {0};

	for (size_t i = 0; i < j->suspects_n; i++) {
		const struct suspect *s = &j->suspects[i];
		const char *party = phrase_party(s->blocker);

		party = arena_word(&k->arena, party ? party : N_("unknown"));
		text_addf(&text, "%s%s (%.2f)", i > 0 ? "; " : "",
			  s->text && *s->text ? s->text : party, s->probability);
	}
	ticket_define(k, "suspects", arena_copy(&k->arena, text_str(&text)));
	k->arena.failed |= text.failed;
	text_free(&text);
}

/* The address by which the network knows this host: the public one where it is known. */
static const char *source_of(struct ticket *k)
{
	const struct about *about = k->run->about;
	uint8_t family = k->server ? k->server->addr.family : 4;
	char buf[ADDR_TEXT_BYTES];

	for (size_t i = 0; about && i < about->public_n; i++) {
		if (about->public[i].addr.family == family && k->party != PARTY_NETWORK &&
		    k->party != PARTY_HOST)
			return arena_copy(&k->arena, addr_text(&about->public[i].addr, buf));
	}
	if (!k->server || !addr_is_set(&k->server->client))
		return arena_word(&k->arena, N_("this host"));
	return arena_copy(&k->arena, addr_text(&k->server->client, buf));
}

static void define_server(struct ticket *k)
{
	char buf[ADDR_TEXT_BYTES], addr[ADDR_TEXT_BYTES], number[8];
	ticket_define(
		k, "port",
		arena_copy(&k->arena,
			   phrase_port(k->server ? k->server->port : k->t->run.port, number)));
	if (!k->server)
		return;
	ticket_define(k, "control",
		      k->f->control ? arena_copy(&k->arena, phrase_port(k->f->control, number))
				    : "-");
	ticket_define(k, "server", arena_copy(&k->arena, phrase_host(k->server, buf)));
	ticket_define(k, "address", arena_copy(&k->arena, addr_text(&k->server->addr, addr)));
}

/* Of how many servers the port fails: with its "of", which other languages say by a case. */
static void define_many(struct ticket *k, unsigned alike, unsigned asked)
{
	const char *many = arena_word(&k->arena, N_("of the server"));

	if (asked > 1 && alike == asked)
		many = arena_say(&k->arena, "of %u servers", asked);
	else if (asked > 1)
		many = arena_say(&k->arena, "of %u of %u servers", alike, asked);
	ticket_define(k, "many", many);
}

/* How the ports fared in all: what was asked, and what answered. */
static void define_counts(struct ticket *k)
{
	unsigned sent[2] = {0}, answered[2] = {0}, open = 0, alike = 0, asked = 0;

	for (size_t i = 0; i < k->r->findings_n; i++) {
		const struct finding *f = &k->r->findings[i];

		/* The other family has a verdict of its own. */
		if (k->t->servers[f->server].addr.family != k->server->addr.family)
			continue;
		asked++;
		open += f->judgement.state == STATE_OPEN;
		alike += k->f && f->judgement.state == k->f->judgement.state;
		for (size_t p = 0; p < f->ports_n; p++) {
			const struct port_row *row = &f->ports[p];

			if (!row->is_target && !row->is_control)
				continue;
			/* An answer to a SYN that the capture lacks shows that it was sent. */
			sent[row->is_target] +=
				row->sent > row->answered ? row->sent : row->answered;
			answered[row->is_target] += row->answered;
		}
	}
	ticket_define(k, "open", arena_printf(&k->arena, "%u", open));
	ticket_define(k, "alike", arena_printf(&k->arena, "%u", alike));
	ticket_define(k, "asked", arena_printf(&k->arena, "%u", asked));
	define_many(k, alike, asked);
	ticket_define(k, "sent", arena_printf(&k->arena, "%u", sent[0]));
	ticket_define(k, "answered", arena_printf(&k->arena, "%u", answered[0]));
	ticket_define(k, "target_sent", arena_printf(&k->arena, "%u", sent[1]));
	ticket_define(k, "target_answered", arena_printf(&k->arena, "%u", answered[1]));
}

void ticket_fill(struct ticket *k)
{
	char time[PHRASE_TIME_BYTES];

	k->party = party_of(k);
	define_server(k);
	define_place(k);
	define_subject(k);
	define_suspects(k);
	define_counts(k);
	ticket_define(k, "source", source_of(k));
	ticket_define(k, "fate",
		      arena_word(&k->arena, ticket_state_word(&k->r->verdict.judgement)));
	ticket_define(k, "sentence", result_told(k->r)->sentence);
	ticket_define(k, "version", WHOBLOCKS_VERSION);
	phrase_time(k->run->started_ns, time);
	time[strlen("2000-01-01")] = '\0';
	ticket_define(k, "date", arena_copy(&k->arena, time));
}
