/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/calls.h"
#include <stddef.h>

/* Those that mail is sent through and fetched from: ban lists count both. */
static const uint16_t mail_ports[] = {25, 110, 143, 465, 587, 993, 995, 2525};

static bool is_mail(const struct calls *calls, uint16_t port)
{
	for (size_t i = 0; i < sizeof(mail_ports) / sizeof(*mail_ports); i++) {
		if (port == mail_ports[i])
			return true;
	}
	return port != 0 && port == calls->port;
}

unsigned calls_count(const struct calls *calls, uint16_t port, uint16_t partner)
{
	return (unsigned)is_mail(calls, port) + (unsigned)is_mail(calls, partner);
}

bool calls_ready(const struct calls *calls, int64_t now_ns, int64_t *wake_ns)
{
	if (calls->gap_ns == 0 || now_ns >= calls->free_ns)
		return true;
	if (*wake_ns <= now_ns || calls->free_ns < *wake_ns)
		*wake_ns = calls->free_ns;
	return false;
}

void calls_begin(struct calls *calls, unsigned n, int64_t now_ns)
{
	if (n > 0)
		calls->free_ns = now_ns + n * calls->gap_ns;
}
