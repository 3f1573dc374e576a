/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_MAIL_SMTP_H
#define IO_MAIL_SMTP_H

/*
 * Mail sessions with several servers at once: greeting, EHLO, STARTTLS, TLS,
 * EHLO again, QUIT. Never a user name, a password or a mail. Sockets come
 * bound from the caller, so that every packet is in the capture; nothing here
 * blocks and nothing asks the name service or a proxy.
 */

#include "base/err.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>

#define SMTP_NAME_BYTES 256

struct smtp;

/* A session to be held. */
struct smtp_order {
	uint32_t server; /* copied into the session's record */
	struct addr addr;
	uint16_t port;
	const char *name; /* for TLS; NULL: the server is known by its address alone */
	enum session_pass pass;
	enum session_stage trigger; /* SESSION_LIMITED: after which the limited words come */
	uint8_t ttl;		    /* of these */
	int fd; /* unconnected, bound to src_port; becomes the session's in any case */
	uint16_t src_port;
	const char *interface; /* leave through it; NULL: the routes decide */
};

/*
 * Starts without sessions. `cacert` is a PEM file to trust in place of the system's certificates,
 * NULL for those. NULL with *err (IO_INPUT for the file, IO_SYSTEM).
 */
struct smtp *smtp_open(const char *cacert, struct err *err);

/*
 * The path of the system's trusted certificates when none can be read there, so that no server's
 * can be checked; NULL when all is well, or libcurl knows no such file. A constant of libcurl's.
 */
const char *smtp_missing_trust(void);

/* Cuts every session off. */
void smtp_close(struct smtp *smtp);

/* Starts a session. False when there is no memory; the socket is closed then. */
bool smtp_start(struct smtp *smtp, const struct smtp_order *order);

/* Readable when smtp_work() has something to do; call that every 100 ms in any case. */
int smtp_fd(const struct smtp *smtp);

/* Carries all sessions on as far as it goes without waiting. */
void smtp_work(struct smtp *smtp);

/* Sessions that have not come to their end. */
size_t smtp_active(const struct smtp *smtp);

/* Of these, those whose server has not greeted for longer than this since it accepted. */
size_t smtp_ungreeted(const struct smtp *smtp, int64_t after_ns);

/* Of these, those whose server has not sent a line, be it one of an unfinished greeting. */
size_t smtp_wordless(const struct smtp *smtp, int64_t after_ns);

/*
 * The record of a session that ended since the last call; false when there is none. Its texts are
 * valid until the next call.
 */
bool smtp_take(struct smtp *smtp, struct session *out);

/* Ends the sessions (SESSION_STOPPED) that have waited longer than this for their connection. */
void smtp_stop_connecting(struct smtp *smtp, int64_t after_ns);

/* Ends every session now: the run is over. Their records wait for smtp_take(). */
void smtp_stop(struct smtp *smtp);

#endif
