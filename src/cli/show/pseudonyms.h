/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_SHOW_PSEUDONYMS_H
#define CLI_SHOW_PSEUDONYMS_H

/*
 * --redact: a measurement under pseudonyms, and the key to them for its owner.
 */

#include "base/text.h"
#include "cli/out/log.h"
#include "cli/show/judged.h"

struct pseudonyms;

/*
 * Puts pseudonyms into the trace and what its run_info says. The strings live in *out, which the
 * caller frees with pseudonyms_free() after its last use. 0, or an exit status after a message.
 */
int pseudonyms_use(struct log *log, struct judged *j, struct pseudonyms **out);

/* Appends what they stand for. */
void pseudonyms_key(const struct pseudonyms *p, struct text *out);
void pseudonyms_free(struct pseudonyms *p);

#endif
