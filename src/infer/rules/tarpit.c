/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections that are accepted and let nothing be sent. */
#include "infer/numbers.h"
#include "infer/rules/claim.h"

/* SYN-ACKs of a port, by whether they let the client send anything. */
struct windows {
	unsigned shut, open;
};

static struct windows windows_of(const struct path *path, uint16_t port)
{
	struct windows out = {0};
	PATH_EACH_PROBE_TO(path, port, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind != REPLY_SYNACK || !path_counts(path->trace, p, r))
				continue;
			out.shut += r->window == 0;
			out.open += r->window > 0;
		}
	}
	return out;
}

/*
 * Accepted with a window of 0, as the control never is: a tarpit holds connections so for good, a
 * proxy until the server has accepted. Without a mail session nothing tells which.
 */
bool rule_tarpit(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	if (scene->conducts[s] != CONDUCT_ANSWERS || scene->mails[s].session || !path->control.port)
		return false;
	struct windows port = windows_of(path, path->target.port);
	struct windows control = windows_of(path, path->control.port);
	return port.shut >= TELLS_LEAST && port.open == 0 && control.open > 0 && control.shut == 0;
}
