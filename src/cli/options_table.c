/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options.h"
#include "io/names/lines.h"
#include <string.h>

#define MS_PER_S    1000
#define LABEL_BYTES 256

#define PROBE	COMMAND_PROBE
#define REPLAY	COMMAND_REPLAY
#define SERVERS COMMAND_SERVERS
#define RECEIVE COMMAND_RECEIVE
#define COMPARE COMMAND_COMPARE
#define REPORT	COMMAND_REPORT
#define SITES	COMMAND_SITES
#define ALL                                                                                        \
	(COMMAND_PROBE | COMMAND_REPLAY | COMMAND_COMPARE | COMMAND_RECEIVE | COMMAND_REPORT |     \
	 COMMAND_SERVERS | COMMAND_SITES)
#define JUDGE (COMMAND_PROBE | COMMAND_REPLAY | COMMAND_COMPARE)

static void *field(struct options *o, const struct option_row *row)
{
	return (char *)o + row->offset;
}

static int bad_value(struct err *err, const struct option_row *row, const char *value,
		     const char *wanted)
{
	return err_set(err, 2, "--%s %s: '%s' is %s", row->name, row->arg, value, wanted);
}

static int set_flag(struct options *o, const struct option_row *row, const char *value,
		    struct err *err)
{
	bool *flag = field(o, row);

	(void)value;
	(void)err;
	*flag = true;
	return 0;
}

static int set_text(struct options *o, const struct option_row *row, const char *value,
		    struct err *err)
{
	const char **text = field(o, row);

	if (*value == '\0')
		return bad_value(err, row, value, "empty");
	*text = value;
	return 0;
}

static int set_number(struct options *o, const struct option_row *row, const char *value,
		      struct err *err)
{
	uint32_t *number = field(o, row);
	unsigned long n;

	if (!lines_number(value, row->max, &n) || n < row->min)
		return err_set(err, 2, "--%s %s: '%s' is not a whole number from %u to %u",
			       row->name, row->arg, value, row->min, row->max);
	*number = (uint32_t)n;
	return 0;
}

static int set_port(struct options *o, const struct option_row *row, const char *value,
		    struct err *err)
{
	o->port_given = true;
	return set_number(o, row, value, err);
}

static int set_flows(struct options *o, const struct option_row *row, const char *value,
		     struct err *err)
{
	o->flows_given = true;
	return set_number(o, row, value, err);
}

/* Seconds, with up to three decimals; the row's limits are milliseconds. */
static int set_seconds(struct options *o, const struct option_row *row, const char *value,
		       struct err *err)
{
	uint32_t *ms = field(o, row);
	char whole[16];
	size_t n = strcspn(value, ".");
	const char *decimals = value + n + (value[n] == '.');
	unsigned long seconds = 0;
	unsigned long fraction = 0;
	bool good = n < sizeof(whole) && strlen(decimals) <= 3;

	if (good) {
		memcpy(whole, value, n);
		whole[n] = '\0';
		good = lines_number(whole, row->max / MS_PER_S, &seconds) &&
		       (value[n] == '\0' || lines_number(decimals, MS_PER_S - 1, &fraction));
	}
	for (size_t i = strlen(decimals); good && i < 3; i++)
		fraction *= 10;
	fraction += seconds * MS_PER_S;
	if (!good || fraction < row->min || fraction > row->max)
		return err_set(err, 2, "--%s %s: '%s' is not a number of seconds from %g to %g",
			       row->name, row->arg, value, row->min / (double)MS_PER_S,
			       row->max / (double)MS_PER_S);
	*ms = (uint32_t)fraction;
	return 0;
}

static int set_address(struct options *o, const struct option_row *row, const char *value,
		       struct err *err)
{
	struct addr *addr = field(o, row);

	if (!addr_parse(value, addr))
		return bad_value(err, row, value, "no IPv4 or IPv6 address");
	return 0;
}

static int add_control(struct options *o, const struct option_row *row, const char *value,
		       const char *word, struct err *err)
{
	unsigned long port;

	if (!lines_number(word, UINT16_MAX, &port) || port == 0)
		return err_set(err, 2, "--%s '%s': '%s' is no port (1 to 65535)", row->name, value,
			       word);
	for (size_t i = 0; i < o->controls_n; i++)
		if (o->controls[i] == port)
			return err_set(err, 2, "--%s '%s': port %lu stands twice", row->name, value,
				       port);
	if (o->controls_n == TRACE_PORTS_MAX)
		return err_set(err, 2, "--%s '%s': more than %d ports", row->name, value,
			       TRACE_PORTS_MAX);
	o->controls[o->controls_n++] = (uint16_t)port;
	return 0;
}

static int set_controls(struct options *o, const struct option_row *row, const char *value,
			struct err *err)
{
	const char *at = value;

	o->controls_n = 0;
	for (;;) {
		char word[8];
		size_t n = strcspn(at, ",");

		if (n >= sizeof(word))
			return bad_value(err, row, value, "no list of ports: PORT[,PORT...]");
		memcpy(word, at, n);
		word[n] = '\0';
		if (add_control(o, row, value, word, err))
			return -1;
		if (at[n] == '\0')
			return 0;
		at += n + 1;
	}
}

static int set_user(struct options *o, const struct option_row *row, const char *value,
		    struct err *err)
{
	if (*value == '\0')
		return bad_value(err, row, value, "empty");
	if (o->users_n == OPTIONS_USERS_MAX)
		return err_set(err, 2, "--%s '%s': more than %d users", row->name, value,
			       OPTIONS_USERS_MAX);
	o->users[o->users_n++] = value;
	return 0;
}

static int set_color(struct options *o, const struct option_row *row, const char *value,
		     struct err *err)
{
	static const char *const words[] = {
		[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i]) == 0) {
			o->color = (enum color_when)i;
			return 0;
		}
	return bad_value(err, row, value, "none of auto, always, never");
}

static int set_json(struct options *o, const struct option_row *row, const char *value,
		    struct err *err)
{
	o->json = true;
	o->json_line = value != NULL;
	if (value && strcmp(value, "line") != 0)
		return err_set(err, 2, "--%s: '%s' is not 'line'", row->name, value);
	return 0;
}

static int set_label(struct options *o, const struct option_row *row, const char *value,
		     struct err *err)
{
	const char *equals = strchr(value, '=');
	struct about_label *label = &o->labels[o->labels_n];

	if (!equals || strlen(equals) > LABEL_BYTES)
		return bad_value(err, row, value, "not of the form NAME=VALUE, or too long");
	if (o->labels_n == ABOUT_LABELS_MAX)
		return err_set(err, 2, "--%s '%s': more than %d labels", row->name, value,
			       ABOUT_LABELS_MAX);
	*label = (struct about_label){strndup(value, (size_t)(equals - value)), equals + 1};
	if (!label->name)
		return err_set(err, 5, "no memory for the label '%s'", value);
	o->labels_n++;
	if (!about_label_name(label->name))
		return bad_value(
			err, row, value,
			"no label: its name is a letter or _, then letters, digits, _ . -");
	return 0;
}

/* One address of each family. */
static int set_public_address(struct options *o, const struct option_row *row, const char *value,
			      struct err *err)
{
	struct addr addr;

	if (!addr_parse(value, &addr))
		return bad_value(err, row, value, "no IPv4 or IPv6 address");
	o->public_address[addr.family == 6] = addr;
	return 0;
}

static int set_format(struct options *o, const struct option_row *row, const char *value,
		      struct err *err)
{
	static const char *const words[] = {[FORMAT_TEXT] = "text",
					    [FORMAT_JSON] = "json",
					    [FORMAT_HTML] = "html",
					    [FORMAT_TICKET] = "ticket"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i]) == 0) {
			o->format = (enum report_format)i;
			return 0;
		}
	return bad_value(err, row, value, "none of text, json, html, ticket");
}

#define AT(member) .offset = offsetof(struct options, member)

/* In the order of the manual. */
static const struct option_row table[] = {
	{"port", 'p', "PORT", "the port under test", "587", JUDGE | RECEIVE, .set = set_port,
	 AT(port), .min = 1, .max = UINT16_MAX},
	{"control", 0, "PORT[,PORT...]", "control ports, in order of preference",
	 "each server's own", JUDGE | RECEIVE, .set = set_controls, AT(controls)},
	{"ipv4", '4', NULL, "IPv4 only", NULL, PROBE | RECEIVE, .set = set_flag, AT(ipv4)},
	{"ipv6", '6', NULL, "IPv6 only", NULL, PROBE | RECEIVE, .set = set_flag, AT(ipv6)},
	{"interface", 'i', "NAME", "probe through this interface", "the route's", PROBE | RECEIVE,
	 .set = set_text, AT(interface)},
	{"servers", 0, "FILE", "read the known-good servers from a file", "the built-in list",
	 PROBE | SERVERS, .set = set_text, AT(servers_file)},
	{"only", 0, NULL, "probe the HOSTs alone, without references", NULL, PROBE, .set = set_flag,
	 AT(only)},
	{"all-addresses", 0, NULL, "every address of a name, not one a family", NULL, PROBE,
	 .set = set_flag, AT(all_addresses)},
	{"as-user", 0, "USER", "connect also as this user (repeatable)", NULL, PROBE,
	 .set = set_user, AT(users)},
	{"no-bypass", 0, NULL, "no SYN past the local firewall", NULL, PROBE, .set = set_flag,
	 AT(no_bypass)},
	{"flows", 0, "N", "source ports for each port of each server", "2", PROBE, .set = set_flows,
	 AT(flows), .min = 1, .max = 64},
	{"max-rate", 0, "PPS", "most packets a second in all", "500", PROBE, .set = set_number,
	 AT(max_rate), .min = 1, .max = 100000},
	{"budget", 0, "SECONDS", "most time for one measurement", "15", PROBE, .set = set_seconds,
	 AT(budget_ms), .min = 500, .max = 3600 * MS_PER_S},
	{"rounds", 0, "N", "how often the measurement is repeated", "1", PROBE, .set = set_number,
	 AT(rounds), .min = 1, .max = 1000},
	{"interval", 0, "SECONDS", "the pause between rounds", "600", PROBE, .set = set_seconds,
	 AT(interval_ms), .min = MS_PER_S, .max = 86400 * MS_PER_S},
	{"output", 'o', "FOLDER", "write the evidence folder", NULL, JUDGE, .set = set_text,
	 AT(output)},
	{"force", 0, NULL, "replace what whoblocks wrote earlier", NULL, JUDGE | RECEIVE,
	 .set = set_flag, AT(force)},
	{"redact", 0, NULL, "pseudonyms for the local network's addresses and names", NULL,
	 PROBE | REPLAY | REPORT, .set = set_flag, AT(redact)},
	{"write", 'w', "FILE", "write the capture (pcapng; classic when named .pcap)", NULL,
	 PROBE | RECEIVE, .set = set_text, AT(write)},
	{"label", 0, "NAME=VALUE", "what you call the run, in its result (repeatable)", NULL, PROBE,
	 .set = set_label},
	{"json", 'j', "line", "the result as JSON, on one line if so asked", "text",
	 JUDGE | SERVERS | REPORT | SITES, .set = set_json, .arg_optional = true},
	{"format", 0, "FORMAT", "text, json, html or ticket", "text", REPORT | SITES,
	 .set = set_format, AT(format)},
	{"no-smtp", 0, NULL, "only the TCP layer", NULL, PROBE, .set = set_flag, AT(no_smtp)},
	{"cacert", 0, "FILE", "trust these certificates in the SMTP session", "the system's", PROBE,
	 .set = set_text, AT(cacert)},
	{"dark", 0, "ADDRESS", "an address where nothing listens", NULL, PROBE, .set = set_address,
	 AT(dark)},
	{"no-dns", 'n', NULL, "no reverse names", NULL, PROBE, .set = set_flag, AT(no_dns)},
	{"public-address", 0, "ADDRESS", "this host's public address", NULL, PROBE,
	 .set = set_public_address, AT(public_address)},
	{"public-address-url", 0, "URL", "ask this web service for the public address", NULL, PROBE,
	 .set = set_text, AT(public_address_url)},
	{"rdap", 0, "URL", "ask this registry whom to write to", NULL, PROBE, .set = set_text,
	 AT(rdap)},
	{"networks", 0, "FILE", "prefixes and whose they are", NULL, JUDGE, .set = set_text,
	 AT(networks_file)},
	{"asn-db", 0, "FILE", "data base for the owners of hops", "libloc's, where installed",
	 JUDGE, .set = set_text, AT(asn_db)},
	{"asn-dns", 0, "ZONE", "owners of hops by DNS", NULL, PROBE, .set = set_text, AT(asn_dns)},
	{"client", 0, "ADDRESS", "the client in the capture", "found in it", REPLAY | COMPARE,
	 .set = set_address, AT(client)},
	{"from", 0, "PREFIX", "the client whose probes are captured", NULL, RECEIVE,
	 .set = set_text, AT(from)},
	{"for", 0, "SECONDS", "how long", NULL, RECEIVE, .set = set_seconds, AT(for_ms), .min = 1,
	 .max = 86400 * MS_PER_S},
	{"quiet", 'q', NULL, "no progress, no notes", NULL, ALL, .set = set_flag, AT(quiet)},
	{"verbose", 'v', NULL, "say what is being done", NULL, ALL, .set = set_flag, AT(verbose)},
	{"color", 0, "WHEN", "colour: auto, always, never", "auto", ALL, .set = set_color,
	 AT(color)},
	{"version", 'V', NULL, "print the version", NULL, ALL, .set = set_flag, AT(version)},
	{"help", 'h', NULL, "print this help", NULL, ALL, .set = set_flag, AT(help)},
};

const struct option_row *options_table(size_t *n)
{
	*n = sizeof(table) / sizeof(table[0]);
	return table;
}
