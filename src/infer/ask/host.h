/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_ASK_HOST_H
#define INFER_ASK_HOST_H

/*
 * What is worth asking of this host itself: a connect() of each user to the
 * port under test and to the control port, at two servers of each family.
 */

#include "infer/ask/asking.h"

/* Those of a family. */
void ask_host(struct asking *a, uint8_t family);

/* Counts connections whose outcome is awaited into the agenda. */
void ask_host_await(const struct scene *scene, struct agenda *agenda);

/* Whether some server's raw SYNs are blocked here, so that link probes tell what lies beyond. */
bool ask_host_beyond(const struct scene *scene);

#endif
