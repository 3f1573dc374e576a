/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose rules these are, by the names that firewall managers give to their tables and chains. */
#include "io/host/firewall_rules.h"
#include <stdio.h>
#include <string.h>

#define POLICY_CHAIN                                                                               \
	"filter_OUT_policy_" /* and the policy's name, and which of its chains it is               \
			      */

#define BAN_CHAIN "f2b-" /* and the jail's name */

static bool starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool has_chain(const struct rules_chains *chains, const char *name)
{
	for (size_t i = 0; chains && i < chains->n; i++) {
		if (strcmp(chains->items[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The policy's name, without which of its chains it is. */
static void policy_of(const char *rest, char policy[RULES_NAME_BYTES])
{
	static const char *const parts[] = {"_pre", "_log", "_deny", "_allow", "_post"};

	snprintf(policy, RULES_NAME_BYTES, "%s", rest);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t whole = strlen(policy), part = strlen(parts[i]);

		if (whole > part && strcmp(policy + whole - part, parts[i]) == 0) {
			policy[whole - part] = '\0';
			return;
		}
	}
}

/* firewalld owns its tables, and takes rules away that others put there. */
static void firewalld(const struct rules_named *rule, char *out, size_t size)
{
	char policy[RULES_NAME_BYTES] = "";
	if (starts(rule->chain, POLICY_CHAIN))
		policy_of(rule->chain + strlen(POLICY_CHAIN), policy);
	/* The least priority stands before all that refuses in the policy. */
	if (*policy)
		snprintf(out, size,
			 "firewall-cmd --permanent --policy=%s --add-rich-rule='rule "
			 "priority=-32768 port port=%u protocol=tcp accept' && firewall-cmd "
			 "--reload",
			 policy, rule->port);
	else
		snprintf(out, size,
			 "firewall-cmd --permanent --direct --add-rule %s filter OUTPUT 0 -p tcp "
			 "--dport %u -j ACCEPT && firewall-cmd --reload",
			 rule->family == 6 ? "ipv6" : "ipv4", rule->port);
}

/* ufw: the first rule that fits decides, so that one which allows goes before, if there is any; but
 * a rule for the same is not taken twice. */
static void ufw(const struct rules_named *rule, char *out, size_t size)
{
	unsigned port = rule->port;
	const char *does = strstr(rule->line, "-j REJECT") ? "reject" : "deny";
	char first[64] = "";

	if (strstr(rule->line, "ufw-user-limit") || strstr(rule->line, "ufw6-user-limit")) {
		snprintf(out, size, "ufw delete limit out %u/tcp || ufw delete limit out %u", port,
			 port);
		return;
	}
	if (*rule->line != ':')
		snprintf(first, sizeof(first), "ufw delete %s out %u/tcp; ", does, port);
	snprintf(out, size, "%sufw insert 1 allow out %u/tcp || ufw allow out %u/tcp", first, port,
		 port);
}

/* fail2ban: each jail has a chain, and each banned address a rule in it. */
static void fail2ban(const struct rules_named *rule, char *out, size_t size)
{
	const char *source = strstr(rule->line, " -s ");
	char addr[RULES_NAME_BYTES] = "ADDRESS";

	if (source)
		rules_word(source + strlen(" -s "), addr);
	addr[strcspn(addr, "/")] = '\0';
	snprintf(out, size, "fail2ban-client set %s unbanip %s", rule->chain + strlen(BAN_CHAIN),
		 addr);
}

bool rules_own_words(const struct rules_chains *chains, const struct rules_named *rule, char *out,
		     size_t size)
{
	if (strstr(rule->table, "firewalld") || strcmp(rule->chain, "OUTPUT_direct") == 0)
		firewalld(rule, out, size);
	else if (starts(rule->chain, "ufw") ||
		 has_chain(chains, rule->family == 6 ? "ufw6-user-output" : "ufw-user-output"))
		ufw(rule, out, size);
	else if (starts(rule->chain, BAN_CHAIN))
		fail2ban(rule, out, size);
	else if (strcmp(rule->chain, "SMTPOUTPUT") == 0)
		snprintf(out, size,
			 "sed -i 's/^SMTP_BLOCK = .*/SMTP_BLOCK = \"0\"/' /etc/csf/csf.conf && "
			 "csf -r");
	else if (has_chain(chains, "LOGDROPOUT") && has_chain(chains, "LOCALOUTPUT"))
		snprintf(out, size, "sed -i 's/^%s = \"/&%u,/' /etc/csf/csf.conf && csf -r",
			 rule->family == 6 ? "TCP6_OUT" : "TCP_OUT", rule->port);
	else if (rule->by_owner && has_chain(chains, "cP-Firewall-1-INPUT"))
		snprintf(out, size, "/usr/local/cpanel/scripts/smtpmailgidonly off");
	else
		return false;
	return true;
}

const char *rules_own_advice(const struct rules_named *rule)
{
	if (starts(rule->chain, BAN_CHAIN))
		return N_("fail2ban bans it again if what it was banned for goes "
			  "on: /var/log/fail2ban.log says what that was, and which "
			  "other jails hold it. To spare an address for good, add "
			  "it to ignoreip in /etc/fail2ban/jail.local, then: "
			  "fail2ban-client reload.");
	if (starts(rule->chain, "ufw") && *rule->line != ':' && !strstr(rule->line, "-limit"))
		return N_("If ufw finds no such rule to delete (it may name a range of ports), "
			  "that is "
			  "harmless: the one that allows goes before it.");
	if (strcmp(rule->chain, "SMTPOUTPUT") == 0)
		return N_("This is SMTP_BLOCK of CSF (ConfigServer Firewall), "
			  "which keeps hacked sites on this host from sending "
			  "spam: without it every user gets through. To let one "
			  "user through alone, leave it on, name that user in "
			  "SMTP_ALLOWUSER in /etc/csf/csf.conf, then: csf -r.");
	return NULL;
}
