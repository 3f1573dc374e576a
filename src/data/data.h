/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DATA_DATA_H
#define DATA_DATA_H

/*
 * The tables that are compiled in. Each is the text of the file of the same name in
 * this folder; the build turns it into bytes. A NUL that does not count ends each.
 */

#include <stddef.h>

/* servers.tsv: the known-good servers, in the form that io/known.h describes. */
extern const unsigned char data_servers[];
extern const size_t data_servers_len;

/* policies.tsv: what operators say of mail ports; its first lines name the columns. */
extern const unsigned char data_policies[];
extern const size_t data_policies_len;

/* whoblocks.7, the manual about words and symptoms, in mdoc. */
extern const unsigned char data_manual[];
extern const size_t data_manual_len;

/* What we say in other languages (po/), as base/catalogue.h reads it. */
struct data_language {
	const char *name; /* ISO 639 */
	const unsigned char *bytes;
	const size_t *len;
};

extern const unsigned char data_words_de[], data_words_es[], data_words_fr[], data_words_it[],
	data_words_pl[], data_words_pt[];
extern const size_t data_words_de_len, data_words_es_len, data_words_fr_len, data_words_it_len,
	data_words_pl_len, data_words_pt_len;

/* All languages beside English, and how many; none where the build leaves them out. */
const struct data_language *data_languages(size_t *n);

#endif
