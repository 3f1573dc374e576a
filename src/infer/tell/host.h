/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_HOST_H
#define INFER_TELL_HOST_H

/*
 * The sentences about this host itself: one for each way in which it can block.
 */

#include "infer/scene/scene.h"

/* What this host does to server s's port, as a sentence, or NULL when it does nothing. */
const char *host_sentence(const struct scene *scene, uint32_t s, struct arena *arena);

/* The same as a reason: what was seen that shows it. */
const char *host_evidence(const struct scene *scene, uint32_t s, struct arena *arena);

/* The rule of the firewall, or of the routing tables, that does what was found; NULL: not known. */
const struct filter_rule *host_rule(const struct scene *scene, uint32_t s);

/* Whether what the rule takes goes no further; of an answer, how is told to its sender alone. */
bool host_refuses(const struct filter_rule *rule);

/* The command of the rule's manager that lets the port pass, as an advice; NULL: not known. */
const char *host_allow(const struct filter_rule *rule, struct arena *arena);

/* A rule that is loaded and refuses what some users send, whether they were tried or not; NULL:
 * none. */
const struct filter_rule *host_owner_rule(const struct trace *t);

/* To ask as the user whose mail fails, since this rule looks at users, as an advice. */
const char *host_ask_again(const struct filter_rule *rule, struct arena *arena);

/* "root", "user 1000". */
const char *host_user(const struct user *user, struct arena *arena);

/* "permission denied (EACCES)": what programs see. */
const char *host_errno(int error, struct arena *arena);

#endif
