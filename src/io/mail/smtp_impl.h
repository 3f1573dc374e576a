/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_MAIL_SMTP_IMPL_H
#define IO_MAIL_SMTP_IMPL_H

/*
 * One session inside io/smtp: what libcurl is told and what it tells.
 */

#include "io/mail/smtp.h"
#include "io/mail/smtp_log.h"
#include <curl/curl.h>

/* Where a session stands. */
enum talk_phase {
	TALK_CONNECTING,
	TALK_RUNNING, /* libcurl has it */
	TALK_LIMITED, /* waits for the greeting, then for what a limited command draws */
	TALK_QUITTING,
	TALK_ENDED,
};

struct talk {
	struct talk *next;
	struct smtp *smtp;
	struct session record;
	enum talk_phase phase;
	struct smtp_log log;
	struct text chain;
	int fd; /* -1: closed */
	CURL *easy;
	struct curl_slist *connect_to;
	char name[SMTP_NAME_BYTES]; /* for TLS; "": none */
	struct addr addr;
	int64_t since_ns;  /* of the phase, by the clock that nobody sets */
	int64_t heard_ns;  /* last word from the server, likewise */
	bool command_sent; /* TALK_LIMITED: what is limited went out */
	size_t said;	   /* TALK_LIMITED: commands so far */
};

/* A blob that libcurl borrows: the certificates to trust; data NULL for the system's. */
struct talk_trust {
	char *data;
	size_t len;
};

struct smtp {
	CURLM *multi;
	int epoll, timer;
	struct talk_trust trust;
	struct talk *talks; /* newest first */
	struct talk *taken; /* handed out, freed at the next call */
};

/* What the sessions share: libcurl, the descriptor, the timer; false with errno. */
bool smtp_open_loop(struct smtp *smtp);

/* Waits for EPOLL events of a socket, in place of others. 0 or -1 with errno. */
int smtp_watch(const struct smtp *smtp, int fd, uint32_t events);
void smtp_unwatch(const struct smtp *smtp, int fd);

/* The easy handle for a connected session; false when there is no memory. */
bool talk_prepare(struct talk *t, const struct talk_trust *trust);

/* Whether there is a certificate (PEM) among the bytes. */
bool talk_trust_holds_any(const struct talk_trust *trust);

/* A new phase begins now. */
void talk_enter(struct talk *t, enum talk_phase phase);

/* Takes everything of the session down but its record. */
void talk_finish(struct talk *t);

/* Ends the session when it has waited too long for what it waits for. */
void talk_mind_time(struct talk *t, int64_t now_ns);

/* What libcurl's result means; reads certificates and verification while the handle is there. */
void talk_result(struct talk *t, CURLcode code);

/* Whether bytes of ours wait for an acknowledgement, and for how many timeouts already. */
bool talk_unacknowledged(int fd, unsigned *timeouts);

/* Sends QUIT through the session's layer. */
void talk_quit(struct talk *t);

/* Reads what answers it; true once the session is over. */
bool talk_quitting(struct talk *t);

/* A session without libcurl: greeting, then EHLO in segments of a limited TTL. True when over. */
bool talk_limited(struct talk *t);

/* Subjects, issuers and names of the chain as text, bounded. */
void talk_certificates(CURL *easy, struct text *out);

void talk_free(struct talk *t);

#endif
