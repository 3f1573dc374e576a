/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

/*
 * The command line as a value. One table (options_table) holds every option; parsing,
 * the help text and the manual's check come from its rows.
 */

#include "base/addr.h"
#include "base/catalogue.h"
#include "base/err.h"
#include "report/page/about.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPTIONS_USERS_MAX  16
#define OPTIONS_NAME_BYTES 256

/* Commands, as bits: an option belongs to some of them. */
enum command_bit {
	COMMAND_PROBE = 1 << 0,
	COMMAND_REPLAY = 1 << 1,
	COMMAND_COMPARE = 1 << 2,
	COMMAND_RECEIVE = 1 << 3,
	COMMAND_REPORT = 1 << 4,
	COMMAND_SERVERS = 1 << 5,
	COMMAND_SITES = 1 << 6,
	COMMAND_WATCH = 1 << 7,
	COMMAND_HISTORY = 1 << 8,
	COMMAND_CHECK = 1 << 9,
	COMMAND_OUTSIDE = 1 << 10,
	COMMAND_EXPLAIN = 1 << 11,
	COMMAND_HELP = 1 << 12,
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* How `report` renders a result, and `history` what is stored. */
enum report_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_HTML,
	FORMAT_TICKET,
	FORMAT_CSV,
	FORMAT_PROMETHEUS,
	FORMAT_FLAT,
};

/* A HOST: a name, or an address (then addr is set and name is its text). */
struct host_arg {
	char name[OPTIONS_NAME_BYTES];
	struct addr addr;  /* none: name has to be looked up */
	uint16_t port;	   /* 0: none given, struct options.port applies */
	const char *typed; /* the word, a loan, where `name` is an international name in ASCII */
};

/* From when on: a moment, or so long ago; both 0: from the beginning. */
struct since {
	int64_t at_s, ago_s;
};

/* Servers of the list chosen for this machine and day; servers 0: in the list's order. */
struct choose {
	size_t servers;
	uint64_t seed;
	int64_t day;
};

/* What watch, history and check take. */
struct watch_options {
	const char *subject;
	bool subject_given;  /* --name was there */
	const char *history; /* NULL: where it is by default */
	const char *textfile;
	struct host_arg listen; /* port 0: nobody is answered */
	const char *on_change;
	const char *evidence;
	uint32_t keep;
	bool once;
	struct since since;
	bool changes, last;
	uint8_t warning, critical; /* bits of enum state */
	uint32_t timeout_ms, max_age_ms;
};

/* What outside takes. */
struct outside_options {
	const char *via; /* "atlas" or "globalping" */
	bool via_given;
	uint32_t asn;	     /* of the provider, 0: as the measurement shows */
	const char *country; /* where other networks are asked, NULL: where the provider is */
	uint32_t probes;     /* of each class */
	uint32_t credits_max;
	bool yes, dry_run;
	const char *resume;   /* numbers of measurements, NULL: new ones are ordered */
	const char *key_file; /* NULL: the environment */
	const char *api;      /* NULL: the service's own */
	uint32_t wait_ms;
};

/* Strings are loans from argv. */
struct options {
	enum command_bit command;
	uint32_t port;			    /* the port under test */
	bool port_given;		    /* -p was there; replay looks for the port otherwise */
	uint16_t controls[TRACE_PORTS_MAX]; /* --control, in order; none: each server's own */
	uint8_t controls_n;
	bool ipv4, ipv6;	  /* families to ask; both unless -4 or -6 */
	const char *interface;	  /* NULL: the route's */
	const char *servers_file; /* NULL: the built-in list */
	bool only;
	bool all_addresses;
	const char *users[OPTIONS_USERS_MAX]; /* --as-user */
	size_t users_n;
	bool no_bypass;
	uint32_t flows;
	bool flows_given;
	uint32_t max_rate;  /* packets a second */
	bool gentle;	    /* below one connection to a mail port a second */
	uint32_t budget_ms; /* one whole measurement */
	uint32_t rounds;
	uint32_t interval_ms; /* between rounds */
	const char *output;   /* evidence folder, NULL: none */
	bool force;
	bool redact; /* pseudonyms for the local network */
	enum report_format format;
	const char *write;		     /* capture file, NULL: none */
	bool json, json_line;		     /* json_line: on one line, without paths */
	bool flat;			     /* the same, on one level */
	char *label_names[ABOUT_LABELS_MAX]; /* --label; these are copies */
	const char *label_values[ABOUT_LABELS_MAX];
	size_t labels_n;
	bool no_smtp;
	const char *cacert;
	struct addr dark;
	bool no_dns;
	struct addr public_address[2];	/* by family: IPv4, IPv6; none unless the user says */
	const char *public_address_url; /* who is asked for it; NULL: nobody */
	const char *rdap;		/* a registry's service, NULL: not asked */
	const char *networks_file;
	const char *asn_db;
	const char *asn_dns;
	const char *from;   /* receive: the client's prefix */
	uint32_t for_ms;    /* receive: how long */
	struct addr client; /* replay: none: found in the capture */
	struct watch_options watch;
	struct outside_options outside;
	struct choose choose; /* of a run that a watch starts */
	bool brief;	      /* the same: few packets as long as every server's port is open */
	bool quiet;
	bool verbose;
	enum color_when color;
	const char *language;	    /* --language; NULL: the environment's */
	struct catalogue catalogue; /* of that language; empty: English */
	bool help, version;

	struct host_arg *hosts; /* HOST arguments of probe and receive */
	size_t hosts_n;
	const char *const *files; /* FILE arguments of the other commands */
	size_t files_n;
	const char *const *argv; /* the command line as it was typed, NULL-terminated */
};

struct option_row;

/* How a row's value is parsed and stored. */
typedef int option_setter(struct options *o, const struct option_row *row, const char *value,
			  struct err *err);

struct option_row {
	const char *name; /* without the dashes */
	char letter;	  /* 0: none */
	const char *arg;  /* name of the value, NULL: none */
	const char *help;
	const char *deflt; /* what holds without it, NULL: nothing to say */
	unsigned commands; /* enum command_bit */
	option_setter *set;
	bool arg_optional; /* the value stands only after an equals sign */
	size_t offset;	   /* of the field in struct options */
	uint32_t min, max; /* of a number */
};

/* The table and how many rows it has. */
const struct option_row *options_table(size_t *n);

/*
 * Parses the words after the command (argv[first] and on) into *o. 0, or -1 with a sentence in
 * *err, code 2. --help and --version end the parsing. The caller frees with options_free().
 */
int options_parse(struct options *o, enum command_bit command, char **argv, int first,
		  struct err *err);
void options_free(struct options *o);

/* HOST, HOST:PORT, ADDRESS, [IPv6]:PORT. 0, or -1 with *err. */
int options_host(const char *word, struct host_arg *out, struct err *err);

#endif
