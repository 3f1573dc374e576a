/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_PROOF_H
#define INFER_TELL_PROOF_H

/*
 * The frames behind a claim: lists of packets that a reader can look up in the
 * capture. Lists are short samples; the counts stand in the text.
 */

#include "base/arena.h"
#include "infer/result/result.h"
#include "infer/scene/scene.h"

#define PROOF_FRAMES_MAX 16

struct proof {
	struct frame_ref frames[PROOF_FRAMES_MAX];
	size_t n;
};

/* TTL slots from..to of a port; slot 0 is an unlimited TTL. */
struct proof_range {
	uint16_t port;
	int from, to;
};

/* Replies of a kind that count, with the SYNs that drew them left out. */
void proof_replies(struct proof *proof, const struct path *path, struct proof_range range,
		   enum reply_kind kind);

/* Resets that acknowledge nothing of the SYNs to a port. */
void proof_invalid(struct proof *proof, const struct path *path, uint16_t port);

/* SYNs that drew nothing that counts. */
void proof_silent(struct proof *proof, const struct path *path, struct proof_range range);

/* What came of a mail session in the server's name, its end first. */
void proof_session(struct proof *proof, const struct trace *t, const struct session *session);

/* Adds a reason to the verdict with the frames sorted; NULL: it has none. */
void proof_reason(struct arena *arena, struct verdict *verdict, struct reason item,
		  struct proof *proof);

#endif
