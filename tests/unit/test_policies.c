/* SPDX-License-Identifier: BSD-2-Clause */
/* Which operators' words are added, by the networks on the way. */
#include "cli/live/policies.h"
#include "io_test.h"

struct row {
	uint32_t asn;
	const char *name;
	const char *operator; /* NULL: nothing is known */
};

static const struct row rows[] = {
	{12876, "whatever", "Scaleway"},
	{0, "Scaleway S.a.s.", "Scaleway"},
	{0, "SCALEWAY", "Scaleway"},
	/* A number that is known to be somebody else's outweighs the name. */
	{64500, "Scaleway", NULL},
	{0, "Upscaleway", NULL},
	{0, NULL, NULL},
	{64500, "Example Access", NULL},
	{10796, "x", "Spectrum"},
	{7922, NULL, "Comcast"},
};

static void matched(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct server server = {.host = "mx.example", .port = 587};
		struct network network = {.asn = rows[i].asn, .name = rows[i].name};
		struct trace t;

		trace_init(&t);
		assert_true(addr_parse("203.0.113.25", &server.addr));
		assert_true(addr_parse("198.51.100.7", &server.client));
		assert_true(prefix_parse("198.51.100.0/24", &network.prefix));
		assert_true(trace_add_server(&t, &server) && trace_add_network(&t, &network));
		policies_match(&t);
		policies_match(&t);
		if (t.policies_n != (rows[i].operator? 1u : 0u))
			print_error("row %zu\n", i);
		assert_int_equal(t.policies_n, rows[i].operator? 1 : 0);
		if (rows[i].operator)
			assert_string_equal(t.policies[0].operator, rows[i].operator);
		trace_free(&t);
	}
}

/* What the server's own operator says is not about the way. */
static void not_the_servers(void **state)
{
	struct server server = {.host = "mx.example", .port = 587};
	struct network network = {.asn = 12876};
	struct trace t;

	(void)state;
	trace_init(&t);
	assert_true(addr_parse("198.51.100.25", &server.addr));
	assert_true(prefix_parse("198.51.100.0/24", &network.prefix));
	assert_true(trace_add_server(&t, &server) && trace_add_network(&t, &network));
	policies_match(&t);
	assert_int_equal(t.policies_n, 0);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matched),
		cmocka_unit_test(not_the_servers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
