/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/privileged.h"
#include "base/text.h"
#include "cli/command.h"
#include "io/host/clock.h"
#include "io/host/landlock.h"
#include "io/host/privilege.h"
#include "io/host/sandbox.h"
#include <unistd.h>

#define RAW_PORTS     32 /* a block: flows, and one for each SYN that may reach a server */
#define LINK_PORTS    64
#define RATE_OF_USERS 500 /* packets a second, for who is not root */
#define NAMED_MAX     4	  /* users that rules name, asked as well */

/* Each user once. */
static void add_user(struct caller *users, size_t *n, const struct caller *user)
{
	for (size_t i = 0; i < *n; i++) {
		if (users[i].uid == user->uid)
			return;
	}
	if (*n < CONNECT_USERS_MAX)
		users[(*n)++] = *user;
}

/* Root (or whoever this is), the caller of sudo, and those that the user names. */
static int choose_users(const struct options *o, struct caller *users, size_t *n, struct err *err)
{
	struct caller caller, self = {.uid = getuid(), .gid = getgid()};
	if (privilege_caller(&caller, err) != 0)
		return -1;
	if (caller.uid == self.uid)
		self = caller;
	else if (self.uid == 0)
		(void)privilege_user("root", &self, err);
	add_user(users, n, &self);
	add_user(users, n, &caller);
	for (size_t i = 0; i < o->users_n; i++) {
		struct caller user;
		if (privilege_user(o->users[i], &user, err) != 0)
			return -1;
		if (geteuid() != 0 && user.uid != self.uid)
			return err_set(err, EXIT_NOT_PERMITTED,
				       "not permitted: only root connects as user '%s' (run it "
				       "with sudo)",
				       o->users[i]);
		add_user(users, n, &user);
	}
	return 0;
}

static bool add_range(struct trace *t, uint16_t first, uint16_t n, enum probe_kind kind)
{
	struct port_range range = {
		.first = first,
		.last = (uint16_t)(first + n - 1),
		.kind = kind,
	};
	return trace_add_range(t, &range);
}

/*
 * Where root alone would be asked, those whom rules of this host refuse by name as well: what such
 * a rule does to them shows nowhere else.
 */
static void add_named(struct privileged *p, struct caller *users, size_t *n)
{
	struct caller named[NAMED_MAX], heir;
	struct err err;
	if (*n != 1 || users[0].uid != 0 || !p->firewall || privileged_heir(&heir, &err) != 0)
		return;
	size_t found =
		firewall_users_apart(p->firewall, (uint16_t)p->o->port, &heir, named, NAMED_MAX);
	for (size_t i = 0; i < found; i++)
		add_user(users, n, &named[i]);
}

static int open_users(struct privileged *p, struct err *err)
{
	struct caller users[CONNECT_USERS_MAX];
	size_t n = 0;
	if (choose_users(p->o, users, &n, err) != 0)
		return -1;
	size_t wanted = n;
	add_named(p, users, &n);
	p->connector = connector_open(users, n, err);
	/* Nobody asked for the others: where they cannot be become, as in a container that has not
	 * all users, they are left out. */
	if (!p->connector && n > wanted) {
		n = wanted;
		p->connector = connector_open(users, n, err);
	}
	if (!p->connector)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct user user = {
			.uid = users[i].uid, .name = users[i].name, .by_rule = i >= wanted};
		if (!trace_add_user(p->trace, &user) ||
		    !add_range(p->trace, connector_first_port(p->connector, i), CONNECT_PORTS,
			       PROBE_KERNEL))
			return err_set(err, EXIT_SYSTEM, "no memory for the users");
	}
	return 0;
}

static int bind_block(struct privileged *p, enum probe_kind kind, enum ports_region region,
		      struct draw *draw, struct err *err)
{
	struct ports *ports = kind == PROBE_LINK ? &p->link : &p->raw[region];
	uint16_t n = kind == PROBE_LINK ? LINK_PORTS : RAW_PORTS;
	if (ports_bind(ports, n, region, draw, err) != 0)
		return -1;
	if (!add_range(p->trace, ports->first, n, kind))
		return err_set(err, EXIT_SYSTEM, "no memory for the source ports");
	return 0;
}

static int bind_ports(struct privileged *p, struct draw *draw, struct err *err)
{
	if (bind_block(p, PROBE_RAW, PORTS_OUTSIDE, draw, err) != 0 ||
	    bind_block(p, PROBE_RAW, PORTS_WITHIN, draw, err) != 0 ||
	    bind_block(p, PROBE_RAW, PORTS_BELOW, draw, err) != 0)
		return -1;
	return !p->trace->run.bypass ? 0 : bind_block(p, PROBE_LINK, PORTS_OUTSIDE, draw, err);
}

/* ICMP, and TCP of our own source ports: never the host's other traffic. */
static int open_source(struct privileged *p, struct err *err)
{
	struct text filter = {0};
	const struct trace *t = p->trace;
	text_add(&filter, "icmp or icmp6");
	for (size_t i = 0; i < t->ranges_n; i++) {
		unsigned first = t->ranges[i].first, last = t->ranges[i].last;
		text_addf(&filter, " or (tcp portrange %u-%u)", first, last);
	}
	struct source_live_options capture = {.filter = text_str(&filter)};
	p->source = source_open_live(&capture, err);
	text_free(&filter);
	return p->source ? 0 : -1;
}

static int open_sender(struct privileged *p, struct err *err)
{
	struct draw draw;
	draw_open(&draw, &p->key, DRAW_STAMPS);
	struct sender_options sending = {
		.interface = p->o->interface,
		.ipv4 = trace_route(p->trace, 4) != NULL,
		.ipv6 = trace_route(p->trace, 6) != NULL,
		.stamp_offset = draw_next(&draw),
	};
	p->sender = sender_open(&sending, err);
	if (!p->sender)
		return -1;
	/* Where an interface cannot be addressed directly, sending past the firewall fails later.
	 */
	for (size_t i = 0; i < p->targets->n && p->trace->run.bypass; i++)
		(void)sender_open_link(p->sender, &p->targets->ways[i]);
	return 0;
}

int privileged_check(struct err *err)
{
	if (privilege_net_raw())
		return 0;
	if (privilege_is_frozen())
		return err_set(
			err, EXIT_NOT_PERMITTED,
			"not permitted: whoblocks needs CAP_NET_RAW, and no_new_privs is set "
			"(systemd: NoNewPrivileges=): a capability of the program file, or "
			"sudo, gives nothing then; a service gets it by "
			"AmbientCapabilities=CAP_NET_RAW");
	return err_set(err, EXIT_NOT_PERMITTED,
		       "not permitted: whoblocks needs CAP_NET_RAW; run it with sudo, or as one of "
		       "those whom the administrator gave it to (group whoblocks)");
}

int privileged_allow(const struct options *o, struct err *err)
{
	if (o->max_rate <= RATE_OF_USERS || privilege_is_admin())
		return 0;
	return err_set(err, EXIT_NOT_PERMITTED,
		       "not permitted: --max-rate %u: only root sends more than %d packets a "
		       "second (run it with sudo)",
		       o->max_rate, RATE_OF_USERS);
}

int privileged_open(struct privileged *p, struct err *err)
{
	struct draw draw;
	p->bad_checksums = firewall_bad_checksums();
	if (geteuid() == 0)
		p->firewall = firewall_open();
	/* The children first: they inherit nothing that they should not have, nor the key. */
	if (open_users(p, err) != 0 || clock_key(&p->key, err) != 0)
		return -1;
	draw_open(&draw, &p->key, DRAW_PORTS);
	if (bind_ports(p, &draw, err) != 0 || mail_open(p->mail, p->trace, &draw, err) != 0 ||
	    open_source(p, err) != 0)
		return -1;
	return open_sender(p, err);
}

/* Whether something failed here that a rule could explain. */
static bool has_trouble(const struct trace *t)
{
	for (size_t i = 0; i < t->connects_n; i++) {
		if (t->connects[i].error != 0)
			return true;
	}
	return t->send_errors_n + t->unseen_n + t->strays_n > 0;
}

void privileged_explain(struct privileged *p)
{
	struct counter bad = {.name = "bad-checksums"};
	const struct trace *t = p->trace;
	bool by_rule = t->users_n > 0 && t->users[t->users_n - 1].by_rule;
	/* Of one user alone, and those whom it names, a rule that looks at users shows nowhere
	 * else. */
	if (!has_trouble(t) && t->users_n > 1 && !by_rule)
		return;
	firewall_explain(p->firewall, (uint16_t)p->o->port, p->trace);
	firewall_count_table(p->trace);
	bad.value = firewall_bad_checksums() - p->bad_checksums;
	if (p->bad_checksums >= 0 && bad.value > 0)
		(void)trace_add_counter(p->trace, &bad);
}

int privileged_heir(struct caller *out, struct err *err)
{
	if (privilege_caller(out, err) != 0)
		return -1;
	if (out->uid == 0)
		privilege_nobody(out);
	return 0;
}

int privileged_drop(struct err *err)
{
	struct caller heir;
	if (privileged_heir(&heir, err) != 0)
		return -1;
	/* Where root is the only user that there is, it opens what everybody may read, no more. */
	if (privilege_drop(&heir, err) != 0 &&
	    (getuid() != 0 || privilege_forgo(err) != 0 ||
	     landlock_reads(&(struct landlock_paths){0}, err) != 0))
		return -1;
	return sandbox_enter(SANDBOX_LIVE, err);
}

void privileged_close(struct privileged *p)
{
	if (p->sender)
		sender_close(p->sender);
	if (p->source)
		source_close(p->source);
	for (size_t i = 0; i < ENGINE_BLOCKS; i++)
		ports_close(&p->raw[i]);
	ports_close(&p->link);
	connector_close(p->connector);
	firewall_close(p->firewall);
}
