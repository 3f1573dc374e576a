/* SPDX-License-Identifier: BSD-2-Clause */
/* Owners of addresses: a data base of libloc's that its own writer made, and a DNS zone. */
#include "dns_server.h"
#include "io/host/status.h"
#include "io/names/owners.h"
#include "io/names/owners_dns.h"
#include "temp_dir.h"
#include <arpa/inet.h>
#include <fcntl.h>
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

/* Opens what the file holds and asks for a few owners, whatever comes. */
static void use_loc(const char *path)
{
	static const char *const addrs[] = {"198.51.100.1", "203.0.113.1", "2001:db8::9", "::1"};
	struct err err;
	struct owners *owners = owners_open(path, &err);
	struct owner owner;
	struct addr addr;

	for (size_t i = 0; owners && i < COUNT(addrs); i++) {
		if (addr_parse(addrs[i], &addr))
			(void)owners_find(owners, &addr, &owner);
	}
	owners_close(owners);
}

/* In a process of its own: every word of the file takes every strange value. */
static void spoil_loc(const char *path)
{
	static const uint32_t values[] = {0xfffffffe, 0x00010000, 1};
	uint32_t word;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	off_t n = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);

	for (off_t at = 8; at + 4 <= n; at += 4) {
		if (pread(fd, &word, 4, at) != 4)
			_exit(2);
		/* Between the tables there is nothing, and signatures are nothing but bytes. */
		if (word == 0 && (at > 80 && at % 4096 > 64))
			continue;
		for (size_t i = 0; i < COUNT(values); i++) {
			uint32_t bad = htonl(values[i]);

			if (pwrite(fd, &bad, 4, at) != 4)
				_exit(2);
			use_loc(path);
		}
		if (pwrite(fd, &word, 4, at) != 4)
			_exit(2);
	}
	_exit(n > 4096 ? 0 : 2);
}

/* A file that somebody made to break libloc is refused; it does not break the program. */
static void hostile_libloc(void **state)
{
	char path[2 * TEMP_PATH_BYTES];
	int status;
	pid_t pid;

	(void)state;
	temp_path(path, folder, "loc.db");
	write_loc(path);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0)
		spoil_loc(path);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(truncate(path, 4096), 0);
	use_loc(path);
}

/* One number of the file's is another one. */
static void set_number(const char *path, off_t at, uint32_t value)
{
	uint32_t bytes = htonl(value);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &bytes, sizeof(bytes), at), sizeof(bytes));
	close(fd);
}

static uint32_t number_at(const char *path, off_t at)
{
	uint32_t bytes = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &bytes, sizeof(bytes), at), sizeof(bytes));
	close(fd);
	return ntohl(bytes);
}

/* What leads out of the file, or around in it, is found before libloc follows it. */
static void unsound_libloc(void **state)
{
	enum { AS = 28, TREE = 44, POOL = 60 };
	char path[2 * TEMP_PATH_BYTES];
	uint32_t as, tree, pool;

	(void)state;
	temp_path(path, folder, "loc.db");
	write_loc(path);
	as = number_at(path, AS);
	tree = number_at(path, TREE);
	pool = number_at(path, POOL) + number_at(path, POOL + 4);
	const struct {
		off_t at;
		uint32_t value;
	} rows[] = {
		{AS, 0xfffff000},	/* a table beyond the file */
		{AS + 4, 0x7ffffff8},	/* one that is longer than it */
		{AS + 4, 7},		/* one that ends within an entry */
		{as + 4, 0xffffff},	/* a name beyond the pool */
		{pool - 4, 0x41414141}, /* a pool whose last name does not end */
		{tree + 12, 1},		/* a node that is its own child */
		{tree, 0x00ffffff},	/* a child beyond the tree */
		{tree + 8, 0x00ffffff}, /* a network beyond the table */
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t before = number_at(path, rows[i].at);
		struct err err = {0};

		set_number(path, rows[i].at, rows[i].value);
		assert_null(owners_open(path, &err));
		assert_int_equal(err.code, IO_INPUT);
		set_number(path, rows[i].at, before);
	}
	use_loc(path);
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
		cmocka_unit_test(libloc),	  cmocka_unit_test(hostile_libloc),
		cmocka_unit_test(unsound_libloc), cmocka_unit_test(origin_records),
		cmocka_unit_test(no_zone),	  cmocka_unit_test(by_dns),
	};

	return cmocka_run_group_tests(tests, set_up, clean_up);
}
