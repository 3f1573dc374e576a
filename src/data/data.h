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

#endif
