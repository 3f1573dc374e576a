/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_MAIL_H
#define TRACE_MAIL_H

/*
 * The part of the ledger above the handshake: mail sessions as they went, the
 * segments of a connection that is followed, and what operators say of mail
 * ports. Filled and found by the functions of trace/trace.h.
 */

#include "base/addr.h"
#include <stdbool.h>
#include <stdint.h>

#define TRACE_SESSIONS_MAX     4096
#define TRACE_FLOW_PACKETS_MAX 200000
#define TRACE_TALK_MAX	       256 /* segments kept of one connection */

/* What came after the handshake of a connection that is followed. */
enum flow_kind {
	FLOW_OUT,  /* from the client */
	FLOW_IN,   /* in the server's name */
	FLOW_ICMP, /* an ICMP error about a segment of ours; seq is the quoted one */
};

/* Of flow_packet.flags. */
#define FLOW_END   0x01
#define FLOW_RESET 0x04

struct flow_packet {
	uint32_t probe;
	uint32_t next;
	enum flow_kind kind;
	struct addr from;
	int64_t at_ns;
	uint32_t frame, file;
	uint8_t ttl, flags; /* flags: TCP's */
	uint8_t icmp_type, icmp_code, quoted_ttl;
	bool again; /* these bytes were seen before: a retransmission */
	uint16_t ip_id;
	uint32_t seq, ack;
	uint32_t len; /* payload bytes on the wire */
	uint32_t digest;
};

/* What a mail session was held for. */
enum session_pass {
	SESSION_TLS,	  /* STARTTLS, and a certificate for the server's name */
	SESSION_NAMELESS, /* STARTTLS; any certificate will do */
	SESSION_PLAIN,	  /* without TLS: the capabilities as they come */
	SESSION_IMPLICIT, /* TLS from the first byte, and a certificate for the server's name */
	SESSION_LIMITED,  /* one command in segments of a limited TTL */
	SESSION_SEEN,	  /* somebody else's, read from the frames */
};

/* The last stage that a session reached. */
enum session_stage {
	SESSION_UNCONNECTED,
	SESSION_CONNECTED,
	SESSION_GREETED,  /* the whole greeting, whatever it says */
	SESSION_ANSWERED, /* the server accepted EHLO */
	SESSION_AGREED,	  /* TLS begins: the server said so, or the client does at once */
	SESSION_SECURE,	  /* the TLS handshake is complete */
	SESSION_COMPLETE, /* and EHLO was accepted again */
};

enum session_end {
	SESSION_DONE,	    /* everything that was wanted */
	SESSION_REFUSED,    /* connect() failed: see error */
	SESSION_CLOSED,	    /* the other side ended the connection in order */
	SESSION_RESET,	    /* a reset came */
	SESSION_SILENT,	    /* no answer within the time that there was */
	SESSION_NO_TLS,	    /* STARTTLS was missing or refused */
	SESSION_UNTRUSTED,  /* the certificate's chain leads to no trusted root */
	SESSION_WRONG_NAME, /* the certificate is for somebody else */
	SESSION_BROKEN,	    /* what came is no SMTP or no TLS */
	SESSION_FLOODED,    /* more lines, or longer ones, than anybody needs */
	SESSION_STOPPED,    /* the run was over first */
};

/*
 * A mail session. Its SYN is the probe with the same server, port and source port. Texts are
 * untrusted, printable, and bounded by whoever records them.
 */
struct session {
	uint32_t server;
	uint16_t port, src_port;
	enum session_pass pass;
	enum session_stage stage;
	enum session_end end;
	uint8_t trigger; /* SESSION_LIMITED: enum session_stage before the limited words */
	uint8_t ttl;	 /* SESSION_LIMITED: of the command's segments */
	int error;	 /* errno of the connection, 0: none */
	int code;	 /* libcurl's result */
	bool stuck;	 /* bytes of ours were never acknowledged */
	/* SESSION_SEEN: */
	bool unread;	      /* the capture lacks some of what was said */
	bool accepted;	      /* the server took a mail, or a login */
	bool gap;	      /* bytes of the server's never arrived, though later ones did */
	bool taken;	      /* all that the client said was acknowledged when it went dead */
	bool tls_at_once;     /* the client began TLS before it said anything else */
	uint8_t alert;	      /* with which the client ended the TLS handshake, in clear; 0: none */
	uint8_t server_alert; /* with which the server did */
	const char *wanted;   /* the name that the client asked for in TLS, NULL: none */
	bool has_verify;      /* verify says what became of the chain */
	int verify;	      /* X509_V_ code of the chain, 0: it leads to a trusted root */
	bool name_checked;    /* the certificate was held against the server's name */
	bool name_fits;
	const char *lines;   /* dialogue, a line each, "S: " or "C: " before it; NULL: none */
	const char *version; /* "TLSv1.3 / TLS_AES_256_GCM_SHA384", NULL: none */
	const char *chain;   /* a certificate a line, the server's first: subject, issuer, serial,
				names, valid from, until; tabs between; NULL: none */
	int64_t at_ns;	     /* connect() was called */
	int64_t connected_ns, greeted_ns, ended_ns; /* 0: never */
};

/* What an operator says of mail ports, from a dated table. */
struct policy {
	uint32_t asn;	      /* the network that it was matched by, 0: by name */
	const char *network;  /* its name as the trace has it */
	const char *operator; /* as the table has it */
	const char *ports;    /* what is blocked and what is not */
	const char *unblock;  /* how to have it lifted, NULL: not known */
	const char *source, *date;
};

#endif
