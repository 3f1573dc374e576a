/* SPDX-License-Identifier: BSD-2-Clause */
#include "evidence_samples.h"
#include "io/host/status.h"
#include "temp_dir.h"
#include <pcap/pcap.h>

#define FRAMES	   300
#define FACT_BYTES 200001

static const char *remark(void *arg, uint32_t number)
{
	(void)arg;
	return number % 100 == 7 ? "SYN to 587, TTL 3" : NULL;
}

/* A JSON text of two-byte characters, so that a cut at a fixed place would split one. */
static char *long_facts(size_t len)
{
	char *json = calloc(1, len + 1);

	assert_non_null(json);
	json[0] = '"';
	for (size_t i = 1; i + 2 < len; i += 2)
		memcpy(json + i, "\xc3\xa4", 2);
	json[len - 2] = ' ';
	json[len - 1] = '"';
	return json;
}

static bool have(const char *tool)
{
	char command[TEMP_PATH_BYTES];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", tool);
	return system(command) == 0;
}

/* What other programs make of the file: the first line of a command's output. */
static void check_command(const char *command, const char *want)
{
	char line[256] = "";
	FILE *f = popen(command, "re");

	assert_non_null(f);
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	while (fgetc(f) != EOF)
		;
	assert_int_equal(pclose(f), 0);
	assert_non_null(strstr(line, want));
}

static void others_can_read(const char *path)
{
	char command[4 * TEMP_PATH_BYTES];

	if (have("tcpdump")) {
		snprintf(command, sizeof(command), "tcpdump -n -r %s 2>/dev/null | wc -l", path);
		check_command(command, "300");
	}
	if (have("tshark")) {
		snprintf(command, sizeof(command),
			 "tshark -r %s -T fields -e frame.comment -Y frame.number==107 2>/dev/null",
			 path);
		check_command(command, "SYN to 587, TTL 3");
		snprintf(command, sizeof(command), "capinfos -r -T -c -E %s 2>/dev/null", path);
		check_command(command, "300");
	}
}

static void whole_file(void **state)
{
	static const struct evidence_name names[] = {
		{{4, {192, 0, 2, 1}}, "router.example"},
		{{6, {0x20, 1, 0xd, 0xb8}}, "bad\x1b[31m\xffname"},
		{{0}, "nobody"},
	};
	char path[2 * TEMP_PATH_BYTES], partial[2 * TEMP_PATH_BYTES];
	char *facts = long_facts(FACT_BYTES);
	struct evidence_end end = {
		.hardware = "test",
		.os = "Linux",
		.application = "whoblocks test",
		.facts = facts,
		.names = names,
		.names_n = COUNT(names),
		.comment = remark,
		.received = 1234,
		.dropped = 5,
		.started_ns = 1700000000000000000,
		.ended_ns = 1700000010000000000,
	};
	struct source_counts counts;
	struct evidence *e;
	struct source *s;
	const char *json;
	struct err err;

	(void)state;
	temp_path(path, folder, "out.pcapng");
	temp_path(partial, folder, "out.pcapng.partial");
	e = spool_at(path, &err);
	assert_non_null(e);
	add_samples(e);
	/* What a killed run leaves is a capture already. */
	s = source_open_file(partial, 1, &err);
	assert_non_null(s);
	assert_int_equal(check_samples(s, NULL), FRAMES);
	assert_int_equal(source_facts(s, &json), SOURCE_FACTS_NONE);
	source_close(s);
	assert_int_equal(write_at(e, path, &end, &err), 0);
	evidence_close(e);
	unlink(partial);
	s = source_open_file(path, 1, &err);
	assert_non_null(s);
	assert_int_equal(source_facts(s, &json), SOURCE_FACTS_WHOLE);
	assert_string_equal(json, facts);
	assert_int_equal(check_samples(s, remark), FRAMES);
	assert_true(source_counts(s, &counts));
	assert_int_equal(counts.received, 1234);
	assert_int_equal(counts.dropped, 5);
	source_close(s);
	others_can_read(path);
	unlink(path);
	free(facts);
}

static void largest_facts(void **state)
{
	char *facts = long_facts(EVIDENCE_FACTS_BYTES),
	     *more = long_facts(EVIDENCE_FACTS_BYTES + 1);
	char path[2 * TEMP_PATH_BYTES], partial[2 * TEMP_PATH_BYTES], why[PCAP_ERRBUF_SIZE];
	struct evidence_end end = {.facts = facts};
	struct evidence *e;
	struct source *s;
	const char *json;
	struct err err;
	pcap_t *pcap;

	(void)state;
	temp_path(path, folder, "big.pcapng");
	temp_path(partial, folder, "big.pcapng.partial");
	e = spool_at(path, &err);
	assert_non_null(e);
	assert_int_equal(write_at(e, path, &end, &err), 0);
	s = source_open_file(path, 1, &err);
	assert_non_null(s);
	assert_int_equal(source_facts(s, &json), SOURCE_FACTS_WHOLE);
	assert_int_equal(strlen(json), EVIDENCE_FACTS_BYTES);
	source_close(s);
	pcap = pcap_open_offline(path, why);
	assert_non_null(pcap);
	pcap_close(pcap);
	end.facts = more;
	assert_int_equal(write_at(e, path, &end, &err), -1);
	assert_int_equal(err.code, IO_SYSTEM);
	assert_false(evidence_is_at_stake(e));
	evidence_close(e);
	unlink(partial);
	unlink(path);
	free(facts);
	free(more);
}

/* Without a name of its own the spool can be written out several times, also as classic pcap. */
static void several_outputs(void **state)
{
	struct evidence *e = evidence_open(-1, NULL, &(struct err){0});
	const struct evidence_end end = {.facts = "[]"};
	char path[2 * TEMP_PATH_BYTES];
	static const struct {
		const char *name;
		enum source_facts facts;
	} cases[] = {
		{"a.pcapng", SOURCE_FACTS_WHOLE},
		{"b.pcap", SOURCE_FACTS_NONE},
		{"c", SOURCE_FACTS_WHOLE},
	};

	(void)state;
	assert_non_null(e);
	add_samples(e);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *json;
		struct source *s;
		struct err err;

		temp_path(path, folder, cases[i].name);
		assert_int_equal(write_at(e, path, &end, &err), 0);
		s = source_open_file(path, 1, &err);
		assert_non_null(s);
		assert_int_equal(source_facts(s, &json), cases[i].facts);
		assert_int_equal(check_samples(s, NULL), FRAMES);
		source_close(s);
		unlink(path);
	}
	evidence_close(e);
	assert_int_equal(files_in(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_file),
		cmocka_unit_test(largest_facts),
		cmocka_unit_test(several_outputs),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
