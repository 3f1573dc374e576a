/* SPDX-License-Identifier: BSD-2-Clause */
/* One row a set of servers: how their mail sessions went, and what is made of the first. */
#include "infer/infer.h"
#include "infer/rules/claim.h"
#include "infer/scene/build.h"
#include "infer/scene/sessions.h"
#include "infer/tell/mail.h"
#include "trace_script.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OPEN	     "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s 3xt*s 1xt1e 1xt2e 1xt3e 1xt4s"
#define UNEVENLY     "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s 3xt*r62 3xt*s 1xt1e 2xt2e 2xt3r62 2xt3e 1xt4s"
#define DIALOGUE     "S: 220 mx%c.example ESMTP\nC: EHLO x\n"
#define OFFERED	     DIALOGUE "S: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go"
#define BARE	     DIALOGUE "S: 250-mx\nS: 250 DSN"
#define MASKED	     DIALOGUE "S: 250-mx\nS: 250 XXXXXXXA"
#define DENIED	     DIALOGUE "S: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 not now"

/* How one server's session went; unlisted: nobody knows what it offers. */
enum course {
	NONE, /* no such server */
	GOOD,
	FOREIGN_CA, /* everybody's certificate by the same unknown authority */
	OWN_CA,	    /* each by another unknown one, with the right name */
	NO_STARTTLS,
	NO_STARTTLS_UNLISTED,
	MASK_UNLISTED,
	REFUSED,
	RESET,
	CUT,	   /* reset so soon that connect() fails */
	UNREACHED, /* connect() fails */
	STUCK,
	TARPIT,
	SILENT,
	SHUT,	/* as SILENT, accepted with a window of 0 */
	OPENED, /* as SHUT, and the window was opened */
	POLICY,
	UNEVEN, /* as FOREIGN_CA, and some SYNs are reset */
	BUSY,	/* as POLICY, for the moment */
	ENDED,	/* before a word */
	WEB,
	SMARTHOST,
	FLOOD,
	UNLISTED_CA,
};

struct row {
	enum course servers[3];
	enum state state;
	enum mechanism mechanism;
	const char *rule;
};

static const struct row rows[] = {
	{{GOOD}, STATE_OPEN, MECHANISM_NONE, "tls-verified"},
	{{NO_STARTTLS, NO_STARTTLS},
	 STATE_DEGRADED,
	 MECHANISM_STARTTLS_STRIPPED,
	 "starttls-missing"},
	{{REFUSED, NO_STARTTLS}, STATE_DEGRADED, MECHANISM_STARTTLS_STRIPPED, "starttls-missing"},
	{{MASK_UNLISTED}, STATE_DEGRADED, MECHANISM_STARTTLS_STRIPPED, "starttls-missing"},
	/* One server without STARTTLS accuses nobody. */
	{{NO_STARTTLS, GOOD, GOOD}, STATE_OPEN, MECHANISM_NONE, "no-starttls"},
	{{NO_STARTTLS, NO_STARTTLS, GOOD}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "no-starttls-doubt"},
	{{NO_STARTTLS_UNLISTED, GOOD}, STATE_OPEN, MECHANISM_NONE, "no-starttls"},
	{{NO_STARTTLS_UNLISTED}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "no-starttls-doubt"},
	{{NO_STARTTLS_UNLISTED, NO_STARTTLS_UNLISTED},
	 STATE_UNKNOWN,
	 MECHANISM_UNKNOWN,
	 "no-starttls-doubt"},
	{{FOREIGN_CA, FOREIGN_CA}, STATE_INTERCEPTED, MECHANISM_TLS_INTERCEPTED, "tls-untrusted"},
	{{UNEVEN, UNEVEN}, STATE_INTERCEPTED, MECHANISM_TLS_INTERCEPTED, "tls-untrusted"},
	{{FOREIGN_CA, GOOD}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "certificate-doubt"},
	{{UNLISTED_CA, GOOD}, STATE_OPEN, MECHANISM_NONE, "certificate-own"},
	{{UNLISTED_CA}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "certificate-doubt"},
	/* A host that trusts nobody sees many issuers: that is no interception. */
	{{OWN_CA, OWN_CA, OWN_CA}, STATE_OPEN, MECHANISM_NONE, "certificates-unverifiable"},
	{{SMARTHOST, SMARTHOST}, STATE_INTERCEPTED, MECHANISM_REDIRECT, "same-answer"},
	{{RESET, RESET}, STATE_DEGRADED, MECHANISM_RESET_AFTER_HANDSHAKE, "cut-off"},
	{{CUT, GOOD}, STATE_DEGRADED, MECHANISM_RESET_AFTER_HANDSHAKE, "cut-off"},
	{{UNREACHED, GOOD}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "no-session"},
	{{STUCK, STUCK}, STATE_DEGRADED, MECHANISM_STALL_AFTER_HANDSHAKE, "stalled"},
	/* Acknowledged and not answered: a server may take its time. */
	{{TARPIT, TARPIT}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "stalled"},
	{{SILENT}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "no-greeting"},
	/* Accepted with no window, and nothing since. */
	{{SHUT}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "held-shut"},
	{{OPENED}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "no-greeting"},
	{{POLICY, GOOD}, STATE_CLOSED, MECHANISM_CLOSED, "declined"},
	{{POLICY, POLICY, POLICY}, STATE_CLOSED, MECHANISM_CLOSED, "declined"},
	{{BUSY, GOOD}, STATE_DEGRADED, MECHANISM_CLOSED, "temporary"},
	/* All servers stand at one hop behind one router: whoever is there may hide anything. */
	{{ENDED, ENDED}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "accepts-all"},
	{{WEB, WEB}, STATE_INTERCEPTED, MECHANISM_REDIRECT, "not-smtp"},
	{{WEB, GOOD}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "not-smtp"},
	{{FLOOD}, STATE_UNKNOWN, MECHANISM_UNKNOWN, "odd-dialogue"},
};

static const char *lines_of(enum course course)
{
	switch (course) {
	case NO_STARTTLS:
	case NO_STARTTLS_UNLISTED:
		return BARE;
	case MASK_UNLISTED:
		return MASKED;
	case REFUSED:
		return DENIED;
	case RESET:
	case STUCK:
	case TARPIT:
		return DIALOGUE;
	case POLICY:
		return "S: 554 5.7.1 mx%c.example no service";
	case BUSY:
		return "S: 421 4.3.2 mx%c.example busy";
	case WEB:
		return "S: HTTP/1.1 302 Found";
	case SMARTHOST:
		return "S: 220 relay.example ESMTP";
	case SILENT:
	case SHUT:
	case OPENED:
	case ENDED:
		return NULL;
	default:
		return OFFERED;
	}
}

static void fill(struct session *s, enum course course)
{
	switch (course) {
	case GOOD:
		s->stage = SESSION_COMPLETE;
		s->has_verify = s->name_checked = s->name_fits = true;
		break;
	case FOREIGN_CA:
	case UNEVEN:
	case OWN_CA:
	case UNLISTED_CA:
		s->stage = SESSION_COMPLETE;
		s->pass = SESSION_NAMELESS;
		break;
	case RESET:
	case SMARTHOST:
		s->stage = SESSION_GREETED;
		s->end = SESSION_RESET;
		break;
	case STUCK:
	case TARPIT:
		s->stage = SESSION_GREETED;
		s->end = SESSION_SILENT;
		s->stuck = course == STUCK;
		break;
	case SILENT:
	case SHUT:
	case OPENED:
	case WEB:
		s->stage = SESSION_CONNECTED;
		s->end = course == WEB ? SESSION_BROKEN : SESSION_SILENT;
		break;
	case ENDED:
		s->stage = SESSION_CONNECTED;
		s->end = SESSION_CLOSED;
		break;
	case FLOOD:
		s->stage = SESSION_GREETED;
		s->end = SESSION_FLOODED;
		break;
	case CUT:
	case UNREACHED:
		s->end = SESSION_REFUSED;
		s->error = course == CUT ? ECONNRESET : ETIMEDOUT;
		break;
	default:
		s->stage = SESSION_ANSWERED;
		s->end = SESSION_NO_TLS;
	}
}

/* A segment in the server's name. */
static void open_window(struct trace *t, const struct session *s)
{
	struct flow_packet p = {.probe = trace_session_probe(t, s), .kind = FLOW_IN};

	assert_int_not_equal(p.probe, TRACE_NONE);
	p.from = t->servers[s->server].addr;
	p.at_ns = t->last_ns;
	assert_true(trace_add_flow_packet(t, &p));
}

static void add(struct trace *t, uint8_t n, enum course course)
{
	char lines[512], chain[256], host[32];
	char letter = (char)('a' + n);
	uint32_t index = script_server(t, (uint8_t)(n + 1));
	const char *form = lines_of(course);
	bool zero = course == SHUT || course == OPENED;
	struct session s = {.server = index, .port = SCRIPT_TARGET, .src_port = 50000};

	snprintf(host, sizeof(host), "mx%c.example%c", letter, letter);
	t->servers[index].host = arena_copy(&t->strings, host);
	t->servers[index].listed =
		course != NO_STARTTLS_UNLISTED && course != MASK_UNLISTED && course != UNLISTED_CA;
	script_run(t, index,
		   course == CUT      ? OPEN " t*b62@20000"
		   : zero	      ? OPEN " t*z61@20000"
		   : course == UNEVEN ? UNEVENLY
				      : OPEN);
	fill(&s, course);
	if (course == OPENED)
		open_window(t, &s);
	for (size_t i = 0, at = 0; form && at + 2 < sizeof(lines); i++) {
		bool place = form[i] == '%';
		lines[at++] = place ? letter : form[i];
		if (!form[i])
			break;
		i += place;
	}
	s.lines = form ? lines : NULL;
	snprintf(chain, sizeof(chain), "CN = mx\tCN = Root%c\t0%c\tDNS:x.example, DNS:%s\t\t",
		 course == OWN_CA ? letter : '0', letter, host);
	s.chain = chain;
	assert_true(trace_add_session(t, &s));
}

static void judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct scene scene;
		struct claim claim;
		struct trace t;

		trace_init(&t);
		t.run.own = t.run.smtp = true;
		for (uint8_t n = 0; n < 3 && row->servers[n] != NONE; n++)
			add(&t, n, row->servers[n]);
		assert_int_equal(scene_build(&scene, &t), 0);
		claim_make(&scene, 0, &claim);
		if (strcmp(claim.rule, row->rule) != 0 || claim.state != row->state)
			print_error("row %zu: %s, state %d\n", i, claim.rule, (int)claim.state);
		assert_string_equal(claim.rule, row->rule);
		assert_int_equal(claim.state, row->state);
		assert_int_equal(claim.mechanism, row->mechanism);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* One server that ends what it accepts is named only where another one shows who accepts there. */
static void alone(void **state)
{
	static const struct {
		enum course other;
		bool placed;
	} cases[] = {{NONE, false}, {GOOD, true}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct result r;
		struct trace t;

		trace_init(&t);
		t.run.own = t.run.smtp = true;
		t.run.hosts_given = true;
		add(&t, 0, RESET);
		if (cases[i].other != NONE)
			add(&t, 1, cases[i].other);
		assert_int_equal(infer_judge(&t, &r), 0);
		assert_int_equal(r.findings[0].judgement.state, STATE_DEGRADED);
		assert_int_equal(r.findings[0].judgement.blocker,
				 cases[i].placed ? BLOCKER_REMOTE : BLOCKER_UNKNOWN);
		if (!cases[i].placed) {
			assert_int_equal(r.verdict.judgement.suspects_n, 4);
			assert_non_null(strstr(r.verdict.next[0], "another operator"));
		}
		result_free(&r);
		trace_free(&t);
	}
}

/* A farm that offers STARTTLS in one session of several offers it. */
static void sometimes(void **state)
{
	struct scene scene;
	struct claim claim;
	struct trace t;

	(void)state;
	trace_init(&t);
	t.run.own = t.run.smtp = true;
	add(&t, 0, NO_STARTTLS);
	add(&t, 1, NO_STARTTLS);
	struct session good = {.server = 0, .port = SCRIPT_TARGET, .lines = OFFERED};
	fill(&good, GOOD);
	assert_true(trace_add_session(&t, &good));
	assert_int_equal(scene_build(&scene, &t), 0);
	claim_make(&scene, 0, &claim);
	assert_string_equal(claim.rule, "tls-verified");
	claim_make(&scene, 1, &claim);
	assert_int_equal(claim.state, STATE_OPEN);
	assert_true(scene.mails[0].sometimes);
	scene_free(&scene);
	trace_free(&t);
}

/* Why no login is offered without TLS: what was refused is not missing. */
static void login(void **state)
{
	static const enum course courses[] = {NO_STARTTLS, REFUSED};

	(void)state;
	for (size_t i = 0; i < COUNT(courses); i++) {
		struct scene scene;
		struct arena arena = {0};
		struct trace t;

		trace_init(&t);
		t.run.own = t.run.smtp = true;
		add(&t, 0, courses[i]);
		assert_int_equal(scene_build(&scene, &t), 0);
		const char *text = mail_login(&scene, 0, &arena);
		assert_non_null(text);
		assert_int_equal(strstr(text, "missing") != NULL, courses[i] == NO_STARTTLS);
		assert_int_equal(strstr(text, "was refused") != NULL, courses[i] == REFUSED);
		arena_free(&arena);
		scene_free(&scene);
		trace_free(&t);
	}
}

static void names(void **state)
{
	static const struct {
		const char *names, *host;
		bool fits;
	} cases[] = {
		{"DNS:mx.example", "mx.example", true},
		{"DNS:mx.example", "MX.Example", true},
		{"DNS:a.example, DNS:mx.example", "mx.example", true},
		{"DNS:*.example", "mx.example", true},
		{"DNS:*.example", "a.mx.example", false},
		{"DNS:*.example", "example", false},
		{"DNS:mx.example.org", "mx.example", false},
		{"", "mx.example", false},
		{"IP Address:192.0.2.1", "192.0.2.1", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice s = {cases[i].names, strlen(cases[i].names)};
		assert_int_equal(mail_names_fit(&s, cases[i].host), cases[i].fits);
	}
}

/* Sessions are asked for where a port answers, again where one tells too little. */
static void asked(void **state)
{
	struct mail_question q[64];
	struct trace t;
	size_t n;

	(void)state;
	trace_init(&t);
	t.run.own = t.run.smtp = true;
	script_route(&t);
	uint32_t server = script_server(&t, 1);
	assert_int_equal(mail_ask(&t, MAIL_HEARD, q, COUNT(q)), 0);
	script_run(&t, server, OPEN);
	n = mail_ask(&t, MAIL_HEARD, q, COUNT(q));
	assert_int_equal(n, 1);
	assert_int_equal(q[0].pass, SESSION_TLS);
	assert_int_equal(q[0].wanted, 1);
	add(&t, 1, NO_STARTTLS);
	n = mail_ask(&t, MAIL_HEARD, q, COUNT(q));
	assert_int_equal(n, 3);
	assert_int_equal(q[1].pass, SESSION_PLAIN);
	assert_int_equal(q[2].wanted, 3);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judged), cmocka_unit_test(alone), cmocka_unit_test(sometimes),
		cmocka_unit_test(login),  cmocka_unit_test(names), cmocka_unit_test(asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
