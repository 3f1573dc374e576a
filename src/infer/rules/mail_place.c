/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a session breaks, by what its words drew in segments of a limited TTL. */
#include "infer/mail/fates.h"
#include "infer/rules/mail_rules.h"
#include "infer/scene/accepting.h"
#include "infer/scene/rate.h"

/* The first hop that returns the control's SYNs and not these words, nor does any behind it. */
static int first_missing(const struct scene *scene, uint32_t s, const struct mail_fates *fates)
{
	int far = scene->paths[s].distance, first = 0;
	unsigned missing = 0;
	for (int hop = fates->last_expired + 1; hop < far && hop <= PATH_TTL_MAX; hop++) {
		if (!fates->silent[hop] || !scene->paths[s].control.at[hop].expired)
			continue;
		first = first ? first : hop;
		missing++;
	}
	return missing >= 2 ? first : 0;
}

void mail_place(const struct scene *scene, uint32_t s, struct claim *out)
{
	struct mail_fates fates;
	int far = scene->paths[s].distance;
	mail_fates(scene->trace, s, scene->mails[s].session->stage, &fates);
	if (!fates.known || far < 2)
		return;
	bool reset = scene->mails[s].outcome == MAIL_RESET;
	int near = fates.last_expired;
	int end = reset ? fates.first_reset : first_missing(scene, s, &fates);
	if (end && (end <= near || !rate_server_beyond(scene, s, end)))
		return;
	/* Where nobody else is there to compare, whoever accepts there need not be the server. */
	if (!end && (near < far - 1 || scene_stands_alone(scene, s)))
		return;
	claim_between(out, near, end ? end : far, far);
	/* The words came to the last router: who is left is the server's side. */
	if (!end)
		out->not_remote = false;
}
