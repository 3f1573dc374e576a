/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_REASONS_H
#define INFER_TELL_REASONS_H

/*
 * A verdict's reasons while they are written: each is a sentence and the frames that carry it. All
 * functions add to the verdict; what they allocate lives in the arena.
 */

#include "infer/tell/phrases.h"

/* Resets, rejections by ICMP, and SYN-ACKs that answer the port. */
void reasons_reset(const struct telling *why);
void reasons_rejected(const struct telling *why);
void reasons_answer(const struct telling *why);

/* Rejections whose places contradict each other: both sides. */
void reasons_contradiction(const struct telling *why);

/* SYNs that are accepted on their way to a server whose sessions work. */
void reasons_beside(const struct telling *why);

/* SYNs that are accepted and reset in one breath. */
void reasons_aborted(const struct telling *why);

/* That somebody on the way plays the part of others, and what shows it; if anything does. */
void reasons_forgery(const struct telling *why);

/* That a translator makes the server's address of an IPv4 one, and where; if one does. */
void reasons_translated(const struct telling *why);

/* Resets beside the SYN-ACKs that no TCP would accept, if there are any. */
void reasons_strays(const struct telling *why);

#endif
