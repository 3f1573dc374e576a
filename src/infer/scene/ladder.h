/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_LADDER_H
#define INFER_SCENE_LADDER_H

/*
 * The other mail ports: which of them answer where the port under test fails.
 */

#include "infer/scene/scene.h"

/* How one port fared over the servers on which it was asked. */
struct rung {
	unsigned asked, open;
	unsigned refused; /* refused otherwise than the port under test is: the server's own word */
};

/* Whether the port under test fails at a server, or the mail sessions behind it do. */
bool ladder_fails(const struct scene *scene, uint32_t s);

/* What SYNs to a port of the path drew, NULL: none was sent. */
const struct port_count *ladder_port(const struct path *path, uint16_t port);

/*
 * Whether what accepts the port is nearer than what answers the control: it is somebody else than
 * the server, as a proxy or a redirect is.
 */
bool ladder_is_nearer(const struct path *path, const struct port_count *c);

/* Counts the family's servers on which the port was asked, and is open: what
 * is answered from nearer than the server counts for nothing. */
struct rung ladder_count(const struct scene *scene, uint8_t family, uint16_t port);

#endif
