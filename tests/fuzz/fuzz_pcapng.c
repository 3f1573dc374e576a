/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the input as a capture file, as far as it goes, twice: both times must give the same. */
#include "base/bytes.h"
#include "fuzz_check.h"
#include "io/folder/captures.h"

struct tally {
	uint32_t frames, digest;
	enum source_event end;
};

static struct tally read_all(struct captures *captures)
{
	struct tally t = {0};
	struct frame frame;
	struct err err = {0};

	while ((t.end = captures_next(captures, &frame, &err)) == SOURCE_FRAME) {
		const char *comment = source_comment(captures_source(captures, 0));

		require(frame.number == ++t.frames && frame.file == 1);
		t.digest = bytes_hash(frame.bytes, frame.captured_len, t.digest);
		t.digest = bytes_hash(&frame.at_ns, sizeof(frame.at_ns), t.digest);
		for (; comment && *comment; comment++)
			t.digest += (uint8_t)*comment;
	}
	require(t.end != SOURCE_FAILED || err.code != 0);
	return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct source_counts counts;
	struct captures *captures;
	struct tally first, second;
	const char *json;
	FILE *f;

	if (size == 0)
		return 0;
	f = fmemopen((void *)(uintptr_t)data, size, "rb");
	require(f);
	captures = captures_of_stream(f, "input", &err);
	require(captures || err.code != 0);
	if (captures) {
		first = read_all(captures);
		(void)source_facts(captures_source(captures, 0), &json);
		(void)source_counts(captures_source(captures, 0), &counts);
		require(captures_rewind(captures, &err) == 0);
		second = read_all(captures);
		require(first.frames == second.frames && first.digest == second.digest &&
			first.end == second.end);
	}
	captures_close(captures);
	fclose(f);
	return 0;
}
