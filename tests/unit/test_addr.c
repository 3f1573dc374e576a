/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/addr.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct addr parsed(const char *s)
{
	struct addr a;

	assert_true(addr_parse(s, &a));
	return a;
}

static void text_form(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"192.0.2.1", "192.0.2.1"},
		{"255.255.255.255", "255.255.255.255"},
		{"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
		{"2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{"::", "::"},
	};
	const struct addr none = {0};
	char buf[ADDR_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = parsed(cases[i].in);

		assert_true(addr_is_set(&a));
		assert_string_equal(addr_text(&a, buf), cases[i].out);
	}
	assert_false(addr_is_set(&none));
	assert_string_equal(addr_text(&none, buf), "-");
}

static void no_address(void **state)
{
	static const char *const cases[] = {
		"",	      "192.0.2",      "192.0.2.256", "192.0.2.1 ",
		" 192.0.2.1", "192.0.2.1/24", "0x7f.0.0.1",  "2001:db8",
		"1::2::3",    "fe80::1%eth0", "[::1]",	     "mail.example",
		"12345::",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = {0};

		if (addr_parse(cases[i], &a) || addr_is_set(&a))
			fail_msg("'%s' was taken", cases[i]);
	}
}

static void equality(void **state)
{
	/* Each is another one than the next. */
	static const char *const cases[] = {"9.0.0.0", "10.0.0.0",    "10.0.0.1",
					    "::1",     "2001:db8::1", "2001:db8::2"};
	uint8_t b[16] = {10, 0, 0, 1, 7};
	struct addr noisy = addr_v4(b), plain = parsed("10.0.0.1");

	(void)state;
	for (size_t i = 0; i + 1 < COUNT(cases); i++) {
		struct addr a = parsed(cases[i]), next = parsed(cases[i + 1]);

		assert_true(addr_equal(&a, &a));
		assert_false(addr_equal(&a, &next));
		assert_int_not_equal(addr_hash(&a, 1), addr_hash(&next, 1));
		assert_int_not_equal(addr_hash(&a, 1), addr_hash(&a, 2));
	}
	noisy.b[15] = 1;
	assert_true(addr_equal(&noisy, &plain));
	assert_int_equal(addr_hash(&noisy, 1), addr_hash(&plain, 1));
}

static void classes(void **state)
{
	static const struct {
		const char *addr;
		enum addr_class class;
	} cases[] = {
		{"0.0.0.0", ADDR_NONE},
		{"9.255.255.255", ADDR_PUBLIC},
		{"10.0.0.0", ADDR_PRIVATE},
		{"10.255.255.255", ADDR_PRIVATE},
		{"11.0.0.0", ADDR_PUBLIC},
		{"100.63.255.255", ADDR_PUBLIC},
		{"100.64.0.0", ADDR_CGN},
		{"100.127.255.255", ADDR_CGN},
		{"100.128.0.0", ADDR_PUBLIC},
		{"127.255.0.1", ADDR_LOOPBACK},
		{"169.254.1.1", ADDR_LINK_LOCAL},
		{"172.15.255.255", ADDR_PUBLIC},
		{"172.16.0.0", ADDR_PRIVATE},
		{"172.31.255.255", ADDR_PRIVATE},
		{"172.32.0.0", ADDR_PUBLIC},
		{"192.0.0.1", ADDR_PRIVATE},
		{"192.0.2.1", ADDR_PUBLIC},
		{"192.168.255.255", ADDR_PRIVATE},
		{"192.169.0.0", ADDR_PUBLIC},
		{"198.18.0.1", ADDR_PUBLIC},
		{"224.0.0.1", ADDR_MULTICAST},
		{"239.255.255.255", ADDR_MULTICAST},
		{"240.0.0.1", ADDR_PRIVATE},
		{"255.255.255.255", ADDR_MULTICAST},
		{"::", ADDR_NONE},
		{"::1", ADDR_LOOPBACK},
		{"::2", ADDR_PUBLIC},
		{"2001:db8::1", ADDR_PUBLIC},
		{"64:ff9b::c000:201", ADDR_PUBLIC},
		{"64:ff9b:1::1", ADDR_PRIVATE},
		{"fbff::1", ADDR_PUBLIC},
		{"fc00::1", ADDR_PRIVATE},
		{"fdff::1", ADDR_PRIVATE},
		{"fe80::1", ADDR_LINK_LOCAL},
		{"febf::1", ADDR_LINK_LOCAL},
		{"fec0::1", ADDR_PRIVATE},
		{"ff02::1", ADDR_MULTICAST},
		{"::ffff:10.0.0.1", ADDR_PRIVATE},
		{"::ffff:192.0.2.1", ADDR_PUBLIC},
	};
	const struct addr none = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = parsed(cases[i].addr);

		if (addr_class(&a) != cases[i].class)
			fail_msg("%s is of class %d", cases[i].addr, (int)addr_class(&a));
	}
	assert_int_equal(addr_class(&none), ADDR_NONE);
}

static void prefixes(void **state)
{
	static const struct {
		const char *prefix, *addr;
		bool inside;
	} cases[] = {
		{"192.0.2.0/24", "192.0.2.255", true},
		{"192.0.2.0/24", "192.0.3.0", false},
		{"192.0.2.7/24", "192.0.2.200", true}, /* bits beyond the length do not count */
		{"192.0.2.128/25", "192.0.2.127", false},
		{"192.0.2.128/25", "192.0.2.128", true},
		{"0.0.0.0/0", "203.0.113.1", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"::/0", "2001:db8::1", true},
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1/32", "192.0.2.0", false},
		{"2001:db8::/33", "2001:db8:7fff::1", true},
		{"2001:db8::/33", "2001:db8:8000::1", false},
		{"2001:db8::1", "2001:db8::1", true},
		{"2001:db8::1/128", "2001:db8::", false},
	};
	struct prefix p;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = parsed(cases[i].addr);

		assert_true(prefix_parse(cases[i].prefix, &p));
		if (prefix_contains(&p, &a) != cases[i].inside)
			fail_msg("%s in %s", cases[i].addr, cases[i].prefix);
	}
	assert_true(prefix_parse("192.0.2.7/24", &p));
	assert_int_equal(p.addr.b[3], 0);
	assert_int_equal(p.len, 24);
}

static void no_prefix(void **state)
{
	static const char *const cases[] = {
		"",
		"/",
		"/24",
		"192.0.2.0/",
		"192.0.2.0/33",
		"192.0.2.0/-1",
		"192.0.2.0/+8",
		"192.0.2.0/ 8",
		"192.0.2.0/8x",
		"192.0.2/24",
		"::/129",
		"::/0000",
		"192.0.2.0/8/8",
		"192.0.2.0/99999999999",
		"2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000/32",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct prefix p;

		if (prefix_parse(cases[i], &p))
			fail_msg("'%s' was taken", cases[i]);
	}
}

/* The examples of RFC 6052, 2.4, and what is of no such form. */
static void translated(void **state)
{
	static const struct {
		const char *prefix, *addr, *inner; /* inner NULL: it stands for nothing */
	} cases[] = {
		{"2001:db8::/32", "2001:db8:c000:221::", "192.0.2.33"},
		{"2001:db8:100::/40", "2001:db8:1c0:2:21::", "192.0.2.33"},
		{"2001:db8:122::/48", "2001:db8:122:c000:2:2100::", "192.0.2.33"},
		{"2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::", "192.0.2.33"},
		{"2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::", "192.0.2.33"},
		{"2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33", "192.0.2.33"},
		{"2001:db8:122:344::/64", "2001:db8:122:344:1c0:2:2100::", NULL},
		{"2001:db8:122:344::/64", "2001:db8:122:345:c0:2:2100::", NULL},
		{"2001:db8:122:344::/72", "2001:db8:122:344:c0:2:2100::", NULL},
		{"2001:db8:122:344::/96", "2001:db8:122:344::", NULL},
		{"192.0.2.0/24", "192.0.2.33", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = parsed(cases[i].addr), inner;
		struct prefix p;

		assert_true(prefix_parse(cases[i].prefix, &p));
		assert_int_equal(addr_embedded(&p, &a, &inner), cases[i].inner != NULL);
		if (cases[i].inner) {
			struct addr wanted = parsed(cases[i].inner);

			assert_true(addr_equal(&inner, &wanted));
		}
	}
}

/* What ipv4only.arpa tells (RFC 7050). */
static void translators(void **state)
{
	static const struct {
		const char *addr, *prefix; /* prefix NULL: it tells nothing */
	} cases[] = {
		{"64:ff9b::192.0.0.170", "64:ff9b::/96"},
		{"2001:db8:5000:64::192.0.0.171", "2001:db8:5000:64::/96"},
		{"2001:db8:c000:ab::", "2001:db8::/32"},
		{"2001:db8:122:344:c0:0:aa00::", "2001:db8:122:344::/64"},
		{"2001:db8::192.0.0.172", NULL},
		{"2001:db8::1", NULL},
		{"192.0.0.170", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = parsed(cases[i].addr);
		struct prefix found, wanted;

		assert_int_equal(prefix_of_translator(&a, &found), cases[i].prefix != NULL);
		if (!cases[i].prefix)
			continue;
		assert_true(prefix_parse(cases[i].prefix, &wanted));
		assert_int_equal(found.len, wanted.len);
		assert_true(addr_equal(&found.addr, &wanted.addr));
	}
}

static void sites(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"192.0.2.1", "192.0.2.254", true},	   {"192.0.2.1", "192.0.3.1", false},
		{"2001:db8:1::1", "2001:db8:1:2::", true}, {"2001:db8:1::", "2001:db8:2::", false},
		{"192.0.2.1", "2001:db8::1", false},
	};
	const struct addr none = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = parsed(cases[i].a), b = parsed(cases[i].b);

		assert_int_equal(addr_same_site(&a, &b), cases[i].same);
	}
	assert_false(addr_same_site(&none, &none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_form),  cmocka_unit_test(no_address),
		cmocka_unit_test(equality),   cmocka_unit_test(classes),
		cmocka_unit_test(prefixes),   cmocka_unit_test(no_prefix),
		cmocka_unit_test(translated), cmocka_unit_test(translators),
		cmocka_unit_test(sites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
