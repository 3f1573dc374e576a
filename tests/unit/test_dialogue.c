/* SPDX-License-Identifier: BSD-2-Clause */
/* One row a dialogue: its lines, and what they are understood to say. */
#include "infer/mail/dialogue.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HELLO	     "S: 220 mx.example ESMTP\nC: EHLO [127.0.0.1]\n"

struct row {
	enum session_pass pass;
	const char *lines;
	int greeting, ehlo, starttls, again;
	bool strange, offers, masked;
	const char *host, *auth_clear, *auth_tls; /* NULL: none */
};

static const struct row rows[] = {
	{SESSION_TLS, NULL, 0, 0, 0, 0, false, false, false, NULL, NULL, NULL},
	{SESSION_TLS, "", 0, 0, 0, 0, false, false, false, NULL, NULL, NULL},
	{SESSION_TLS, HELLO "S: 250-mx\nS: 250-STARTTLS\nS: 250 DSN", 220, 250, 0, 0, false, true,
	 false, "mx.example", NULL, NULL},
	{SESSION_TLS, HELLO "S: 250-mx\nS: 250 starttls", 220, 250, 0, 0, false, true, false,
	 "mx.example", NULL, NULL},
	/* The first line of the answer is the server's name, whatever it looks like. */
	{SESSION_TLS, HELLO "S: 250-STARTTLS\nS: 250 DSN", 220, 250, 0, 0, false, false, false,
	 "mx.example", NULL, NULL},
	{SESSION_TLS, HELLO "S: 250-mx\nS: 250-XXXXXXXA\nS: 250 DSN", 220, 250, 0, 0, false, false,
	 true, "mx.example", NULL, NULL},
	{SESSION_TLS, HELLO "S: 250-mx\nS: 250-XXXX\nS: 250 XXXXXXXXXX", 220, 250, 0, 0, false,
	 false, false, "mx.example", NULL, NULL},
	{SESSION_TLS,
	 HELLO "S: 250-mx\nS: 250-STARTTLS\nS: 250 AUTH PLAIN\nC: STARTTLS\nS: 454 not now", 220,
	 250, 454, 0, false, true, false, "mx.example", "PLAIN", NULL},
	{SESSION_TLS,
	 HELLO "S: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nC: EHLO x\nS: 250-mx\n"
	       "S: 250 AUTH PLAIN LOGIN\nC: QUIT\nS: 221 bye",
	 220, 250, 220, 250, false, true, false, "mx.example", NULL, "PLAIN LOGIN"},
	/* Inside implicit TLS the only EHLO is the one that counts. */
	{SESSION_IMPLICIT, HELLO "S: 250-mx\nS: 250 AUTH=PLAIN", 220, 250, 0, 250, false, false,
	 false, "mx.example", NULL, "PLAIN"},
	/* A refusal names nobody. */
	{SESSION_TLS, "S: 554 5.7.1 mx.example no", 554, 0, 0, 0, false, false, false, NULL, NULL,
	 NULL},
	{SESSION_TLS, "S: 421", 421, 0, 0, 0, false, false, false, NULL, NULL, NULL},
	{SESSION_TLS, "S: HTTP/1.1 302 Found\nS: Location: x", 0, 0, 0, 0, true, false, false, NULL,
	 NULL, NULL},
	{SESSION_TLS, "S: \nS: 2\nS: 22\nS:\nS", 0, 0, 0, 0, true, false, false, NULL, NULL, NULL},
	{SESSION_TLS, "S: 9999999999999 x", 0, 0, 0, 0, true, false, false, NULL, NULL, NULL},
};

static void check_slice(const struct slice *s, const char *wanted)
{
	if (!wanted) {
		assert_true(s->at == NULL || s->n == 0);
		return;
	}
	assert_int_equal(s->n, strlen(wanted));
	assert_memory_equal(s->at, wanted, s->n);
}

static void understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct session s = {.pass = row->pass, .lines = row->lines};
		struct dialogue d;

		dialogue_read(&s, &d);
		if (d.greeting != row->greeting || d.offers != row->offers)
			print_error("row %zu: %s\n", i, row->lines ? row->lines : "(none)");
		assert_int_equal(d.greeting, row->greeting);
		assert_int_equal(d.ehlo, row->ehlo);
		assert_int_equal(d.starttls, row->starttls);
		assert_int_equal(d.again, row->again);
		assert_int_equal(d.strange, row->strange);
		assert_int_equal(d.offers, row->offers);
		assert_int_equal(d.masked, row->masked);
		check_slice(&d.greeting_host, row->host);
		check_slice(&d.auth_clear, row->auth_clear);
		check_slice(&d.auth_tls, row->auth_tls);
	}
}

static void many_keywords(void **state)
{
	char lines[4096] = "S: 220 mx\nC: EHLO x\nS: 250-mx";
	struct session s = {.lines = lines};
	struct dialogue d;

	(void)state;
	for (int i = 0; i < 3 * DIALOGUE_KEYWORDS_MAX; i++)
		strcat(lines, "\nS: 250-KEYWORD");
	strcat(lines, "\nS: 250 STARTTLS");
	dialogue_read(&s, &d);
	assert_int_equal(d.keywords_n, DIALOGUE_KEYWORDS_MAX);
	assert_true(d.offers);
}

static void certificates(void **state)
{
	const char *text = "CN = mx\tCN = CA\t01\tDNS:mx\tfrom\tuntil\nCN = CA\tCN = CA\t02\n\tx";
	struct certificate c;

	(void)state;
	assert_true(dialogue_next_certificate(&text, &c));
	check_slice(&c.subject, "CN = mx");
	check_slice(&c.names, "DNS:mx");
	check_slice(&c.until, "until");
	assert_true(dialogue_next_certificate(&text, &c));
	check_slice(&c.serial, "02");
	check_slice(&c.names, NULL);
	assert_true(dialogue_next_certificate(&text, &c));
	check_slice(&c.subject, NULL);
	check_slice(&c.issuer, "x");
	assert_false(dialogue_next_certificate(&text, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(understood),
		cmocka_unit_test(many_keywords),
		cmocka_unit_test(certificates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
