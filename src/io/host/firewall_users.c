/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom rules of this host tell apart: the users and groups that they name. */
#include "io/host/firewall.h"
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECIMAL 10

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
