/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RESULT_HOP_TEXT_H
#define INFER_RESULT_HOP_TEXT_H

/* A hop in a sentence. */

#include "base/addr.h"
#include "base/arena.h"
#include <stdbool.h>

/*
 * "this host", "hop 3 (198.51.100.1)", "hop 3 (which does not answer)" when it was asked and
 * nobody there answered, else "hop 3". The text lives in the arena.
 */
const char *hop_text(struct arena *arena, int hop, const struct addr *addr, bool silent);

#endif
