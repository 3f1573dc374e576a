/* SPDX-License-Identifier: BSD-2-Clause */
/* How a session ends. */
#include "io/host/clock.h"
#include "io/mail/smtp_impl.h"
#include <unistd.h>

void talk_enter(struct talk *t, enum talk_phase phase)
{
	t->phase = phase;
	t->since_ns = t->heard_ns = clock_mono_ns();
}

void talk_finish(struct talk *t)
{
	unsigned timeouts;

	t->record.stuck = t->record.stuck || talk_unacknowledged(t->fd, &timeouts);
	if (t->easy)
		curl_multi_remove_handle(t->smtp->multi, t->easy);
	curl_easy_cleanup(t->easy);
	t->easy = NULL;
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	if (t->log.stage > t->record.stage)
		t->record.stage = t->log.stage;
	t->record.greeted_ns = t->log.greeted_ns;
	t->record.ended_ns = clock_real_ns();
	talk_enter(t, TALK_ENDED);
}
