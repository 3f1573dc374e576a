/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LOAD_VANTAGES_H
#define CLI_LOAD_VANTAGES_H

/*
 * What measurement engines answered, from a file or as it came, and whose the addresses in it are:
 * as the file says where whoblocks wrote it, else as the data base of owners does.
 */

#include "base/text.h"
#include "cli/options.h"
#include "cli/out/log.h"
#include "outside/vantage.h"

struct vantages {
	struct vantage_list list;
	struct text raw; /* what the evidence folder keeps: a head, then the answers */
};

/* The file of such answers in an evidence folder: to be freed; NULL: no memory. */
char *vantages_beside(const char *folder);

/*
 * Reads a file ("-": standard input), or a text of answers, for the port under test. 0, or an exit
 * status after a message. The caller frees with vantages_end_of() either way.
 */
int vantages_load(const struct options *o, struct log *log, const char *path, uint16_t port,
		  struct vantages *out);
int vantages_take(const struct options *o, struct log *log, const struct text *answers,
		  uint16_t port, struct vantages *out);

/*
 * Names the network that the question is about (0: unknown), and puts what the engines' answers do
 * not say (that, the owners of addresses) before them. 0, or an exit status after a message.
 */
int vantages_seal(struct vantages *v, struct log *log, uint32_t asn);

void vantages_end_of(struct vantages *v);

#endif
