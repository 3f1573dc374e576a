/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_OTHERS_H
#define INFER_SCENE_OTHERS_H

/*
 * Which servers may speak beside a server: decided here, for everything that
 * compares servers. Families never mix. An address that was asked by several
 * names speaks once, and never beside itself.
 */

#include "infer/scene/scene.h"

/* What the others have to share with the server, a set. */
enum others_who {
	OTHERS_ANY = 0,
	OTHERS_PORT = 1,     /* asked on the same port: findings of different ones never mix */
	OTHERS_APART = 2,    /* of other networks */
	OTHERS_ALIKE = 4,    /* where the port under test does the same */
	OTHERS_ANSWER = 8,   /* where it answers */
	OTHERS_AND_SELF = 16 /* the server itself, too, and first */
};

/* One walk over them. */
struct others {
	uint32_t server; /* the one that speaks now */
	const struct scene *scene;
	uint32_t self, at;
	unsigned who, spoken, tried;
	bool begun;
};

struct others others_of(const struct scene *scene, uint32_t s, unsigned who);
bool others_next(struct others *o);

/* Walks over the servers that may speak beside s: `o.server` is each in turn. */
#define OTHERS_EACH(o, scene, s, who)                                                              \
	for (struct others o = others_of(scene, s, who); others_next(&o);)

/* Whether s is the name by which its address speaks for its port. */
static inline bool others_speaks(const struct scene *scene, uint32_t s)
{
	return scene->speakers[s].self == s;
}

/* Tells who speaks, and numbers the networks; part of scene_build(). 0, or -1 without memory. */
int others_build(struct scene *scene);

#endif
