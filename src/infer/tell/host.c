/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/host.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *host_user(const struct user *user, struct arena *arena)
{
	if (user->name && *user->name)
		return arena_copy(arena, user->name);
	return arena_say(arena, "user %u", user->uid);
}

const char *host_errno(int error, struct arena *arena)
{
	static const struct {
		int error;
		const char *text;
	} names[] = {
		{EPERM, N_("operation not permitted (EPERM)")},
		{EACCES, N_("permission denied (EACCES)")},
		{EINVAL, N_("invalid argument (EINVAL)")},
		{ENETUNREACH, N_("network unreachable (ENETUNREACH)")},
		{EHOSTUNREACH, N_("no route to host (EHOSTUNREACH)")},
		{ECONNREFUSED, N_("connection refused (ECONNREFUSED)")},
		{ECONNRESET, N_("connection reset (ECONNRESET)")},
		{ETIMEDOUT, N_("timed out (ETIMEDOUT)")},
		{ENETDOWN, N_("network down (ENETDOWN)")},
		{EADDRNOTAVAIL, N_("address not available (EADDRNOTAVAIL)")},
		{EAGAIN, N_("the kernel did not take it at once (EAGAIN)")},
		{ENOBUFS, N_("no buffer space (ENOBUFS)")},
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i].error == error)
			return arena_word(arena, names[i].text);
	}
	return arena_say(arena, "error %d", error);
}

bool host_refuses(const struct filter_rule *r)
{
	return r->action == FILTER_DROP || r->action == FILTER_RESET || r->action == FILTER_REJECT;
}

/* How well a rule explains the finding; 0: not at all. */
static int fits(const struct local_finding *f, const struct filter_rule *r, uint8_t family)
{
	bool in = f->hook == HOOK_INPUT;
	bool hook = in ? r->hook == HOOK_INPUT || r->hook == HOOK_INGRESS : r->hook == f->hook;
	bool alike = r->action == f->action || (in && f->action == FILTER_DROP && host_refuses(r));
	if ((r->family && r->family != family) || !hook || !alike)
		return 0;
	return 1 + 2 * (r->by_owner == f->by_owner) + 4 * !r->policy;
}

const struct filter_rule *host_rule(const struct scene *scene, uint32_t s)
{
	const struct trace *t = scene->trace;
	const struct local_finding *f = &scene->here[s];
	const struct filter_rule *best = NULL;
	int best_fit = 0;
	if (!f->kind)
		return NULL;
	for (size_t i = 0; i < t->filter_rules_n; i++) {
		int fit = fits(f, &t->filter_rules[i], scene_family(scene, s));
		if (fit > best_fit) {
			best = &t->filter_rules[i];
			best_fit = fit;
		}
	}
	return best;
}

const char *host_allow(const struct filter_rule *rule, struct arena *arena)
{
	if (!rule || !rule->command)
		return NULL;
	return arena_printf(arena, "%s\n%s", arena_word(arena, N_("Allow it on this host:")),
			    rule->command);
}

const char *host_ask_again(const struct filter_rule *rule, struct arena *arena)
{
	return arena_say(arena,
			 "Run this again with --as-user NAME, as the user whose mail fails (of "
			 "web scripts often www-data, apache or the site's own): that shows "
			 "whether this rule stops it: %s",
			 rule->text);
}

const struct filter_rule *host_owner_rule(const struct trace *t)
{
	for (size_t i = 0; i < t->filter_rules_n; i++) {
		const struct filter_rule *r = &t->filter_rules[i];
		if (r->by_owner && host_refuses(r))
			return r;
	}
	return NULL;
}

static const char *target_text(const struct local_finding *f, struct arena *arena)
{
	char buf[ADDR_TEXT_BYTES];
	if (!addr_is_set(&f->to))
		return arena_word(arena, N_("somebody else"));
	return arena_printf(arena, "%s port %u", addr_text(&f->to, buf), f->to_port);
}

/* "prohibits it", "leads it to tun0". */
static const char *route_text(const struct local_finding *f, struct arena *arena)
{
	if (f->error == EACCES)
		return arena_word(arena, N_("prohibits connections to it"));
	if (f->error == EINVAL)
		return arena_word(arena, N_("swallows connections to it (a blackhole)"));
	if (f->error)
		return arena_word(arena, N_("makes it unreachable"));
	if (f->interface)
		return arena_say(arena,
				 "leads connections to it out by %s, not by the device that "
				 "other ports take",
				 f->interface);
	return arena_word(arena,
			  N_("leads connections to it out by another device than other ports"));
}

/* A user within a sentence: a name is quoted, for one of them is "nobody". */
static const char *quoted_user(const struct user *user, struct arena *arena)
{
	const char *text = host_user(user, arena);
	return user->name && *user->name ? arena_printf(arena, "\"%s\"", text) : text;
}

/* How the firewall says no, for the rejecting kinds. */
static const char *owner_text(const struct local_finding *f, struct arena *arena)
{
	const char *user = quoted_user(f->user, arena), *other = quoted_user(f->other, arena);
	if (f->mechanism == MECHANISM_TCP_RESET)
		return arena_say(arena,
				 "a rule that looks at the user resets connections of %s, while %s "
				 "gets through",
				 user, other);
	if (f->mechanism == MECHANISM_ICMP_REJECT)
		return arena_say(arena,
				 "a rule that looks at the user rejects connections of %s, while "
				 "%s gets through",
				 user, other);
	return arena_say(arena,
			 "a rule that looks at the user blocks connections of %s, while %s gets "
			 "through",
			 user, other);
}

/*
 * The queue and who decides over it, in the reader's language: the host's facts have it in the
 * English of queues_say().
 */
static const char *queue_said(const char *said, struct arena *arena)
{
	static const char lead[] = "queue ", on[] = ", on which ", pid[] = " (process ";
	char *end;
	if (strncmp(said, lead, sizeof(lead) - 1) != 0)
		return said;
	unsigned queue = (unsigned)strtoul(said + sizeof(lead) - 1, &end, 10);
	if (strncmp(end, on, sizeof(on) - 1) != 0)
		return said;
	const char *who = end + sizeof(on) - 1, *process = strstr(who, pid);
	if (process)
		return arena_say(arena, "queue %u, on which %s (process %ld) decides", queue,
				 arena_printf(arena, "%.*s", (int)(process - who), who),
				 strtol(process + sizeof(pid) - 1, NULL, 10));
	if (strcmp(who, "no program is seen") == 0)
		return arena_say(arena, "queue %u, on which no program is seen", queue);
	return arena_say(
		arena, "queue %u, on which a program decides that cannot be seen from here", queue);
}

/* Which packets go to which queue, who decides over it, and that they end there. */
static const char *queue_text(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct local_finding *f = &scene->here[s];
	const struct filter_rule *rule = host_rule(scene, s);
	const char *program = rule && rule->program ? queue_said(rule->program, arena)
						    : arena_word(arena, N_("a queue"));
	if (f->hook == HOOK_INPUT)
		return arena_say(arena,
				 "its firewall hands the answers from it to %s, and they get no "
				 "further",
				 program);
	if (f->user)
		return arena_say(arena,
				 "its firewall hands outgoing SYNs to %s, and those of %s do not "
				 "leave",
				 program, host_user(f->user, arena));
	if (f->beyond_by_link)
		return arena_say(arena,
				 "its firewall hands outgoing SYNs to %s, and they do not leave",
				 program);
	return arena_say(arena,
			 "its firewall hands outgoing SYNs to %s, and those of programs do not "
			 "leave",
			 program);
}

/* What follows "Port 587 is blocked by this host itself: ". */
static const char *does_text(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct local_finding *f = &scene->here[s];
	switch (f->kind) {
	case LOCAL_DROP:
		if (host_rule(scene, s))
			return arena_word(arena, N_("its firewall drops outgoing SYNs to it"));
		return arena_word(arena, N_("outgoing SYNs to it are dropped, by no rule of its "
					    "firewall that could be read"));
	case LOCAL_RESET:
		return arena_word(arena,
				  N_("its firewall answers outgoing SYNs to it with resets"));
	case LOCAL_REJECT:
		return arena_word(arena,
				  N_("its firewall rejects outgoing SYNs to it with ICMP errors"));
	case LOCAL_EGRESS_DROP:
		return arena_word(
			arena,
			N_("its SYNs to it vanish between the IP layer and the network device (a "
			   "filter on the device's way out, or in traffic control)"));
	case LOCAL_INPUT_DROP:
		if (f->deaf && host_rule(scene, s))
			return arena_word(arena, N_("its firewall lets no answer from this server "
						    "in, whatever the port"));
		if (host_rule(scene, s))
			return arena_word(arena, N_("its firewall drops the answers from it"));
		return arena_word(
			arena,
			N_("the answers from it arrive at the network device and are dropped here "
			   "(by "
			   "the firewall's INPUT, a filter on the device's way in, or the check of "
			   "source addresses)"));
	case LOCAL_OWNER_RULE:
		return owner_text(f, arena);
	case LOCAL_POLICY_ROUTE:
		return arena_say(arena, "a routing rule that looks at the port %s",
				 route_text(f, arena));
	case LOCAL_DENIED:
		return arena_say(arena,
				 "connect() to it is denied at once, %s, although packets to it "
				 "pass (a control group's program, a security module or an IPsec "
				 "policy: ip xfrm policy)",
				 host_errno(f->error, arena));
	case LOCAL_QUEUE:
		return queue_text(scene, s, arena);
	case LOCAL_NOTHING:
	case LOCAL_TABLE_FULL:
	case LOCAL_REDIRECT:
	case LOCAL_LIMIT:
	case LOCAL_CONTROLS:
		break;
	}
	return arena_word(arena, N_("in a way that the program cannot describe"));
}

const char *host_sentence(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct local_finding *f = &scene->here[s];
	unsigned port = scene->trace->servers[s].port;
	switch (f->kind) {
	case LOCAL_NOTHING:
		return NULL;
	case LOCAL_TABLE_FULL:
		return arena_say(arena,
				 "Nothing can be said of port %u: the connection table of this "
				 "host's firewall is full, so that new connections fail at "
				 "random.",
				 port);
	case LOCAL_LIMIT:
		return arena_say(arena,
				 "Port %u is limited by this host itself: its firewall let the "
				 "first connections go and refuses all further ones for a "
				 "while; this measurement used the limit up.",
				 port);
	case LOCAL_CONTROLS:
		return arena_say(arena,
				 "Nothing can be said of port %u: this host's own firewall "
				 "forbids the comparison. SYNs to the port leave and are not "
				 "accepted; those to every control port are refused here.",
				 port);
	case LOCAL_REDIRECT:
		return arena_say(arena,
				 "Port %u is intercepted by this host itself: its rules send "
				 "the connections to %s.",
				 port, target_text(f, arena));
	default:
		return arena_say(arena, "Port %u is blocked by this host itself: %s.", port,
				 does_text(scene, s, arena));
	}
}

/* SYNs that left for somebody else, and whether the control's did as well. */
static const char *elsewhere_text(const struct path *path, const struct sign_raw *raw,
				  struct arena *arena)
{
	const char *others = "those to every other port as well";
	if (path->control.port)
		others = arena_printf(arena, "while SYNs to the control port %u kept theirs",
				      path->control.port);
	if (!raw->elsewhere)
		return arena_printf(arena, "Connections to port %u left with another destination",
				    path->target.port);
	return arena_printf(arena, "%u SYN%s to port %u left with another destination, %s",
			    raw->elsewhere, raw->elsewhere == 1 ? "" : "s", path->target.port,
			    others);
}

/* What the raw socket met. */
static const char *raw_text(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct path *path = &scene->paths[s];
	struct sign_raw raw = signs_raw(path, path->target.port);
	const char *also = "";
	if (raw.resets)
		also = " and resets came back on the loopback interface";
	else if (raw.errors)
		also = arena_printf(arena,
				    " and ICMP errors (type %u, code %u) came back on the loopback "
				    "interface",
				    raw.icmp_type, raw.icmp_code);
	if (raw.denied)
		return arena_printf(
			arena,
			"The kernel refused %u of %u test packets (SYNs) to port %u, %s,%s "
			"while those to the control port %u left",
			raw.denied, raw.denied + raw.left, path->target.port,
			host_errno(EPERM, arena), *also ? arena_printf(arena, "%s,", also) : "",
			path->control.port);
	if (raw.elsewhere || scene->here[s].kind == LOCAL_REDIRECT)
		return elsewhere_text(path, &raw, arena);
	if (raw.swallowed && (!raw.left || scene->here[s].kind != LOCAL_QUEUE))
		return arena_printf(arena,
				    "%u SYN%s to port %u handed over appeared on no device, while "
				    "SYNs to the control port %u did",
				    raw.swallowed, raw.swallowed == 1 ? "" : "s", path->target.port,
				    path->control.port);
	return arena_printf(arena, "Test packets (SYNs) to port %u leave this host",
			    path->target.port);
}

/* What one user's connect() met. */
static const char *try_text(const struct scene *scene, uint32_t s, const struct user *user,
			    struct arena *arena)
{
	const struct path *path = &scene->paths[s];
	struct sign_try try = signs_try(path, path->target.port, user);
	const char *name = host_user(user, arena), *seen;
	if (!try.connect)
		return "";
	if (try.end == SIGN_OK)
		return arena_printf(arena, "; connect() as %s succeeds%s", name,
				    try.syn ? "" : ", without a SYN to the server");
	if (try.end == SIGN_WAITING)
		return "";
	seen = try.answered ? ", though its SYN was answered"
	       : try.syn    ? ", and its SYN is seen unanswered"
			    : ", and its SYN is seen nowhere";
	if (try.end == SIGN_HANGS)
		return arena_printf(arena, "; connect() as %s gets no error and waits in vain%s",
				    name, seen);
	return arena_printf(arena, "; connect() as %s fails, %s%s", name,
			    host_errno(try.connect->error, arena), seen);
}

const char *host_evidence(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct trace *t = scene->trace;
	const char *text = raw_text(scene, s, arena);
	for (size_t u = 0; u < t->users_n && u < LOCAL_USERS_MAX; u++)
		text = arena_printf(arena, "%s%s", text, try_text(scene, s, &t->users[u], arena));
	return arena_printf(arena, "%s.", text);
}
