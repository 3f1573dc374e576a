/* SPDX-License-Identifier: BSD-2-Clause */
/* What to do about a port that works now and then, or whose sessions break. */
#include "infer/mail/mail.h"
#include "infer/scene/accepting.h"
#include "infer/tell/advice.h"
#include "infer/tell/ladder.h"
#include "infer/tell/phrases.h"
#include "infer/tell/ways.h"
#include <string.h>

/* What the point where the session broke tells, and whether a password was sent by then. */
static const char *about_cut(const struct advising *a)
{
	const struct session *s = a->scene->mails[a->vote->speaker].session;
	if (!s)
		return N_("Somebody cuts connections to this port after they are made.");
	if (s->stage <= SESSION_CONNECTED)
		return N_("The connection is cut before a word was said: a balancer with no server "
			  "behind it, a list of addresses or a limit is as likely as somebody who "
			  "reads along; no password was sent.");
	if (s->tls_at_once)
		return N_(
			"The connection is cut where TLS begins: a limit is as likely as somebody "
			"who reads along; no password was sent.");
	if (s->pass == SESSION_IMPLICIT && s->stage >= SESSION_SECURE)
		return N_(
			"TLS comes about with the right certificate, and the connection is ended "
			"before anybody greets inside it: what ends TLS there (stunnel, a "
			"balancer) "
			"reaches no mail server behind it, or that one refuses it. No password was "
			"sent.");
	/* Of a capture, only words that are all there show what was not said. */
	bool sent = s->unread || (s->lines && strstr(s->lines, "C: AUTH"));
	if (advice_suspects(a->j, BLOCKER_REMOTE))
		return sent ? N_("The dialogue is let begin and then cut: a firewall with "
				 "inspection of SMTP does that, and the server may itself.")
			    : N_("The dialogue is let begin and then cut: a firewall with "
				 "inspection of SMTP does that, and the server may itself; no "
				 "password was sent before the cut.");
	if (sent)
		return N_("Somebody reads the dialogue and cuts it: a firewall with inspection of "
			  "SMTP is the usual cause.");
	return N_("Somebody reads the dialogue and cuts it: a firewall with inspection of SMTP is "
		  "the "
		  "usual cause; no password was sent before the cut.");
}

/* A server that declines for now: when to try again, and what keeps it from relenting. */
static void try_again(const struct advising *a)
{
	advise(a, "Try again in a quarter of an hour, and not more often: servers that count "
		  "connections go on refusing whoever keeps asking. The network let the connection "
		  "through.");
	advise(a, "If it lasts, ask the server's operator, with its own words and your public "
		  "address: a fault of its own, a limit and a list of addresses all answer like "
		  "this.");
	advise_made(a, ladder_way(a->scene, a->vote, a->arena));
}

/* Whether this program asked, and no other operator's server answered. */
static bool lacks_company(const struct advising *a)
{
	return a->scene->trace->run.own && scene_stands_alone(a->scene, a->vote->speaker);
}

/* Whether sessions break, and nobody is named for it. */
static bool is_open_question(const struct advising *a)
{
	return a->j->blocker == BLOCKER_UNKNOWN && a->vote->speaker != TRACE_NONE &&
	       a->scene->mails[a->vote->speaker].session;
}

/* Where one server alone was asked, another tells most. */
static void ask_another(const struct advising *a)
{
	if (is_open_question(a) && lacks_company(a))
		advise(a, "Ask a server of another operator beside it (without --only some are "
			  "added): where that one is accepted as near, a proxy accepts in "
			  "everybody's name, and the fault is behind it.");
}

/* What tells the suspects of a broken session apart. */
static void measure_nearer(const struct advising *a)
{
	if (is_open_question(a))
		advise_either(a,
			      N_("Run this nearer to the provider (on the router, or at its WAN "
				 "port), or over another line: where the whole session goes "
				 "through, whoever is left out of the way is the one."),
			      N_("Capture a session nearer to the provider (on the router, or at "
				 "its WAN port), or over another line: where the whole of it goes "
				 "through, whoever is left out of the way is the one."));
}

/* Somebody breaks sessions or takes STARTTLS out of them: what helps now, then who is asked. */
static void session_broken(const struct advising *a)
{
	if (a->j->mechanism == MECHANISM_STARTTLS_STRIPPED)
		advise(a, "Set the mail program to require TLS: one that uses it only when offered "
			  "sends the password in clear now.");
	advise_port(a);
	ask_another(a);
	if (a->j->mechanism != MECHANISM_STARTTLS_STRIPPED)
		advise(a, about_cut(a));
	if (a->j->blocker == BLOCKER_REMOTE) {
		advise(a, "Ask the server's operator; other servers hold whole sessions.");
		return;
	}
	if (advice_suspects(a->j, BLOCKER_LOCAL_NETWORK) && a->beside == BESIDE_ROUTER)
		advise(a, "Look in the router or firewall for an inspection of SMTP (\"ALG\", "
			  "\"fixup\", \"mail protection\") and switch it off for the port.");
	if (advice_suspects(a->j, BLOCKER_ISP) && !advice_suspects(a->j, BLOCKER_REMOTE))
		advise_question(
			a, arena_say(a->arena,
				     "Ask your provider's support: \"What cuts or changes mail "
				     "sessions on TCP port %u%s, and how is it switched off for "
				     "this line?\"",
				     a->port, phrase_where(a->j, a->arena)));
	measure_nearer(a);
	advise_other_lines(a);
}

void advise_degraded(const struct advising *a)
{
	if (a->vote->speaker != TRACE_NONE &&
	    mail_is_temporary(&a->scene->mails[a->vote->speaker])) {
		try_again(a);
		return;
	}
	switch (a->j->mechanism) {
	case MECHANISM_STARTTLS_STRIPPED:
	case MECHANISM_RESET_AFTER_HANDSHAKE:
	case MECHANISM_STALL_AFTER_HANDSHAKE:
		session_broken(a);
		break;
	default:
		ask_another(a);
		measure_nearer(a);
		if (way_advice(a->scene, a->vote))
			advise(a, way_advice(a->scene, a->vote));
		advise(a, "Repeat the measurement later: a limit that comes and goes shows only in "
			  "several rounds.");
		break;
	}
}
