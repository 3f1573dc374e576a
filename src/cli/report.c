/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/load/load.h"
#include "cli/out/language.h"
#include "cli/out/log.h"
#include "cli/out/output.h"
#include "cli/show/comparison.h"
#include "cli/show/present.h"
#include "io/folder/folder.h"
#include "io/folder/member.h"
#include "io/folder/sha256.h"
#include "report/page/about.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The files that a ticket names, with their checksums. */
struct sums {
	char digits[3][SHA256_TEXT_BYTES];
	struct attachment files[3];
	struct attachments list;
};

static int sum_files(const char *folder, struct sums *sums, struct err *err)
{
	static const char *const names[] = {FOLDER_CAPTURE, "result.json", "report.html"};
	*sums = (struct sums){.list = {sums->files, 0}};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = sums->list.n;
		FILE *f = member_stream(folder, names[i]);
		if (!f)
			continue;
		int status = sha256_fd(fileno(f), names[i], sums->digits[n], err);
		fclose(f);
		if (status != 0)
			return -1;
		sums->files[sums->list.n++] = (struct attachment){names[i], sums->digits[n]};
	}
	return 0;
}

/* Whether the path is an evidence folder that was made under pseudonyms. */
static bool is_redacted(const char *path)
{
	char *capture = NULL;
	struct stat st;
	bool without = false;
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return false;
	if (asprintf(&capture, "%s/" FOLDER_CAPTURE, path) >= 0) {
		without = access(capture, F_OK) != 0;
		free(capture);
	}
	return without;
}

/* The exit status that the saved result has, by its names. */
static int saved_status(const char *folder)
{
	FILE *f = member_stream(folder, "result.json");
	json_t *result = f ? json_loadf(f, 0, NULL) : NULL;
	int status = EXIT_INPUT;
	if (f)
		fclose(f);
	const json_t *verdict = json_object_get(result, "verdict");
	struct judgement j = {0};
	if (state_named(json_string_value(json_object_get(verdict, "state")), &j.state) &&
	    blocker_named(json_string_value(json_object_get(verdict, "blocker")), &j.blocker))
		status = result_exit_status(&j);
	json_decref(result);
	return status;
}

static bool read_saved(const char *folder, const char *name, struct text *out)
{
	char buf[16384];
	FILE *f = member_stream(folder, name);
	size_t n;
	if (!f)
		return false;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		text_add_bytes(out, buf, n);
	bool whole = !ferror(f);
	fclose(f);
	return whole;
}

/* Without a capture nothing can be judged again: what was saved is shown. */
static int show_saved(const struct options *o, struct log *log, const char *folder)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "result.txt",
		[FORMAT_JSON] = "result.json",
		[FORMAT_HTML] = "report.html",
		[FORMAT_TICKET] = "ticket.txt",
	};
	enum report_format format = o->flat ? FORMAT_FLAT : o->json ? FORMAT_JSON : o->format;
	const char *name = format <= FORMAT_TICKET ? names[format] : NULL;
	struct err err = {0};
	struct text text = {0};
	int status = EXIT_INPUT;
	if (!name) {
		log_error(log, "'%s' is shown as it was saved, and has no form with one level",
			  folder);
		return EXIT_USAGE;
	}
	if (folder_verify(folder, &err) != 0) {
		log_error(log, "%s", err.msg);
		return err.code;
	}
	if (read_saved(folder, name, &text))
		status = output_text(log, &text, saved_status(folder));
	else
		log_error(log, "cannot read '%s/%s': %s", folder, name, strerror(errno));
	text_free(&text);
	return status;
}

static int render(const struct options *o, struct log *log, struct loaded *loaded,
		  const struct sums *sums)
{
	struct run_info info = load_run(loaded);
	struct pseudonyms *pseudonyms = NULL;
	struct judged j = {
		.run = &info,
		.trace = &loaded->trace,
		.vantages = &loaded->vantages.list,
		.catalogue = language_catalogue(o),
	};
	info.mode = loaded->record.found ? "live" : "replay";
	if (!loaded->record.found)
		info.argv = o->argv;
	if (loaded->folder) {
		info.capture_file = FOLDER_CAPTURE;
		info.capture_sha256 = sums->digits[0];
	}
	int status = present_judge(log, &j);
	if (status == 0)
		status = present_redact(o, log, &j, &pseudonyms);
	if (status == 0)
		status = present_result(o, log, &j, &sums->list);
	judged_free(&j);
	pseudonyms_free(pseudonyms);
	return status;
}

int report_main(const struct options *o)
{
	struct loaded loaded;
	struct sums sums = {0};
	struct err err = {0};
	struct log log;
	log_init(&log, o);
	if (o->files_n != 1) {
		log_error(&log, "report needs one FOLDER or FILE");
		return EXIT_USAGE;
	}
	if (is_redacted(o->files[0]) || comparison_is(o->files[0]))
		return show_saved(o, &log, o->files[0]);
	int status = load_evidence(o, &log, &loaded);
	if (status == 0 && loaded.folder && sum_files(loaded.folder, &sums, &err) != 0) {
		log_error(&log, "%s", err.msg);
		status = err.code;
	}
	if (status == 0)
		status = render(o, &log, &loaded, &sums);
	load_free(&loaded);
	return status;
}
