/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/heard.h"
#include "base/text.h"
#include <string.h>
#include <strings.h>

#define TEXT_BYTES    5500
#define TLS_CIPHERS   20
#define TLS_HANDSHAKE 22
#define TLS_DATA      23
#define TLS_MAJOR     3
#define ALERT_FATAL   2

static void reach(struct session *s, enum session_stage stage)
{
	if (stage > s->stage)
		s->stage = stage;
}

static void keep(struct heard *h, const char *who, const char *text, size_t n)
{
	if (h->lines.len + 4 * n + 8 > TEXT_BYTES)
		return;
	if (h->lines.len)
		text_add(&h->lines, "\n");
	text_add(&h->lines, who);
	text_add_untrusted(&h->lines, text, n);
}

static bool says(const char *line, size_t n, const char *code)
{
	return n >= 3 && memcmp(line, code, 3) == 0;
}

/* A login, or a mail's end, that the server took. */
static bool takes(const struct heard *h, const char *line, size_t n)
{
	return says(line, n, "235") || (h->in_mail && n > 0 && line[0] == '2');
}

static void server_line(struct heard *h, struct session *s, const char *line, size_t n,
			int64_t at_ns)
{
	bool last = n < 4 || line[3] == ' ';
	char code = n >= 3 ? line[0] : '\0';
	keep(h, "S: ", line, n);
	if (!last)
		return;
	if (!h->greeted) {
		h->greeted = true;
		s->greeted_ns = at_ns;
		reach(s, SESSION_GREETED);
	} else if (h->command == HEARD_HELLO && code == '2') {
		reach(s, SESSION_ANSWERED);
	} else if (h->command == HEARD_STARTTLS && code == '2') {
		reach(s, SESSION_AGREED);
		h->asked_tls = true;
	}
	s->accepted = s->accepted || takes(h, line, n);
	h->in_mail = says(line, n, "354");
	/* RFC 5321, 3.8: it says that it closes the connection, and why it may. */
	h->leaves = h->leaves || says(line, n, "421") || says(line, n, "221");
	/* 334 and 354 ask for more, whatever was asked for behind DATA; anything else ends it. */
	h->secret = h->in_mail || (h->secret && code == '3');
}

static void client_line(struct heard *h, const char *line, size_t n)
{
	static const char *const words[] = {"EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT",
					    "DATA", "QUIT", "NOOP",	"RSET", "BDAT"};
	h->command = HEARD_OTHER;
	for (size_t i = 0; !h->secret && i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);
		if (n < len || strncasecmp(line, words[i], len) != 0)
			continue;
		keep(h, "C: ", words[i], len);
		h->command = i < 2 ? HEARD_HELLO : i == 2 ? HEARD_STARTTLS : HEARD_OTHER;
		/* RFC 3030: what comes next is a part of the mail, and its reply takes it. */
		h->in_mail = strcmp(words[i], "BDAT") == 0;
		h->secret = h->in_mail || strcmp(words[i], "AUTH") == 0 ||
			    strcmp(words[i], "DATA") == 0;
		h->quit = h->quit || strcmp(words[i], "QUIT") == 0;
		return;
	}
}

static void end_line(struct heard *h, struct session *s, bool out, int64_t at_ns)
{
	struct heard_words *w = &h->words[out];
	size_t n = w->n;
	while (n > 0 && w->line[n - 1] == '\r')
		n--;
	if (out)
		client_line(h, w->line, n);
	else
		server_line(h, s, w->line, n, at_ns);
	w->n = 0;
}

static bool is_record_kind(uint8_t c, uint8_t first)
{
	return c >= first && c <= TLS_DATA;
}

/*
 * Whether this side's TLS begins with the two bytes of the line: after STARTTLS, as far as that
 * shows, before anybody greeted or, from the client, before it said anything; and where the other
 * side's has begun.
 */
static bool begins_tls(const struct heard *h, const struct session *s, bool out)
{
	const struct heard_words *w = &h->words[out];
	bool may = h->asked_tls || !h->greeted || s->unread || (out && !h->spoken);
	uint8_t kind = (uint8_t)w->line[0];
	if (w->n != 2 || w->line[1] != TLS_MAJOR)
		return false;
	if (h->words[!out].in_tls)
		return is_record_kind(kind, TLS_CIPHERS);
	return may && kind == TLS_HANDSHAKE;
}

/*
 * The handshake is complete where both sides send what only follows it: in TLS 1.3 the client's
 * first record of data still belongs to it, and may be the alert with which it refuses.
 */
static void hear_tls(struct heard *h, struct session *s, const uint8_t *bytes, size_t n, bool out)
{
	const struct tls_seen *server = &h->words[0].tls, *client = &h->words[1].tls;
	unsigned before = server->data;
	tls_seen_take(&h->words[out].tls, bytes, n);
	if (server->data > before)
		h->client_data = client->data;
	unsigned least = tls_seen_is_13(server) ? 2 : 1;
	if (server->hellos && server->data && h->client_data >= least)
		reach(s, SESSION_SECURE);
}

/* What stands in the line so far is the first of a TLS record. */
static void begin_tls(struct heard *h, struct session *s, bool out)
{
	struct heard_words *w = &h->words[out];
	w->in_tls = true;
	s->tls_at_once = s->tls_at_once || (out && !h->spoken && !s->unread);
	if (s->tls_at_once)
		reach(s, SESSION_AGREED);
	hear_tls(h, s, (const uint8_t *)w->line, w->n, out);
	w->n = 0;
}

/* Takes bytes in clear; how many there are before TLS begins. */
static size_t hear_clear(struct heard *h, struct session *s, const struct heard_bytes *bytes,
			 bool out)
{
	struct heard_words *w = &h->words[out];
	for (size_t i = 0; i < bytes->n; i++) {
		char c = (char)bytes->at[i];
		/* No line goes on with such a byte: what stands before it has lost its end. */
		if (i == 0 && is_record_kind(bytes->at[i], TLS_CIPHERS))
			w->n = 0;
		if (c != '\n' && w->n < sizeof(w->line))
			w->line[w->n++] = c;
		if (begins_tls(h, s, out)) {
			begin_tls(h, s, out);
			return i + 1;
		}
		h->spoken = h->spoken || (out && (c == '\n' || w->n > 1));
		if (c == '\n')
			end_line(h, s, out, bytes->at_ns);
	}
	return bytes->n;
}

void heard_take(struct heard *h, struct session *s, const struct heard_bytes *bytes, bool out)
{
	size_t clear = h->words[out].in_tls ? 0 : hear_clear(h, s, bytes, out);
	if (clear < bytes->n)
		hear_tls(h, s, bytes->at + clear, bytes->n - clear, out);
	s->lines = h->lines.len ? text_str(&h->lines) : NULL;
}

/* The description of an alert in clear of at least this level (RFC 8446, 6), 0: none. */
static uint8_t alert_of(const struct tls_seen *tls, uint8_t level)
{
	bool whole = tls->alert_n == sizeof(tls->alert);
	return whole && tls->alert[0] >= level ? tls->alert[1] : 0;
}

void heard_names(const struct heard *h, struct trace *t, struct session *s)
{
	const struct tls_seen *server = &h->words[0].tls, *client = &h->words[1].tls;
	struct text chain = {0}, name = {0};
	tls_seen_certificate(server, &chain);
	tls_seen_name(client, &name);
	if (chain.len)
		s->chain = arena_copy(&t->strings, text_str(&chain));
	if (name.len)
		s->wanted = arena_copy(&t->strings, text_str(&name));
	s->alert = alert_of(client, 0);
	/* A server may warn of a name that it does not know, and go on. */
	s->server_alert = alert_of(server, ALERT_FATAL);
	text_free(&chain);
	text_free(&name);
}

void heard_free(struct heard *h)
{
	text_free(&h->lines);
	tls_seen_free(&h->words[0].tls);
	tls_seen_free(&h->words[1].tls);
}
