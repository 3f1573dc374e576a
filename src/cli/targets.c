/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/targets.h"
#include "base/array.h"
#include "cli/command.h"
#include "io/resolve.h"
#include <stdlib.h>
#include <string.h>

#define LOOKUP_NS	   (2 * INT64_C(1000000000))
#define DEFAULT_SERVERS	   5  /* of the list, in a run without HOSTs */
#define DEFAULT_CANDIDATES 10 /* looked up for them: some may have no address */
#define REFERENCES	   3  /* beside HOSTs in fewer networks than that */

static const uint16_t default_controls[] = {443, 993, 995, 80, 2525, 465, 25};

/* Somebody who may be asked, before his addresses are known. */
struct candidate {
	struct server server; /* addr and client still empty */
	bool numeric;
	struct addr addr;
};

struct finding_targets {
	const struct options *o;
	const struct known_list *known;
	struct log *log;
	struct trace *trace;
	struct targets *targets;
	struct candidate *candidates;
	struct resolve_host *lookups;
	size_t n, cap, lookups_cap;
};

void targets_free(struct targets *targets)
{
	free(targets->ways);
	*targets = (struct targets){0};
}

static void set_controls(struct server *s, const struct options *o, const uint16_t *ports, size_t n)
{
	if (o->controls_n) {
		ports = o->controls;
		n = o->controls_n;
	}
	s->controls_n = 0;
	for (size_t i = 0; i < n && s->controls_n < TRACE_PORTS_MAX; i++) {
		if (ports[i] != s->port)
			s->controls[s->controls_n++] = ports[i];
	}
}

static int add_candidate(struct finding_targets *f, const struct candidate *item, struct err *err)
{
	if (!array_reserve(&f->candidates, &f->cap, f->n + 1, sizeof(*f->candidates)) ||
	    !array_reserve(&f->lookups, &f->lookups_cap, f->n + 1, sizeof(*f->lookups)))
		return err_set(err, EXIT_SYSTEM, "no memory for the list of servers");
	f->candidates[f->n] = *item;
	f->lookups[f->n] = (struct resolve_host){
		.name = item->server.host,
		.ipv4 = f->o->ipv4,
		.ipv6 = f->o->ipv6,
		.all = f->o->all_addresses,
	};
	f->n++;
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

static int add_hosts(struct finding_targets *f, struct err *err)
{
	for (size_t i = 0; i < f->o->hosts_n; i++) {
		const struct host_arg *arg = &f->o->hosts[i];
		const struct known_server *k = find_known(f->known, arg->name);
		struct candidate item = {.numeric = addr_is_set(&arg->addr), .addr = arg->addr};
		item.server.host = arg->name;
		item.server.port = arg->port ? arg->port : (uint16_t)f->o->port;
		item.server.owner = k ? k->owner : NULL;
		item.server.asn = k ? k->asn : 0;
		item.server.listed = k && k->port == item.server.port;
		if (k)
			set_controls(&item.server, f->o, k->controls, k->controls_n);
		else
			set_controls(&item.server, f->o, default_controls,
				     sizeof(default_controls) / sizeof(*default_controls));
		if (add_candidate(f, &item, err) != 0)
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
static bool is_taken(const struct finding_targets *f, const struct known_server *k)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct server *s = &f->candidates[i].server;
		if (strcasecmp(s->host, k->host) == 0 ||
		    (s->owner && k->owner && strcmp(s->owner, k->owner) == 0) ||
		    (s->asn && s->asn == k->asn))
			return true;
	}
	return false;
}

/* Servers of the list with a control port that is no submission port first, then the others. */
static int add_known(struct finding_targets *f, size_t most, bool reference, struct err *err)
{
	size_t taken = 0;
	for (int plain = 1; plain >= 0; plain--) {
		for (size_t i = 0; i < f->known->n && taken < most; i++) {
			const struct known_server *k = &f->known->servers[i];
			if (!documents(k, f->o->port) || is_taken(f, k) ||
			    has_plain_control(k, f->o->port) != (plain == 1))
				continue;
			struct candidate item = {0};
			item.numeric = addr_parse(k->host, &item.addr);
			item.server = (struct server){
				.host = k->host,
				.port = (uint16_t)f->o->port,
				.owner = k->owner,
				.asn = k->asn,
				.listed = true,
				.reference = reference,
			};
			set_controls(&item.server, f->o, k->controls, k->controls_n);
			if (add_candidate(f, &item, err) != 0)
				return -1;
			taken++;
		}
	}
	return 0;
}

static int look_up(struct finding_targets *f, struct err *err)
{
	struct resolve_host *names = calloc(f->n ? f->n : 1, sizeof(*names));
	size_t n = 0;
	if (!names)
		return err_set(err, EXIT_SYSTEM, "no memory for name look-ups");
	for (size_t i = 0; i < f->n; i++) {
		if (!f->candidates[i].numeric)
			names[n++] = f->lookups[i];
	}
	if (n && resolve_hosts(names, n, LOOKUP_NS, err) != 0) {
		log_note(f->log, "%s", err->msg);
		for (size_t i = 0; i < n; i++)
			names[i].why = "no resolver answers";
	}
	n = 0;
	for (size_t i = 0; i < f->n; i++) {
		if (!f->candidates[i].numeric)
			f->lookups[i] = names[n++];
	}
	free(names);
	return 0;
}

/* One address becomes a server when the host has a way to it. */
static int add_address(struct finding_targets *f, const struct candidate *c,
		       const struct addr *addr, struct err *err)
{
	struct trace *t = f->trace;
	struct route_query query = {
		.dst = *addr,
		.ifindex = f->o->interface ? route_interface(f->o->interface) : 0,
	};
	struct route_info way;
	char buf[ADDR_TEXT_BYTES];
	if (route_get(&query, &way, err) != 0)
		return -1;
	if (way.error) {
		log_note(f->log, "no route to %s (%s): %s", c->server.host, addr_text(addr, buf),
			 strerror(way.error));
		return 0;
	}
	struct server item = c->server;
	item.addr = *addr;
	item.client = way.source;
	if (!array_reserve(&f->targets->ways, &f->targets->cap, t->servers_n + 1, sizeof(way)) ||
	    !trace_add_server(t, &item))
		return err_set(err, EXIT_SYSTEM, "no room for the server %s", c->server.host);
	f->targets->ways[t->servers_n - 1] = way;
	f->targets->n = t->servers_n;
	if (!trace_route(t, addr->family)) {
		struct route route = {
			.family = addr->family,
			.ifindex = way.ifindex,
			.interface = way.interface,
			.gateway = way.gateway,
			.client = way.source,
			.has_link_header = way.has_link_header,
		};
		if (!trace_add_route(t, &route))
			return err_set(err, EXIT_SYSTEM, "no memory for a route");
	}
	return 0;
}

static int add_candidate_addresses(struct finding_targets *f, size_t i, struct err *err)
{
	const struct candidate *c = &f->candidates[i];
	const struct resolve_host *h = &f->lookups[i];
	if (c->numeric)
		return add_address(f, c, &c->addr, err);
	if (h->addrs_n == 0 && !c->server.reference && f->trace->run.hosts_given)
		log_note(f->log, "%s has no address: %s", c->server.host,
			 h->why ? h->why : "unknown");
	for (size_t k = 0; k < h->addrs_n; k++) {
		if (add_address(f, c, &h->addrs[k], err) != 0)
			return -1;
	}
	return 0;
}

/* Networks among the servers so far, as votes count them. */
static size_t count_networks(const struct trace *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->servers_n; i++) {
		bool fresh = true;
		for (size_t k = 0; k < i && fresh; k++) {
			const struct server *a = &t->servers[i], *b = &t->servers[k];
			fresh = a->asn && b->asn ? a->asn != b->asn
						 : !addr_same_site(&a->addr, &b->addr);
		}
		n += fresh;
	}
	return n;
}

static int fill(struct finding_targets *f, struct err *err)
{
	bool hosts = f->o->hosts_n > 0;
	if (hosts && add_hosts(f, err) != 0)
		return -1;
	size_t own = f->n;
	if (!hosts && add_known(f, DEFAULT_CANDIDATES, false, err) != 0)
		return -1;
	if (hosts && !f->o->only && add_known(f, 2 * REFERENCES, true, err) != 0)
		return -1;
	if (look_up(f, err) != 0)
		return -1;
	for (size_t i = 0; i < own; i++) {
		if (add_candidate_addresses(f, i, err) != 0)
			return -1;
	}
	size_t taken = 0, most = hosts ? REFERENCES : DEFAULT_SERVERS;
	if (hosts && count_networks(f->trace) >= REFERENCES)
		most = 0;
	for (size_t i = own; i < f->n && taken < most; i++) {
		size_t before = f->trace->servers_n;
		if (add_candidate_addresses(f, i, err) != 0)
			return -1;
		taken += f->trace->servers_n > before;
	}
	return 0;
}

int targets_find(const struct options *o, const struct known_list *known, struct log *log,
		 struct trace *t, struct targets *out, struct err *err)
{
	struct finding_targets f = {
		.o = o,
		.known = known,
		.log = log,
		.trace = t,
		.targets = out,
	};
	t->run.hosts_given = o->hosts_n > 0;
	int status = fill(&f, err);
	free(f.candidates);
	free(f.lookups);
	return status;
}
