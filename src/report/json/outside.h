/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_JSON_OUTSIDE_H
#define REPORT_JSON_OUTSIDE_H

/*
 * The result's `outside` and `outside_summary`: what places elsewhere saw.
 */

#include "outside/view.h"
#include "report/json/value.h"

/* Sets both members of `object`; failures are remembered in *m. */
void json_outside(struct value_maker *m, json_t *object, const struct outside_view *view);

#endif
