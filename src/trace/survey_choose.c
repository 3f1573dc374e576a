/* SPDX-License-Identifier: BSD-2-Clause */
/* From who asked whom to the client, the port, the servers and their controls. */
#include "trace/survey.h"
#include <stdlib.h>
#include <string.h>

static uint32_t attempts(const struct talk *t)
{
	uint32_t answers = t->opened > t->refused ? t->opened : t->refused;

	return t->syns > answers ? t->syns : answers;
}

static bool is_asker(const struct survey *s, const struct talk *t, const struct addr *client)
{
	return !addr_is_set(client) || addr_equal(&s->parties[t->client].addr, client);
}

static bool port_used(const struct survey *s, uint16_t port, const struct addr *client)
{
	for (size_t i = 0; i < s->talks_n; i++) {
		if (s->talks[i].port == port && is_asker(s, &s->talks[i], client))
			return true;
	}
	return false;
}

/* Attempts on each port, by the client that was asked for, if any; `failed`: unanswered ones. */
static void count_ports(const struct survey *s, const struct addr *client, uint64_t *counts,
			bool failed)
{
	for (size_t i = 0; i < s->talks_n; i++) {
		const struct talk *t = &s->talks[i];

		if (is_asker(s, t, client) && !(failed && t->opened))
			counts[t->port] += attempts(t);
	}
}

static uint16_t busiest(const uint64_t *counts)
{
	uint16_t best = 0;

	for (uint32_t port = 1; port <= UINT16_MAX; port++) {
		if (counts[port] > (best ? counts[best] : 0))
			best = (uint16_t)port;
	}
	return best;
}

/* A mail port, else the one on which the most attempts failed, else the busiest. 0: none. */
static bool likeliest_port(const struct survey *s, const struct addr *client, uint16_t *out)
{
	static const uint16_t mail[] = {587, 465, 2525, 25};
	uint64_t *counts = NULL;

	*out = 0;
	for (size_t i = 0; i < sizeof(mail) / sizeof(*mail); i++) {
		if (port_used(s, mail[i], client)) {
			*out = mail[i];
			return true;
		}
	}
	counts = calloc(UINT16_MAX + 1, sizeof(*counts));
	if (!counts)
		return false;
	count_ports(s, client, counts, true);
	*out = busiest(counts);
	if (*out == 0) {
		count_ports(s, client, counts, false);
		*out = busiest(counts);
	}
	free(counts);
	return true;
}

/*
 * Who was never seen to ask comes last: he may get answers to what somebody else asked in his name.
 * Of those that asked equally often, an inner address stands before its translation.
 */
static bool asks_more(const struct party *a, const struct party *b)
{
	if (a->syns != b->syns && (a->syns == 0 || b->syns == 0))
		return a->syns > 0;
	if (a->asked != b->asked)
		return a->asked > b->asked;
	return addr_class(&a->addr) == ADDR_PRIVATE && addr_class(&b->addr) != ADDR_PRIVATE;
}

static void choose_clients(struct survey *s, const struct survey_wish *wish,
			   struct survey_choice *out)
{
	for (size_t i = 0; i < s->parties_n; i++)
		s->parties[i].asked = s->parties[i].syns = 0;
	for (size_t i = 0; i < s->talks_n; i++) {
		struct party *client = &s->parties[s->talks[i].client];

		client->syns += s->talks[i].syns;
		if (s->talks[i].port == out->port && is_asker(s, &s->talks[i], &wish->client))
			client->asked += attempts(&s->talks[i]);
	}
	for (uint32_t i = 0; i < s->parties_n; i++) {
		const struct party *p = &s->parties[i];
		uint32_t *best = &out->client[p->addr.family == 6];

		if (p->asked == 0)
			continue;
		out->others += *best != TRACE_NONE;
		if (*best == TRACE_NONE || asks_more(p, &s->parties[*best]))
			*best = i;
	}
}

bool survey_choose(struct survey *s, const struct survey_wish *wish, struct survey_choice *out)
{
	uint16_t found;

	*out = (struct survey_choice){.port = wish->port, .client = {TRACE_NONE, TRACE_NONE}};
	if (!wish->port_given && !port_used(s, wish->port, &wish->client)) {
		if (!likeliest_port(s, &wish->client, &found))
			return false;
		out->port_found = found != 0 && found != wish->port;
		out->port = found ? found : wish->port;
	}
	choose_clients(s, wish, out);
	return true;
}

/* Ports that usually answer come first, in the order in which the live run prefers them. */
static unsigned port_rank(uint16_t port)
{
	static const uint16_t order[] = {443, 993, 995, 80, 143, 110};

	for (unsigned i = 0; i < sizeof(order) / sizeof(*order); i++) {
		if (order[i] == port)
			return i;
	}
	return port == 2525 || port == 465 || port == 25 || port == 587 ? 200 : 100;
}

/* An open port compares best, a refusing one less, a silent one says nothing. */
static uint16_t rank_of(const struct talk *t)
{
	unsigned answer = t->opened ? 0 : t->refused ? 1 : 2;

	return (uint16_t)(answer * 1000 + port_rank(t->port));
}

/* Keeps the best TRACE_PORTS_MAX in order; `ranks` stands beside s->controls. */
static void add_control(struct server *s, uint16_t *ranks, const struct talk *t)
{
	uint16_t rank = rank_of(t);
	size_t at = s->controls_n;

	if (at == TRACE_PORTS_MAX) {
		at--;
		if (ranks[at] <= rank)
			return;
	} else {
		s->controls_n++;
	}
	while (at > 0 && ranks[at - 1] > rank) {
		s->controls[at] = s->controls[at - 1];
		ranks[at] = ranks[at - 1];
		at--;
	}
	s->controls[at] = t->port;
	ranks[at] = rank;
}

/*
 * Nobody named a HOST: the majority of the servers decides. But whoever traces the ways to several
 * measures, and which of them were asked for nobody knows.
 */
static bool add_servers(const struct survey *s, const struct survey_wish *wish,
			struct survey_choice *choice, struct trace *t)
{
	unsigned traced = 0;

	for (size_t i = 0; i < s->talks_n; i++) {
		const struct talk *talk = &s->talks[i];
		const struct addr *addr = &s->parties[talk->server].addr;
		char buf[ADDR_TEXT_BYTES];
		struct server item = {.port = choice->port, .addr = *addr};

		if (talk->port != choice->port || talk->client != choice->client[addr->family == 6])
			continue;
		if (t->servers_n == SURVEY_SERVERS_MAX) {
			choice->servers_over++;
			continue;
		}
		item.host = addr_text(addr, buf);
		item.client = s->parties[talk->client].addr;
		item.place = survey_place(s, talk->client, talk->server);
		for (size_t k = 0; k < wish->controls_n && k < TRACE_PORTS_MAX; k++)
			item.controls[item.controls_n++] = wish->controls[k];
		if (!trace_add_server(t, &item))
			return false;
		traced += talk->traced;
	}
	t->run.port = choice->port;
	t->run.hosts_unknown = traced >= 2;
	return true;
}

bool survey_fill(const struct survey *s, const struct survey_wish *wish,
		 struct survey_choice *choice, struct trace *t)
{
	uint16_t(*ranks)[TRACE_PORTS_MAX];

	if (!add_servers(s, wish, choice, t))
		return false;
	if (wish->controls_n || t->servers_n == 0)
		return true;
	ranks = calloc(t->servers_n, sizeof(*ranks));
	if (!ranks)
		return false;
	for (size_t i = 0; i < s->talks_n; i++) {
		const struct talk *talk = &s->talks[i];
		const struct addr *addr = &s->parties[talk->server].addr;
		uint32_t server = trace_find_server(t, addr);

		if (server != TRACE_NONE && talk->port != choice->port &&
		    talk->client == choice->client[addr->family == 6])
			add_control(&t->servers[server], ranks[server], talk);
	}
	free(ranks);
	return true;
}
