/* SPDX-License-Identifier: BSD-2-Clause */
/* Every rule of the table of roles, in a way where it and none above it decides. */
#include "infer/scene/build.h"
#include "infer/scene/role_rules.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define HOPS_MAX 12

/*
 * `way`: a letter a hop, the server at the end.
 *   g the gateway's private address, p another private one, s a shared one (RFC 6598), d one of
 *     DS-Lite's
 *   X Y R public, of the provider, of another network, of the server's; 7 9 of two ASs of one
 * group; C of a carrier H public, of the prefix that has this host's own address as well
 *   - public, announced by nobody; e an exchange's LAN; b beside the server; B by the data of
 *     another network
 *   u public, and the user says that it is the provider's
 *   . silent; @ expiries in the server's name; t an inner number in a translator's prefix, T the
 *     provider's number in it
 */
struct row {
	const char *rule, *why;
	const char *way;
	int hop;
	uint8_t owners;
	bool public_client, foreign;
};

#define ANYBODY (ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE)

static const struct row rows[] = {
	{"networks", "the user knows best", "g-u-R", 3, ROLE_ISP, false, false},
	{"first-hop", "RFC 1918: a private gateway is local", "gXXR", 1, ROLE_LOCAL, false, false},
	{"first-hop", "a public first hop may be the provider's", "XXXYR", 1, ROLE_LOCAL | ROLE_ISP,
	 false, false},
	{"first-hop", "RFC 6598: so may a shared one", "sXXYR", 1, ROLE_LOCAL | ROLE_ISP, false,
	 false},
	{"first-hop", "RFC 6333, RFC 7335: the end of a tunnel, or a telephone's own translator",
	 "dXXYR", 1, ROLE_LOCAL | ROLE_ISP, false, false},
	{"first-hop", "a host with a public address may be rented", "gXXYR", 1,
	 ROLE_LOCAL | ROLE_ISP, true, false},
	{"servers-name", "RFC 6146: the translator signs with the server's address", "gXX@@YR", 5,
	 ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE, false, false},
	{"translator", "RFC 6052: what stands around it shows whose it is", "gXXtTTYR", 4, ROLE_ISP,
	 false, false},
	{"translator", "RFC 6052: at the edge it may be the user's", "gtXXYR", 2,
	 ROLE_LOCAL | ROLE_ISP, false, false},
	{"network", "RFC 6052: the embedded number tells whose it is", "gXXtTTYR", 5, ROLE_ISP,
	 false, false},
	{"servers-site", "beside the server", "gXXYYbR", 6, ROLE_REMOTE, false, false},
	{"exchange", "MAP-IT: the far member's router", "gXXeYYR", 4, ROLE_TRANSIT, false, false},
	{"exchange", "MAP-IT: of the server's own network", "gXXeRRR", 4, ROLE_REMOTE, false,
	 false},
	{"exchange", "who hides behind it is unknown", "gXXe.R", 4, ROLE_TRANSIT | ROLE_REMOTE,
	 false, false},
	{"between", "bdrmap: silent inside a network", "gXX.XYR", 4, ROLE_ISP, false, false},
	{"between", "bdrmap: unrouted numbers inside a network", "gXX-XYR", 4, ROLE_ISP, false,
	 false},
	{"between", "bdrmap: private numbers inside a network", "gXXYYpYYR", 6, ROLE_TRANSIT, false,
	 false},
	{"near-private", "RFC 1918: a second router, or the provider's", "gpXXR", 2,
	 ROLE_LOCAL | ROLE_ISP, false, false},
	{"near-shared", "RFC 6598: one is the provider's translator", "gsXXR", 2, ROLE_ISP, false,
	 false},
	{"near-shared", "rows of them are a company's as well", "gssXXR", 2, ROLE_LOCAL | ROLE_ISP,
	 false, false},
	{"far-private", "RFC 1918: behind a public hop it is anybody's", "gXXpYYR", 4,
	 ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT, false, false},
	{"far-private", "RFC 1918: behind several that hide as well", "g..pXXR", 4,
	 ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT, false, false},
	{"far-private", "RFC 6598: the same", "g..sXXR", 4, ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT,
	 false, false},
	{"silent", "nothing is known", "gXX.YYR", 4, ROLE_ISP | ROLE_TRANSIT, false, false},
	{"silent", "the hop beside the gateway of somebody else's capture", "g.-----R", 2,
	 ROLE_LOCAL | ROLE_ISP, false, true},
	{"customer", "bdrmap: numbered from its provider's", "HHXXR", 2, ROLE_LOCAL | ROLE_ISP,
	 true, false},
	{"customer", "bdrmap: the neighbour with private numbers within may have one as well",
	 "gXXpYYR", 3, ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT, false, false},
	{"network", "MAP-IT: interior", "gXXXYYR", 3, ROLE_ISP, false, false},
	{"network", "MAP-IT: a neighbour's router with the provider's number", "gXXYYR", 3,
	 ROLE_ISP | ROLE_TRANSIT, false, false},
	{"network", "bdrmap: the first of two of a network is its own", "gXXYYR", 4, ROLE_TRANSIT,
	 false, false},
	{"network", "bdrmap: the only one of a network may be either neighbour's", "gXXYR", 4,
	 ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE, false, false},
	{"network", "a network of one hop may be the customer of the next", "gXYYYR", 3,
	 ROLE_ISP | ROLE_TRANSIT, false, false},
	{"network", "who hides before a carrier may be the provider", "gpCCYYR", 3,
	 ROLE_ISP | ROLE_TRANSIT, false, false},
	{"network", "one router hides by its kind, and the provider follows", "g.YYXXR", 3,
	 ROLE_ISP, false, false},
	{"network", "where several hide, the provider may be among them", "g..YYXXR", 4,
	 ROLE_ISP | ROLE_TRANSIT, false, false},
	{"network",
	 "who lies between the line and the network that announces its address is no "
	 "transit alone",
	 "gYYXXR", 2, ROLE_ISP | ROLE_TRANSIT, true, false},
	{"network", "what is beside the server is of its network, whatever the data say", "gXXBR",
	 3, ROLE_ISP | ROLE_REMOTE, false, false},
	{"network", "siblings of one group are no strangers", "gXX79YYR", 4, ROLE_TRANSIT, false,
	 false},
	{"network", "siblings of the provider are the provider's", "g779YYR", 4,
	 ROLE_ISP | ROLE_TRANSIT, false, false},
	{"first-public", "behind a private gateway", "g---R", 2, ROLE_ISP, false, false},
	{"public", "nothing is known but the place", "g---R", 3,
	 ROLE_ISP | ROLE_TRANSIT | ROLE_REMOTE, false, false},
};

/* The addresses by letter; each letter has its own /24 or /16, the last byte is the hop's number.
 */
static struct addr address(char letter, int hop)
{
	uint8_t host = (uint8_t)hop;
	switch (letter) {
	case 'g':
		return addr_v4((uint8_t[]){192, 168, 1, 1});
	case 'p':
		return addr_v4((uint8_t[]){10, 1, 1, host});
	case 'd':
		return addr_v4((uint8_t[]){192, 0, 0, host});
	case 's':
		return addr_v4((uint8_t[]){100, 64, 0, host});
	case 'e':
		return addr_v4((uint8_t[]){80, 81, 193, host});
	case 'b':
	case 'B':
		return addr_v4((uint8_t[]){203, 0, 113, host});
	case '-':
		return addr_v4((uint8_t[]){198, host, 100, 1});
	case 't':
		return addr_v6((uint8_t[16]){0, 0x64, 0xff, 0x9b, [12] = 10, 1, 1, host});
	case 'T':
		return addr_v6((uint8_t[16]){0, 0x64, 0xff, 0x9b, [12] = 45, 'X', 0, host});
	default:
		return addr_v4((uint8_t[]){45, (uint8_t)letter, 0, host});
	}
}

/* Who announces the addresses of a letter. */
static void announce(struct trace *t, char letter)
{
	static const struct {
		char letter;
		uint32_t asn;
	} networks[] = {{'X', 64500}, {'H', 64500}, {'Y', 64501}, {'R', 64502},
			{'7', 7473},  {'9', 9506},  {'B', 64503}, {'C', 1299}};
	struct network n = {.prefix = {.addr = address(letter, 0), .len = 16}};

	for (size_t i = 0; i < sizeof(networks) / sizeof(*networks); i++)
		n.asn = networks[i].letter == letter ? networks[i].asn : n.asn;
	n.by_user = n.has_role = letter == 'u';
	n.role = SEGMENT_ISP;
	if (n.asn || n.by_user)
		assert_true(trace_add_network(t, &n));
}

static void make(struct trace *t, const struct row *row)
{
	int far = (int)strlen(row->way);
	char words[32 * HOPS_MAX] = "2xc*s57";

	trace_init(t);
	script_route(t);
	script_server(t, 113);
	announce(t, 'H');
	if (row->public_client)
		t->servers[0].client = address('H', 200);
	struct network own = {.prefix = {.addr = t->servers[0].addr, .len = 32}, .asn = 64502};
	assert_true(trace_add_network(t, &own));
	for (int hop = 1; hop <= far; hop++) {
		char letter = row->way[hop - 1];
		size_t n = strlen(words);
		const char *outcome = hop == far      ? "s57"
				      : letter == '.' ? "."
				      : letter == '@' ? "e9"
						      : "e";

		snprintf(words + n, sizeof(words) - n, " 2xc%d%s", hop, outcome);
		announce(t, letter);
	}
	script_run(t, 0, words);
	t->run.own = !row->foreign;
	for (size_t i = 0; i < t->replies_n; i++) {
		struct reply *r = &t->replies[i];
		int hop = t->probes[r->probe].ttl;

		if (r->kind == REPLY_EXPIRED && row->way[hop - 1] != '@')
			r->from = address(row->way[hop - 1], hop);
	}
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct scene scene;
		struct trace t;

		make(&t, row);
		assert_int_equal(scene_build(&scene, &t), 0);
		const struct roles *roles = &scene.roles[0];
		if (roles->owners[row->hop] != row->owners || !roles->by[row->hop] ||
		    strcmp(roles->by[row->hop], row->rule) != 0)
			print_message("%s, %s: %s\n", row->rule, row->why, row->way);
		assert_string_equal(roles->by[row->hop], row->rule);
		assert_int_equal(roles->owners[row->hop], row->owners);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* The user's word for the public address says who the provider is, also where it shows nothing. */
static void stated(void **state)
{
	const struct row row = {"network", "", "gYYYYR", 2, 0, false, false};
	struct scene scene;
	struct trace t;

	(void)state;
	for (int known = 0; known < 2; known++) {
		make(&t, &row);
		if (known)
			t.run.public_addr[0] = address('H', 200);
		assert_int_equal(scene_build(&scene, &t), 0);
		assert_string_equal(scene.roles[0].by[2], "network");
		assert_int_equal(scene.roles[0].owners[2],
				 known ? ROLE_ISP | ROLE_TRANSIT : ROLE_ISP);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* A cloud that takes nothing off the TTL shows its neighbour first. */
static void rented(void **state)
{
	const struct row row = {"first-hop", "", "CCCYYR", 1, 0, false, false};
	const struct note note = {.kind = "cloud", .text = "rented", .server = TRACE_NONE};
	struct scene scene;
	struct trace t;

	(void)state;
	make(&t, &row);
	assert_true(trace_add_note(&t, &note));
	assert_int_equal(scene_build(&scene, &t), 0);
	assert_int_equal(scene.roles[0].owners[1], ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT);
	assert_int_equal(scene.roles[0].owners[2], ROLE_LOCAL | ROLE_ISP | ROLE_TRANSIT);
	scene_free(&scene);
	trace_free(&t);
}

/* Each rule of the table says where it comes from, and has a row here or among the IPv6 ways. */
static void each_rule(void **state)
{
	size_t n;
	const struct role_rule *table = role_rules_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		/* tests/unit/test_roles_owner.c has its way. */
		bool found = strcmp(table[i].name, "delegated") == 0;

		for (size_t k = 0; k < sizeof(rows) / sizeof(*rows); k++)
			found = found || strcmp(rows[k].rule, table[i].name) == 0;
		if (!found || !table[i].source[0])
			print_message("%s\n", table[i].name);
		assert_true(found && table[i].source[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
		cmocka_unit_test(stated),
		cmocka_unit_test(rented),
		cmocka_unit_test(each_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
