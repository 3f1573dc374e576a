/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_ASK_CALM_H
#define INFER_ASK_CALM_H

/*
 * What is asked while nothing is wrong, in a run that is to be polite: a mail
 * session with each server, what costs no connection to a mail port, and a
 * second look at a few.
 */

#include "infer/ask/asking.h"

/* Whether everything that was heard so far is as it should be. */
bool calm_holds(const struct scene *scene);

/* The questions of all servers. */
void ask_calm(struct asking *a);

/* Servers that a session is about to ask are still to come. */
void calm_await(const struct scene *scene, struct agenda *agenda);

#endif
