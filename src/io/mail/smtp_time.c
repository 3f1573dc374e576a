/* SPDX-License-Identifier: BSD-2-Clause */
/* When a session has waited for long enough. */
#include "io/host/clock.h"
#include "io/mail/smtp_impl.h"

#define MS	   INT64_C(1000000)
#define CONNECT_NS (4000 * MS) /* two retransmissions of a SYN */
#define QUIT_NS	   (500 * MS)
#define PATIENT_NS (3000 * MS) /* silence for less than this may be haste of ours */
#define ANSWER_NS  (5000 * MS) /* once it greets, a server is at work */
#define HOPELESS   4 /* retransmission timeouts of the same bytes: three seconds and more */

/* Ends a running session that libcurl has not come to the end of. */
static void give_up(struct talk *t, enum session_end end)
{
	t->record.end = end;
	if (t->easy && t->log.stage >= SESSION_SECURE) {
		talk_result(t, CURLE_OPERATION_TIMEDOUT);
		t->record.end = end;
	}
	talk_finish(t);
}

void talk_mind_time(struct talk *t, int64_t now_ns)
{
	int64_t spent = now_ns - t->since_ns, quiet = now_ns - t->heard_ns;
	unsigned timeouts;

	switch (t->phase) {
	case TALK_CONNECTING:
		if (spent > CONNECT_NS)
			give_up(t, SESSION_SILENT);
		return;
	case TALK_RUNNING:
		if (t->log.flooded)
			give_up(t, SESSION_FLOODED);
		else if (t->log.strange && !t->log.greeted && quiet > PATIENT_NS)
			give_up(t, SESSION_BROKEN);
		else if ((t->log.greeted || t->record.pass == SESSION_IMPLICIT) &&
			 quiet > ANSWER_NS)
			give_up(t, SESSION_SILENT);
		else if (talk_unacknowledged(t->fd, &timeouts) && timeouts >= HOPELESS)
			give_up(t, SESSION_SILENT);
		return;
	case TALK_LIMITED:
		if (talk_limited(t))
			talk_finish(t);
		return;
	case TALK_QUITTING:
		if (spent > QUIT_NS)
			talk_finish(t);
		return;
	case TALK_ENDED:
		return;
	}
}

void smtp_stop_connecting(struct smtp *smtp, int64_t after_ns)
{
	int64_t now = clock_mono_ns();

	for (struct talk *t = smtp->talks; t; t = t->next) {
		if (t->phase == TALK_CONNECTING && now - t->since_ns > after_ns)
			give_up(t, SESSION_STOPPED);
	}
}

void smtp_stop(struct smtp *smtp)
{
	int64_t now = clock_mono_ns();

	for (struct talk *t = smtp->talks; t; t = t->next) {
		bool quitting = t->phase == TALK_QUITTING;

		if (t->phase == TALK_ENDED)
			continue;
		if (quitting)
			talk_finish(t);
		else
			give_up(t,
				now - t->heard_ns > PATIENT_NS ? SESSION_SILENT : SESSION_STOPPED);
	}
}
