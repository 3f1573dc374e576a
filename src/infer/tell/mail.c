/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences about mail sessions. What the network said is quoted, escaped and cut. */
#include "infer/tell/mail.h"
#include "base/text.h"
#include "infer/tell/phrases.h"
#include "infer/tell/words.h"
#include <string.h>

/* After what the session broke off. */
static const char *broke_after(const struct mail *mail)
{
	switch (mail->session->stage) {
	case SESSION_UNCONNECTED:
	case SESSION_CONNECTED:
		return mail->session->port == MAIL_TLS_PORT
			       ? N_("after the handshake, before TLS begins")
			       : N_("after the handshake, before a greeting");
	case SESSION_GREETED:
		return N_("after EHLO");
	case SESSION_ANSWERED:
		/* Somebody else's client may do without STARTTLS. */
		if (mail->session->pass == SESSION_SEEN && mail->dialogue.goes_on)
			return N_("in the mail dialogue");
		if (mail->session->pass == SESSION_SEEN && !mail->dialogue.asks_tls)
			return N_("after the answer to EHLO");
		return mail->dialogue.offers ? N_("after STARTTLS")
					     : N_("after the answer to EHLO");
	case SESSION_AGREED:
		return N_("at the TLS ClientHello");
	case SESSION_SECURE:
	case SESSION_COMPLETE:
		break;
	}
	return N_("inside TLS");
}

/* Of a port that is open, by what the session showed. */
static const char *open_sentence(const struct mail *mail, unsigned port, struct arena *arena)
{
	if (mail->outcome == MAIL_VERIFIED && mail->session->pass == SESSION_IMPLICIT &&
	    port != MAIL_TLS_PORT)
		return arena_say(
			arena,
			"Port %u is open, but TLS comes first on it: a mail program set to "
			"STARTTLS waits there in vain for a greeting.",
			port);
	if (mail->outcome == MAIL_VERIFIED && mail->session->pass == SESSION_IMPLICIT)
		return arena_say(arena,
				 "Port %u is open: the mail server answers inside TLS, with a "
				 "valid certificate.",
				 port);
	if (mail->outcome == MAIL_VERIFIED)
		return arena_say(arena,
				 "Port %u is open: the mail server answers and offers STARTTLS "
				 "with a valid certificate.",
				 port);
	if (mail->outcome == MAIL_UNTRUSTED)
		return arena_say(arena,
				 "Port %u is open, but the server's certificate cannot be "
				 "verified.",
				 port);
	if (mail->outcome == MAIL_NO_TLS || mail->outcome == MAIL_TLS_DENIED)
		return arena_say(arena,
				 "Port %u is open, but this server gives no TLS: a password "
				 "would travel in clear.",
				 port);
	if (mail->outcome == MAIL_CLEAR && !mail->dialogue.greeting && !mail->session->accepted)
		return arena_say(arena, "Port %u is open: a TLS session comes about.", port);
	if (mail->outcome == MAIL_CLEAR)
		return arena_say(arena, "Port %u is open: a mail server answers.", port);
	return NULL;
}

/* Of a server that does not want this client, now or ever: in its own words. */
static const char *declined_sentence(const struct mail *mail, unsigned port, struct arena *arena)
{
	struct slice text;
	int code = mail_refusal(mail, &text);
	if (mail_is_temporary(mail))
		return arena_say(arena,
				 "Port %u is reached, but the server declines for now: %d %s.",
				 port, code, phrase_quote(text, arena));
	return arena_say(arena, "Port %u is reached, but the server declines: %d %s.", port, code,
			 phrase_quote(text, arena));
}

/* Of a session that breaks, or loses STARTTLS. */
static const char *degraded_sentence(const struct mail *mail, const struct judgement *j,
				     unsigned port, struct arena *arena)
{
	const char *by = phrase_by(j, arena);
	if (j->mechanism == MECHANISM_STARTTLS_STRIPPED)
		return arena_say(arena,
				 "Port %u is open, but STARTTLS is taken out of the "
				 "dialogue%s.",
				 port, by);
	if (mail->outcome == MAIL_VERIFIED)
		return NULL;
	if (mail_is_temporary(mail))
		return declined_sentence(mail, port, arena);
	if (j->mechanism == MECHANISM_RESET_AFTER_HANDSHAKE)
		return arena_say(arena, "Port %u connects, but the session is cut off %s%s.", port,
				 arena_word(arena, broke_after(mail)), by);
	if (j->mechanism == MECHANISM_STALL_AFTER_HANDSHAKE)
		return arena_say(arena, "Port %u connects, but the session goes dead %s%s.", port,
				 arena_word(arena, broke_after(mail)), by);
	return NULL;
}

/* Of somebody who speaks in the server's place. */
static const char *intercepted_sentence(const struct mail *mail, const struct judgement *j,
					unsigned port, struct arena *arena)
{
	struct certificate c;
	const char *by = phrase_by(j, arena);
	if (j->mechanism == MECHANISM_STARTTLS_STRIPPED)
		return arena_say(arena,
				 "Port %u is intercepted: something%s answers in the server's "
				 "place and takes STARTTLS out.",
				 port, by);
	dialogue_certificate(mail->session, &c);
	if (j->mechanism == MECHANISM_TLS_INTERCEPTED && c.issuer.n)
		return arena_say(arena,
				 "TLS on port %u is intercepted%s: the certificate comes from "
				 "%s, not from the server.",
				 port, by, phrase_quote(phrase_common_name(c.issuer), arena));
	if (mail->dialogue.greeting_host.n && j->mechanism == MECHANISM_REDIRECT)
		return arena_say(arena,
				 "Port %u is intercepted: %s answers in the server's place%s.",
				 port, phrase_quote(mail->dialogue.greeting_host, arena), by);
	return NULL;
}

/* Of connections that somebody accepts who then waits for the server. */
static const char *shut_sentence(const struct path *path, unsigned port, struct arena *arena)
{
	if (!path->target.first_synack)
		return arena_say(arena,
				 "Somebody at the server or before it accepts connections to port "
				 "%u in its name and hears nothing from behind: where it fails "
				 "there cannot be seen from here.",
				 port);
	return arena_say(arena,
			 "Somebody at hop %d or before it accepts connections to port %u in the "
			 "server's name and hears nothing from behind: where it fails there cannot "
			 "be seen from here.",
			 path->target.first_synack, port);
}

/* Of sessions that do not decide. */
static const char *unknown_sentence(const struct path *path, const struct mail *mail,
				    const struct judgement *j, unsigned port, struct arena *arena)
{
	if (j->mechanism == MECHANISM_MTU)
		return arena_say(arena,
				 "Port %u connects, and large packets are lost on the way: the "
				 "session goes dead %s, which is the path's MTU and nobody's "
				 "block of this port.",
				 port, arena_word(arena, broke_after(mail)));
	switch (mail->outcome) {
	case MAIL_MUTE:
		if (mail->shut)
			return shut_sentence(path, port, arena);
		return arena_say(arena,
				 "Port %u accepts connections, but no mail server greeted in "
				 "the time that there was.",
				 port);
	case MAIL_UNTRUSTED:
		return arena_say(arena,
				 "Port %u speaks TLS with a certificate that cannot be "
				 "verified: the server's own, or somebody else's.",
				 port);
	case MAIL_NO_TLS:
	case MAIL_TLS_DENIED:
		return arena_say(
			arena,
			"Port %u gives no TLS: the server has none, or somebody took it out.",
			port);
	case MAIL_NOT_SMTP:
		return arena_say(arena, "What answers on port %u speaks no SMTP.", port);
	case MAIL_STALLED:
		return arena_say(arena, "The session on port %u went dead %s.", port,
				 arena_word(arena, broke_after(mail)));
	case MAIL_ODD:
		if (mail->session->server_alert)
			return arena_say(arena,
					 "Port %u speaks TLS, but what answers ends the "
					 "handshake with TLS alert %u.",
					 port, mail->session->server_alert);
		return arena_say(arena,
				 "What answers on port %u holds no conversation that could be "
				 "judged.",
				 port);
	case MAIL_UNTRIED:
	case MAIL_VERIFIED:
	case MAIL_CLEAR:
	case MAIL_DECLINED:
	case MAIL_RESET:
	case MAIL_ENDED:
		break;
	}
	return NULL;
}

const char *mail_sentence(const struct scene *scene, uint32_t s, const struct judgement *j,
			  struct arena *arena)
{
	const struct mail *mail = &scene->mails[s];
	unsigned port = scene->trace->servers[s].port;
	if (scene->conducts[s] != CONDUCT_ANSWERS)
		return NULL;
	if (!mail->session)
		return j->state == STATE_OPEN && scene->trace->run.smtp
			       ? arena_say(arena,
					   "Port %u is open: TCP connects, mail was not "
					   "tested.",
					   port)
			       : NULL;
	switch (j->state) {
	case STATE_OPEN:
		return open_sentence(mail, port, arena);
	case STATE_DEGRADED:
		return degraded_sentence(mail, j, port, arena);
	case STATE_INTERCEPTED:
		return intercepted_sentence(mail, j, port, arena);
	case STATE_UNKNOWN:
		return unknown_sentence(&scene->paths[s], mail, j, port, arena);
	case STATE_CLOSED:
		return mail->outcome == MAIL_DECLINED ? declined_sentence(mail, port, arena) : NULL;
	case STATE_BLOCKED:
		break;
	}
	return NULL;
}
