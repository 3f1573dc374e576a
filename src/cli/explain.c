/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/explain/explain.h"
#include "cli/command.h"
#include "cli/load/load.h"
#include "cli/out/output.h"
#include "cli/show/comparison.h"
#include "data/data.h"
#include "report/page/glossary.h"
#include <string.h>
#include <sys/stat.h>

/* Appends what the manual says of a word of a result, or of a sign; false: it is neither. */
static bool add_word(const struct options *o, const char *word, struct text *out)
{
	const struct text_style style = output_style(o);
	const char *named = glossary_sign(word);
	return glossary_explain((const char *)data_manual, data_manual_len, named ? named : word,
				&style, out) > 0;
}

/* Whether the word can name nothing but a file. */
static bool is_file(const char *word)
{
	struct stat st;
	return strpbrk(word, "/.") || strcmp(word, "-") == 0 || stat(word, &st) == 0;
}

/* Explains the words, all of them or none. */
static int explain_words(const struct options *o, struct log *log, struct text *out)
{
	for (size_t i = 0; i < o->files_n; i++) {
		if (add_word(o, o->files[i], out))
			continue;
		log_error(
			log,
			"'%s' is no word of a result, and no FILE: 'man 7 whoblocks' has the words",
			o->files[i]);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

/* Explains how the measurement in the files is judged. */
static int explain_files(const struct options *o, struct log *log, struct text *out)
{
	struct loaded loaded;
	if (o->files_n == 1 && comparison_is(o->files[0])) {
		log_error(log, "'%s' is a comparison: explain takes one of its captures",
			  o->files[0]);
		return EXIT_USAGE;
	}
	int status = load_evidence(o, log, &loaded);
	if (status == EXIT_OK && explain_trace(&loaded.trace, out) != 0) {
		log_error(log, "no memory to explain '%s'", o->files[0]);
		status = EXIT_SYSTEM;
	}
	load_free(&loaded);
	return status;
}

int explain_main(const struct options *o)
{
	struct text words = {0}, out = {0};
	struct log log;
	log_init(&log, o);
	bool word = add_word(o, o->files[0], &words);
	text_free(&words);
	int status = word || !is_file(o->files[0]) ? explain_words(o, &log, &out)
						   : explain_files(o, &log, &out);
	if (status == EXIT_OK)
		status = output_text(&log, &out, EXIT_OK);
	text_free(&out);
	return status;
}
