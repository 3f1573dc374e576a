/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/rules/mail_rules.h"
#include "infer/numbers.h"
#include "infer/scene/accepting.h"
#include "infer/scene/rate.h"
#include "infer/scene/sessions.h"
#include "infer/way/hops.h"

/* What the sessions come to. */
enum mail_row {
	MAIL_ROW_SAME_ANSWER,
	MAIL_ROW_TLS_UNTRUSTED,
	MAIL_ROW_CERTIFICATE_OWN,
	MAIL_ROW_CERTIFICATES_UNVERIFIABLE,
	MAIL_ROW_CERTIFICATE_DOUBT,
	MAIL_ROW_STARTTLS_MISSING,
	MAIL_ROW_NO_STARTTLS,
	MAIL_ROW_NO_STARTTLS_DOUBT,
	MAIL_ROW_DECLINED,
	MAIL_ROW_TEMPORARY,
	MAIL_ROW_HELD_SHUT,
	MAIL_ROW_NO_GREETING,
	MAIL_ROW_NOT_SMTP,
	MAIL_ROW_CUT_OFF,
	MAIL_ROW_STALLED,
	MAIL_ROW_LARGE_PACKETS,
	MAIL_ROW_ODD_DIALOGUE,
	MAIL_ROW_MAIL_SEEN,
	MAIL_ROWS,
};

static const struct rule rows[MAIL_ROWS] = {
	[MAIL_ROW_SAME_ANSWER] = {.name = "same-answer", .says = SAYS_TWIN},
	[MAIL_ROW_TLS_UNTRUSTED] = {.name = "tls-untrusted", .says = SAYS_DIALOGUE},
	[MAIL_ROW_CERTIFICATE_OWN] = {.name = "certificate-own", .says = SAYS_DIALOGUE},
	[MAIL_ROW_CERTIFICATES_UNVERIFIABLE] = {.name = "certificates-unverifiable",
						.says = SAYS_DIALOGUE},
	[MAIL_ROW_CERTIFICATE_DOUBT] = {.name = "certificate-doubt", .says = SAYS_DIALOGUE},
	[MAIL_ROW_STARTTLS_MISSING] = {.name = "starttls-missing", .says = SAYS_DIALOGUE},
	[MAIL_ROW_NO_STARTTLS] = {.name = "no-starttls", .says = SAYS_DIALOGUE},
	[MAIL_ROW_NO_STARTTLS_DOUBT] = {.name = "no-starttls-doubt", .says = SAYS_DIALOGUE},
	[MAIL_ROW_DECLINED] = {.name = "declined", .says = SAYS_DIALOGUE},
	[MAIL_ROW_TEMPORARY] = {.name = "temporary", .says = SAYS_DIALOGUE},
	[MAIL_ROW_HELD_SHUT] = {.name = "held-shut", .says = SAYS_DIALOGUE},
	[MAIL_ROW_NO_GREETING] = {.name = "no-greeting", .says = SAYS_DIALOGUE},
	[MAIL_ROW_NOT_SMTP] = {.name = "not-smtp", .says = SAYS_DIALOGUE},
	[MAIL_ROW_CUT_OFF] = {.name = "cut-off", .says = SAYS_DIALOGUE},
	[MAIL_ROW_STALLED] = {.name = "stalled", .says = SAYS_DIALOGUE},
	[MAIL_ROW_LARGE_PACKETS] = {.name = "large-packets", .says = SAYS_LARGE},
	[MAIL_ROW_ODD_DIALOGUE] = {.name = "odd-dialogue", .says = SAYS_DIALOGUE},
	[MAIL_ROW_MAIL_SEEN] = {.name = "mail-seen", .says = SAYS_DIALOGUE},
};

const struct rule *rules_mail(size_t *n)
{
	*n = MAIL_ROWS;
	return rows;
}

/* Somewhere on the way; `remote`: at the server or beside it, too. */
static void anywhere(const struct scene *scene, uint32_t s, struct claim *out, bool remote)
{
	int far = scene->roles[s].server_hop;
	out->span = (struct span){.lo = line_link(0), .hi = line_out(far)};
	out->not_remote = !remote;
	out->last_seen = 0;
	out->first_missing = far;
}

static void at_server(const struct scene *scene, uint32_t s, struct claim *out)
{
	int far = scene->roles[s].server_hop;
	out->placed = scene->paths[s].distance > 0;
	out->last_seen = out->first_missing = far;
	out->span = (struct span){.lo = line_in(far), .hi = line_out(far)};
}

static bool decide(struct claim *out, enum mail_row row, enum state state, enum mechanism mechanism,
		   double sure)
{
	out->row = &rows[row];
	out->rule = rows[row].name;
	claim_say(out, state, mechanism, sure);
	return true;
}

static bool doubt(struct claim *out, enum mail_row row)
{
	return decide(out, row, STATE_UNKNOWN, MECHANISM_UNKNOWN, 0.0);
}

bool rule_mail_verified(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (!mail_is_trusted(scene, s))
		return false;
	out->state = STATE_OPEN;
	out->mechanism = MECHANISM_NONE;
	out->sure = SURE_VERIFIED;
	return true;
}

/* One machine speaks for servers of several operators. */
static bool same_answer(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (mail_twin(scene, s) == TRACE_NONE)
		return false;
	anywhere(scene, s, out, false);
	return decide(out, MAIL_ROW_SAME_ANSWER, STATE_INTERCEPTED, MECHANISM_REDIRECT,
		      SURE_SAME_ANSWER);
}

/* A certificate that proves nothing: whose doing is it? */
static bool untrusted(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct mail *mail = &scene->mails[s];
	bool listed = scene->trace->servers[s].listed;
	bool others = mail_sites(scene, s, MAIL_VERIFIED) > 0;
	bool implicit = mail->implicit && mail_is_verified(mail->implicit);
	struct mail_issuers issuers = mail_issuers(scene, s);
	if (issuers.same >= SITES_LEAST && issuers.same_listed) {
		anywhere(scene, s, out, false);
		return decide(out, MAIL_ROW_TLS_UNTRUSTED, STATE_INTERCEPTED,
			      MECHANISM_TLS_INTERCEPTED, SURE_TLS_COMMON);
	}
	if (listed && implicit) {
		anywhere(scene, s, out, true);
		return decide(out, MAIL_ROW_TLS_UNTRUSTED, STATE_INTERCEPTED,
			      MECHANISM_TLS_INTERCEPTED, SURE_TLS_LONE);
	}
	if (!listed && others)
		return decide(out, MAIL_ROW_CERTIFICATE_OWN, STATE_OPEN, MECHANISM_NONE,
			      SURE_OWN_CERTIFICATE);
	if (issuers.others >= SITES_LEAST - 1 && issuers.names_fit)
		return decide(out, MAIL_ROW_CERTIFICATES_UNVERIFIABLE, STATE_OPEN, MECHANISM_NONE,
			      SURE_UNVERIFIABLE);
	return doubt(out, MAIL_ROW_CERTIFICATE_DOUBT);
}

/* Whether SYNs to the port fare differently among themselves. */
static bool fares_unevenly(const struct scene *scene, uint32_t s)
{
	struct claim any = {0};
	return rule_reset_sometimes(scene, s, &any) || rule_refused_sometimes(scene, s, &any) ||
	       rule_rejected_sometimes(scene, s, &any) || rule_path_dependent(scene, s, &any) ||
	       rule_limited(scene, s, &any);
}

bool rule_mail_foreign(const struct scene *scene, uint32_t s, struct claim *out)
{
	struct claim nearer = {0};
	if (scene->conducts[s] != CONDUCT_ANSWERS || scene->mails[s].outcome != MAIL_UNTRUSTED ||
	    !fares_unevenly(scene, s))
		return false;
	bool foreign = same_answer(scene, s, out) || untrusted(scene, s, out);
	if (!foreign || out->state != STATE_INTERCEPTED)
		return false;
	/* Where SYNs are accepted nearer than the server, that is the place. */
	if (rule_answered_nearer(scene, s, &nearer) && nearer.placed) {
		out->placed = true;
		out->span = nearer.span;
		out->last_seen = nearer.last_seen;
		out->first_missing = nearer.first_missing;
	}
	return true;
}

/* STARTTLS is missing or refused: whose doing is it? */
static bool no_tls(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct mail *mail = &scene->mails[s];
	unsigned alike = mail_sites(scene, s, MAIL_NO_TLS) + mail_sites(scene, s, MAIL_TLS_DENIED);
	bool others = mail_sites(scene, s, MAIL_VERIFIED) > 0;
	bool implicit = mail->implicit && mail_is_verified(mail->implicit);
	double sure = 0;
	bool common = alike >= SITES_LEAST && mail_listed_alike(scene, s);
	/* Farms differ from session to session: who strips it would hardly spare one of three. */
	if (common && others && !mail->dialogue.masked)
		return doubt(out, MAIL_ROW_NO_STARTTLS_DOUBT);
	if (mail->dialogue.masked || common)
		sure = SURE_STRIPPED;
	else if (scene->trace->servers[s].listed && implicit && !others)
		sure = SURE_STRIPPED_LONE;
	if (sure > 0) {
		anywhere(scene, s, out, alike < SITES_LEAST);
		return decide(out, MAIL_ROW_STARTTLS_MISSING, STATE_DEGRADED,
			      MECHANISM_STARTTLS_STRIPPED, sure);
	}
	if (others)
		return decide(out, MAIL_ROW_NO_STARTTLS, STATE_OPEN, MECHANISM_NONE,
			      SURE_NO_STARTTLS);
	return doubt(out, MAIL_ROW_NO_STARTTLS_DOUBT);
}

/* Large packets are lost on every port: nobody is after this one. */
static bool loses_large(const struct mail *mail)
{
	const struct session *other = mail->implicit;
	return mail->outcome == MAIL_STALLED && !mail->stuck && other &&
	       other->end == SESSION_SILENT && other->stage < SESSION_SECURE;
}

/* How near the sender of the reset that ended the session is to who spoke before. */
enum nearness { SENDER_SAME, SENDER_BESIDE, SENDER_ELSEWHERE };

static enum nearness sender_of(const struct mail *mail)
{
	if (mail->outcome == MAIL_ENDED || mail->reset_ttl == mail->server_ttl)
		return SENDER_SAME;
	if (mail->reset_ttl < 0 || mail->server_ttl < 0)
		return SENDER_ELSEWHERE;
	int apart = hops_back((uint8_t)mail->reset_ttl) - hops_back((uint8_t)mail->server_ttl);
	return apart >= -TOLERANCE_HOPS && apart <= TOLERANCE_HOPS ? SENDER_BESIDE
								   : SENDER_ELSEWHERE;
}

/* The connection was cut, or went dead, after it had been made. */
static bool broken(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct mail *mail = &scene->mails[s];
	bool stalled = mail->outcome == MAIL_STALLED;
	enum mail_row row = stalled ? MAIL_ROW_STALLED : MAIL_ROW_CUT_OFF;
	enum mechanism mechanism =
		stalled ? MECHANISM_STALL_AFTER_HANDSHAKE : MECHANISM_RESET_AFTER_HANDSHAKE;
	/* A reset that comes from about as far as the server's words do can be its own side's. */
	enum nearness sender = sender_of(mail);
	bool others = mail_sites(scene, s, MAIL_VERIFIED) > 0;
	unsigned alike = mail_sites(scene, s, mail->outcome);
	bool too_big = stalled && mail->too_big && mail->session->pass == SESSION_SEEN &&
		       !mail->session->taken;
	if (loses_large(mail) || mail->session->gap || too_big)
		return decide(out, MAIL_ROW_LARGE_PACKETS, STATE_UNKNOWN, MECHANISM_MTU, 0.0);
	/* A lossy way loses all transmissions of one of the segments now and then. */
	unsigned tries = mail->stuck && mail->tries ? mail->tries : STALL_TRIES;
	if (stalled && SESSION_SEGMENTS * rate_silence(scene, s, tries) > STALL_DOUBT)
		return doubt(out, row);
	/* What the server sends again does not show when it is lost: once may be bad luck. */
	if (stalled && !mail->stuck && rate_way_loses(scene, s) && mail->alike < STALLS_LEAST &&
	    alike < SITES_LEAST)
		return doubt(out, row);
	/*
	 * Who acknowledges a command may take minutes to answer it. A ClientHello is another thing,
	 * but its answer is large: nobody tried in somebody else's capture whether that is why.
	 */
	if (stalled && !mail->stuck &&
	    (mail->session->stage < SESSION_AGREED || mail->session->pass == SESSION_SEEN))
		return doubt(out, row);
	if (alike >= SITES_LEAST) {
		anywhere(scene, s, out, sender != SENDER_ELSEWHERE && !stalled);
		mail_place(scene, s, out);
		return decide(out, row, STATE_DEGRADED, mechanism, SURE_BROKEN);
	}
	if (stalled && !mail->stuck && !others)
		return doubt(out, row);
	/*
	 * A server resets what somebody nearer began with the client, too. And who makes a reset of
	 * the server's own packet leaves its TTL as it is: nobody tried in somebody else's capture
	 * where that is done. Where no other server is there to compare, whoever accepts may be a
	 * proxy that accepts for everybody and then finds nobody behind it.
	 */
	int first = scene->paths[s].target.first_synack;
	bool begun_nearer = first && rate_server_beyond(scene, s, first);
	bool untried = mail->session->pass == SESSION_SEEN;
	bool alone = scene_stands_alone(scene, s);
	if (stalled || sender != SENDER_SAME || begun_nearer || untried || alone)
		anywhere(scene, s, out, stalled || sender != SENDER_ELSEWHERE);
	else
		at_server(scene, s, out);
	/* Behind a proxy the way goes on, over networks that do not show. */
	if (alone)
		out->also |= ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE;
	mail_place(scene, s, out);
	return decide(out, row, STATE_DEGRADED, mechanism, SURE_STALLED);
}

/* The server's own word: for good (5xx), or until another time (4xx; RFC 5321, 4.2.1). */
static bool declined(const struct scene *scene, uint32_t s, struct claim *out)
{
	at_server(scene, s, out);
	if (mail_is_temporary(&scene->mails[s]))
		return decide(out, MAIL_ROW_TEMPORARY, STATE_DEGRADED, MECHANISM_CLOSED,
			      SURE_DECLINED);
	return decide(out, MAIL_ROW_DECLINED, STATE_CLOSED, MECHANISM_CLOSED, SURE_DECLINED);
}

static bool foreign(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (mail_sites(scene, s, MAIL_NOT_SMTP) < SITES_LEAST)
		return doubt(out, MAIL_ROW_NOT_SMTP);
	anywhere(scene, s, out, false);
	return decide(out, MAIL_ROW_NOT_SMTP, STATE_INTERCEPTED, MECHANISM_REDIRECT, SURE_NOT_SMTP);
}

bool rule_mail(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->conducts[s] != CONDUCT_ANSWERS)
		return false;
	switch (scene->mails[s].outcome) {
	case MAIL_UNTRIED:
	case MAIL_VERIFIED:
		return false;
	case MAIL_UNTRUSTED:
		return same_answer(scene, s, out) || untrusted(scene, s, out);
	case MAIL_NO_TLS:
	case MAIL_TLS_DENIED:
		return same_answer(scene, s, out) || no_tls(scene, s, out);
	case MAIL_CLEAR:
		return decide(out, MAIL_ROW_MAIL_SEEN, STATE_OPEN, MECHANISM_NONE, SURE_MOST);
	case MAIL_DECLINED:
		return same_answer(scene, s, out) || declined(scene, s, out);
	case MAIL_MUTE:
		return doubt(out, scene->mails[s].shut ? MAIL_ROW_HELD_SHUT : MAIL_ROW_NO_GREETING);
	case MAIL_NOT_SMTP:
		return foreign(scene, s, out);
	case MAIL_RESET:
	case MAIL_ENDED:
	case MAIL_STALLED:
		return same_answer(scene, s, out) || broken(scene, s, out);
	case MAIL_ODD:
		return doubt(out, MAIL_ROW_ODD_DIALOGUE);
	}
	return false;
}

void mail_refine(const struct scene *scene, uint32_t s, struct claim *claim)
{
	const struct mail *mail = &scene->mails[s];
	if (claim->state != STATE_INTERCEPTED || claim->mechanism != MECHANISM_REDIRECT ||
	    mail_twin(scene, s) != TRACE_NONE)
		return;
	if (mail->outcome == MAIL_UNTRUSTED)
		claim->mechanism = MECHANISM_TLS_INTERCEPTED;
	else if (mail->outcome == MAIL_NO_TLS || mail->outcome == MAIL_TLS_DENIED)
		claim->mechanism = MECHANISM_STARTTLS_STRIPPED;
}
