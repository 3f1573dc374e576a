/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_STREAMS_H
#define IO_HOST_STREAMS_H

/*
 * The three standard streams. Where whoever started the program closed one, the
 * first file or socket that it opens would take its number, and messages would go
 * into it.
 */

#include <stdbool.h>

/*
 * Puts something in the place of each that is closed: reading and writing fail there, as they
 * would have. False when that cannot be; then the program must end. Before anything is opened.
 */
bool streams_hold(void);

#endif
