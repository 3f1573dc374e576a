/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

/*
 * Growth for the idiom `items, n, cap`. Keeps the old items on failure.
 */

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes room for `need` items of `size` bytes in *items (malloc'ed, capacity *cap).
 * Returns false when there is no memory or the size overflows; nothing changes then.
 */
bool array_reserve(void *items, size_t *cap, size_t need, size_t size);

#endif
