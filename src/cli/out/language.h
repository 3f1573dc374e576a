/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_OUT_LANGUAGE_H
#define CLI_OUT_LANGUAGE_H

/*
 * The language of headline, advice and ticket. Everything else is English.
 */

#include "cli/options.h"

/*
 * Sets the options' catalogue: --language's, else the environment's as gettext reads it (LANGUAGE,
 * LC_ALL, LC_MESSAGES, LANG), as long as it speaks UTF-8. What we have no catalogue for is English.
 */
void language_choose(struct options *o);

/* NULL: English. */
const struct catalogue *language_catalogue(const struct options *o);

#endif
