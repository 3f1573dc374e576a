/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options_set.h"
#include "data/data.h"
#include "infer/result/terms.h"
#include "io/names/lines.h"
#include <string.h>
#include <time.h>

#define MS_PER_S    1000
#define LABEL_BYTES 256

static void *field(struct options *o, const struct option_row *row)
{
	return (char *)o + row->offset;
}

static int bad_value(struct err *err, const struct option_row *row, const char *value,
		     const char *wanted)
{
	return err_set(err, 2, "--%s %s: '%s' is %s", row->name, row->arg, value, wanted);
}

int options_set_flag(struct options *o, const struct option_row *row, const char *value,
		     struct err *err)
{
	bool *flag = field(o, row);

	(void)value;
	(void)err;
	*flag = true;
	return 0;
}

int options_set_text(struct options *o, const struct option_row *row, const char *value,
		     struct err *err)
{
	const char **text = field(o, row);

	if (*value == '\0')
		return bad_value(err, row, value, "empty");
	*text = value;
	return 0;
}

int options_set_number(struct options *o, const struct option_row *row, const char *value,
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

int options_set_port(struct options *o, const struct option_row *row, const char *value,
		     struct err *err)
{
	o->port_given = true;
	return options_set_number(o, row, value, err);
}

int options_set_flows(struct options *o, const struct option_row *row, const char *value,
		      struct err *err)
{
	o->flows_given = true;
	return options_set_number(o, row, value, err);
}

/* Seconds, with up to three decimals; the row's limits are milliseconds. */
int options_set_seconds(struct options *o, const struct option_row *row, const char *value,
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

int options_set_address(struct options *o, const struct option_row *row, const char *value,
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

int options_set_controls(struct options *o, const struct option_row *row, const char *value,
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

int options_set_user(struct options *o, const struct option_row *row, const char *value,
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

int options_set_color(struct options *o, const struct option_row *row, const char *value,
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

int options_set_language(struct options *o, const struct option_row *row, const char *value,
			 struct err *err)
{
	size_t n;
	const struct data_language *table = data_languages(&n);
	bool known = strcmp(value, "en") == 0;

	for (size_t i = 0; i < n; i++)
		known = known || strcmp(value, table[i].name) == 0;
	if (!known)
		return bad_value(err, row, value, "none of en, de, es, fr, it, pl, pt");
	o->language = value;
	return 0;
}

int options_set_json(struct options *o, const struct option_row *row, const char *value,
		     struct err *err)
{
	o->json = true;
	o->json_line = value != NULL;
	o->flat = value && strcmp(value, "flat") == 0;
	if (value && !o->flat && strcmp(value, "line") != 0)
		return err_set(err, 2, "--%s: '%s' is neither 'line' nor 'flat'", row->name, value);
	return 0;
}

int options_set_label(struct options *o, const struct option_row *row, const char *value,
		      struct err *err)
{
	const char *equals = strchr(value, '=');

	if (!equals || strlen(equals) > LABEL_BYTES)
		return bad_value(err, row, value, "not of the form NAME=VALUE, or too long");
	if (o->labels_n == ABOUT_LABELS_MAX)
		return err_set(err, 2, "--%s '%s': more than %d labels", row->name, value,
			       ABOUT_LABELS_MAX);
	char *name = strndup(value, (size_t)(equals - value));
	if (!name)
		return err_set(err, 5, "no memory for the label '%s'", value);
	o->label_values[o->labels_n] = equals + 1;
	o->label_names[o->labels_n++] = name;
	if (!about_label_name(name))
		return bad_value(
			err, row, value,
			"no label: its name is a letter or _, then letters, digits, _ . -");
	return 0;
}

/* One address of each family. */
int options_set_public_address(struct options *o, const struct option_row *row, const char *value,
			       struct err *err)
{
	struct addr addr;

	if (!addr_parse(value, &addr))
		return bad_value(err, row, value, "no IPv4 or IPv6 address");
	if (addr_class(&addr) != ADDR_PUBLIC)
		return bad_value(err, row, value, "no address that the internet could see");
	o->public_address[addr.family == 6] = addr;
	return 0;
}

int options_set_format(struct options *o, const struct option_row *row, const char *value,
		       struct err *err)
{
	static const char *const words[] = {
		[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json",
		[FORMAT_HTML] = "html", [FORMAT_TICKET] = "ticket",
		[FORMAT_CSV] = "csv",	[FORMAT_PROMETHEUS] = "prometheus",
		[FORMAT_FLAT] = "flat"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i]) == 0) {
			o->format = (enum report_format)i;
			return 0;
		}
	return bad_value(err, row, value,
			 "none of text, json, html, ticket, csv, prometheus, flat");
}

int options_set_via(struct options *o, const struct option_row *row, const char *value,
		    struct err *err)
{
	o->outside.via_given = true;
	if (strcmp(value, "atlas") != 0 && strcmp(value, "globalping") != 0)
		return bad_value(err, row, value, "none of atlas, globalping");
	o->outside.via = value;
	return 0;
}

/* ISO 3166: two capital letters. */
int options_set_country(struct options *o, const struct option_row *row, const char *value,
			struct err *err)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (strlen(value) != 2 || strspn(value, letters) != 2)
		return bad_value(err, row, value, "no country: two capital letters, like DE");
	o->outside.country = value;
	return 0;
}

int options_set_csv(struct options *o, const struct option_row *row, const char *value,
		    struct err *err)
{
	(void)row;
	(void)value;
	(void)err;
	o->format = FORMAT_CSV;
	return 0;
}

/* ADDRESS:PORT, [IPv6]:PORT, or a port alone on this host's loopback. */
int options_set_listen(struct options *o, const struct option_row *row, const char *value,
		       struct err *err)
{
	struct host_arg *listen = field(o, row);
	unsigned long port;

	if (lines_number(value, UINT16_MAX, &port)) {
		*listen = (struct host_arg){.port = (uint16_t)port};
		addr_parse("127.0.0.1", &listen->addr);
	} else if (options_host(value, listen, err) != 0) {
		return -1;
	}
	if (!addr_is_set(&listen->addr) || !listen->port)
		return bad_value(err, row, value, "no address with a port");
	return 0;
}

/* How long ago: a number and a unit. */
static bool parse_ago(const char *value, int64_t *ago_s)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 7 * 86400}};
	char digits[12] = "";
	size_t n = strspn(value, "0123456789");
	unsigned long number;

	if (n == 0 || n >= sizeof(digits) || value[n] == '\0' || value[n + 1] != '\0')
		return false;
	memcpy(digits, value, n);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (value[n] == units[i].unit && lines_number(digits, 1000000, &number)) {
			*ago_s = (int64_t)number * units[i].seconds;
			return true;
		}
	}
	return false;
}

/* A day or a moment, in UTC; or how long ago. */
int options_set_since(struct options *o, const struct option_row *row, const char *value,
		      struct err *err)
{
	static const char *const forms[] = {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
					    "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"};
	struct since *since = field(o, row);

	*since = (struct since){0};
	if (parse_ago(value, &since->ago_s))
		return 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = {0};
		const char *end = strptime(value, forms[i], &tm);

		if (end && *end == '\0') {
			since->at_s = timegm(&tm);
			return 0;
		}
	}
	return bad_value(err, row, value, "no time: 2026-11-30, 2026-11-30T12:00 (UTC), 36h, 7d");
}

/* Names of states, separated by commas, as bits. */
int options_set_states(struct options *o, const struct option_row *row, const char *value,
		       struct err *err)
{
	uint8_t *states = field(o, row);
	const char *at = value;

	*states = 0;
	for (;;) {
		char word[16] = "";
		enum state state;
		size_t n = strcspn(at, ",");

		if (n < sizeof(word))
			memcpy(word, at, n);
		if (!state_named(word, &state))
			return bad_value(err, row, value,
					 "no list of states: open, closed, blocked, intercepted, "
					 "degraded, unknown");
		*states |= (uint8_t)(1U << state);
		if (at[n] == '\0')
			return 0;
		at += n + 1;
	}
}

int options_set_subject(struct options *o, const struct option_row *row, const char *value,
			struct err *err)
{
	o->watch.subject_given = true;
	return options_set_text(o, row, value, err);
}
