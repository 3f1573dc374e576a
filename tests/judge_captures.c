/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judges many captures in this process, for tests that make thousands of them: judge_captures
 * [PORT]. On standard input comes each capture behind its length in bytes (32 bits, in this
 * machine's order); on standard output goes a line for each: its state, blocker and suspects, and
 * whom the servers' own verdicts blame, as JSON, or null where it cannot be read. Ends by a signal
 * when a promise is broken.
 */
#include "cli/load/reading.h"
#include "fuzz/fuzz_check.h"
#include <stdio.h>

#define CAPTURE_MAX (64u << 20)

static void print_result(const struct result *r)
{
	const struct judgement *j = &r->verdict.judgement;

	printf("{\"state\": \"%s\", \"blocker\": \"%s\", \"suspects\": [", state_name(j->state),
	       blocker_name(j->blocker));
	for (size_t i = 0; i < j->suspects_n; i++)
		printf("%s\"%s\"", i ? ", " : "", blocker_name(j->suspects[i].blocker));
	printf("], \"servers\": [");
	for (size_t i = 0; i < r->findings_n; i++)
		printf("%s\"%s\"", i ? ", " : "", blocker_name(r->findings[i].judgement.blocker));
	puts("]}");
}

/* `port` 0: not given. */
static void judge(uint8_t *bytes, size_t n, long port)
{
	struct loaded loaded = {.file = "capture"};
	struct err err = {0};
	struct result result;
	FILE *f = fmemopen(bytes, n, "rb");
	struct captures *captures;

	require(f);
	loaded.o.port = port ? (unsigned)port : 587;
	loaded.o.port_given = port != 0;
	trace_init(&loaded.trace);
	captures = captures_of_stream(f, "capture", &err);
	if (captures && reading_fill(captures, &loaded, &err) == 0) {
		check_trace(&loaded.trace);
		require(infer_judge(&loaded.trace, &result) == 0);
		check_result(&loaded.trace, &result);
		print_result(&result);
		result_free(&result);
	} else {
		require(err.code != 0 && err.msg[0]);
		puts("null");
	}
	captures_close(captures);
	load_free(&loaded);
	fclose(f);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	long port = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	uint32_t n;

	while (fread(&n, sizeof(n), 1, stdin) == 1) {
		uint8_t *bytes = n && n <= CAPTURE_MAX ? malloc(n) : NULL;

		require(bytes && fread(bytes, 1, n, stdin) == n);
		judge(bytes, n, port);
		free(bytes);
	}
	return EXIT_SUCCESS;
}
