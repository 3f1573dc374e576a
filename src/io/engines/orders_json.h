/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_ENGINES_ORDERS_JSON_H
#define IO_ENGINES_ORDERS_JSON_H

#include "base/text.h"
#include <jansson.h>

/* Adds the value in JSON's shortest form and gives it back; NULL and no memory make the text fail.
 */
void orders_add_json(json_t *value, struct text *out);

#endif
