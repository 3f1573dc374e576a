/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/candidates.h"
#include "base/array.h"
#include "base/bytes.h"
#include "cli/command.h"
#include "infer/mail/mail.h"
#include "state/schedule.h"
#include <stdlib.h>
#include <string.h>

static const uint16_t default_controls[] = {443, 993, 995, 80, 2525, 465, 25};

static void add_control(struct server *s, uint16_t port)
{
	if (s->controls_n < TRACE_PORTS_MAX && port != s->port)
		s->controls[s->controls_n++] = port;
}

/* As the user orders them; else, in a gentle run, those first to which nobody counts connections.
 */
static void set_controls(struct server *s, const struct options *o, const uint16_t *ports, size_t n)
{
	s->controls_n = 0;
	for (size_t i = 0; i < o->controls_n; i++)
		add_control(s, o->controls[i]);
	for (int counted = 0; counted < 2 && !o->controls_n; counted++) {
		for (size_t i = 0; i < n; i++) {
			if ((o->gentle && mail_is_counted(ports[i])) == (counted == 1))
				add_control(s, ports[i]);
		}
	}
}

static int add_candidate(struct candidates *c, const struct candidate *item, struct err *err)
{
	if (!array_reserve(&c->items, &c->cap, c->n + 1, sizeof(*c->items)))
		return err_set(err, EXIT_SYSTEM, "no memory for the list of servers");
	c->items[c->n++] = *item;
	return 0;
}

static const struct known_server *find_known(const struct known_list *known, const char *host)
{
	for (size_t i = 0; i < known->n; i++) {
		if (strcasecmp(known->servers[i].host, host) == 0)
			return &known->servers[i];
	}
	return NULL;
}

int candidates_add_hosts(struct candidates *c, struct err *err)
{
	for (size_t i = 0; i < c->o->hosts_n; i++) {
		const struct host_arg *arg = &c->o->hosts[i];
		const struct known_server *k = find_known(c->known, arg->name);
		struct candidate item = {.numeric = addr_is_set(&arg->addr), .addr = arg->addr};
		item.server.host = arg->name;
		item.server.port = arg->port ? arg->port : (uint16_t)c->o->port;
		item.server.owner = k ? k->owner : NULL;
		item.server.asn = k ? k->asn : 0;
		item.server.listed = k && k->port == item.server.port;
		if (k)
			set_controls(&item.server, c->o, k->controls, k->controls_n);
		else
			set_controls(&item.server, c->o, default_controls,
				     sizeof(default_controls) / sizeof(*default_controls));
		if (add_candidate(c, &item, err) != 0)
			return -1;
	}
	return 0;
}

static bool submission_port(uint16_t port)
{
	return port == 25 || port == 465 || port == 587 || port == 2525;
}

/* Whether the list documents the port for this server. */
static bool documents(const struct known_server *k, uint32_t port)
{
	bool found = k->port == port;
	for (size_t i = 0; i < k->controls_n; i++)
		found = found || k->controls[i] == port;
	return found;
}

static bool has_plain_control(const struct known_server *k, uint32_t port)
{
	for (size_t i = 0; i < k->controls_n; i++) {
		if (!submission_port(k->controls[i]) && k->controls[i] != port)
			return true;
	}
	return false;
}

/* Whether an earlier candidate is this server or its operator's. */
static bool is_taken(const struct candidates *c, const struct known_server *k)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct server *s = &c->items[i].server;
		if (strcasecmp(s->host, k->host) == 0 ||
		    (s->owner && k->owner && strcmp(s->owner, k->owner) == 0) ||
		    (s->asn && s->asn == k->asn))
			return true;
	}
	return false;
}

static int add_known(struct candidates *c, const struct known_server *k, bool reference,
		     struct err *err)
{
	struct candidate item = {0};
	item.numeric = addr_parse(k->host, &item.addr);
	item.server = (struct server){
		.host = k->host,
		.port = (uint16_t)c->o->port,
		.owner = k->owner,
		.asn = k->asn,
		.listed = true,
		.reference = reference,
	};
	set_controls(&item.server, c->o, k->controls, k->controls_n);
	return add_candidate(c, &item, err);
}

/* Servers of one operator or network. */
static uint32_t group_of(const struct known_server *k)
{
	const char *word = k->owner ? k->owner : "";
	return k->owner ? bytes_hash(word, strlen(word), 1) | 1 : k->asn;
}

/* Those that this machine asks today, of the ones with a control that is no submission port. */
static int add_chosen(struct candidates *c, size_t most, bool reference, struct err *err)
{
	const struct choose *choose = &c->o->choose;
	struct schedule_server *servers = calloc(c->known->n + 1, sizeof(*servers));
	size_t *chosen = calloc(most + 1, sizeof(*chosen));
	size_t *index = calloc(c->known->n + 1, sizeof(*index)), n = 0;
	int status = 0;
	if (!servers || !chosen || !index) {
		status = err_set(err, EXIT_SYSTEM, "no memory for the list of servers");
		goto out;
	}
	for (size_t i = 0; i < c->known->n; i++) {
		const struct known_server *k = &c->known->servers[i];
		if (!documents(k, c->o->port) || is_taken(c, k) ||
		    !has_plain_control(k, c->o->port))
			continue;
		index[n] = i;
		servers[n++] = (struct schedule_server){k->host, group_of(k)};
	}
	n = schedule_servers(&(struct schedule_day){servers, n, choose->seed, choose->day}, chosen,
			     most);
	for (size_t i = 0; status == 0 && i < n; i++) {
		const struct known_server *k = &c->known->servers[index[chosen[i]]];
		if (!is_taken(c, k))
			status = add_known(c, k, reference, err);
	}
out:
	free(servers);
	free(chosen);
	free(index);
	return status;
}

/* Servers of the list with a control port that is no submission port first, then the others. */
int candidates_add_known(struct candidates *c, size_t most, bool reference, struct err *err)
{
	size_t taken = 0;
	if (c->o->choose.servers) {
		size_t before = c->n;
		if (add_chosen(c, most, reference, err) != 0)
			return -1;
		taken = c->n - before;
	}
	for (int plain = 1; plain >= 0; plain--) {
		for (size_t i = 0; i < c->known->n && taken < most; i++) {
			const struct known_server *k = &c->known->servers[i];
			if (!documents(k, c->o->port) || is_taken(c, k) ||
			    has_plain_control(k, c->o->port) != (plain == 1))
				continue;
			if (add_known(c, k, reference, err) != 0)
				return -1;
			taken++;
		}
	}
	return 0;
}
