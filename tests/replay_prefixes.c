/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replays every prefix of capture files, in this process: replay_prefixes FILE ... Says which
 * prefix blames somebody on this side of the server; the last line counts. Ends by a signal when
 * a promise is broken.
 */
#include "cli/load/reading.h"
#include "fuzz/fuzz_check.h"
#include <stdio.h>

#define FILE_MAX (1 << 20)

static bool accuses(const struct judgement *j)
{
	return j->blocker == BLOCKER_LOCAL_HOST || j->blocker == BLOCKER_LOCAL_NETWORK ||
	       j->blocker == BLOCKER_ISP || j->blocker == BLOCKER_TRANSIT ||
	       j->state == STATE_INTERCEPTED || j->state == STATE_DEGRADED;
}

/* Whether the capture made of these bytes accuses somebody. */
static bool judge_bytes(uint8_t *bytes, size_t n)
{
	struct loaded loaded = {.o = {.port = 587}, .file = "prefix"};
	struct err err = {0};
	struct result result;
	struct captures *captures;
	bool accused = false;
	FILE *f = fmemopen(bytes, n, "rb");

	require(f);
	trace_init(&loaded.trace);
	captures = captures_of_stream(f, "prefix", &err);
	if (captures && reading_fill(captures, &loaded, &err) == 0) {
		require(infer_judge(&loaded.trace, &result) == 0);
		check_result(&loaded.trace, &result);
		accused = accuses(&result.verdict.judgement);
		result_free(&result);
	} else {
		require(err.code != 0 && err.msg[0]);
	}
	captures_close(captures);
	load_free(&loaded);
	fclose(f);
	return accused;
}

int main(int argc, char **argv)
{
	static uint8_t bytes[FILE_MAX];
	unsigned long prefixes = 0, accusing = 0;

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		size_t n;

		require(f);
		n = fread(bytes, 1, sizeof(bytes), f);
		fclose(f);
		for (size_t len = 1; len <= n; len++) {
			bool accused = judge_bytes(bytes, len);

			prefixes++;
			accusing += accused;
			if (accused)
				printf("%s: %zu bytes of it accuse somebody\n", argv[i], len);
		}
	}
	printf("%lu prefixes, %lu accuse\n", prefixes, accusing);
	return accusing ? EXIT_FAILURE : EXIT_SUCCESS;
}
