/* SPDX-License-Identifier: BSD-2-Clause */
/* Owners of addresses: a data base of libloc's that its own writer made, and a DNS zone. */
#include "dns_server.h"
#include "io/names/owners.h"
#include "io/names/owners_dns.h"
#include "temp_dir.h"
#include <libloc/writer.h>
#include <sys/wait.h>
#include <time.h>

#define SECOND	1000000000LL
#define ZONE	"asn.example"
#define NIBBLES "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.origin6." ZONE

struct want {
	const char *addr;
	const char *owner; /* "PREFIX AS NAME", NULL: nobody */
};

static void check(const struct want *want, bool found, const struct owner *owner)
{
	char text[256] = "nobody", buf[ADDR_TEXT_BYTES];

	if (found)
		snprintf(text, sizeof(text), "%s/%u %u %s", addr_text(&owner->prefix.addr, buf),
			 owner->prefix.len, owner->asn, owner->name);
	assert_string_equal(text, want->owner ? want->owner : "nobody");
}

static void write_loc(const char *path)
{
	static const struct {
		const char *prefix;
		uint32_t asn;
	} nets[] = {
		{"198.51.100.0/24", 64500},
		{"198.51.100.128/25", 64501},
		{"2001:db8::/32", 64502},
		{"203.0.113.0/24", 0},
	};
	struct loc_ctx *context = NULL;
	struct loc_writer *writer = NULL;
	struct loc_as *as = NULL;
	FILE *file = fopen(path, "w+");

	assert_non_null(file);
	assert_int_equal(loc_new(&context), 0);
	assert_int_equal(loc_writer_new(context, &writer, NULL, NULL), 0);
	assert_int_equal(loc_writer_add_as(writer, &as, 64500), 0);
	assert_int_equal(loc_as_set_name(as, "Example Access"), 0);
	loc_as_unref(as);
	for (size_t i = 0; i < COUNT(nets); i++) {
		struct loc_network *network = NULL;

		assert_int_equal(loc_writer_add_network(writer, &network, nets[i].prefix), 0);
		assert_int_equal(loc_network_set_asn(network, nets[i].asn), 0);
		loc_network_unref(network);
	}
	assert_int_equal(loc_writer_write(writer, file, LOC_DATABASE_VERSION_LATEST), 0);
	fclose(file);
	loc_writer_unref(writer);
	loc_unref(context);
}

static void libloc(void **state)
{
	static const struct want wants[] = {
		{"198.51.100.1", "198.51.100.0/24 64500 Example Access"},
		{"198.51.100.200", "198.51.100.128/25 64501 "},
		{"2001:db8::9", "2001:db8::/32 64502 "},
		{"203.0.113.1", NULL},
		{"192.0.2.1", NULL},
	};
	char path[2 * TEMP_PATH_BYTES];
	struct owners *owners;
	struct owner owner;
	struct err err = {0};
	struct addr addr;

	(void)state;
	temp_path(path, folder, "loc.db");
	write_loc(path);
	owners = owners_open(path, &err);
	assert_non_null(owners);
	assert_true(owners_made_s(owners) > 1600000000 && owners_made_s(owners) <= time(NULL));
	for (size_t i = 0; i < COUNT(wants); i++) {
		assert_true(addr_parse(wants[i].addr, &addr));
		check(&wants[i], owners_find(owners, &addr, &owner), &owner);
	}
	owners_close(owners);
}

static void origin_records(void **state)
{
	static const struct {
		const char *records[2];
		struct want want;
	} rows[] = {
		{{"64500 | 192.0.2.0/24 | US | arin | 2001-01-01"}, {NULL, "192.0.2.0/24 64500 "}},
		{{"64500|192.0.2.0/24"}, {NULL, "192.0.2.0/24 64500 "}},
		/* The longer prefix, in either order. */
		{{"64500 | 192.0.0.0/16 |", "64501 | 192.0.2.0/24 |"},
		 {NULL, "192.0.2.0/24 64501 "}},
		{{"64501 | 192.0.2.0/24 |", "64500 | 192.0.0.0/16 |"},
		 {NULL, "192.0.2.0/24 64501 "}},
		/* Announced by two: nobody's for certain. */
		{{"64500 64501 | 192.0.2.0/24 |"}, {NULL, NULL}},
		{{"64500 | 192.0.2.0/24 |", "64501 | 192.0.2.0/24 |"}, {NULL, NULL}},
		/* What is no such record. */
		{{"64500 | 198.51.100.0/24 |"}, {NULL, NULL}},
		{{"64500 | 0.0.0.0/0 |"}, {NULL, NULL}},
		{{"64500"}, {NULL, NULL}},
		{{"| |"}, {NULL, NULL}},
		{{""}, {NULL, NULL}},
		{{"99999999999 | 192.0.2.0/24 |"}, {NULL, NULL}},
	};
	struct addr addr;

	(void)state;
	assert_true(addr_parse("192.0.2.1", &addr));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct owner owner = {0};

		for (size_t k = 0; k < 2 && rows[i].records[k]; k++)
			owners_dns_origin(rows[i].records[k], &addr, &owner);
		check(&rows[i].want, owner.asn != 0, &owner);
	}
}

static void by_dns(void **state)
{
	static const struct dns_row rows[] = {
		{"1.2.0.192.origin." ZONE, DNS_TYPE_TXT, "64500 | 192.0.2.0/24 | US | arin |"},
		{"2.2.0.192.origin." ZONE, DNS_TYPE_TXT, "64500 | 192.0.2.0/24 | US | arin |"},
		{NIBBLES, DNS_TYPE_TXT, "64501 | 2001:db8::/32 | DE | ripencc |"},
		{"9.2.0.192.origin." ZONE, DNS_TYPE_TXT, NULL},
		{"AS64500." ZONE, DNS_TYPE_TXT, "64500 | US | arin | 2001-01-01 | EXAMPLE, US"},
	};
	static const char *const asked[] = {"192.0.2.1", "192.0.2.2", "192.0.2.1",  "192.0.2.3",
					    "192.0.2.9", "10.0.0.1",  "2001:db8::1"};
	static const struct want wants[] = {
		{"192.0.2.1", "192.0.2.0/24 64500 EXAMPLE, US"},
		{"192.0.2.2", "192.0.2.0/24 64500 EXAMPLE, US"},
		{"2001:db8::1", "2001:db8::/32 64501 "},
	};
	struct owners_dns *dns;
	struct owner owner;
	struct err err = {0};
	size_t at = 0;
	pid_t server;

	(void)state;
	own_names(folder);
	server = dns_serve(rows, COUNT(rows));
	dns = owners_dns_open(ZONE, &err);
	assert_non_null(dns);
	for (size_t i = 0; i < COUNT(asked); i++) {
		struct addr addr;

		assert_true(addr_parse(asked[i], &addr));
		owners_dns_ask(dns, &addr);
	}
	/* Each once, and nothing that is private. */
	assert_int_equal(owners_dns_asked(dns), 5);
	owners_dns_step(dns, SECOND / 2);
	for (size_t i = 0; i < COUNT(wants); i++) {
		assert_true(owners_dns_next(dns, &at, &owner));
		check(&wants[i], true, &owner);
	}
	assert_false(owners_dns_next(dns, &at, &owner));
	/* One question is still open. */
	owners_dns_close(dns);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

static void no_zone(void **state)
{
	static const char *const words[] = {"", "a..b", "with space.example", "192.0.2.1"};

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct err err = {0};

		assert_null(owners_dns_open(words[i], &err));
		assert_int_equal(err.code, 2);
		assert_non_null(strstr(err.msg, words[i]));
	}
}

static int clean_up(void **state)
{
	static const char *const names[] = {"loc.db", "resolv.conf", "hosts", "nsswitch.conf"};
	char path[2 * TEMP_PATH_BYTES];

	for (size_t i = 0; i < COUNT(names); i++)
		unlink(temp_path(path, folder, names[i]));
	return tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libloc),
		cmocka_unit_test(origin_records),
		cmocka_unit_test(no_zone),
		cmocka_unit_test(by_dns),
	};

	return cmocka_run_group_tests(tests, set_up, clean_up);
}
