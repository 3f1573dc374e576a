/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_MAIL_H
#define INFER_TELL_MAIL_H

/*
 * What is said of mail sessions.
 */

#include "infer/vote/vote.h"

/* The sentence about a server whose sessions tell something, or NULL. */
const char *mail_sentence(const struct scene *scene, uint32_t s, const struct judgement *j,
			  struct arena *arena);

/* The reason for a rule of this part, or NULL when it is none. */
const char *mail_reason(const struct scene *scene, uint32_t s, const struct claim *claim,
			struct arena *arena);

/* What the sessions say beside a rule of another part, or NULL. */
const char *mail_detail(const struct scene *scene, uint32_t s, struct arena *arena);

/* Whether errors in logging in can come from the network, as far as the session shows it. */
const char *mail_login(const struct scene *scene, uint32_t s, struct arena *arena);

#endif
