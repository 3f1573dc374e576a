/* SPDX-License-Identifier: BSD-2-Clause */
/* What the reader should do next, by who is blamed. */
#include "infer/mail/dialogue.h"
#include "infer/mail/mail.h"
#include "infer/scene/accepting.h"
#include "infer/tell/absent.h"
#include "infer/tell/advice.h"
#include "infer/tell/host.h"
#include "infer/tell/ladder.h"
#include "infer/tell/phrases.h"
#include "infer/tell/shut_out.h"
#include "infer/tell/words.h"

/* The provider is asked what answers there, by the name that it gives itself. */
static void ask_about_stranger(const struct advising *a)
{
	struct certificate c = {0};
	const char *where = phrase_where(a->j, a->arena);
	if (a->vote->speaker != TRACE_NONE && a->j->mechanism == MECHANISM_TLS_INTERCEPTED)
		dialogue_certificate(a->scene->mails[a->vote->speaker].session, &c);
	if (c.issuer.n)
		advise_question(
			a,
			arena_say(a->arena,
				  "Ask your provider's support what %s is: \"What answers TCP port "
				  "%u in the mail servers' place%s, and how is it switched off for "
				  "this line?\"",
				  phrase_quote(phrase_common_name(c.issuer), a->arena), a->port,
				  where));
	else
		advise_question(
			a,
			arena_say(a->arena,
				  "Ask your provider's support: \"What answers TCP port %u in the "
				  "mail servers' place%s, and how is it switched off for this "
				  "line?\"",
				  a->port, where));
}

static void next_intercepted(const struct advising *a)
{
	advise(a,
	       "Send no password through this port until it is known who answers there. A password "
	       "that a program sent without checking the certificate counts as read: change that "
	       "password, from another network.");
	advise_port(a);
	if (advice_suspects(a->j, BLOCKER_LOCAL_NETWORK) && a->beside == BESIDE_ROUTER)
		advise(a, "Virus scanners, inspecting firewalls and guest networks do this on "
			  "purpose: ask whoever runs the local network.");
	if (advice_suspects(a->j, BLOCKER_ISP)) {
		ask_about_stranger(a);
		advise_policies(a);
	}
	advise_other_lines(a);
}

static void next_closed(const struct advising *a)
{
	const struct mail *mail =
		a->vote->speaker == TRACE_NONE ? NULL : &a->scene->mails[a->vote->speaker];
	if (mail && mail->outcome == MAIL_DECLINED)
		advise(a, "The network let the connection through: ask the server's operator, with "
			  "its own words and your public address; reputation lists and limits are "
			  "the usual causes.");
	else
		advise(a, "Check the server's name and port; its operator knows why it refuses.");
	advise_made(a, ladder_way(a->scene, a->vote, a->arena));
}

/* Large packets are lost: what makes both sides send smaller ones, and where the fault lies. */
static void lower_mss(const struct advising *a)
{
	advise(a,
	       "On the router: clamp the MSS to the path's MTU (nft: tcp flags syn tcp option "
	       "maxseg "
	       "size set rt mtu). On this host alone: ip route change default ... advmss 1220; if "
	       "that mends it, the MTU is the fault.");
	advise(a, "Whoever runs a tunnel, PPPoE or a firewall on the way: let ICMP \"fragmentation "
		  "needed\" (IPv6: \"packet too big\") through, and set the tunnel's MTU.");
}

/* Behind somebody who accepts everything: where to measure, and how to show that he is there. */
static void behind_somebody(const struct advising *a)
{
	advise(a,
	       "Everybody from there on is a suspect, whoever accepts included. Measure behind it: "
	       "over a line that does not pass it (another access, no proxy or accelerator), or "
	       "from a machine on its far side.");
}

/* A protection before the server, or a trap in its place. */
static void behind_shut(const struct advising *a)
{
	advise(a, "Ask the server's operator whether a protection against floods (SYN proxy, "
		  "scrubbing) stands before it, and whether its own connections to the port come "
		  "about; a trap for scanners holds connections like this, too.");
	behind_somebody(a);
}

static void behind_proxy(const struct advising *a)
{
	behind_somebody(a);
	advise(a, "Performance proxies of mobile and satellite lines, transparent proxies and "
		  "protections against floods do this: ask whoever runs it whether its own "
		  "connections to the port come about.");
	advise(a, "To show that it is there: --dark with an address where nothing listens; it "
		  "accepts that as well.");
}

/*
 * A port that accepts and says nothing: what works beside it, how to see whether it ever speaks or
 * hangs up, whether it is this line's fault, and what whoever runs the server looks at.
 */
static void wait_and_ask(const struct advising *a)
{
	const struct server *server = &a->scene->trace->servers[a->vote->speaker];
	char buf[ADDR_TEXT_BYTES];
	advise_port(a);
	advise_either(
		a,
		N_("Run it again with --budget 90: a server that greets late on purpose does so by "
		   "then, and one with nothing behind it hangs up, which is then said here."),
		N_("Capture again and let the client wait for 90 seconds: a server that greets "
		   "late "
		   "on purpose does so by then, and one with nothing behind it hangs up."));
	advise_commands(
		a,
		arena_word(a->arena,
			   N_("Over another line (a mobile phone's) this shows whether the server "
			      "greets there, by a line that begins with 220. If it does, something "
			      "on this line keeps the greeting back, or the server has something "
			      "against this line's address: ask your provider and the server's "
			      "operator. If it does not, the fault is the server's.")),
		arena_printf(a->arena, "nc %s %u", addr_text(&server->addr, buf), a->port));
	advise_made(
		a,
		arena_say(
			a->arena,
			"Ask whoever runs %s: \"Port %u accepts connections, and no greeting "
			"comes. "
			"Does the mail server behind it run?\" What to look at there: whether the "
			"balancer reaches the servers behind it, the mail server's log, how many "
			"sessions it takes at once, and whether it waits, before it greets, for a "
			"resolver or a blocklist that does not answer.",
			server->host, a->port));
}

/* What would settle it. */
static void next_unknown(const struct advising *a)
{
	const struct mail *mail =
		a->vote->speaker == TRACE_NONE ? NULL : &a->scene->mails[a->vote->speaker];
	bool here = a->vote->speaker != TRACE_NONE &&
		    a->scene->here[a->vote->speaker].kind == LOCAL_CONTROLS;
	const char *command = absent_command(a->scene, a->arena);
	bool nobody = a->vote->speaker == TRACE_NONE && a->j->mechanism == MECHANISM_NO_NETWORK;
	if (shut_out_advice(a))
		return;
	advise_made(a, command);
	if (command || here || nobody)
		advise(a, absent_advice(a->scene));
	else if (a->j->mechanism == MECHANISM_NO_NETWORK && a->vote->speaker != TRACE_NONE &&
		 a->scene->conducts[a->vote->speaker] == CONDUCT_RESET)
		advise(a, "Check the server's name and address: whoever has it refuses everything. "
			  "Where other servers fare alike, somebody nearer refuses all.");
	else if (a->j->mechanism == MECHANISM_NO_NETWORK)
		advise_either(a, N_("Make the network work first, then run this again."),
			      N_("Make the network work first, then capture again."));
	else if (mail && scene_hidden_behind(a->scene, a->vote->speaker))
		behind_proxy(a);
	else if (a->j->mechanism == MECHANISM_MTU)
		lower_mss(a);
	else if (mail && mail->shut)
		behind_shut(a);
	else if (mail && mail->outcome == MAIL_MUTE)
		wait_and_ask(a);
	else if (mail && mail->outcome == MAIL_NOT_SMTP)
		advise(a, N_("Check the server's name and port: another service answers there (a "
			     "trap for scanners greets like this, too). Where several servers fare "
			     "alike, somebody on the way answers in their place."));
	else if (mail && trace_note(a->scene->trace, "no-trust"))
		advise(a, "Give this host certificates to trust, or no server's can be checked: "
			  "install the package ca-certificates, or name a file with --cacert; "
			  "then run this again.");
	else
		advise_either(
			a, N_("Run it again, or name other servers."),
			N_("This capture says no more. On the client itself, whoblocks HOST asks "
			   "other ports and other servers beside this one (as root)."));
}

/* Where whole sessions pass and one service still fails, it is confined: how to look. */
static void next_open(const struct advising *a)
{
	bool whole = a->vote->speaker != TRACE_NONE &&
		     a->scene->mails[a->vote->speaker].outcome == MAIL_VERIFIED;
	if (whole && a->port != MAIL_TLS_PORT &&
	    a->scene->mails[a->vote->speaker].session->pass == SESSION_IMPLICIT) {
		advise(a, "In the mail program choose \"SSL/TLS\" for this port, not \"STARTTLS\" "
			  "(Postfix: smtp_tls_wrappermode = yes).");
		advise(a, "Whoever runs the server can have it greet first, as clients expect on "
			  "port 587 (stunnel: protocol = smtp; Postfix: smtpd_tls_wrappermode = "
			  "no).");
		return;
	}
	if (whole && a->scene->trace->run.own && !host_owner_rule(a->scene->trace))
		advise_commands(
			a,
			arena_word(a->arena,
				   N_("If one service of this host still fails, it may be confined "
				      "by systemd, SELinux or AppArmor: these show it.")),
			"systemctl show -p IPAddressDeny -p RestrictAddressFamilies SERVICE\n"
			"journalctl -k --grep 'denied|apparmor'");
}

/* Programs that try IPv6 first wait where it is dead: they are told to try IPv4. */
static void prefer_ipv4(const struct advising *a, const char *why)
{
	advise_commands(a, arena_word(a->arena, why),
			"echo 'precedence ::ffff:0:0/96 100' >> /etc/gai.conf");
}

/* Whether any server was asked over the family. */
static bool was_asked(const struct scene *scene, const struct vote *vote)
{
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene_family(scene, s) == vote->family)
			return true;
	}
	return false;
}

/* The family that is in question alone, the other being open; 0: not so. */
static int alone(const struct vote *vote, const struct vote *other)
{
	bool so = other && vote->counts && other->counts && vote->judgement.state != STATE_OPEN &&
		  other->judgement.state == STATE_OPEN;
	return so ? vote->family : 0;
}

/* What a family without any answer means beside one that was judged. */
static void next_dead_ipv6(const struct advising *a, const struct vote *other)
{
	if (other && other->family == 6 && !other->counts && a->vote->counts &&
	    was_asked(a->scene, other))
		prefer_ipv4(
			a, N_("IPv6 has a route on this host, but nothing answered over it. Mail "
			      "programs may try it first and wait: have IPv6 repaired, or let this "
			      "host prefer IPv4:"));
}

/* By what is decided. */
static void next_by_state(const struct advising *a)
{
	switch (a->j->state) {
	case STATE_OPEN:
		next_open(a);
		return;
	case STATE_CLOSED:
		next_closed(a);
		return;
	case STATE_BLOCKED:
		advise_blocked(a);
		return;
	case STATE_INTERCEPTED:
		next_intercepted(a);
		return;
	case STATE_DEGRADED:
		advise_degraded(a);
		return;
	case STATE_UNKNOWN:
		next_unknown(a);
		return;
	}
}

void words_next(const struct scene *scene, const struct vote *vote, const struct vote *other,
		struct arena *arena, struct verdict *verdict)
{
	struct advising a = {
		.scene = scene,
		.vote = vote,
		.j = &verdict->judgement,
		.arena = arena,
		.verdict = verdict,
		.port = scene->trace->run.port,
		.beside = beside_of(scene->trace, vote->family),
		.alone = alone(vote, other),
	};
	bool here = a.j->blocker == BLOCKER_LOCAL_HOST;
	const char *prefer = N_(
		"IPv4 is open, but mail programs may try IPv6 first and wait. Until it is "
		"mended, let this host prefer IPv4 and restart them (Postfix has a setting of its "
		"own: smtp_address_preference = ipv4):");
	if (vote->speaker != TRACE_NONE)
		a.port = scene->trace->servers[vote->speaker].port;
	/* What helps at once comes first; but on this host itself it is mended at once. */
	if (a.alone == 6 && !here)
		prefer_ipv4(&a, prefer);
	next_by_state(&a);
	if (a.alone == 6 && here)
		prefer_ipv4(&a, prefer);
	next_dead_ipv6(&a, other);
}
