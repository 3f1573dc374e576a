/* SPDX-License-Identifier: BSD-2-Clause */
/* SYNs that are accepted and reset in one breath. */
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/way/hops.h"

struct tally {
	uint32_t accepted, cut;
	bool beside; /* a reset came from about as far as the SYN-ACK before it */
};

/*
 * One SYN's SYN-ACK, and a reset behind it whose sequence number is the next: any other one a real
 * stack would ignore (RFC 5961, 3.2).
 */
static void tally_probe(const struct path *path, const struct probe *p, struct tally *out)
{
	const struct reply *accepted = NULL;
	PATH_EACH_REPLY(path->trace, p, r)
	{
		if (r->kind == REPLY_SYNACK && path_counts(path->trace, p, r) && !accepted) {
			accepted = r;
			out->accepted++;
		}
		if (!accepted || r->kind != REPLY_RESET || r->seq != accepted->seq + 1)
			continue;
		int apart = hops_back(r->ttl) - hops_back(accepted->ttl);
		out->cut++;
		out->beside = out->beside || (apart >= -TOLERANCE_HOPS && apart <= TOLERANCE_HOPS);
		return;
	}
}

static struct tally tally_port(const struct path *path, uint16_t port)
{
	struct tally sum = {0};
	PATH_EACH_PROBE_TO(path, port, p)
	{
		/* Of the kernel's own connections the sessions tell. */
		if (p->kind != PROBE_KERNEL)
			tally_probe(path, p, &sum);
	}
	return sum;
}

/* Most connections are cut off at once, though a session may outrun the resets. */
bool rule_aborted(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	enum mail_outcome outcome = scene->mails[s].outcome;
	if (scene->conducts[s] != CONDUCT_ANSWERS || !scene->trace->run.own ||
	    (outcome != MAIL_UNTRIED && outcome != MAIL_VERIFIED))
		return false;
	/* Who accepts before the server does is somebody else, whatever follows. */
	struct claim nearer = {0};
	if (outcome == MAIL_UNTRIED && rule_answered_nearer(scene, s, &nearer))
		return false;
	struct tally target = tally_port(path, path->target.port);
	struct tally control = tally_port(path, path->control.port);
	if (target.cut < TELLS_LEAST || target.cut * 2 <= target.accepted || control.cut > 0)
		return false;
	int far = scene->roles[s].server_hop;
	claim_say(out, STATE_DEGRADED, MECHANISM_RESET_AFTER_HANDSHAKE, SURE_ABORTED);
	out->first_missing = far;
	out->not_remote = !target.beside;
	out->span = (struct span){.lo = line_link(0), .hi = line_out(far)};
	return true;
}
