/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_IDENTITY_H
#define IO_HOST_IDENTITY_H

/*
 * Which machine this is, and which start of it. Neither is told to anybody.
 */

#include <stdint.h>

#define IDENTITY_BYTES 65

/* The text of machine-id(5), else the host's name. */
void identity_machine(char out[IDENTITY_BYTES]);

/* A number that differs after the machine was started anew, below 2^63; 0: unknown. */
uint64_t identity_boot(void);

#endif
