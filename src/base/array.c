/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/array.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 8

bool array_reserve(void *items, size_t *cap, size_t need, size_t size)
{
	size_t grown = *cap < FIRST_CAP ? FIRST_CAP : *cap;
	void *old, *moved;

	if (need <= *cap)
		return true;
	if (size == 0 || need > SIZE_MAX / 2 / size)
		return false;
	while (grown < need)
		grown *= 2;
	/* `items` points to a pointer of unknown type: reading it as void ** would break aliasing.
	 */
	memcpy(&old, items, sizeof(old));
	moved = realloc(old, grown * size);
	if (!moved)
		return false;
	memcpy(items, &moved, sizeof(moved));
	*cap = grown;
	return true;
}
