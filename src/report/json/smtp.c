/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/smtp.h"
#include "infer/mail/mail.h"
#include "report/page/phrase.h"
#include <string.h>

static const char *outcome_name(enum mail_outcome outcome)
{
	static const char *const names[] = {
		[MAIL_UNTRIED] = "odd",
		[MAIL_VERIFIED] = "verified",
		[MAIL_UNTRUSTED] = "untrusted",
		[MAIL_NO_TLS] = "no-starttls",
		[MAIL_TLS_DENIED] = "starttls-refused",
		[MAIL_CLEAR] = "clear",
		[MAIL_DECLINED] = "declined",
		[MAIL_MUTE] = "no-greeting",
		[MAIL_NOT_SMTP] = "not-smtp",
		[MAIL_RESET] = "reset",
		[MAIL_ENDED] = "closed",
		[MAIL_STALLED] = "stalled",
		[MAIL_ODD] = "odd",
	};

	return names[outcome];
}

static const char *pass_name(enum session_pass pass)
{
	static const char *const names[] = {
		[SESSION_TLS] = "starttls",    [SESSION_NAMELESS] = "unverified",
		[SESSION_PLAIN] = "plain",     [SESSION_IMPLICIT] = "implicit-tls",
		[SESSION_LIMITED] = "limited", [SESSION_SEEN] = "captured",
	};

	return names[pass];
}

static const char *stage_name(enum session_stage stage)
{
	static const char *const names[] = {
		[SESSION_UNCONNECTED] = "none",	 [SESSION_CONNECTED] = "connected",
		[SESSION_GREETED] = "greeted",	 [SESSION_ANSWERED] = "ehlo",
		[SESSION_AGREED] = "starttls",	 [SESSION_SECURE] = "tls",
		[SESSION_COMPLETE] = "complete",
	};

	return names[stage];
}

static const char *end_name(enum session_end end)
{
	static const char *const names[] = {
		[SESSION_DONE] = "done",	   [SESSION_REFUSED] = "refused",
		[SESSION_CLOSED] = "closed",	   [SESSION_RESET] = "reset",
		[SESSION_SILENT] = "silent",	   [SESSION_NO_TLS] = "no-tls",
		[SESSION_UNTRUSTED] = "untrusted", [SESSION_WRONG_NAME] = "wrong-name",
		[SESSION_BROKEN] = "broken",	   [SESSION_FLOODED] = "flooded",
		[SESSION_STOPPED] = "stopped",
	};

	return names[end];
}

static json_t *slice(const struct slice *s)
{
	struct text copy = {0};
	json_t *value;

	if (!s->at)
		return json_null();
	text_add_bytes(&copy, s->at, s->n);
	value = copy.failed ? NULL : value_text(text_str(&copy));
	text_free(&copy);
	return value;
}

static json_t *filled(const struct slice *s)
{
	static const struct slice empty = {"", 0};

	return slice(s->at ? s : &empty);
}

static json_t *between_ms(int64_t from_ns, int64_t to_ns)
{
	return value_ms(from_ns && to_ns >= from_ns ? (double)(to_ns - from_ns) / 1e6 : -1.0);
}

static json_t *lines_of(struct value_maker *m, const char *at)
{
	json_t *array = json_array();

	while (at && *at) {
		struct slice line = {at, strcspn(at, "\n")};

		value_append(m, array, slice(&line));
		at += line.n + (at[line.n] == '\n');
	}
	return array;
}

static json_t *session_of(struct value_maker *m, const struct session *s)
{
	char buf[PHRASE_TIME_BYTES];
	json_t *object = json_object();

	value_set(m, object, "port", json_integer(s->port));
	value_set(m, object, "kind", json_string(pass_name(s->pass)));
	value_set(m, object, "stage", json_string(stage_name(s->stage)));
	value_set(m, object, "end", json_string(end_name(s->end)));
	value_set(m, object, "started",
		  s->at_ns ? json_string(phrase_time(s->at_ns, buf)) : json_null());
	value_set(m, object, "connect_ms", between_ms(s->at_ns, s->connected_ns));
	value_set(m, object, "greeting_ms", between_ms(s->connected_ns, s->greeted_ns));
	value_set(m, object, "took_ms", between_ms(s->at_ns, s->ended_ns));
	value_set(m, object, "errno", value_number(s->error, 0));
	value_set(m, object, "error", value_text(phrase_errno(s->error)));
	value_set(m, object, "code", json_integer(s->code));
	value_set(m, object, "unacknowledged", json_boolean(s->stuck));
	value_set(m, object, "ttl", value_number(s->ttl, 0));
	value_set(m, object, "lines", lines_of(m, s->lines));
	return object;
}

static json_t *sessions_of(struct value_maker *m, const struct trace *t, const struct finding *f)
{
	json_t *array = json_array();

	for (size_t i = 0; i < t->sessions_n; i++) {
		uint32_t server = t->sessions[i].server;

		if (server < t->servers_n && t->servers[server].peer == t->servers[f->server].peer)
			value_append(m, array, session_of(m, &t->sessions[i]));
	}
	return array;
}

static json_t *greeting_of(struct value_maker *m, const struct mail *mail)
{
	json_t *object;

	if (!mail->dialogue.greeting)
		return json_null();
	object = json_object();
	value_set(m, object, "code", json_integer(mail->dialogue.greeting));
	value_set(m, object, "text", filled(&mail->dialogue.greeting_text));
	value_set(m, object, "after_ms",
		  between_ms(mail->session->connected_ns, mail->session->greeted_ns));
	return object;
}

static json_t *capabilities_of(struct value_maker *m, const struct dialogue *d)
{
	json_t *array;

	if (d->ehlo / 100 != 2)
		return json_null();
	array = json_array();
	for (size_t i = 0; i < d->keywords_n; i++)
		value_append(m, array, slice(&d->keywords[i]));
	return array;
}

static json_t *starttls_of(const struct dialogue *d)
{
	if (d->ehlo / 100 != 2)
		return json_null();
	if (d->masked)
		return json_string("masked");
	if (d->starttls >= 400)
		return json_string("refused");
	return json_string(d->offers ? "offered" : "missing");
}

static json_t *certificates_of(struct value_maker *m, const char *text)
{
	json_t *array = json_array();
	struct certificate c;

	while (dialogue_next_certificate(&text, &c)) {
		json_t *object = json_object();

		value_set(m, object, "subject", filled(&c.subject));
		value_set(m, object, "issuer", filled(&c.issuer));
		value_set(m, object, "serial", filled(&c.serial));
		value_set(m, object, "names", filled(&c.names));
		value_set(m, object, "from", filled(&c.from));
		value_set(m, object, "until", filled(&c.until));
		value_append(m, array, object);
	}
	return array;
}

/* The session that speaks may be the one without verification: its verdict is another's. */
static const struct session *verifying(const struct trace *t, const struct mail *mail)
{
	for (size_t i = 0; i < t->sessions_n; i++) {
		const struct session *s = &t->sessions[i];

		if (s->server == mail->session->server && s->port == mail->session->port &&
		    s->has_verify)
			return s;
	}
	return mail->session;
}

static json_t *tls_of(struct value_maker *m, const struct trace *t, const struct mail *mail)
{
	const struct session *s = verifying(t, mail);
	json_t *object;

	if (!mail->session->version && !s->has_verify)
		return json_null();
	object = json_object();
	value_set(m, object, "version", value_text(mail->session->version));
	value_set(m, object, "verified", json_boolean(mail_is_verified(s)));
	value_set(m, object, "chain_error", s->has_verify ? json_integer(s->verify) : json_null());
	value_set(m, object, "name_fits",
		  s->name_checked ? json_boolean(s->name_fits) : json_null());
	value_set(m, object, "certificates", certificates_of(m, mail->session->chain));
	return object;
}

json_t *json_smtp(struct value_maker *m, const struct trace *t, const struct finding *f)
{
	const struct mail *mail = f->mail;
	json_t *object, *auth;

	if (!mail)
		return json_null();
	object = json_object();
	auth = json_object();
	value_set(m, auth, "clear", slice(&mail->dialogue.auth_clear));
	value_set(m, auth, "tls", slice(&mail->dialogue.auth_tls));
	value_set(m, object, "outcome", json_string(outcome_name(mail->outcome)));
	value_set(m, object, "greeting", greeting_of(m, mail));
	value_set(m, object, "capabilities", capabilities_of(m, &mail->dialogue));
	value_set(m, object, "starttls", starttls_of(&mail->dialogue));
	value_set(m, object, "sometimes", json_boolean(mail->sometimes));
	value_set(m, object, "tls", tls_of(m, t, mail));
	value_set(m, object, "auth", auth);
	value_set(m, object, "sessions", sessions_of(m, t, f));
	return object;
}
