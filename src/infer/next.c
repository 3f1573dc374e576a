/* SPDX-License-Identifier: BSD-2-Clause */
/* What the reader should do next, by who is blamed. */
#include "infer/words.h"

static void add(struct verdict *verdict, const char *text)
{
	if (verdict->next_n < RESULT_NEXT_MAX)
		verdict->next[verdict->next_n++] = text;
}

static void next_blocked(const struct judgement *j, struct verdict *verdict)
{
	switch (j->blocker) {
	case BLOCKER_LOCAL_HOST:
		add(verdict, "Look for a rule of this host's firewall that names the port.");
		return;
	case BLOCKER_LOCAL_NETWORK:
		add(verdict,
		    "Look in your router or firewall for a filter of outgoing mail ports.");
		return;
	case BLOCKER_ISP:
		add(verdict,
		    "Send the evidence to your provider and ask whether it filters the port.");
		break;
	case BLOCKER_TRANSIT:
		add(verdict, "Send the evidence to your provider: it can ask the transit network.");
		break;
	case BLOCKER_REMOTE:
		add(verdict, "Ask the server's operator; other servers answer.");
		return;
	case BLOCKER_NONE:
		return;
	case BLOCKER_UNKNOWN:
		add(verdict,
		    "Capture on the far side of the nearest suspect (the router's WAN port) "
		    "while this runs: that settles who it is.");
		break;
	}
	add(verdict, "Until then, try port 465 (implicit TLS) or another network.");
}

void words_next(const struct judgement *j, struct arena *arena, struct verdict *verdict)
{
	(void)arena;
	switch (j->state) {
	case STATE_OPEN:
		return;
	case STATE_CLOSED:
		add(verdict,
		    "Check the server's name and port; its operator knows why it refuses.");
		return;
	case STATE_BLOCKED:
		next_blocked(j, verdict);
		return;
	case STATE_INTERCEPTED:
		add(verdict, "Do not send passwords to this port until it is known who answers.");
		return;
	case STATE_DEGRADED:
		add(verdict, "Repeat the measurement later.");
		return;
	case STATE_UNKNOWN:
		if (j->mechanism == MECHANISM_NO_NETWORK)
			add(verdict, "Make the network work first, then run this again.");
		else
			add(verdict, "Run it again, or name other servers.");
		return;
	}
}
