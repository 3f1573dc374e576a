/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_MACHINE_H
#define IO_HOST_MACHINE_H

/*
 * What this host stands in: a container, a virtual machine, behind a tunnel.
 * Then the first hops are not what they seem.
 */

#include "trace/trace.h"

/*
 * Adds a note for each thing found ("container", "virtual-machine", "cloud": a machine of somebody
 * else's, "tunnel"). The trace's routes must be there.
 */
void machine_notes(struct trace *t);

#endif
