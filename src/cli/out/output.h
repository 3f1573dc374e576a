/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_OUT_OUTPUT_H
#define CLI_OUT_OUTPUT_H

/*
 * Standard output: the result alone goes there, whole or with an error.
 */

#include "base/text.h"
#include "cli/out/log.h"
#include "report/report.h"

struct json_t;

/* How the text result should look, from the options, the environment and the terminal. */
struct text_style output_style(const struct options *o);

/* Writes the text. Returns `status`, or EXIT_SYSTEM after a message when that fails. */
int output_text(struct log *log, const struct text *t, int status);

/* The same for a JSON value (NULL counts as no memory), on one line or indented, with a newline. */
int output_json(struct log *log, const struct json_t *value, bool line, int status);

#endif
