/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_BESIDE_H
#define INFER_SCENE_BESIDE_H

/* What stands between this host and its provider: who may run the first router, for the words. */

#include "infer/result/terms.h"
#include "trace/trace.h"

/* By the device, the machine and its IPv4 address, for a family of addresses. */
enum beside_kind beside_of(const struct trace *t, uint8_t family);

/* Whether the firmware names somebody who rents machines out. */
bool beside_is_cloud(const struct trace *t);

/* Whether the device of a family's route has no link header: what is beyond is no neighbour. */
bool beside_is_tunnel(const struct trace *t, uint8_t family);

#endif
