/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes the input for a capture file and does everything that `whoblocks replay` does with one. */
#include "cli/load/reading.h"
#include "fuzz_check.h"
#include "report/report.h"

static void render(const struct loaded *loaded, const struct result *result)
{
	struct text_style style = {.utf8 = true, .columns = 80};
	struct run_info run = load_run(loaded);
	struct text text = {0};

	report_json(&run, &loaded->trace, result, false, &text);
	report_text(&run, &loaded->trace, result, &style, &text);
	require(!text.failed && text.len > 0);
	text_free(&text);
}

static void replay(struct captures *captures, struct loaded *loaded)
{
	struct err err = {0};
	struct result result;

	if (reading_fill(captures, loaded, &err) != 0) {
		require(err.code != 0 && err.msg[0]);
		return;
	}
	check_trace(&loaded->trace);
	require(infer_judge(&loaded->trace, &result) == 0);
	check_result(&loaded->trace, &result);
	render(loaded, &result);
	result_free(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct loaded loaded = {.o = {.port = 587}, .file = "input"};
	struct err err = {0};
	struct captures *captures;
	FILE *f;

	if (size == 0)
		return 0;
	f = fmemopen((void *)(uintptr_t)data, size, "rb");
	require(f);
	trace_init(&loaded.trace);
	captures = captures_of_stream(f, "input", &err);
	if (captures)
		replay(captures, &loaded);
	captures_close(captures);
	load_free(&loaded);
	fclose(f);
	return 0;
}
