/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "foreign_play.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define C	     "192.0.2.1"
#define S	     "203.0.113.25"
#define R	     "198.51.100.9"

static void add_probe(struct text *out, const struct trace *t, const struct probe *p)
{
	static const char kinds[] = "SRERO";

	text_addf(out, "%s%u/%u", out->len ? " " : "", p->dst_port, p->ttl);
	if (p->implied)
		text_add(out, "?");
	if (p->sent > 1)
		text_addf(out, "x%u", p->sent);
	if (p->copies)
		text_addf(out, "=%u", p->copies);
	for (uint32_t at = p->first_reply; at != TRACE_NONE; at = t->replies[at].next) {
		const struct reply *r = &t->replies[at];

		text_addf(out, " %c%u", r->kind == REPLY_RESET ? 'r' : kinds[r->kind], r->ttl);
		if (r->kind == REPLY_RESET && !r->ack_valid)
			text_add(out, "!");
		if (r->copies)
			text_addf(out, "=%u", r->copies);
	}
}

/*
 * A probe is PORT/TTL, "?" when its SYN was not captured, xN times sent, =N copies; then its
 * replies: S SYN-ACK, r reset ("!" invalid), E expiry, R rejection, O oddity, with the TTL they
 * arrived with.
 */
static const struct ledger_row {
	const char *script, *ledger;
} ledger_rows[] = {
	/* a kernel's connection with retransmissions */
	{"0 " C ":4000 > " S ":587 S seq 5 id 1\n"
	 "1000 " C ":4000 > " S ":587 S seq 5 id 2\n"
	 "3000 " C ":4000 > " S ":587 S seq 5 id 3\n",
	 "587/64x3"},
	/* tools that trace a path: the same SYN with rising TTLs, told apart by IP ID */
	{"0 " C ":4000 > " S ":587 S seq 5 ttl 1 id 11\n"
	 "1 " R " > " C " icmp 11 0 of " C ":4000 > " S ":587 seq 5 id 11\n"
	 "2 " C ":4000 > " S ":587 S seq 5 ttl 2 id 12\n"
	 "3 " C ":4000 > " S ":587 S seq 5 ttl 2 id 13\n"
	 "4 " R " > " C " icmp 11 0 of " C ":4000 > " S ":587 seq 5 id 12\n"
	 "5 " C ":4000 > " S ":587 S seq 5 ttl 3 id 14\n"
	 "6 " S ":587 > " C ":4000 SA seq 9 ack 6 ttl 60\n",
	 "587/1 E250 587/2 E250 587/2 587/3 S60"},
	/* captured before and behind a router: nearest to the client counts */
	{"10 " C ":4000 > " S ":587 S seq 5 ttl 64 id 1\n"
	 "11 " C ":4000 > " S ":587 S seq 5 ttl 63 id 1\n"
	 "20 " S ":587 > " C ":4000 SA seq 9 ack 6 ttl 61 id 4\n"
	 "21 " S ":587 > " C ":4000 SA seq 9 ack 6 ttl 60 id 4\n",
	 "587/64=1 S60=1"},
	/* answers only */
	{"0 " R " > " C " icmp 11 0 of " C ":4000 > " S ":587 seq 5\n"
	 "1 " S ":587 > " C ":4000 SA seq 9 ack 7 ttl 60\n"
	 "2 " S ":587 > " C ":4001 RA seq 0 ack 8 ttl 60\n",
	 "587/0? E250 587/0? S60 587/0? r60"},
	/* a reset in the middle of a connection says nothing of a SYN */
	{"0 " C ":4000 > " S ":587 S seq 5\n"
	 "1 " S ":587 > " C ":4001 RA seq 77 ack 8\n",
	 "587/64"},
	/* the answer came first in the file: merged captures */
	{"0 " S ":587 > " C ":4000 SA seq 9 ack 6 ttl 60\n"
	 "1 " C ":4000 > " S ":587 S seq 5\n",
	 "587/64 S60"},
	/* a forged reset beside the server's answer */
	{"0 " C ":4000 > " S ":587 S seq 5\n"
	 "1 " S ":587 > " C ":4000 RA seq 1 ack 0 ttl 63\n"
	 "2 " S ":587 > " C ":4000 SA seq 9 ack 6 ttl 60\n",
	 "587/64 r63! S60"},
	/* the ports again after a refusal, where the capture lacks the second SYN */
	{"0 " C ":4000 > " S ":587 S seq 5\n"
	 "1 " S ":587 > " C ":4000 RA seq 0 ack 6 ttl 60\n"
	 "9 " S ":587 > " C ":4000 SA seq 9 ack 900 ttl 60\n",
	 "587/64 r60 587/0? S60"},
	/* the same after silence: only who acknowledges it had asked */
	{"0 " C ":4000 > " S ":587 S seq 5\n"
	 "9 " S ":587 > " C ":4000 SA seq 9 ack 900 ttl 60\n",
	 "587/64 O60"},
	{"0 " C ":4000 > " S ":587 S seq 5\n"
	 "9 " S ":587 > " C ":4000 SA seq 9 ack 900 ttl 60\n"
	 "10 " C ":4000 > " S ":587 A seq 900 ack 9\n",
	 "587/64 O60"},
	{"0 " C ":4000 > " S ":587 S seq 5\n"
	 "1 " S ":587 > " C ":4000 SA seq 7 ack 8 ttl 50\n"
	 "9 " S ":587 > " C ":4000 SA seq 9 ack 900 ttl 60\n"
	 "10 " C ":4000 > " S ":587 A seq 900 ack 10\n"
	 "11 " S ":587 > " C ":4000 SA seq 7 ack 8 ttl 49\n",
	 "587/64 O50 587/0? S60 O49"},
	/* another client with the same ports is nobody's business */
	{"0 " C ":4000 > " S ":587 S seq 5\n"
	 "1 192.0.2.2:4000 > " S ":587 S seq 6\n"
	 "2 " S ":587 > 192.0.2.2:4000 SA seq 9 ack 7\n"
	 "3 " C ":4001 > " S ":587 S seq 7\n",
	 "587/64 587/64"},
};

static void test_ledger(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ledger_rows); i++) {
		struct survey_wish wish = {.port = 587};
		struct survey_choice choice;
		struct text ledger = {0};
		struct trace t;

		play(ledger_rows[i].script, &wish, &t, &choice);
		for (size_t k = 0; k < t.probes_n; k++)
			add_probe(&ledger, &t, &t.probes[k]);
		assert_string_equal(text_str(&ledger), ledger_rows[i].ledger);
		text_free(&ledger);
		trace_free(&t);
	}
}

static void describe(const struct trace *t, const struct survey_choice *choice, struct text *out)
{
	char buf[ADDR_TEXT_BYTES];

	text_addf(out, "%u", choice->port);
	for (size_t i = 0; i < t->servers_n; i++) {
		const struct server *s = &t->servers[i];

		text_addf(out, "; %s", addr_text(&s->client, buf));
		text_addf(out, " > %s", addr_text(&s->addr, buf));
		for (size_t k = 0; k < s->controls_n; k++)
			text_addf(out, " %u", s->controls[k]);
	}
	if (t->run.hosts_unknown)
		text_add(out, "; measured");
}

/* Whoever asked whom: the port, then client > server and its controls. */
static void test_choice(void **state)
{
	static const struct {
		const char *script;
		uint16_t port;
		bool given;
		const char *client, *choice;
	} rows[] = {
		{"0 " C ":1 > " S ":993 S\n1 " S ":993 > " C ":1 SA ack 1\n"
		 "2 " C ":2 > " S ":587 S\n3 " C ":3 > " S ":443 S\n",
		 587, false, NULL, "587; 192.0.2.1 > 203.0.113.25 993 443"},
		{"0 " C ":1 > " S ":25 S\n1 " C ":2 > " S ":443 S\n", 587, false, NULL,
		 "25; 192.0.2.1 > 203.0.113.25 443"},
		{"0 " C ":1 > " S ":25 S\n", 587, true, NULL, "587"},
		{"0 " C ":1 > " S ":80 S\n1 " S ":80 > " C ":1 SA ack 1\n2 " C ":2 > " S
		 ":8080 S\n",
		 587, false, NULL, "8080; 192.0.2.1 > 203.0.113.25 80"},
		/* the one who asks more; then an inner address before its translation */
		{"0 192.0.2.7:1 > " S ":587 S\n1 " C ":1 > " S ":587 S\n2 " C ":2 > " S ":587 S\n",
		 587, false, NULL, "587; 192.0.2.1 > 203.0.113.25"},
		{"0 " C ":1 > " S ":587 S\n1 192.168.1.2:1 > " S ":587 S\n", 587, false, NULL,
		 "587; 192.168.1.2 > 203.0.113.25"},
		{"0 192.0.2.7:1 > " S ":587 S\n1 " C ":1 > " S ":587 S\n2 " C ":2 > " S ":587 S\n",
		 587, false, "192.0.2.7", "587; 192.0.2.7 > 203.0.113.25"},
		/* nothing but answers */
		{"0 " S ":587 > " C ":1 SA ack 1\n1 " S ":993 > " C ":2 RA ack 1\n", 587, false,
		 NULL, "587; 192.0.2.1 > 203.0.113.25 993"},
		/* two servers whose ways are traced are a measurement */
		{"0 " C ":1 > " S ":587 S ttl 3\n1 " C ":1 > 198.51.100.25:587 S ttl 3\n", 587,
		 false, NULL, "587; 192.0.2.1 > 203.0.113.25; 192.0.2.1 > 198.51.100.25; measured"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct survey_wish wish = {.port = rows[i].port, .port_given = rows[i].given};
		struct survey_choice choice;
		struct text text = {0};
		struct trace t;

		if (rows[i].client)
			play_addr(rows[i].client, &wish.client);
		play(rows[i].script, &wish, &t, &choice);
		describe(&t, &choice, &text);
		assert_string_equal(text_str(&text), rows[i].choice);
		text_free(&text);
		trace_free(&t);
	}
}

/* What is assumed is said. */
static void test_notes(void **state)
{
	static const struct {
		const char *script, *note;
	} rows[] = {
		{"0 " C ":1 > " S ":25 S\n", "nobody asked port 587: port 25 is judged"},
		{"0 " C ":1 > " S ":587 S\n", "192.0.2.1 is taken as the client"},
		{"0 " C ":1 > " S ":587 S\n1 192.0.2.9:1 > " S ":587 S\n", "1 more asked"},
		{"0 " C ":1 > " S ":587 S ttl 62\n", "about 2 hops away from the client"},
		{"0 " C ":1 > " S ":587 S\n", "nothing that came back"},
		{"0 " S ":587 > " C ":1 SA ack 1\n", "answers only"},
		{"0 " C ":1 > " S ":587 S\n1 " S ":587 > " C ":1 SA ack 1\n",
		 "SYNs and SYN-ACKs only"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct survey_wish wish = {.port = 587};
		struct survey_choice choice;
		struct trace t;
		bool found = false;

		play(rows[i].script, &wish, &t, &choice);
		for (size_t k = 0; k < t.notes_n; k++)
			found = found || strstr(t.notes[k].text, rows[i].note);
		if (!found)
			fail_msg("not said: %s", rows[i].note);
		trace_free(&t);
	}
}

/* More controls than there is room for: those that answer stay. */
static void test_many_controls(void **state)
{
	struct survey_wish wish = {.port = 587};
	struct survey_choice choice;
	struct text script = {0};
	struct trace t;

	(void)state;
	text_add(&script, "0 " C ":1 > " S ":587 S\n");
	for (unsigned port = 1000; port < 1100; port++)
		text_addf(&script, "1 " C ":%u > " S ":%u S\n", port, port);
	text_add(&script, "2 " S ":1099 > " C ":1099 SA ack 1\n");
	text_add(&script, "2 " S ":1098 > " C ":1098 RA ack 1\n");
	play(text_str(&script), &wish, &t, &choice);
	assert_int_equal(t.servers_n, 1);
	assert_int_equal(t.servers[0].controls_n, TRACE_PORTS_MAX);
	assert_int_equal(t.servers[0].controls[0], 1099);
	assert_int_equal(t.servers[0].controls[1], 1098);
	text_free(&script);
	trace_free(&t);
}

/* More servers than are judged: the rest is left out, and that is said. */
static void test_many_servers(void **state)
{
	struct survey_wish wish = {.port = 587};
	struct survey_choice choice;
	struct text script = {0};
	struct trace t;
	bool said = false;

	(void)state;
	for (unsigned i = 0; i < SURVEY_SERVERS_MAX + 7; i++)
		text_addf(&script, "1 " C ":9 > 198.18.%u.%u:587 S\n", i / 250, i % 250 + 1);
	play(text_str(&script), &wish, &t, &choice);
	assert_int_equal(t.servers_n, SURVEY_SERVERS_MAX);
	assert_int_equal(choice.servers_over, 7);
	for (size_t i = 0; i < t.notes_n; i++)
		said = said || strstr(t.notes[i].text, "7 are left out");
	assert_true(said);
	text_free(&script);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ledger),	     cmocka_unit_test(test_choice),
		cmocka_unit_test(test_notes),	     cmocka_unit_test(test_many_controls),
		cmocka_unit_test(test_many_servers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
