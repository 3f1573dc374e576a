/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_MAIL_H
#define CLI_LIVE_MAIL_H

/*
 * The mail sessions of a live run: held as the inference asks for them, beside
 * the SYNs, on source ports of their own.
 */

#include "cli/options.h"
#include "engine/calls.h"
#include "io/mail/smtp.h"
#include "io/send/ports.h"
#include "trace/trace.h"

/* A session that was started. */
struct mail_held {
	struct smtp_order order;
	int64_t at_ns;
};

struct mail_run {
	struct smtp *smtp;    /* NULL: no sessions are held */
	const char *no_trust; /* where the system has no certificate to trust; NULL: it has */
	struct ports ports;
	uint16_t used; /* ports handed out */
	struct trace *trace;
	const char *interface;
	struct calls *calls;	/* to mail ports, shared with the probing; a loan */
	struct mail_held *held; /* everything started so far */
	size_t held_n, held_cap;
	bool refused; /* this host made no connection for a session: something is wrong */
	size_t seen;  /* answers and sessions when the questions were asked last */
	int64_t asked_ns, quiet_since_ns, settled_ns; /* 0: never */
};

/* Reads the certificates. 0 (also with --no-smtp: then nothing is held), or -1 with *err. */
int mail_prepare(struct mail_run *m, const struct options *o, struct calls *calls, struct err *err);

/* Binds the source ports of what was prepared; the trace gets their range. The same statuses. */
int mail_open(struct mail_run *m, struct trace *t, struct draw *draw, struct err *err);
void mail_close(struct mail_run *m);

/* Carries the sessions on, records those that ended, starts those that are worth it. */
void mail_step(struct mail_run *m, int64_t now_ns);

/* Whether a session shows what frames do not: this host refuses, its SYN never came by, or the
 * server that accepted says nothing. */
bool mail_fails_here(const struct mail_run *m, int64_t now_ns);

/* Gives up the sessions that have no connection yet; they are asked for again once a port answers.
 */
void mail_withdraw(struct mail_run *m);

/* Whether the run should wait for a session although everything else is decided. */
bool mail_busy(struct mail_run *m, int64_t now_ns);

/* To be polled for reading, -1: nothing. */
int mail_fd(const struct mail_run *m);

/* Ends all sessions and records them. */
void mail_end(struct mail_run *m);

#endif
