/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/mail/dialogue.h"
#include "infer/numbers.h"
#include <string.h>
#include <strings.h>

#define STARTTLS_LEN 8

/* What the server is answering. */
enum asked { ASKED_NOTHING, ASKED_EHLO, ASKED_STARTTLS, ASKED_OTHER };

struct reading {
	struct dialogue *out;
	enum asked asked;
	unsigned ehlos;
	bool greeted;	 /* the whole greeting was read */
	bool first_line; /* of a reply: its text names the server */
	bool helo;	 /* instead of EHLO */
};

bool slice_equal(const struct slice *a, const struct slice *b)
{
	return a->n > 0 && a->n == b->n && memcmp(a->at, b->at, a->n) == 0;
}

static bool starts(const struct slice *s, const char *word)
{
	size_t n = strlen(word);
	return s->n >= n && strncasecmp(s->at, word, n) == 0;
}

static struct slice word_of(struct slice s)
{
	size_t n = 0;
	while (n < s.n && s.at[n] != ' ' && s.at[n] != '=')
		n++;
	return (struct slice){s.at, n};
}

static bool is_masked(const struct slice *word)
{
	unsigned same = 0;
	for (size_t i = 0; i < word->n; i++)
		same += word->at[i] == 'X' || word->at[i] == '*';
	return word->n == STARTTLS_LEN && same >= MASKED_LEAST;
}

/* A line of the answer to EHLO: what the server offers. */
static void keyword(struct dialogue *out, struct slice text, bool secure)
{
	struct slice word = word_of(text);
	struct slice *auth = secure ? &out->auth_tls : &out->auth_clear;
	if (word.n == 4 && starts(&word, "AUTH")) {
		size_t skip = text.n > 4 ? 5 : 4;
		*auth = (struct slice){text.at + skip, text.n - skip};
	}
	if (secure)
		return;
	if (out->keywords_n < DIALOGUE_KEYWORDS_MAX && text.n)
		out->keywords[out->keywords_n++] = text;
	out->offers = out->offers || (word.n == STARTTLS_LEN && starts(&word, "STARTTLS"));
	out->masked = out->masked || is_masked(&word);
}

/* The first reply: who greets, and how. */
static void greeting(struct dialogue *out, int code, struct slice text)
{
	if (out->greeting)
		return;
	out->greeting = code;
	out->greeting_text = text;
	/* RFC 5321, 4.2: only a welcome begins with the server's name. */
	if (code / 100 == 2)
		out->greeting_host = word_of(text);
}

/* A line of the server's, by the command that it answers. */
static void reply(struct reading *r, int code, bool last, struct slice text)
{
	struct dialogue *out = r->out;
	/* Whatever a client that does not wait has asked already, the first reply is the greeting.
	 */
	enum asked asked = r->greeted ? r->asked : ASKED_NOTHING;
	r->greeted = r->greeted || last;
	switch (asked) {
	case ASKED_NOTHING:
		greeting(out, code, text);
		break;
	case ASKED_EHLO:
		if (!r->first_line && code / 100 == 2)
			keyword(out, text, r->ehlos > 1);
		if (last && r->ehlos > 1)
			out->again = code;
		if (last && (r->ehlos == 1 || out->ehlo == 0) && out->ehlo / 100 != 2) {
			out->ehlo = code;
			out->ehlo_text = text;
			out->helo = r->helo;
		}
		break;
	case ASKED_STARTTLS:
		out->starttls = code;
		out->starttls_text = text;
		break;
	case ASKED_OTHER:
		break;
	}
	r->first_line = last;
}

static void from_server(struct reading *r, struct slice line)
{
	int code = 0;
	for (size_t i = 0; i < 3 && i < line.n && line.at[i] >= '0' && line.at[i] <= '9'; i++)
		code = code * 10 + (line.at[i] - '0');
	bool reply_line = code >= 100 && (line.n == 3 || line.at[3] == ' ' || line.at[3] == '-');
	if (!reply_line) {
		r->out->strange = r->out->strange || r->out->greeting == 0;
		return;
	}
	bool last = line.n == 3 || line.at[3] == ' ';
	size_t skip = line.n == 3 ? 3 : 4;
	reply(r, code, last, (struct slice){line.at + skip, line.n - skip});
}

static void from_client(struct reading *r, struct slice line)
{
	r->first_line = true;
	if (starts(&line, "EHLO") || starts(&line, "HELO")) {
		r->asked = ASKED_EHLO;
		r->helo = starts(&line, "HELO");
		r->ehlos += r->out->starttls == 220 || r->ehlos == 0;
	} else if (starts(&line, "STARTTLS")) {
		r->asked = ASKED_STARTTLS;
	} else {
		r->asked = ASKED_OTHER;
	}
}

void dialogue_read(const struct session *session, struct dialogue *out)
{
	struct reading r = {.out = out, .first_line = true};
	const char *at = session->lines;
	*out = (struct dialogue){0};
	/* Inside implicit TLS the only EHLO is the one that counts. */
	r.ehlos = session->pass == SESSION_IMPLICIT ? 2 : 0;
	while (at && *at) {
		size_t n = strcspn(at, "\n");
		struct slice line = {at + 3, n > 3 ? n - 3 : 0};
		if (n >= 3 && at[0] == 'S')
			from_server(&r, line);
		else if (n >= 3 && at[0] == 'C')
			from_client(&r, line);
		at += n + (at[n] == '\n');
	}
	out->asks_tls = r.asked == ASKED_STARTTLS;
	out->goes_on = r.asked == ASKED_OTHER && out->ehlo;
}

bool dialogue_next_certificate(const char **text, struct certificate *out)
{
	struct slice *fields[] = {&out->subject, &out->issuer, &out->serial,
				  &out->names,	 &out->from,   &out->until};
	const char *at = *text;
	*out = (struct certificate){0};
	if (!at || !*at)
		return false;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		size_t n = strcspn(at, "\t\n");
		*fields[i] = (struct slice){at, n};
		at += n;
		if (*at != '\t')
			break;
		at++;
	}
	at += strcspn(at, "\n");
	*text = at + (*at == '\n');
	return true;
}

void dialogue_certificate(const struct session *session, struct certificate *out)
{
	const char *text = session->chain;
	if (!dialogue_next_certificate(&text, out))
		*out = (struct certificate){0};
}
