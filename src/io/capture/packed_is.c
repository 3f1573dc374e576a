/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/formats.h"
#include "io/capture/packed.h"

bool packed_is(FILE *f)
{
	uint8_t head[FORMATS_HEAD_BYTES];
	size_t n = fread(head, 1, sizeof(head), f);

	rewind(f);
	return format_packed(head, n) != NULL;
}
