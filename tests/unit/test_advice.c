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

#define CONTROL	  "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s "
#define SILENT_1  CONTROL "6xt*. 3xt1e 3xt2. 3xt3. 3xt4. "
#define SILENT_2  CONTROL "6xt*. 3xt1e 3xt2e 3xt3. 3xt4. "
#define CLOSED	  CONTROL "3xt*r61 1xt1e 1xt2e 1xt3e 3xt4r61"
#define SERVERS_N 3

static const struct {
	const char *name;
	const char *words; /* of each server */
	const char *says;  /* NULL: nothing in particular */
	const char *never;
} rows[] = {
	{"465 is silent as well", SILENT_1 "3xk*.", "All mail ports fail alike (465, 587)", NULL},
	{"465 is open", SILENT_1 "3xk*s", "Of the mail ports only 587 fails; 465 answers", NULL},
	{"465 is refused by the server itself", SILENT_1 "3xk*r61", NULL, "fail alike"},
	{"465 is rejected", SILENT_1 "3xk*i9/61", NULL, "fail alike"},
	{"the router is a suspect", SILENT_1, "router's WAN port", NULL},
	{"SYNs passed the router: no capture there", SILENT_2, "Send the evidence", "WAN port"},
	{"three closed servers lie at three places", CLOSED, NULL, "more than one cause"},
	{"465 answers: it is offered", SILENT_2 "3xk*s",
	 "until then try port 465|Until then try port 465", NULL},
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

static void words_fit_the_ports(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct trace t;
		struct result r;
		struct text said = {0};
		trace_init(&t);
		script_route(&t);
		for (uint8_t s = 0; s < SERVERS_N; s++)
			script_run(&t, script_server(&t, (uint8_t)(113 + s)), rows[i].words);
		assert_int_equal(infer_judge(&t, &r), 0);
		gather(&r, &said);
		if ((rows[i].says && !stands(text_str(&said), rows[i].says)) ||
		    (rows[i].never && stands(text_str(&said), rows[i].never)))
			fail_msg("%s:\n%s", rows[i].name, text_str(&said));
		text_free(&said);
		result_free(&r);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(words_fit_the_ports)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
