/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_CHECK_LINE_H
#define CLI_CHECK_LINE_H

/*
 * The line that a monitoring plugin says, whatever happens.
 */

#include "base/text.h"

enum plugin_status { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_CRITICAL, PLUGIN_UNKNOWN };

/*
 * Says the sentence on standard output, with the performance data (NULL: none), and returns the
 * status; 3 whatever it was when it cannot be said.
 */
int check_line(enum plugin_status status, const char *sentence, const struct text *performance);

/* What `check` answers to whatever keeps it from measuring, as its callers want it: its status. */
int check_refuse(const char *message);

#endif
