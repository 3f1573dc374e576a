/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom rules of this host tell apart: the users and groups that they name. */
#include "io/host/apart.h"
#include "io/host/firewall.h"
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECIMAL 10
#define WAIT_NS INT64_C(2000000000) /* for the tools and their output */

/* What precedes a user's or a group's number in rules of nft, iptables and ip. */
static const struct owner_word {
	const char *word;
	bool group;
} words[] = {
	{"skuid ", false},	{"skgid ", true},     {"--uid-owner ", false},
	{"--gid-owner ", true}, {"uidrange ", false},
};

struct users {
	struct caller *out;
	size_t n, cap;
};

/* Each user once, and never root, who is asked anyway. */
static void add(struct users *users, const struct caller *user)
{
	bool known = user->uid == 0;
	for (size_t i = 0; i < users->n; i++)
		known = known || users->out[i].uid == user->uid;
	if (!known && users->n < users->cap)
		users->out[users->n++] = *user;
}

static void add_uid(struct users *users, unsigned long uid)
{
	char number[24];
	struct caller user;
	struct err err;
	snprintf(number, sizeof(number), "%lu", uid);
	if (privilege_user(number, &user, &err) == 0)
		add(users, &user);
}

/* A user whose own group it is: rules look at no other group of the process. */
static void add_gid(struct users *users, unsigned long gid)
{
	const struct passwd *entry;
	unsigned long uid = 0;
	setpwent();
	while (uid == 0 && (entry = getpwent()) != NULL) {
		if (entry->pw_gid == gid)
			uid = entry->pw_uid;
	}
	endpwent();
	if (uid)
		add_uid(users, uid);
}

/* The numbers of a list such as "{ 8, 1000-1999 }", of ranges the first. */
static void add_listed(struct users *users, const char *at, bool group)
{
	at += strspn(at, " {");
	while (*at >= '0' && *at <= '9') {
		char *end;
		unsigned long number = strtoul(at, &end, DECIMAL);
		if (group)
			add_gid(users, number);
		else
			add_uid(users, number);
		if (*end == '-')
			end += 1 + strspn(end + 1, "0123456789");
		at = end + strspn(end, " ,");
		if (end == at || !memchr(end, ',', (size_t)(at - end)))
			break;
	}
}

/*
 * Whom the rule refuses by name. One that names whom it spares tells of nobody who wants to send:
 * that only the mail server may is what many want.
 */
static void add_named(struct users *users, const char *text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *at = strstr(text, words[i].word);
		if (!at)
			continue;
		bool spared = (at - text >= 2 && strncmp(at - 2, "! ", 2) == 0);
		at += strlen(words[i].word);
		if (!spared && strncmp(at, "!=", 2) != 0)
			add_listed(users, at, words[i].group);
	}
}

size_t firewall_users(const struct trace *t, struct caller *out, size_t cap)
{
	struct users users = {.out = out, .cap = cap};
	for (size_t i = 0; i < t->filter_rules_n; i++) {
		const struct filter_rule *r = &t->filter_rules[i];
		if (r->by_owner && r->action != FILTER_QUEUE)
			add_named(&users, r->text);
	}
	return users.n;
}

/* What the process that reads the rules is told, and what it leaves. */
struct reading {
	struct firewall *rules;
	uint16_t port;
	size_t cap, n;
	uid_t uids[];
};

static void read_rules(void *shared)
{
	struct reading *r = shared;
	struct caller *users = calloc(r->cap, sizeof(*users));
	struct trace t;

	trace_init(&t);
	firewall_explain(r->rules, r->port, &t);
	size_t n = users ? firewall_users(&t, users, r->cap) : 0;
	for (size_t i = 0; i < n; i++)
		r->uids[i] = users[i].uid;
	r->n = n;
	trace_free(&t);
	free(users);
}

size_t firewall_users_apart(struct firewall *f, uint16_t port, const struct caller *as,
			    struct caller *out, size_t cap)
{
	size_t bytes = sizeof(struct reading) + cap * sizeof(uid_t);
	struct reading *r = apart_memory(bytes);
	struct users users = {.out = out, .cap = cap};

	if (!r)
		return 0;
	*r = (struct reading){.rules = f, .port = port, .cap = cap};
	if (apart_run(read_rules, r, WAIT_NS, as) == 0) {
		for (size_t i = 0; i < r->n && i < cap; i++)
			add_uid(&users, r->uids[i]);
	}
	apart_free(r, bytes);
	return users.n;
}
