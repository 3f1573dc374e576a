/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_RDAP_H
#define IO_NAMES_RDAP_H

/*
 * Whom a registry names for a network: the answer of an RDAP service (RFC 9083)
 * to a question about an address.
 */

#include "base/err.h"
#include <stddef.h>

#define RDAP_TEXT_BYTES 256

/* Untrusted text; "" where the answer has none. */
struct rdap_contact {
	char network[RDAP_TEXT_BYTES];
	char name[RDAP_TEXT_BYTES];
	char email[RDAP_TEXT_BYTES];
};

/*
 * Reads an answer: the network's name, and of its contacts the one for abuse, else the technical
 * one, else any with an address for mail. 0, or -1 with *err (IO_INPUT) when it names nobody.
 */
int rdap_parse(const char *json, size_t len, struct rdap_contact *out, struct err *err);

#endif
