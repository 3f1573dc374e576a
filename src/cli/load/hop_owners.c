/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load/hop_owners.h"
#include "io/host/files.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ENVIRONMENT "WHOBLOCKS_ASN_DB"
#define DATE_BYTES  16
#define AGE_BYTES   96
#define TEXT_BYTES  608
#define NS_PER_S    INT64_C(1000000000)
#define YEAR_S	    (INT64_C(365) * 24 * 3600)

/* What is used without --asn-db; *wanted: the user asked for it. */
static const char *default_path(const struct options *o, bool *wanted)
{
	const char *path = o->asn_dns ? NULL : files_environment(ENVIRONMENT);
	const char *installed = owners_installed();

	*wanted = path != NULL;
	if (path)
		return *path ? path : NULL;
	return installed && !o->asn_dns && access(installed, R_OK) == 0 ? installed : NULL;
}

const char *hop_owners_path(const struct options *o)
{
	bool wanted;

	return o->asn_db ? o->asn_db : default_path(o, &wanted);
}

int hop_owners_open(struct hop_owners *h, const struct options *o, bool by_default, struct log *log,
		    struct err *err)
{
	bool wanted = true;

	*h = (struct hop_owners){.path = o->asn_db};
	if (!h->path && by_default)
		h->path = default_path(o, &wanted);
	if (h->path)
		h->db = owners_open(h->path, err);
	if (h->path && !h->db) {
		if (wanted)
			return -1;
		if (log)
			log_note(log, "%s", err->msg);
	}
	if (!o->asn_dns)
		return 0;
	snprintf(h->question, sizeof(h->question), "owners of routers, from %s by DNS", o->asn_dns);
	h->dns = owners_dns_open(o->asn_dns, err);
	return h->dns ? 0 : -1;
}

static bool is_known(const struct trace *t, const struct prefix *prefix)
{
	for (size_t i = 0; i < t->networks_n; i++) {
		const struct network *n = &t->networks[i];

		if (!n->by_user && !n->translates && n->prefix.len == prefix->len &&
		    addr_equal(&n->prefix.addr, &prefix->addr))
			return true;
	}
	return false;
}

static void add(struct trace *t, const struct owner *owner)
{
	struct network item = {
		.prefix = owner->prefix,
		.asn = owner->asn,
		.name = owner->name[0] ? owner->name : NULL,
	};

	if (!is_known(t, &owner->prefix))
		(void)trace_add_network(t, &item);
}

static void look_up(struct hop_owners *h, struct trace *t, const struct addr *addr)
{
	const struct addr plain = trace_plain(t, addr);
	struct owner owner;

	if (!addr_is_set(addr) || h->n == HOP_OWNERS_MAX)
		return;
	for (size_t i = h->n; i-- > 0;) {
		if (addr_equal(&h->addrs[i], &plain))
			return;
	}
	h->addrs[h->n++] = plain;
	if (h->db && owners_find(h->db, &plain, &owner)) {
		h->used = true;
		add(t, &owner);
	} else if (h->dns) {
		owners_dns_ask(h->dns, &plain);
	}
}

void hop_owners_step(struct hop_owners *h, struct trace *t)
{
	if (!h->db && !h->dns)
		return;
	/* What has come to be known as a translator's address has another owner. */
	if (h->translators_seen != t->translators_n)
		h->servers_seen = h->replies_seen = 0;
	h->translators_seen = t->translators_n;
	for (int i = 0; i < 2 && h->servers_seen == 0; i++)
		look_up(h, t, &t->run.public_addr[i]);
	for (; h->servers_seen < t->servers_n; h->servers_seen++) {
		look_up(h, t, &t->servers[h->servers_seen].client);
		look_up(h, t, &t->servers[h->servers_seen].addr);
	}
	for (; h->replies_seen < t->replies_n; h->replies_seen++) {
		const struct reply *r = &t->replies[h->replies_seen];

		if (r->kind == REPLY_EXPIRED || r->kind == REPLY_REJECTED)
			look_up(h, t, &r->from);
	}
	if (h->dns)
		owners_dns_step(h->dns, 0);
}

void hop_owners_other(struct hop_owners *h, struct trace *t, const struct addr *also)
{
	h->servers_seen = h->replies_seen = h->n = 0;
	look_up(h, t, also);
	hop_owners_step(h, t);
}

/* Whole years from when the data were made to the measurement; 0: less, or unknown. */
static int years_old(int64_t made_s, const struct trace *t)
{
	int64_t age_s = t->run.started_ns / NS_PER_S - made_s;

	return made_s > 0 && age_s > 0 ? (int)(age_s / YEAR_S) : 0;
}

static bool is_noted(const struct trace *t, const char *text)
{
	for (size_t i = 0; i < t->notes_n; i++) {
		if (strcmp(t->notes[i].text, text) == 0)
			return true;
	}
	return false;
}

static void note_db(const struct hop_owners *h, struct trace *t)
{
	time_t made = (time_t)owners_made_s(h->db);
	int years = years_old(made, t);
	char date[DATE_BYTES] = "an unknown date", age[AGE_BYTES] = "", text[TEXT_BYTES];
	struct note item = {.kind = "note", .text = text, .server = TRACE_NONE};
	struct tm utc;

	if (made > 0 && gmtime_r(&made, &utc))
		(void)strftime(date, sizeof(date), "%Y-%m-%d", &utc);
	if (years > 0)
		snprintf(age, sizeof(age),
			 ", which was more than %d year%s before: prefixes may have changed hands",
			 years, years == 1 ? "" : "s");
	snprintf(text, sizeof(text),
		 "The owners of routers are those of the data base %s, of %s%s.", h->path, date,
		 age);
	if (!is_noted(t, text))
		(void)trace_add_note(t, &item);
}

/* The public addresses, which may be learnt late. */
static void look_up_public(struct hop_owners *h, struct trace *t)
{
	for (int i = 0; i < 2; i++)
		look_up(h, t, &t->run.public_addr[i]);
}

void hop_owners_stated(struct hop_owners *h, struct trace *t)
{
	look_up_public(h, t);
	if (h->used)
		note_db(h, t);
}

void hop_owners_end(struct hop_owners *h, struct trace *t, int64_t wait_ns)
{
	struct owner owner;
	size_t at = 0;

	hop_owners_step(h, t);
	look_up_public(h, t);
	if (h->used)
		note_db(h, t);
	if (!h->dns)
		return;
	owners_dns_step(h->dns, wait_ns > 0 ? wait_ns : 0);
	while (owners_dns_next(h->dns, &at, &owner))
		add(t, &owner);
}

bool hop_owners_asked(const struct hop_owners *h)
{
	return h->dns && owners_dns_asked(h->dns) > 0;
}

void hop_owners_close(struct hop_owners *h)
{
	owners_close(h->db);
	owners_dns_close(h->dns);
	h->db = NULL;
	h->dns = NULL;
}
