/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MAIL_MAIL_H
#define INFER_MAIL_MAIL_H

/*
 * What became of the mail sessions with one server's port under test, all of
 * them taken together: a farm may offer today what it did not a second ago.
 */

#include "infer/mail/dialogue.h"
#include "trace/trace.h"

#define MAIL_TLS_PORT 465 /* TLS from the first byte (RFC 8314, 3.3): the client speaks first */

enum mail_outcome {
	MAIL_UNTRIED,	 /* no session was held */
	MAIL_VERIFIED,	 /* greeting, STARTTLS, TLS with a trusted certificate for the name */
	MAIL_UNTRUSTED,	 /* TLS, but the certificate proves nothing */
	MAIL_NO_TLS,	 /* the dialogue works, STARTTLS is not offered in any session */
	MAIL_TLS_DENIED, /* offered and then refused by a reply */
	MAIL_CLEAR,	 /* the dialogue works as far as it can be seen; TLS was begun */
	MAIL_DECLINED,	 /* the greeting, or the answer to EHLO, is a refusal */
	MAIL_MUTE,	 /* the connection stands, no greeting came */
	MAIL_NOT_SMTP,	 /* what answers speaks no SMTP */
	MAIL_RESET,	 /* a reset after the handshake */
	MAIL_ENDED,	 /* ended in order, too early */
	MAIL_STALLED,	 /* no answer any more */
	MAIL_ODD,	 /* anything else */
};

struct mail {
	enum mail_outcome outcome;
	const struct session *session;	/* the one that tells, NULL: none */
	const struct session *implicit; /* on port 465, NULL: none */
	struct dialogue dialogue;	/* of `session` */
	unsigned held;			/* sessions on the port under test */
	unsigned alike;			/* of these, with this outcome at the same stage */
	bool sometimes; /* STARTTLS was missing in one session and there in another */
	int reset_ttl;	/* of the reset as it arrived, -1: none seen */
	int server_ttl; /* of what the server said before, -1: nothing */
	bool stuck;	/* bytes of ours were never acknowledged */
	bool shut;	/* MAIL_MUTE: as mail_is_shut() has it */
	bool too_big;	/* ICMP says that a packet of the session is too large for the way */
	unsigned tries; /* how often the newest bytes of ours were sent in `session`, 0: unseen */
};

/* Takes the sessions of server s together. */
void mail_read(const struct trace *t, uint32_t s, struct mail *out);

/*
 * Whether the session's connection (server, port, source port) was accepted with a window of 0 and
 * nobody has opened it since: whoever accepts waits for somebody behind, as SYN proxies do, or lets
 * nothing be said for good, as tarpits do.
 */
bool mail_is_shut(const struct trace *t, const struct session *s);

/* Whether the chain of the session leads to a trusted root and names the server. */
bool mail_is_verified(const struct session *s);

/* Of sessions that the server declines: the code of its refusal, in place of a greeting or as the
 * answer to EHLO, and its text. */
int mail_refusal(const struct mail *mail, struct slice *text);

/* Whether that holds for the moment alone (4xx). */
bool mail_is_temporary(const struct mail *mail);

/* Whether a mail session makes sense on this port. */
bool mail_speaks(uint16_t port);

/* Whether whoever counts the connections that mail is sent through and fetched by counts it. */
bool mail_is_counted(uint16_t port);

/* For how long the sessions that run have drawn no word. */
enum mail_silence {
	MAIL_HEARD,	  /* not for long, or they are not all that is waited for */
	MAIL_SILENT,	  /* long enough to look for another way out */
	MAIL_LONG_SILENT, /* longer than servers usually delay their greeting on purpose */
};

/* A mail session that is worth holding. */
struct mail_question {
	uint32_t server;
	uint16_t port;
	enum session_pass pass;
	uint8_t ttl; /* SESSION_LIMITED */
	enum session_stage trigger;
	unsigned wanted; /* in all, those already held included */
};

/*
 * Lists at most `cap` sessions that are worth holding as things stand; those held already stand in
 * the list, too. Returns how many.
 */
size_t mail_ask(const struct trace *t, enum mail_silence silence, struct mail_question *out,
		size_t cap);

/* Whether a session is the first to ask the server's port under test. */
bool mail_asks_first(const struct trace *t, uint32_t s);

/*
 * Whether sessions that still run could only repeat what is known: on a line that loses packets,
 * where servers of two networks were verified and none showed anything else.
 */
bool mail_settled(const struct trace *t);

/* Whether somebody on the way to the server accepts in everybody's name: no greeting is to be
 * waited for longer than servers usually take. */
bool mail_is_behind(const struct trace *t, uint32_t s);

#endif
