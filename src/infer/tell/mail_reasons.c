/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the mail sessions led to a verdict. */
#include "infer/mail/mail.h"
#include "infer/scene/accepting.h"
#include "infer/scene/sessions.h"
#include "infer/tell/mail.h"

#define QUOTED_MAX 160

static int cut(const struct slice *s)
{
	return (int)(s->n > QUOTED_MAX ? QUOTED_MAX : s->n);
}

static const char *text_of(const struct slice *s)
{
	return s->at ? s->at : "";
}

/* Who greeted, and that the certificate is right. */
static const char *verified(const struct mail *mail, struct arena *arena)
{
	const struct slice *host = &mail->dialogue.greeting_host;
	const struct session *s = mail->session;
	int64_t waited = s ? s->greeted_ns - s->connected_ns : 0;
	const char *version = s && s->version ? s->version : "TLS";
	const char *late = waited > 10 * INT64_C(1000000000)
				   ? arena_printf(arena,
						  " The greeting took %d s, which is slow "
						  "but no interference.",
						  (int)(waited / INT64_C(1000000000)))
				   : "";
	return arena_printf(arena,
			    "%.*s greets, and completes %s with a certificate that is valid for "
			    "the server's name: nobody stands between.%s",
			    cut(host), text_of(host), version, late);
}

/* How STARTTLS is missing, and where it is not. */
static const char *no_tls(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct mail *mail = &scene->mails[s];
	const struct slice *refusal = &mail->dialogue.starttls_text;
	unsigned sites = mail_sites(scene, s, mail->outcome);
	unsigned sessions = mail_sessions(scene, s, mail->outcome);
	const char *how = mail->dialogue.masked ? "its place holds a word of the same length, "
						  "overwritten"
						: "it is missing from the capabilities";
	if (mail->outcome == MAIL_TLS_DENIED)
		how = arena_printf(arena, "the answer to it is %d \"%.*s\"",
				   mail->dialogue.starttls, cut(refusal), text_of(refusal));
	bool implicit = mail->implicit && mail_is_verified(mail->implicit);
	return arena_printf(arena, "STARTTLS: %s, in %u session%s, on servers of %u network%s%s.",
			    how, sessions, sessions == 1 ? "" : "s", sites, sites == 1 ? "" : "s",
			    implicit ? ", while TLS on port 465 of the same server is verified"
				     : "");
}

/* The client of somebody else's session that ended the handshake, and what it may have refused. */
static const char *refused(const struct scene *scene, uint32_t s, const struct certificate *c,
			   struct arena *arena)
{
	const struct mail *mail = &scene->mails[s];
	const struct session *session = mail->session;
	const struct slice *greets = &mail->dialogue.greeting_host;
	const char *asked = session->wanted ? session->wanted : scene->trace->servers[s].host;
	const char *alert =
		session->alert ? arena_printf(arena, " with TLS alert %u", session->alert) : "";
	const char *who = greets->n ? arena_printf(arena, "; the server greets as \"%.*s\"",
						   cut(greets), text_of(greets))
				    : "";
	if (!c->subject.n)
		return arena_printf(
			arena,
			"The client, which asked for %s, ends the TLS handshake%s%s; the "
			"capture does not show the certificate.",
			asked, alert, who);
	return arena_printf(arena,
			    "The client, which asked for %s, ends the TLS handshake%s: the "
			    "certificate is for \"%.*s\"%s%.*s, signed by \"%.*s\"%s.",
			    asked, alert, cut(&c->subject), text_of(&c->subject),
			    c->names.n ? " and " : "", cut(&c->names), text_of(&c->names),
			    cut(&c->issuer), text_of(&c->issuer), who);
}

/* Whose certificate it is, and who else shows that issuer. */
static const char *untrusted(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct mail *mail = &scene->mails[s];
	struct certificate c;
	dialogue_certificate(mail->session, &c);
	if (mail->session && mail->session->pass == SESSION_SEEN)
		return refused(scene, s, &c, arena);
	if (!c.subject.n && !c.issuer.n)
		return "TLS is answered with a certificate that cannot be verified; a second "
		       "session, which was to show it, did not get as far.";
	struct mail_issuers issuers = mail_issuers(scene, s);
	const char *others = "";
	if (issuers.others)
		others = arena_printf(arena, ", and of %u another one", issuers.others);
	else if (issuers.same > 1)
		others = ", and of none another one";
	return arena_printf(arena,
			    "The certificate for \"%.*s\" comes from \"%.*s\" and cannot be "
			    "verified; servers of %u network%s show this issuer%s.",
			    cut(&c.subject), text_of(&c.subject), cut(&c.issuer),
			    text_of(&c.issuer), issuers.same, issuers.same == 1 ? "" : "s", others);
}

/* The server's own refusal, and what kind of word that is. */
static const char *declined(const struct mail *mail, struct arena *arena)
{
	struct slice said;
	int code = mail_refusal(mail, &said);
	return arena_printf(arena, "The server itself says %d \"%.*s\"%s.", code, cut(&said),
			    text_of(&said),
			    mail_is_temporary(mail)
				    ? ": by its first digit that is for the moment, not for good"
				    : "");
}

/* How the session ended, and where else it ends so. */
static const char *broken(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct mail *mail = &scene->mails[s];
	unsigned sites = mail_sites(scene, s, mail->outcome);
	unsigned sessions = mail_sessions(scene, s, mail->outcome);
	const char *what = scene_stands_alone(scene, s) ? "Whoever accepts the connection ends it"
							: "The server's side ends the connection";
	if (mail->outcome == MAIL_RESET)
		what = mail->reset_ttl >= 0 && mail->server_ttl >= 0 &&
				       mail->reset_ttl != mail->server_ttl
			       ? arena_printf(arena,
					      "A reset with TTL %d ends the connection, whose "
					      "other packets arrive with TTL %d,",
					      mail->reset_ttl, mail->server_ttl)
			       : "A reset ends the connection";
	else if (mail->outcome == MAIL_STALLED)
		what = mail->stuck ? "What this host sends is not acknowledged any more"
				   : "Nothing comes any more";
	bool sized = mail->outcome == MAIL_STALLED && !mail->stuck && mail->session->taken &&
		     mail->session->stage == SESSION_AGREED;
	return arena_printf(
		arena, "%s in %u session%s, at the same point on servers of %u network%s.%s", what,
		sessions, sessions == 1 ? "" : "s", sites, sites == 1 ? "" : "s",
		sized ? " The ClientHello was acknowledged; its answer is large, and large packets "
			"get lost like that as well (path MTU)."
		      : "");
}

/* What the dialogue of an open port begins with, as far as it shows. */
static const char *begun(const struct mail *mail, struct arena *arena)
{
	const struct slice *said = &mail->dialogue.greeting_text;
	const struct session *s = mail->session;
	const char *more = "";
	if (!mail->dialogue.greeting && s->stage >= SESSION_SECURE)
		return "TLS begins at once, and its handshake is completed; what is said inside "
		       "does not show.";
	if (!mail->dialogue.greeting)
		return "The server accepts a mail or a login; what was said before is not in the "
		       "capture.";
	if (s->tls_at_once)
		more = ", while the client begins TLS at once: the mail program's setting "
		       "(SSL/TLS or STARTTLS) does not fit what listens on this port";
	else if (s->port == MAIL_TLS_PORT)
		more = ", in clear, on the port where TLS comes first (RFC 8314)";
	if (!said->n)
		return arena_printf(arena, "The mail dialogue begins with reply %d%s.",
				    mail->dialogue.greeting, more);
	return arena_printf(arena, "The mail dialogue begins with \"%.*s\"%s.", cut(said),
			    text_of(said), more);
}

static const char *twin(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct mail *mail = &scene->mails[s];
	uint32_t other = mail_twin(scene, s);
	const struct slice *host = &mail->dialogue.greeting_host;
	if (other == TRACE_NONE)
		return NULL;
	const struct server *server = &scene->trace->servers[other];
	return arena_printf(arena, "\"%.*s\" answers for this server and for %s, %s.", cut(host),
			    text_of(host), server->host,
			    server->dark ? "where nothing listens" : "which is somebody else's");
}

/* How long nobody said a word, where the times are known, and what it may mean. */
static const char *mute(const struct session *s, struct arena *arena)
{
	int64_t waited_ns = s->ended_ns - s->connected_ns;
	const char *waited = s->connected_ns && waited_ns > 0
				     ? arena_printf(arena, " for %.0f s", (double)waited_ns / 1e9)
				     : "";
	return arena_printf(arena,
			    "Nothing was said on it%s, and nobody hung up: the server is slow to "
			    "greet, or what accepts has no mail server behind it, or the greeting "
			    "is lost on the way.",
			    waited);
}

/* The sentence for what the sessions came to; NULL: there is nothing to say. */
static const char *by_outcome(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct mail *mail = &scene->mails[s];
	if (!mail->session)
		return NULL;
	switch (mail->outcome) {
	case MAIL_UNTRIED:
		break;
	case MAIL_VERIFIED:
		return verified(mail, arena);
	case MAIL_UNTRUSTED:
		return untrusted(scene, s, arena);
	case MAIL_NO_TLS:
	case MAIL_TLS_DENIED:
		return no_tls(scene, s, arena);
	case MAIL_CLEAR:
		return begun(mail, arena);
	case MAIL_DECLINED:
		return declined(mail, arena);
	case MAIL_MUTE:
		if (mail->shut)
			return "The session was accepted with a window of zero, which nobody "
			       "opened: whoever accepts waits for somebody behind it, as a SYN "
			       "proxy does, or holds connections on purpose, as a tarpit does.";
		return mute(mail->session, arena);
	case MAIL_NOT_SMTP:
		return "The first line is no reply of a mail server.";
	case MAIL_RESET:
	case MAIL_ENDED:
	case MAIL_STALLED:
		return broken(scene, s, arena);
	case MAIL_ODD:
		if (mail->session->server_alert)
			return arena_printf(arena,
					    "TLS alert %u in the server's name answers the "
					    "client's handshake: the two agree on no version or "
					    "cipher, or somebody between refuses it.",
					    mail->session->server_alert);
		return "The dialogue ended in a way that tells nothing.";
	}
	return NULL;
}

const char *mail_reason(const struct scene *scene, uint32_t s, const struct claim *claim,
			struct arena *arena)
{
	switch (claim->row ? claim->row->says : SAYS_NOTHING) {
	case SAYS_TWIN:
		return twin(scene, s, arena);
	case SAYS_LARGE:
		if (!scene->mails[s].session->gap && scene->mails[s].too_big)
			return "ICMP says that a packet of the connection is too large for the way "
			       "(path MTU), and nothing acknowledges it, which is no matter of the "
			       "port.";
		return scene->mails[s].session->gap
			       ? "Bytes of the server's are missing and were never acknowledged, "
				 "while later and smaller segments of its arrive: large packets "
				 "are lost on the way (path MTU), which is no matter of the port."
			       : "Large packets are lost on port 465, too: this is no matter of "
				 "the port.";
	case SAYS_DIALOGUE:
		return by_outcome(scene, s, arena);
	default:
		return NULL;
	}
}

const char *mail_detail(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const char *same = scene->mails[s].session ? twin(scene, s, arena) : NULL;
	return same ? same : by_outcome(scene, s, arena);
}

const char *mail_login(const struct scene *scene, uint32_t s, struct arena *arena)
{
	const struct mail *mail = &scene->mails[s];
	const struct dialogue *d = &mail->dialogue;
	switch (mail->outcome) {
	case MAIL_VERIFIED:
		if (!d->auth_tls.at)
			return "The server offers no AUTH to this host even inside TLS: errors in "
			       "logging in are the server's decision.";
		return arena_printf(arena,
				    "AUTH (%.*s) is offered inside TLS: errors in logging in come "
				    "from the account or its settings, not from the network.",
				    cut(&d->auth_tls), d->auth_tls.at);
	case MAIL_NO_TLS:
	case MAIL_TLS_DENIED:
		if (d->auth_clear.at)
			return "AUTH is offered without TLS: whoever reads along gets the "
			       "password.";
		return mail->outcome == MAIL_TLS_DENIED
			       ? "AUTH is not offered without TLS: mail programs report that as an "
				 "error in logging in, and here it comes from the STARTTLS that "
				 "was "
				 "refused."
			       : "AUTH is not offered without TLS: mail programs report that as an "
				 "error in logging in, and here it comes from the missing "
				 "STARTTLS.";
	case MAIL_UNTRUSTED:
		return "Whoever shows this certificate would get the password; mail programs "
		       "refuse it, or fail to log in.";
	case MAIL_UNTRIED:
	case MAIL_CLEAR:
	case MAIL_DECLINED:
	case MAIL_MUTE:
	case MAIL_NOT_SMTP:
	case MAIL_RESET:
	case MAIL_ENDED:
	case MAIL_STALLED:
	case MAIL_ODD:
		break;
	}
	return NULL;
}
