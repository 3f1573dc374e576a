/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_FIREWALL_NFT_H
#define IO_HOST_FIREWALL_NFT_H

/*
 * The words of a rule, from the rule set as nft prints it for people.
 */

#include "io/host/firewall_rules.h"

/*
 * The line of the rule with this handle in the chain of "FAMILY TABLE"; handle 0: the line that
 * says where the chain hooks in, and its policy. Without such a text or line, the handle in words.
 */
void nft_quote(const char *text, const char *table, const char *chain, long long handle,
	       char out[RULES_LINE_BYTES]);

#endif
