/* SPDX-License-Identifier: BSD-2-Clause */
#include "data/data.h"

#if WHOBLOCKS_LANGUAGES
#define ROW(name)                                                                                  \
	{                                                                                          \
#name, data_words_##name, &data_words_##name##_len                                 \
	}
static const struct data_language table[] = {
	ROW(de), ROW(es), ROW(fr), ROW(it), ROW(pl), ROW(pt),
};

const struct data_language *data_languages(size_t *n)
{
	*n = sizeof(table) / sizeof(table[0]);
	return table;
}
#else
const struct data_language *data_languages(size_t *n)
{
	*n = 0;
	return NULL;
}
#endif
