/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_BESIDE_H
#define INFER_SCENE_BESIDE_H

/* What stands between this host and its provider: who may run the first router, for the words. */

#include "trace/trace.h"

enum beside {
	BESIDE_ROUTER, /* a router of the user's own, as far as anything tells */
	BESIDE_CLOUD,  /* a hypervisor: the firmware names somebody who rents machines out */
	BESIDE_TUNNEL, /* the far end of a tunnel, which anybody may run */
};

/* By the device and the machine, for a family of addresses. */
enum beside beside_of(const struct trace *t, uint8_t family);

/* Whether the firmware names somebody who rents machines out. */
bool beside_is_cloud(const struct trace *t);

/* Whether the device of a family's route has no link header: what is beyond is no neighbour. */
bool beside_is_tunnel(const struct trace *t, uint8_t family);

#endif
