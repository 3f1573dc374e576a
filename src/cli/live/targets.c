/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/targets.h"
#include "base/array.h"
#include "cli/command.h"
#include "cli/live/candidates.h"
#include "cli/live/privileged.h"
#include "cli/live/unfound.h"
#include "io/names/resolve.h"
#include <stdlib.h>
#include <string.h>

#define LOOKUP_NS	   (2 * INT64_C(1000000000))
#define DEFAULT_SERVERS	   5  /* of the list, in a run without HOSTs */
#define DEFAULT_CANDIDATES 10 /* looked up for them: some may have no address */
#define REFERENCES	   3  /* beside HOSTs in fewer networks than that */

struct finding_targets {
	struct targets *targets;
	struct trace *trace;
	struct candidates candidates;
	struct resolve_host *lookups; /* of each candidate */
};

void targets_free(struct targets *targets)
{
	free(targets->ways);
	*targets = (struct targets){0};
}

static struct resolve_host lookup_of(const struct candidate *c, const struct options *o)
{
	return (struct resolve_host){
		.name = c->server.host,
		.ipv4 = o->ipv4,
		.ipv6 = o->ipv6,
		.all = o->all_addresses,
	};
}

static int look_up(struct finding_targets *f, struct err *err)
{
	const struct candidates *c = &f->candidates;
	struct resolve_host *names = calloc(c->n + 1, sizeof(*names));
	size_t n = 0;
	f->lookups = calloc(c->n + 1, sizeof(*f->lookups));
	if (!names || !f->lookups) {
		free(names);
		return err_set(err, EXIT_SYSTEM, "no memory for name look-ups");
	}
	for (size_t i = 0; i < c->n; i++) {
		if (!c->items[i].numeric)
			names[n++] = lookup_of(&c->items[i], f->targets->o);
	}
	struct caller nobody;
	if (privileged_heir(&nobody, err) != 0) {
		free(names);
		return -1;
	}
	if (n && resolve_hosts_apart(names, n, LOOKUP_NS, &nobody, err) != 0) {
		log_note(f->targets->log, "%s", err->msg);
		for (size_t i = 0; i < n; i++)
			names[i].why = "no resolver answers";
	}
	n = 0;
	for (size_t i = 0; i < c->n; i++) {
		if (!c->items[i].numeric)
			f->lookups[i] = names[n++];
	}
	free(names);
	return 0;
}

/* The first way of a family stands for it. */
static int add_route(struct trace *t, uint8_t family, const struct route_info *way, struct err *err)
{
	struct route route = {
		.family = family,
		.ifindex = way->ifindex,
		.interface = way->interface,
		.gateway = way->gateway,
		.client = way->source,
		.has_link_header = way->has_link_header,
	};
	if (!trace_route(t, family) && !trace_add_route(t, &route))
		return err_set(err, EXIT_SYSTEM, "no memory for a route");
	return 0;
}

/*
 * The IPv4 default route says who owns the router, also where only IPv6 is asked: looked up for an
 * address that is surely not on a link of this host; nothing is sent to it.
 */
static int add_ipv4_route(struct trace *t, struct err *err)
{
	static const uint8_t anywhere[4] = {1, 0, 0, 1};
	struct route_query query = {.dst = addr_v4(anywhere)};
	struct route_info way;
	if (t->servers_n == 0 || trace_route(t, 4))
		return 0;
	if (route_get(&query, &way, err) != 0)
		return -1;
	return way.error ? 0 : add_route(t, 4, &way, err);
}

/* One address becomes a server when the host has a way to it. */
static int add_address(struct finding_targets *f, const struct candidate *c,
		       const struct addr *addr, struct err *err)
{
	struct trace *t = f->trace;
	struct route_query query = {
		.dst = *addr,
		.ifindex = f->targets->o->interface ? route_interface(f->targets->o->interface) : 0,
	};
	struct route_info way;
	char buf[ADDR_TEXT_BYTES];
	if (route_get(&query, &way, err) != 0)
		return -1;
	if (way.error) {
		log_note(f->targets->log, "no route to %s (%s): %s", c->server.host,
			 addr_text(addr, buf), strerror(way.error));
		return unfound_route(t, c->server.host, addr, way.error, err);
	}
	struct server item = c->server;
	item.addr = *addr;
	item.client = way.source;
	if (!array_reserve(&f->targets->ways, &f->targets->cap, t->servers_n + 1, sizeof(way)) ||
	    !trace_add_server(t, &item))
		return err_set(err, EXIT_SYSTEM, "no room for the server %s", c->server.host);
	f->targets->ways[t->servers_n - 1] = way;
	f->targets->n = t->servers_n;
	return add_route(t, addr->family, &way, err);
}

static int add_candidate_addresses(struct finding_targets *f, size_t i, struct err *err)
{
	const struct candidate *c = &f->candidates.items[i];
	const struct resolve_host *h = &f->lookups[i];
	if (c->numeric)
		return add_address(f, c, &c->addr, err);
	if (h->addrs_n == 0 && !c->server.reference && f->trace->run.hosts_given)
		log_note(f->targets->log, "%s has no address: %s", c->server.host,
			 h->why ? h->why : "unknown");
	for (size_t k = 0; k < h->addrs_n; k++) {
		if (add_address(f, c, &h->addrs[k], err) != 0)
			return -1;
	}
	return 0;
}

/* Whether the servers so far are in fewer networks than votes want. */
static bool needs_references(const struct trace *t)
{
	const struct server *networks[REFERENCES];
	size_t n = 0;
	for (size_t i = 0; i < t->servers_n && n < REFERENCES; i++) {
		const struct server *a = &t->servers[i];
		bool fresh = true;
		for (size_t k = 0; k < n && fresh; k++) {
			const struct server *b = networks[k];
			fresh = a->asn && b->asn ? a->asn != b->asn
						 : !trace_same_site(t, &a->addr, &b->addr);
		}
		if (fresh)
			networks[n++] = a;
	}
	return n < REFERENCES;
}

static int fill(struct finding_targets *f, struct err *err)
{
	bool hosts = f->targets->o->hosts_n > 0;
	if (hosts && candidates_add_hosts(&f->candidates, err) != 0)
		return -1;
	size_t own = f->candidates.n;
	if (!hosts && candidates_add_known(&f->candidates, DEFAULT_CANDIDATES, false, err) != 0)
		return -1;
	if (hosts && !f->targets->o->only &&
	    candidates_add_known(&f->candidates, 2 * REFERENCES, true, err) != 0)
		return -1;
	if (look_up(f, err) != 0 || unfound_names(f->trace, &f->candidates, f->lookups, err) != 0)
		return -1;
	for (size_t i = 0; i < own; i++) {
		if (add_candidate_addresses(f, i, err) != 0)
			return -1;
	}
	size_t taken = 0, most = hosts ? REFERENCES : DEFAULT_SERVERS;
	if (!hosts && f->targets->o->choose.servers)
		most = f->targets->o->choose.servers;
	if (hosts && !needs_references(f->trace))
		most = 0;
	for (size_t i = own; i < f->candidates.n && taken < most; i++) {
		size_t before = f->trace->servers_n;
		if (add_candidate_addresses(f, i, err) != 0)
			return -1;
		taken += f->trace->servers_n > before;
	}
	return 0;
}

/* Where nothing listens: asked on the port under test alone. */
static int add_dark(struct finding_targets *f, struct err *err)
{
	const struct options *o = f->targets->o;
	char buf[ADDR_TEXT_BYTES];
	struct candidate dark = {
		.server = {.host = addr_text(&o->dark, buf),
			   .port = (uint16_t)o->port,
			   .dark = true},
	};
	if (!addr_is_set(&o->dark) || !(o->dark.family == 4 ? o->ipv4 : o->ipv6))
		return 0;
	if (trace_find_server(f->trace, &o->dark) != TRACE_NONE)
		return err_set(err, EXIT_USAGE,
			       "--dark '%s' is the address of a server to be asked", buf);
	return add_address(f, &dark, &o->dark, err);
}

int targets_find(struct targets *targets, struct trace *t, struct err *err)
{
	struct finding_targets f = {
		.targets = targets,
		.trace = t,
		.candidates = {.o = targets->o, .known = targets->known},
	};
	t->run.hosts_given = targets->o->hosts_n > 0;
	int status = fill(&f, err);
	if (status == 0)
		status = add_dark(&f, err);
	if (status == 0)
		status = add_ipv4_route(t, err);
	free(f.candidates.items);
	free(f.lookups);
	return status;
}
