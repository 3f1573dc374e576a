/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options_set.h"

#define MS_PER_S 1000

#define PROBE	COMMAND_PROBE
#define REPLAY	COMMAND_REPLAY
#define SERVERS COMMAND_SERVERS
#define RECEIVE COMMAND_RECEIVE
#define COMPARE COMMAND_COMPARE
#define REPORT	COMMAND_REPORT
#define SITES	COMMAND_SITES
#define WATCH	COMMAND_WATCH
#define HISTORY COMMAND_HISTORY
#define CHECK	COMMAND_CHECK
#define OUTSIDE COMMAND_OUTSIDE
#define EXPLAIN COMMAND_EXPLAIN
#define HELP	COMMAND_HELP
#define ALL	(MEASURE | READ | COMPARE | RECEIVE | REPORT | SERVERS | SITES | HISTORY | OUTSIDE)
#define MEASURE (PROBE | WATCH | CHECK) /* the commands that send something */
#define READ	(REPLAY | EXPLAIN)	/* those that judge a capture */
#define SAVE	(PROBE | REPLAY | COMPARE | OUTSIDE)
#define JUDGE	(MEASURE | READ | COMPARE)

#define AT(member) .offset = offsetof(struct options, member)

/* In the order of the manual. */
static const struct option_row table[] = {
	{"port", 'p', "PORT", "the port under test", "587", JUDGE | RECEIVE | OUTSIDE,
	 .set = options_set_port, AT(port), .min = 1, .max = UINT16_MAX},
	{"control", 0, "PORT[,PORT...]", "control ports, in order of preference",
	 "each server's own", JUDGE | RECEIVE | OUTSIDE, .set = options_set_controls, AT(controls)},
	{"ipv4", '4', NULL, "IPv4 only", NULL, MEASURE | RECEIVE | OUTSIDE, .set = options_set_flag,
	 AT(ipv4)},
	{"ipv6", '6', NULL, "IPv6 only", NULL, MEASURE | RECEIVE | OUTSIDE, .set = options_set_flag,
	 AT(ipv6)},
	{"interface", 'i', "NAME", "probe through this interface", "the route's", MEASURE | RECEIVE,
	 .set = options_set_text, AT(interface)},
	{"servers", 0, "FILE", "read the known-good servers from a file", "the built-in list",
	 MEASURE | SERVERS, .set = options_set_text, AT(servers_file)},
	{"only", 0, NULL, "probe the HOSTs alone, without references", NULL, MEASURE,
	 .set = options_set_flag, AT(only)},
	{"all-addresses", 0, NULL, "every address of a name, not one a family", NULL, MEASURE,
	 .set = options_set_flag, AT(all_addresses)},
	{"as-user", 0, "USER", "connect also as this user (repeatable)", NULL, MEASURE,
	 .set = options_set_user, AT(users)},
	{"no-bypass", 0, NULL, "no SYN past the local firewall", NULL, MEASURE,
	 .set = options_set_flag, AT(no_bypass)},
	{"flows", 0, "N", "source ports for each port of each server", "2", MEASURE,
	 .set = options_set_flows, AT(flows), .min = 1, .max = 64},
	{"max-rate", 0, "PPS", "most packets a second in all", "500", MEASURE,
	 .set = options_set_number, AT(max_rate), .min = 1, .max = 100000},
	{"gentle", 0, NULL, "below one connection to a mail port a second", NULL, MEASURE,
	 .set = options_set_flag, AT(gentle)},
	{"budget", 0, "SECONDS", "most time for one measurement", "15, with --gentle 90", MEASURE,
	 .set = options_set_seconds, AT(budget_ms), .min = 500, .max = 3600 * MS_PER_S},
	{"rounds", 0, "N", "how often the measurement is repeated", "1", PROBE,
	 .set = options_set_number, AT(rounds), .min = 1, .max = 1000},
	{"interval", 0, "SECONDS", "from one round, or run, to the next", "600", PROBE | WATCH,
	 .set = options_set_seconds, AT(interval_ms), .min = MS_PER_S, .max = 86400 * MS_PER_S},
	{"output", 'o', "FOLDER", "write the evidence folder", NULL, SAVE, .set = options_set_text,
	 AT(output)},
	{"force", 0, NULL, "replace what whoblocks wrote earlier", NULL, SAVE | RECEIVE,
	 .set = options_set_flag, AT(force)},
	{"redact", 0, NULL, "pseudonyms for the local network's addresses and names", NULL,
	 PROBE | REPLAY | REPORT, .set = options_set_flag, AT(redact)},
	{"write", 'w', "FILE", "write the capture (pcapng; classic when named .pcap)", NULL,
	 PROBE | RECEIVE, .set = options_set_text, AT(write)},
	{"label", 0, "NAME=VALUE", "what you call the run, in its result (repeatable)", NULL,
	 MEASURE, .set = options_set_label},
	{"json", 'j', "line", "the result as JSON; =line: on one line, =flat: on one level", "text",
	 SAVE | SERVERS | REPORT | SITES | WATCH | HISTORY, .set = options_set_json,
	 .arg_optional = true},
	{"format", 0, "FORMAT",
	 "text, json, html; ticket, flat (report, outside); csv, prometheus (history)", "text",
	 REPORT | SITES | HISTORY | OUTSIDE, .set = options_set_format, AT(format)},
	{"language", 0, "LANGUAGE", "headline, advice and ticket in de, es, fr, it, pl, pt, en",
	 "the environment's", SAVE | REPORT, .set = options_set_language},
	{"no-smtp", 0, NULL, "only the TCP layer", NULL, MEASURE, .set = options_set_flag,
	 AT(no_smtp)},
	{"cacert", 0, "FILE", "trust these certificates in the SMTP session", "the system's",
	 MEASURE | OUTSIDE, .set = options_set_text, AT(cacert)},
	{"dark", 0, "ADDRESS", "an address where nothing listens", NULL, MEASURE,
	 .set = options_set_address, AT(dark)},
	{"no-dns", 'n', NULL, "no reverse names", NULL, MEASURE, .set = options_set_flag,
	 AT(no_dns)},
	{"public-address", 0, "ADDRESS", "this host's public address", NULL, MEASURE | READ,
	 .set = options_set_public_address, AT(public_address)},
	{"public-address-url", 0, "URL", "ask this web service for the public address", NULL,
	 MEASURE, .set = options_set_text, AT(public_address_url)},
	{"rdap", 0, "URL", "ask this registry whom to write to", NULL, MEASURE,
	 .set = options_set_text, AT(rdap)},
	{"networks", 0, "FILE", "prefixes and whose they are", NULL, JUDGE, .set = options_set_text,
	 AT(networks_file)},
	{"asn-db", 0, "FILE", "data base for the owners of hops", "libloc's, where installed",
	 JUDGE | OUTSIDE, .set = options_set_text, AT(asn_db)},
	{"asn-dns", 0, "ZONE", "owners of hops by DNS", NULL, MEASURE, .set = options_set_text,
	 AT(asn_dns)},
	{"client", 0, "ADDRESS", "the client in the capture", "found in it", READ | COMPARE,
	 .set = options_set_address, AT(client)},
	{"from", 0, "PREFIX", "the client whose probes are captured", NULL, RECEIVE,
	 .set = options_set_text, AT(from)},
	{"for", 0, "SECONDS", "how long", NULL, RECEIVE, .set = options_set_seconds, AT(for_ms),
	 .min = 1, .max = 86400 * MS_PER_S},
	{"name", 0, "SUBJECT", "what is watched, in the history and the metrics", "default",
	 WATCH | HISTORY | CHECK, .set = options_set_subject, AT(watch.subject)},
	{"history", 0, "FILE", "where the history is", "/var/lib/whoblocks/history.db",
	 WATCH | HISTORY | CHECK, .set = options_set_text, AT(watch.history)},
	{"textfile", 0, "FILE", "write the metrics there after each run", NULL, WATCH,
	 .set = options_set_text, AT(watch.textfile)},
	{"listen", 0, "ADDRESS:PORT", "answer requests for the metrics there", NULL, WATCH,
	 .set = options_set_listen, AT(watch.listen)},
	{"on-change", 0, "PROGRAM", "run this for each confirmed change", NULL, WATCH,
	 .set = options_set_text, AT(watch.on_change)},
	{"evidence", 0, "FOLDER", "keep the evidence of each confirmed change there", NULL, WATCH,
	 .set = options_set_text, AT(watch.evidence)},
	{"keep", 0, "N", "how many changes keep their evidence", "20", WATCH,
	 .set = options_set_number, AT(watch.keep), .min = 1, .max = 10000},
	{"once", 0, NULL, "one run, with all that belongs to it", NULL, WATCH,
	 .set = options_set_flag, AT(watch.once)},
	{"since", 0, "TIME", "from then on: 2026-11-30, 2026-11-30T12:00, 36h, 7d", "all", HISTORY,
	 .set = options_set_since, AT(watch.since)},
	{"changes", 0, NULL, "the periods alone", NULL, HISTORY, .set = options_set_flag,
	 AT(watch.changes)},
	{"last", 0, NULL, "the newest run alone", NULL, HISTORY, .set = options_set_flag,
	 AT(watch.last)},
	{"csv", 0, NULL, "one line a run, values separated by commas", NULL, HISTORY,
	 .set = options_set_csv, AT(format)},
	{"asn", 0, "NUMBER", "your provider's network", "as the measurement shows", OUTSIDE,
	 .set = options_set_number, AT(outside.asn), .min = 1, .max = UINT32_MAX},
	{"via", 0, "ENGINE", "whom to ask: atlas, globalping", "atlas", OUTSIDE,
	 .set = options_set_via, AT(outside.via)},
	{"country", 0, "NN", "where other networks are asked", "where your provider is", OUTSIDE,
	 .set = options_set_country, AT(outside.country)},
	{"probes", 0, "N", "lines to ask, of your provider and of others each", "5", OUTSIDE,
	 .set = options_set_number, AT(outside.probes), .min = 1, .max = 50},
	{"credits-max", 0, "N", "ask before spending more", "3000", OUTSIDE,
	 .set = options_set_number, AT(outside.credits_max), .max = 10000000},
	{"yes", 0, NULL, "order without asking", NULL, OUTSIDE, .set = options_set_flag,
	 AT(outside.yes)},
	{"dry-run", 0, NULL, "show the order and send none", NULL, OUTSIDE, .set = options_set_flag,
	 AT(outside.dry_run)},
	{"resume", 0, "IDS", "read measurements that were ordered before", NULL, OUTSIDE,
	 .set = options_set_text, AT(outside.resume)},
	{"key-file", 0, "FILE", "the key, in a file of mode 0600", "the environment's", OUTSIDE,
	 .set = options_set_text, AT(outside.key_file)},
	{"wait", 0, "SECONDS", "most time for results", "300", OUTSIDE, .set = options_set_seconds,
	 AT(outside.wait_ms), .min = 1000, .max = 3600 * MS_PER_S},
	{"api", 0, "URL", "another address of the service", "its own", OUTSIDE,
	 .set = options_set_text, AT(outside.api)},
	{"warning", 'w', "STATES", "states that are a warning", "degraded", CHECK,
	 .set = options_set_states, AT(watch.warning)},
	{"critical", 'c', "STATES", "states that are critical", "blocked,intercepted,closed", CHECK,
	 .set = options_set_states, AT(watch.critical)},
	{"timeout", 't', "SECONDS", "most time for everything", "16", CHECK,
	 .set = options_set_seconds, AT(watch.timeout_ms), .min = 2000, .max = 3600 * MS_PER_S},
	{"max-age", 0, "SECONDS", "an older run says nothing any more", "1800", CHECK,
	 .set = options_set_seconds, AT(watch.max_age_ms), .min = MS_PER_S,
	 .max = 86400U * 30 * MS_PER_S},
	{"quiet", 'q', NULL, "no progress, no notes", NULL, ALL, .set = options_set_flag,
	 AT(quiet)},
	{"verbose", 'v', NULL, "say what is being done", NULL, ALL, .set = options_set_flag,
	 AT(verbose)},
	{"color", 0, "WHEN", "colour: auto, always, never", "auto", ALL, .set = options_set_color,
	 AT(color)},
	{"version", 'V', NULL, "print the version", NULL, ALL | HELP, .set = options_set_flag,
	 AT(version)},
	{"help", 'h', NULL, "print this help", NULL, ALL | HELP, .set = options_set_flag, AT(help)},
};

const struct option_row *options_table(size_t *n)
{
	*n = sizeof(table) / sizeof(table[0]);
	return table;
}
