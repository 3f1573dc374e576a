/* SPDX-License-Identifier: BSD-2-Clause */
/* Who owns a hop by the ASs on the way: a letter a hop, a set of roles a hop. */
#include "infer/scene/build.h"
#include "infer/scene/roles.h"
#include "infer/scene/scene.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define HOPS_MAX 12

/*
 * `way`: what the data say of the hops from the first on, the server at the end. X the provider's
 * AS, x another of the same company, Y and Z others, R the server's; - no AS, . silent, @ silent
 * but for the port's SYNs, which expire in the server's name.
 * `roles`: l local network, i provider, t transit, r remote; a word a hop.
 */
struct row {
	const char *way, *roles;
};

static const struct row rows[] = {
	/* Nothing is known: place alone. */
	{"----R", "l i itr itr r"},
	/* Interior and borders. */
	{"-XXXYYYRRR", "l i i it t t tr r r r"},
	{"-XXXYYYR", "l i i it t t tr r"},
	/* The last router with the provider's number may be its neighbour's. */
	{"-XXYYR", "l i it t tr r"},
	{"-XXR", "l i ir r"},
	/* One hop before another network: a customer's, or the provider's. */
	{"-XYYR", "l it it itr r"},
	/* A network of one hop has two borders. */
	{"-XXYZZR", "l i it it t tr r"},
	/* No AS at an exchange: between its neighbours. */
	{"-XX-YYR", "l i it it t tr r"},
	{"-XX.YYR", "l i it it t tr r"},
	/* Who hides before the server's network may be transit, and the hop before it his. */
	{"-XX.R", "l i itr itr r"},
	/* Behind an address translator the port's expiries name nobody. */
	{"-XXX@@YRR", "l i i it itr itr itr tr r"},
	/* Who is silent before the first network is of it, or the user's. */
	{"-.XXYYR", "l li i it t tr r"},
	/* Two ASs of one company. */
	{"-XXxxYYR", "l i it it it t tr r"},
	/* The server is the provider's. */
	{"-RRRR", "l i ir ir r"},
	/* The server's AS nearer than others: neither its own side nor the provider. */
	{"-RRYYRR", "l itr itr itr itr itr r"},
	/* The provider's AS once more beyond another: an address of a third party. */
	{"-XXYYXRR", "l i it it it itr itr r"},
};

static void add(struct trace *t, struct addr addr, char letter)
{
	static const char *const names[] = {"Access-Net", "Access-Transport", "Yonder", "Zenith",
					    "Remote"};
	static const char letters[] = "XxYZR";
	const char *at = strchr(letters, letter);
	struct network n = {.prefix = {.addr = addr, .len = 32}};

	if (!at)
		return;
	n.asn = 64500 + (uint32_t)(at - letters);
	n.name = names[at - letters];
	assert_true(trace_add_network(t, &n));
}

/* Control SYNs to each hop and to the server. */
static void make(struct trace *t, const char *way)
{
	int far = (int)strlen(way);
	char words[32 * HOPS_MAX] = "2xc*s";

	trace_init(t);
	script_route(t);
	script_server(t, 113);
	for (int hop = 1; hop <= far; hop++) {
		bool silent = way[hop - 1] == '.' || way[hop - 1] == '@';
		char outcome = hop == far ? 's' : silent ? '.' : 'e';
		size_t n = strlen(words);

		n += (size_t)snprintf(words + n, sizeof(words) - n, " 2xc%d%c", hop, outcome);
		if (way[hop - 1] == '@')
			snprintf(words + n, sizeof(words) - n, " 2xt%de9", hop);
		add(t, hop == far ? t->servers[0].addr : script_router(hop), way[hop - 1]);
	}
	script_run(t, 0, words);
}

static void text_of(const struct roles *roles, int far, char *out)
{
	static const char letters[SEGMENT_COUNT + 1] = "hlitr";

	for (int hop = 1; hop <= far; hop++) {
		for (int seg = 0; seg < SEGMENT_COUNT; seg++) {
			if (roles->owners[hop] & ROLE_BIT(seg))
				*out++ = letters[seg];
		}
		*out++ = hop == far ? '\0' : ' ';
	}
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int far = (int)strlen(rows[i].way);
		char found[8 * PATH_TTL_MAX];
		struct scene scene;
		struct trace t;

		make(&t, rows[i].way);
		assert_int_equal(scene_build(&scene, &t), 0);
		assert_int_equal(scene.roles[0].server_hop, far);
		text_of(&scene.roles[0], far, found);
		if (strcmp(found, rows[i].roles) != 0)
			print_message("%s: %s\n", rows[i].way, found);
		assert_string_equal(found, rows[i].roles);
		scene_free(&scene);
		trace_free(&t);
	}
}

/*
 * The first network's only hop, and the last with the provider's number before the server's
 * network, by what the way to another server shows behind them.
 */
static void by_others(void **state)
{
	static const struct {
		const char *way, *words, *roles;
	} others[] = {
		/* A network of one hop is the provider where several follow. */
		{"-XZZR", "2xc*s 2xc1e 2xc2e 2xc3e24 2xc4s", "l i t tr r"},
		/* Transit: its first router may have the provider's number. */
		{"-XXR", "2xc*s 2xc1e 2xc2e 2xc3e 2xc4e24 2xc5s", "l i itr r"},
		/* That server's network: the provider's router leads to both. */
		{"-XXR", "2xc*s 2xc1e 2xc2e 2xc3e 2xc4s", "l i i r"},
		/* It parts before. */
		{"-XXR", "2xc*s 2xc1e 2xc2e 2xc3e23 2xc4e24 2xc5s", "l i ir r"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		char found[8 * PATH_TTL_MAX];
		struct scene scene;
		struct trace t;

		make(&t, others[i].way);
		uint32_t other = script_server(&t, 114);
		add(&t, t.servers[other].addr, 'Z');
		add(&t, script_router(24), 'Y');
		script_run(&t, other, others[i].words);
		assert_int_equal(scene_build(&scene, &t), 0);
		text_of(&scene.roles[0], (int)strlen(others[i].way), found);
		assert_string_equal(found, others[i].roles);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* A member of an exchange whose router leads to another's network as well may be a carrier. */
static void by_exchange(void **state)
{
	const struct addr lan = addr_v4((uint8_t[]){80, 81, 193, 4});

	(void)state;
	for (int shared = 0; shared < 2; shared++) {
		struct addr member = script_router(4);
		char found[8 * PATH_TTL_MAX];
		struct scene scene;
		struct trace t;

		make(&t, "-XX-RR");
		uint32_t other = script_server(&t, 114);
		add(&t, t.servers[other].addr, 'Z');
		add(&t, script_router(25), 'Z');
		script_run(&t, other,
			   shared ? "2xc*s 2xc1e 2xc2e 2xc3e 2xc4e 2xc5e25 2xc6s"
				  : "2xc*s 2xc1e 2xc2e 2xc3e 2xc4e25 2xc5s");
		for (size_t i = 0; i < t.replies_n; i++) {
			if (addr_equal(&t.replies[i].from, &member))
				t.replies[i].from = lan;
		}
		assert_int_equal(scene_build(&scene, &t), 0);
		text_of(&scene.roles[0], 6, found);
		assert_string_equal(found, shared ? "l i i tr r r" : "l i i r r r");
		scene_free(&scene);
		trace_free(&t);
	}
}

/* A provider's router beside its own server: where ways to others pass it is no side of that one.
 */
static void by_site(void **state)
{
	(void)state;
	for (int shared = 0; shared < 2; shared++) {
		struct addr router = script_router(2), beside;
		char found[8 * PATH_TTL_MAX];
		struct scene scene;
		struct trace t;

		make(&t, "-RRR");
		beside = t.servers[0].addr;
		beside.b[3] ^= 1;
		uint32_t other = script_server(&t, 114);
		add(&t, t.servers[other].addr, 'Z');
		script_run(&t, other,
			   shared ? "2xc*s 2xc1e 2xc2e 2xc3e24 2xc4s" : "2xc*s 2xc1e 2xc2s");
		for (size_t i = 0; i < t.replies_n; i++) {
			if (addr_equal(&t.replies[i].from, &router))
				t.replies[i].from = beside;
		}
		assert_int_equal(scene_build(&scene, &t), 0);
		text_of(&scene.roles[0], 4, found);
		assert_string_equal(found, shared ? "l i ir r" : "l r r r");
		scene_free(&scene);
		trace_free(&t);
	}
}

/* The first hop of a machine that is rented is its operator's, whatever its address. */
static void rented(void **state)
{
	const struct note note = {.kind = "cloud", .text = "rented", .server = TRACE_NONE};
	char found[8 * PATH_TTL_MAX];
	struct scene scene;
	struct trace t;

	(void)state;
	make(&t, "-XXYYR");
	assert_true(trace_add_note(&t, &note));
	assert_int_equal(scene_build(&scene, &t), 0);
	text_of(&scene.roles[0], 6, found);
	assert_int_equal(strncmp(found, "li ", 3), 0);
	scene_free(&scene);
	trace_free(&t);
}

static struct addr home_v6(uint8_t site, uint8_t host)
{
	uint8_t bytes[16] = {0x20, 0x01, 0x0d, 0xb9, 0x5f, site, [15] = host};

	return addr_v6(bytes);
}

/* A prefix that the provider delegates is announced by it, and numbers routers of the user's own.
 */
static void delegated(void **state)
{
	struct network n = {.prefix = {.addr = home_v6(1, 0), .len = 40}, .asn = 64500};
	struct trace t;
	struct scene scene;
	uint8_t gateway[16] = {0xfe, 0x80, [15] = 1};

	(void)state;
	trace_init(&t);
	script_route(&t);
	struct route route = {.family = 6, .ifindex = t.routes[0].ifindex, .has_link_header = true};
	route.gateway = addr_v6(gateway);
	assert_true(trace_add_route(&t, &route));
	assert_true(trace_add_network(&t, &n));
	uint32_t s = script_server(&t, 113);
	t.servers[s].addr = home_v6(9, 25);
	t.servers[s].client = home_v6(1, 20);
	script_run(&t, s, "2xc*s 2xc1. 2xc2e 2xc3e 2xc4s");
	for (size_t i = 0; i < t.replies_n; i++) {
		int ttl = t.probes[t.replies[i].probe].ttl;
		if (t.replies[i].kind == REPLY_EXPIRED)
			t.replies[i].from = home_v6(ttl == 2 ? 1 : 5, (uint8_t)ttl);
	}
	assert_int_equal(scene_build(&scene, &t), 0);
	assert_int_equal(scene.roles[0].owners[1], ROLE_LOCAL);
	assert_int_equal(scene.roles[0].owners[2], ROLE_LOCAL | ROLE_ISP);
	assert_int_equal(scene.roles[0].owners[3], ROLE_ISP);
	scene_free(&scene);
	trace_free(&t);
}

/* The user's word wins over the data, and over the order of the hops without moving others. */
static void by_user(void **state)
{
	struct network n = {
		.prefix = {.addr = script_router(3), .len = 32},
		.has_role = true,
		.role = SEGMENT_LOCAL,
		.by_user = true,
	};
	char found[8 * PATH_TTL_MAX];
	struct scene scene;
	struct trace t;

	(void)state;
	make(&t, "-XXXYYYR");
	assert_true(trace_add_network(&t, &n));
	assert_int_equal(scene_build(&scene, &t), 0);
	text_of(&scene.roles[0], 8, found);
	assert_string_equal(found, "l i l it t t tr r");
	scene_free(&scene);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),    cmocka_unit_test(by_others),
		cmocka_unit_test(by_exchange), cmocka_unit_test(by_site),
		cmocka_unit_test(rented),      cmocka_unit_test(by_user),
		cmocka_unit_test(delegated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
