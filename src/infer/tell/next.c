/* SPDX-License-Identifier: BSD-2-Clause */
/* What the reader should do next, by who is blamed. */
#include "infer/mail/mail.h"
#include "infer/scene/accepting.h"
#include "infer/scene/beside.h"
#include "infer/scene/ways.h"
#include "infer/tell/absent.h"
#include "infer/tell/ladder.h"
#include "infer/tell/ways.h"
#include "infer/tell/words.h"
#include <string.h>

struct advising {
	const struct scene *scene;
	const struct vote *vote;
	const struct judgement *j;
	struct arena *arena;
	struct verdict *verdict;
	unsigned port;
	enum beside beside;
};

static void add(const struct advising *a, const char *text)
{
	if (text && a->verdict->next_n < RESULT_NEXT_MAX)
		a->verdict->next[a->verdict->next_n++] = text;
}

static bool suspects(const struct judgement *j, enum blocker blocker)
{
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].blocker == blocker)
			return true;
	}
	return j->blocker == blocker;
}

/* The address at which the reader's own router answers. */
static const char *gateway(const struct advising *a)
{
	char buf[ADDR_TEXT_BYTES];
	const struct route *route = trace_route(a->scene->trace, a->vote->family);
	if (!route || !addr_is_set(&route->gateway))
		return "";
	return arena_printf(a->arena, " at %s", addr_text(&route->gateway, buf));
}

/* Where the machine is rented there is no router of its user's. */
static void look_in_console(const struct advising *a)
{
	add(a, arena_printf(a->arena,
			    "Look in the cloud operator's console for security groups and "
			    "firewalls that name outgoing TCP port %u, and for its policy "
			    "on mail ports: many open them on request.",
			    a->port));
}

static void look_in_router(const struct advising *a)
{
	if (a->beside == BESIDE_CLOUD)
		look_in_console(a);
	if (a->beside != BESIDE_ROUTER)
		return;
	add(a, arena_printf(a->arena,
			    "Look in the router or firewall%s for outgoing rules that name port %u "
			    "or SMTP, for a list of permitted mail servers, and for parental or "
			    "guest-network filters; allow TCP port %u outwards.",
			    gateway(a), a->port, a->port));
}

/* What the operator of a network on the way says itself. */
static void tell_policies(const struct advising *a)
{
	const struct trace *t = a->scene->trace;
	for (size_t i = 0; i < t->policies_n; i++) {
		const struct policy *p = &t->policies[i];
		add(a, arena_printf(a->arena, "%s on mail ports: %s%s%s (%s, %s).", p->operator,
				    p->ports, p->unblock ? "; to have it lifted: " : "",
				    p->unblock ? p->unblock : "",
				    p->source ? p->source : "source unknown",
				    p->date ? p->date : "undated"));
	}
}

/* The tunnel or point-to-point line that all this went through, NULL: none. */
static const char *tunnel(const struct advising *a)
{
	const struct trace *t = a->scene->trace;
	const struct route *route = trace_route(t, a->vote->family);
	return t->run.own && route && !route->has_link_header ? route->interface : NULL;
}

static void write_to_provider(const struct advising *a)
{
	if (tunnel(a)) {
		add(a, arena_printf(a->arena,
				    "Ask whoever runs the far end of %s (a VPN's operator, or the "
				    "provider of the line) whether outgoing TCP port %u is "
				    "filtered there, where and why; send the evidence along.",
				    tunnel(a), a->port));
		return;
	}
	if (a->beside == BESIDE_CLOUD) {
		add(a,
		    arena_printf(a->arena,
				 "Send the evidence to the support of the cloud operator and ask: "
				 "is outgoing TCP port %u filtered, where and why, and how is it "
				 "lifted for this machine?",
				 a->port));
		if (!suspects(a->j, BLOCKER_LOCAL_NETWORK))
			look_in_console(a);
		tell_policies(a);
		return;
	}
	add(a, arena_printf(a->arena,
			    "Send the evidence to your provider's support or network operations "
			    "and ask: is outgoing TCP port %u filtered, where and why, and how is "
			    "it lifted for this line?",
			    a->port));
	if (a->port == 587)
		add(a, "Cite RFC 5068 (BCP 134), section 4.1: access providers must not block the "
		       "submission port 587; RFC 6409 defines it. Blocking port 25 is common "
		       "and another matter.");
	tell_policies(a);
}

static void ways_round(const struct advising *a)
{
	add(a, ladder_way(a->scene, a->vote, a->arena));
	/* What this host itself does it does on every way. */
	if (suspects(a->j, BLOCKER_LOCAL_HOST))
		return;
	if (suspects(a->j, BLOCKER_REMOTE) && a->j->suspects_n <= 1)
		return;
	if (tunnel(a))
		add(a, arena_printf(a->arena,
				    "Run this again past %s, with -i and the device of the line "
				    "itself, and compare: what is open there is blocked by the "
				    "far end alone. The operator's webmail needs no mail port.",
				    tunnel(a)));
	else
		add(a, "Another network or a VPN goes round it: with the VPN up, run this again "
		       "with -i and its device, and compare. The operator's webmail needs no "
		       "mail port.");
}

const char words_ask_outside[] =
	"Lines elsewhere may narrow it down: run this with -o FOLDER, then whoblocks outside "
	"FOLDER, which has lines of the same network and of others try the same servers (RIPE "
	"Atlas; --via globalping needs no account).";

/* Where it may be the provider or a network behind it, of servers that everybody can reach. */
static void ask_outside(const struct advising *a)
{
	const struct trace *t = a->scene->trace;
	bool open = suspects(a->j, BLOCKER_ISP) || suspects(a->j, BLOCKER_TRANSIT);
	bool reachable = a->vote->speaker != TRACE_NONE &&
			 addr_class(&t->servers[a->vote->speaker].addr) == ADDR_PUBLIC;
	if (open && reachable && t->run.own)
		add(a, words_ask_outside);
}

/* Several suspects: first the step that settles it, or else the letter to who can look. */
static void tell_suspects_apart(const struct advising *a)
{
	bool local = suspects(a->j, BLOCKER_LOCAL_NETWORK), isp = suspects(a->j, BLOCKER_ISP);
	if (local && a->beside == BESIDE_ROUTER)
		add(a, "Capture on the far side of the nearest suspect (the router's WAN port) "
		       "while this runs: that settles who it is.");
	if (local)
		look_in_router(a);
	if (isp)
		write_to_provider(a);
	else if (suspects(a->j, BLOCKER_TRANSIT))
		add(a, "Send the evidence to your provider, which can ask the networks behind it, "
		       "and to the server's operator: neither can be ruled out from here.");
}

/* What to do about a block, by who does it. */
static void next_blocked(const struct advising *a)
{
	switch (a->j->blocker) {
	case BLOCKER_LOCAL_HOST:
		add(a, arena_printf(a->arena,
				    "Allow TCP port %u outwards in this host's firewall; the facts "
				    "about this host name the rule where it can be seen.",
				    a->port));
		return;
	case BLOCKER_LOCAL_NETWORK:
		look_in_router(a);
		break;
	case BLOCKER_ISP:
		write_to_provider(a);
		break;
	case BLOCKER_TRANSIT:
		add(a, "Send the evidence to your provider: it is the transit network's customer "
		       "and can ask it.");
		break;
	case BLOCKER_REMOTE:
		add(a, "Look at the operator's status page and ask its support, with the time and "
		       "your public address; other servers answer.");
		break;
	case BLOCKER_NONE:
		return;
	case BLOCKER_UNKNOWN:
		tell_suspects_apart(a);
		ask_outside(a);
		break;
	}
	ways_round(a);
}

static void next_intercepted(const struct advising *a)
{
	add(a, "Send no password through this port until it is known who answers; what a program "
	       "sent without checking the certificate counts as read: change it from another "
	       "network.");
	if (suspects(a->j, BLOCKER_LOCAL_NETWORK) && a->beside == BESIDE_ROUTER)
		add(a, "Virus scanners, inspecting firewalls and guest networks do this on "
		       "purpose: ask whoever runs the local network.");
	if (suspects(a->j, BLOCKER_ISP))
		tell_policies(a);
	ways_round(a);
}

/* What the point where the session broke tells, and whether a password was sent by then. */
static const char *about_cut(const struct advising *a)
{
	const struct session *s = a->scene->mails[a->vote->speaker].session;
	if (!s)
		return "Somebody cuts connections to this port after they are made.";
	if (s->stage <= SESSION_CONNECTED)
		return "The connection is cut before a word was said: a list of addresses, or a "
		       "limit, is as likely as somebody who reads along; no password was sent.";
	if (s->tls_at_once)
		return "The connection is cut where TLS begins: a limit is as likely as somebody "
		       "who reads along; no password was sent.";
	/* Of a capture, only words that are all there show what was not said. */
	if (s->unread || (s->lines && strstr(s->lines, "C: AUTH")))
		return "Somebody reads the dialogue and cuts it: a firewall with inspection of "
		       "SMTP is the usual cause.";
	return "Somebody reads the dialogue and cuts it: a firewall with inspection of SMTP is the "
	       "usual cause; no password was sent before the cut.";
}

/* A server that declines for now: when to try again, and what keeps it from relenting. */
static void try_again(const struct advising *a)
{
	add(a, "Try again in a quarter of an hour, and not more often: servers that count "
	       "connections go on refusing whoever keeps asking. The network let the connection "
	       "through.");
	add(a, "If it lasts, ask the server's operator, with its own words and your public "
	       "address: a fault of its own, a limit and a list of addresses all answer like "
	       "this.");
	add(a, ladder_way(a->scene, a->vote, a->arena));
}

/* What to do about a port that works now and then. */
static void next_degraded(const struct advising *a)
{
	if (a->vote->speaker != TRACE_NONE &&
	    mail_is_temporary(&a->scene->mails[a->vote->speaker])) {
		try_again(a);
		return;
	}
	bool session = a->vote->speaker != TRACE_NONE && a->scene->mails[a->vote->speaker].session;
	if (a->j->blocker == BLOCKER_UNKNOWN && session)
		add(a,
		    "Run this nearer to the provider (on the router, or at its WAN port), or over "
		    "another line: where the whole session goes through, whoever is left out "
		    "of the way is the one.");
	switch (a->j->mechanism) {
	case MECHANISM_STARTTLS_STRIPPED:
		add(a, "Set the mail program to require TLS: one that uses it only when offered "
		       "sends the password in clear now.");
		break;
	case MECHANISM_RESET_AFTER_HANDSHAKE:
	case MECHANISM_STALL_AFTER_HANDSHAKE:
		add(a, about_cut(a));
		break;
	default:
		if (way_advice(a->scene, a->vote))
			add(a, way_advice(a->scene, a->vote));
		add(a, "Repeat the measurement later: a limit that comes and goes shows only in "
		       "several rounds.");
		return;
	}
	if (a->j->blocker == BLOCKER_REMOTE) {
		add(a, "Ask the server's operator; other servers hold whole sessions.");
		return;
	}
	if (suspects(a->j, BLOCKER_LOCAL_NETWORK) && a->beside == BESIDE_ROUTER)
		add(a, "Look in the router or firewall for an inspection of SMTP (\"ALG\", "
		       "\"fixup\", \"mail protection\") and switch it off for the port.");
	ways_round(a);
}

static void next_closed(const struct advising *a)
{
	const struct mail *mail =
		a->vote->speaker == TRACE_NONE ? NULL : &a->scene->mails[a->vote->speaker];
	if (mail && mail->outcome == MAIL_DECLINED)
		add(a, "The network let the connection through: ask the server's operator, with "
		       "its own words and your public address; reputation lists and limits are "
		       "the usual causes.");
	else
		add(a, "Check the server's name and port; its operator knows why it refuses.");
	add(a, ladder_way(a->scene, a->vote, a->arena));
}

/* Large packets are lost: what makes both sides send smaller ones, and where the fault lies. */
static void lower_mss(const struct advising *a)
{
	add(a,
	    "On the router: clamp the MSS to the path's MTU (nft: tcp flags syn tcp option maxseg "
	    "size set rt mtu). On this host alone: ip route change default ... advmss 1220; if "
	    "that mends it, the MTU is the fault.");
	add(a, "Whoever runs a tunnel, PPPoE or a firewall on the way: let ICMP \"fragmentation "
	       "needed\" (IPv6: \"packet too big\") through, and set the tunnel's MTU.");
}

/* Behind somebody who accepts everything: where to measure, and how to show that he is there. */
static void behind_proxy(const struct advising *a)
{
	add(a, "Everybody from there on is a suspect, whoever accepts included. Measure behind it: "
	       "over a line that does not pass it (another access, no proxy or accelerator), or "
	       "from a machine on its far side.");
	add(a, "Performance proxies of mobile and satellite lines, transparent proxies and "
	       "protections against floods do this: ask whoever runs it whether its own "
	       "connections to the port come about.");
	add(a, "To show that it is there: --dark with an address where nothing listens; it "
	       "accepts that as well.");
}

/* What would settle it. */
static void next_unknown(const struct advising *a)
{
	const struct mail *mail =
		a->vote->speaker == TRACE_NONE ? NULL : &a->scene->mails[a->vote->speaker];
	bool here = a->vote->speaker != TRACE_NONE &&
		    a->scene->here[a->vote->speaker].kind == LOCAL_CONTROLS;
	if (here || (a->vote->speaker == TRACE_NONE && a->j->mechanism == MECHANISM_NO_NETWORK))
		add(a, absent_advice(a->scene));
	else if (a->j->mechanism == MECHANISM_NO_NETWORK && a->vote->speaker != TRACE_NONE &&
		 a->scene->conducts[a->vote->speaker] == CONDUCT_RESET)
		add(a, "Check the server's name and address: whoever has it refuses everything. "
		       "Where other servers fare alike, somebody nearer refuses all.");
	else if (a->j->mechanism == MECHANISM_NO_NETWORK)
		add(a, "Make the network work first, then run this again.");
	else if (mail && scene_hidden_behind(a->scene, a->vote->speaker))
		behind_proxy(a);
	else if (a->j->mechanism == MECHANISM_MTU)
		lower_mss(a);
	else if (mail && mail->outcome == MAIL_MUTE)
		add(a, "Run it again with --budget 90: some servers greet late on purpose.");
	else
		add(a, "Run it again, or name other servers.");
}

/* Where whole sessions pass and one service still fails, it is confined: how to look. */
static void next_open(const struct advising *a)
{
	bool whole = a->vote->speaker != TRACE_NONE &&
		     a->scene->mails[a->vote->speaker].outcome == MAIL_VERIFIED;
	if (whole && a->scene->trace->run.own)
		add(a, "If one service of this host still fails, it is confined: look at systemctl "
		       "show -p IPAddressDeny -p RestrictAddressFamilies SERVICE, and for denials "
		       "of SELinux or AppArmor in journalctl -k.");
}

void words_next(const struct scene *scene, const struct vote *vote, struct arena *arena,
		struct verdict *verdict)
{
	struct advising a = {
		.scene = scene,
		.vote = vote,
		.j = &verdict->judgement,
		.arena = arena,
		.verdict = verdict,
		.port = scene->trace->run.port,
		.beside = beside_of(scene->trace, vote->family),
	};
	if (vote->speaker != TRACE_NONE)
		a.port = scene->trace->servers[vote->speaker].port;
	switch (a.j->state) {
	case STATE_OPEN:
		next_open(&a);
		return;
	case STATE_CLOSED:
		next_closed(&a);
		return;
	case STATE_BLOCKED:
		next_blocked(&a);
		return;
	case STATE_INTERCEPTED:
		next_intercepted(&a);
		return;
	case STATE_DEGRADED:
		next_degraded(&a);
		return;
	case STATE_UNKNOWN:
		next_unknown(&a);
		return;
	}
}

void words_next_family(const struct scene *scene, const struct vote *shown,
		       const struct vote *other, struct verdict *verdict)
{
	bool asked = false;
	for (uint32_t s = 0; s < scene->n; s++)
		asked = asked || scene_family(scene, s) == other->family;
	if (!asked || other->counts || !shown->counts || other->family != 6 ||
	    verdict->next_n == RESULT_NEXT_MAX)
		return;
	verdict->next[verdict->next_n++] =
		"IPv6 has a route on this host, but nothing answered over it. Mail programs may "
		"try it first and wait: have IPv6 repaired, or let this host prefer IPv4 (in "
		"/etc/gai.conf: precedence ::ffff:0:0/96 100).";
}
