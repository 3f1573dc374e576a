/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of the other mail ports and what to do next: words that must and must not stand
 * there. */
#include "base/text.h"
#include "infer/infer.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CONTROL	    "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s "
#define SILENT_1    CONTROL "6xt*. 3xt1e 3xt2. 3xt3. 3xt4. "
#define SILENT_2    CONTROL "6xt*. 3xt1e 3xt2e 3xt3. 3xt4. "
#define PASSES	    CONTROL "3xt*. 3xt1e 3xt2e 3xt3e 3xt4. "
#define CLOSED	    CONTROL "3xt*r61 1xt1e 1xt2e 1xt3e 3xt4r61"
#define DARK_REJECT "6xc*s 3xc1. 3xc2e 3xc3e 3xc4s 6xt*i1/63 3xt1. 3xt2i1/1 3xt3i1/2 3xt4i1/3"
#define SERVERS_N   3

static const struct {
	const char *name;
	const char *words; /* of each server */
	const char *says;  /* NULL: nothing in particular */
	const char *never;
} rows[] = {
	{"465 is silent as well", SILENT_1 "3xk*.", "All mail ports fail alike (465, 587)", NULL},
	{"465 is open", SILENT_1 "3xk*s", "Of the mail ports only 587 fails; 465 answers", NULL},
	{"465 is refused by the server itself", SILENT_1 "3xk*r61", NULL, "fail alike"},
	{"465 is refused: 587 alone is silent", SILENT_2 "3xk*r60",
	 "only 587 fails like this; 465 is refused", "fail alike"},
	{"465 is accepted by somebody nearer", SILENT_2 "3xk*s64", NULL, "try port 465"},
	{"465 is rejected", SILENT_1 "3xk*i9/61", NULL, "fail alike"},
	{"the router is a suspect", SILENT_1, "router's WAN port", NULL},
	{"SYNs passed the router: no capture there", SILENT_2, "Ask your provider's support",
	 "WAN port"},
	{"SYNs passed every router: the server's side is captured", PASSES, "Capture on the server",
	 "WAN port|outgoing rules"},
	{"SYNs passed the router: it may drop the answers", PASSES, "what it does with answers",
	 NULL},
	{"SYNs passed the router that is no suspect", SILENT_2, NULL, "what it does with answers"},
	{"no answer came to the device: this host drops none", PASSES,
	 "its own firewall drops none", NULL},
	{"a hop that rejects is not silent", DARK_REJECT, "that is hop 1.", "does not answer"},
	{"the provider or the server: both are asked", PASSES, "the server's operator as well",
	 NULL},
	{"three closed servers lie at three places", CLOSED, NULL, "more than one cause"},
	{"465 answers: it is offered", SILENT_2 "3xk*s", "For now try port 465", NULL},
	{"465 was not spoken to: no more is said of it", SILENT_2 "3xk*s",
	 "no more was tried on it", "What works now"},
	{"the provider may be it: others are asked", SILENT_1, "whoblocks outside FOLDER", NULL},
	{"the server refuses: nobody is", CLOSED, NULL, "whoblocks outside"},
	{"465 is silent: it is not", SILENT_2 "3xk*.", NULL, "try port 465"},
};

/* Reasons and advice, one a line. */
static void gather(const struct result *r, struct text *out)
{
	for (size_t i = 0; i < r->verdict.reasons_n; i++)
		text_addf(out, "%s\n", r->verdict.reasons[i].text);
	for (size_t i = 0; i < r->verdict.next_n; i++)
		text_addf(out, "%s\n", r->verdict.next[i]);
}

/* Whether one of the alternatives, parted by '|', stands in the text. */
static bool stands(const char *text, const char *alternatives)
{
	char one[128];
	for (const char *at = alternatives; *at;) {
		size_t n = strcspn(at, "|");
		assert_true(n < sizeof(one));
		memcpy(one, at, n);
		one[n] = '\0';
		if (strstr(text, one))
			return true;
		at += n + (at[n] == '|');
	}
	return false;
}

/* What is said where every server answers as in the words, and the kernel counted so. */
static void say(const char *words, const struct counter *counter, struct text *said)
{
	struct trace t;
	struct result r;
	trace_init(&t);
	script_route(&t);
	for (uint8_t s = 0; s < SERVERS_N; s++)
		script_run(&t, script_server(&t, (uint8_t)(113 + s)), words);
	assert_true(!counter || trace_add_counter(&t, counter));
	assert_int_equal(infer_judge(&t, &r), 0);
	gather(&r, said);
	result_free(&r);
	trace_free(&t);
}

static void words_fit_the_ports(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text said = {0};
		say(rows[i].words, NULL, &said);
		if ((rows[i].says && !stands(text_str(&said), rows[i].says)) ||
		    (rows[i].never && stands(text_str(&said), rows[i].never)))
			fail_msg("%s:\n%s", rows[i].name, text_str(&said));
		text_free(&said);
	}
}

/* That no rule was found is said only where all were read. */
static void rules_were_read(void **state)
{
	static const char *const says[] = {"and it found none", "than this program could read"};
	static const struct counter counter = {COUNTER_RULES_UNREAD, 1};
	(void)state;
	for (size_t unread = 0; unread < 2; unread++) {
		struct text said = {0};
		say("6xc*s 3xt*-", unread ? &counter : NULL, &said);
		if (!stands(text_str(&said), says[unread]) ||
		    stands(text_str(&said), says[1 - unread]))
			fail_msg("%s", text_str(&said));
		text_free(&said);
	}
}

/* A rented machine, and one behind a tunnel, has no router of its user's. */
static const struct {
	const char *name, *words;
	bool cloud, tunnel;
	const char *says[3], *never[4];
	uint8_t client[4]; /* this host's address, 0: a private one */
} machines[] = {
	{"at home",
	 SILENT_1,
	 false,
	 false,
	 {"your router's output", "parental"},
	 {"cloud operator"},
	 {0}},
	{"rented: the hypervisor or the network",
	 SILENT_1,
	 true,
	 false,
	 {"hypervisor", "security groups", "support of the cloud operator"},
	 {"router", "parental", "WAN port", "RFC 5068"},
	 {0}},
	{"rented: the network",
	 SILENT_2,
	 true,
	 false,
	 {"cloud operator's network", "support of the cloud operator"},
	 {"your router", "parental", "hypervisor"},
	 {0}},
	{"the far end of a tunnel",
	 SILENT_1,
	 false,
	 true,
	 {"whoever runs the far end of the tunnel", "with -i and the device"},
	 {"your router", "parental", "local network", "with the VPN up"},
	 {0}},
	{"an address of its own, and no firmware that says whose the machine is",
	 SILENT_1,
	 false,
	 false,
	 {"whoever runs the first routers", "its provider's console", "ask its network team"},
	 {"your router", "parental", "local network", "WAN port"},
	 {203, 0, 114, 20}},
	{"a telephone's shared address",
	 SILENT_1,
	 false,
	 false,
	 {"whoever runs the first routers"},
	 {"your router", "parental", "local network", "WAN port"},
	 {100, 64, 9, 20}},
	{"an address of its own: the network",
	 SILENT_2,
	 false,
	 false,
	 {"the provider's network or"},
	 {"your router", "parental", "console", "WAN port"},
	 {203, 0, 114, 20}},
	{"a rented machine's tunnel",
	 SILENT_1,
	 true,
	 true,
	 {"tunnel"},
	 {"hypervisor", "parental"},
	 {0}},
};

static void machine_run(struct trace *t, uint32_t server, size_t i)
{
	if (machines[i].client[0])
		t->servers[server].client = addr_v4(machines[i].client);
	script_run(t, server, machines[i].words);
}

static void words_fit_the_machine(void **state)
{
	const struct note note = {.kind = "cloud", .text = "rented", .server = TRACE_NONE};

	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		struct text said = {0};
		struct result r;
		struct trace t;

		trace_init(&t);
		script_route(&t);
		t.routes[0].has_link_header = !machines[i].tunnel;
		if (machines[i].cloud)
			assert_true(trace_add_note(&t, &note));
		for (uint8_t s = 0; s < SERVERS_N; s++)
			machine_run(&t, script_server(&t, (uint8_t)(113 + s)), i);
		assert_int_equal(infer_judge(&t, &r), 0);
		text_addf(&said, "%s\n", r.verdict.sentence);
		for (size_t k = 0; k < r.verdict.judgement.suspects_n; k++)
			text_addf(&said, "%s\n", r.verdict.judgement.suspects[k].text);
		gather(&r, &said);
		for (size_t k = 0; k < 3 && machines[i].says[k]; k++) {
			if (!strstr(text_str(&said), machines[i].says[k]))
				fail_msg("%s, '%s':\n%s", machines[i].name, machines[i].says[k],
					 text_str(&said));
		}
		for (size_t k = 0; k < 4 && machines[i].never[k]; k++) {
			if (strstr(text_str(&said), machines[i].never[k]))
				fail_msg("%s, not '%s':\n%s", machines[i].name,
					 machines[i].never[k], text_str(&said));
		}
		text_free(&said);
		result_free(&r);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(words_fit_the_ports),
					   cmocka_unit_test(rules_were_read),
					   cmocka_unit_test(words_fit_the_machine)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
