/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/result/result.h"

struct judgement judgement_unknown(enum mechanism mechanism)
{
	return (struct judgement){
		.state = STATE_UNKNOWN,
		.blocker = BLOCKER_UNKNOWN,
		.mechanism = mechanism,
	};
}

enum blocker blocker_of(enum segment segment)
{
	static const enum blocker map[SEGMENT_COUNT] = {
		[SEGMENT_HOST] = BLOCKER_LOCAL_HOST, [SEGMENT_LOCAL] = BLOCKER_LOCAL_NETWORK,
		[SEGMENT_ISP] = BLOCKER_ISP,	     [SEGMENT_TRANSIT] = BLOCKER_TRANSIT,
		[SEGMENT_REMOTE] = BLOCKER_REMOTE,
	};
	return map[segment];
}

void judgement_suspect(struct judgement *j, struct suspect item)
{
	size_t at = j->suspects_n++;
	while (at > 0 && j->suspects[at - 1].probability < item.probability) {
		j->suspects[at] = j->suspects[at - 1];
		at--;
	}
	j->suspects[at] = item;
}
