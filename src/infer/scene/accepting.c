/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/accepting.h"
#include "infer/scene/others.h"
#include "infer/way/hops.h"

/*
 * The TTL from which both ports of the server are accepted, 0: they differ, or nobody knows. Where
 * TTLs are set anew on the way the answers come from further than that.
 */
static int accepted_from(const struct path *path)
{
	int first = path->target.first_synack;
	bool near =
		path->target.synack_ttl >= 0 && hops_back((uint8_t)path->target.synack_ttl) < first;
	return first && path->control.first_synack == first && near ? first : 0;
}

/* Whether the last router before that TTL is known to be the same. */
static bool same_way(const struct scene *scene, uint32_t a, uint32_t b, int first)
{
	for (int hop = first - 1; hop > 0; hop--) {
		struct addr x = hops_addr(&scene->paths[a], hop);
		struct addr y = hops_addr(&scene->paths[b], hop);
		if (addr_is_set(&x) && addr_is_set(&y))
			return scene_same_hop(scene, a, b, hop);
	}
	return true;
}

int scene_accepting(const struct scene *scene, uint32_t s)
{
	int first = accepted_from(&scene->paths[s]);
	if (!first)
		return 0;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_APART)
	{
		if (accepted_from(&scene->paths[o.server]) == first &&
		    same_way(scene, s, o.server, first))
			return first;
	}
	return 0;
}

bool scene_stands_alone(const struct scene *scene, uint32_t s)
{
	OTHERS_EACH(o, scene, s, OTHERS_APART)
	{
		if (scene->paths[o.server].control.port ||
		    scene->conducts[o.server] == CONDUCT_ANSWERS)
			return false;
	}
	return true;
}

/* Whether a session on another mail port, with any server behind it, showed that it passes on. */
static bool passes_on(const struct scene *scene, uint32_t s)
{
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_AND_SELF)
	{
		const struct mail *mail = &scene->mails[o.server];
		bool implicit = mail->implicit && mail_is_verified(mail->implicit);
		if (implicit || mail->outcome == MAIL_VERIFIED)
			return true;
	}
	return false;
}

bool scene_hidden_behind(const struct scene *scene, uint32_t s)
{
	/* Who takes everything at the gateway, says nothing and ends nothing is a portal, unless
	 * something is known to get through. */
	if (scene->mails[s].outcome == MAIL_MUTE && scene_accepting(scene, s) == 1 &&
	    !passes_on(scene, s))
		return false;
	const struct mail *mail = &scene->mails[s];
	bool broken = mail->outcome == MAIL_MUTE || mail->outcome == MAIL_RESET ||
		      mail->outcome == MAIL_ENDED || mail->outcome == MAIL_STALLED;
	return scene->conducts[s] == CONDUCT_ANSWERS && broken &&
	       mail->session->stage == SESSION_CONNECTED && scene_accepting(scene, s) > 0;
}
