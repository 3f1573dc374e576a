/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_PARTS_H
#define CLI_PARTS_H

/*
 * What a build may leave out. Whoever asks for it is told its name; nothing that
 * was asked for is ignored.
 */

#include "cli/command.h"

/* The parts, by the names of CMake's options without WHOBLOCKS_. */
enum part { PART_LIVE, PART_WEB, PART_HISTORY, PART_METRICS, PART_LANGUAGES };

/* Whether this build has the part; else -1 with *err (EXIT_USAGE). `what` is what needs it. */
int parts_need(enum part part, const char *what, struct err *err);

/* The same for whatever the command, or an option of it, needs. */
int parts_need_command(const struct command *command, struct err *err);
int parts_need_option(const struct option_row *row, struct err *err);

/* Whether this build has all that the command, or the option, needs. */
bool parts_have_command(const struct command *command);
bool parts_have_option(const struct option_row *row);

#endif
