/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_ENGINES_WEB_H
#define IO_ENGINES_WEB_H

/*
 * Requests to a service that is told a secret: over HTTPS with its certificate verified, to that
 * service alone (no redirection is followed), with a bound on time and size.
 */

#include "base/err.h"
#include "base/text.h"
#include <stdint.h>

#define ENGINE_WEB_BYTES_MAX (16 * 1024 * 1024)

/* A service. Strings are loans. */
struct engine_web {
	const char *base;	   /* "https://atlas.ripe.net", no slash at its end */
	const char *authorization; /* the header's value; NULL: nothing is told */
	const char *cacert;	   /* trust these (PEM); NULL: the system's */
	int interrupts; /* a descriptor that is readable once the user wants to stop; -1 */
};

struct engine_request {
	const char *method; /* "GET" "POST" "DELETE" */
	const char *path;   /* with its slash */
	const char *body;   /* JSON, NULL: none */
	int64_t wait_ns;
	bool secret; /* tell the authorization */
};

struct engine_answer {
	long status;	  /* HTTP; 0: none came */
	long retry_s;	  /* when to come again, as the service says; 0: it does not */
	struct text body; /* untrusted; freed by the caller */
};

/*
 * Whether the base is one that a secret may go to: https, or http on this host's loopback. 0, or -1
 * with *err (IO_USAGE).
 */
int engine_web_check(const char *base, struct err *err);

/*
 * Asks. 0 with any HTTP status, or -1 with *err (IO_INPUT): no whole answer came, it was too large
 * or redirects, or (then *err is of IO_INTERRUPTED) the user wants to stop.
 */
int engine_web_ask(const struct engine_web *web, const struct engine_request *request,
		   struct engine_answer *out, struct err *err);

#define IO_INTERRUPTED 130 /* no exit status: the caller knows what to do */

#endif
