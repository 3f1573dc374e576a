/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose rules these are, by the names that firewall managers give to their tables and chains. */
#include "io/host/firewall_rules.h"
#include <stdio.h>
#include <string.h>

#define POLICY_CHAIN                                                                               \
	"filter_OUT_policy_" /* and the policy's name, and which of its chains it is               \
			      */

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

/* firewalld owns its tables, and takes rules away that others put there. */
static void firewalld(const struct rules_named *rule, char *out, size_t size)
{
	char policy[RULES_NAME_BYTES] = "";
	if (starts(rule->chain, POLICY_CHAIN)) {
		snprintf(policy, sizeof(policy), "%s", rule->chain + strlen(POLICY_CHAIN));
		char *which = strrchr(policy, '_');
		if (which)
			*which = '\0';
	}
	if (*policy)
		snprintf(out, size,
			 "firewall-cmd --permanent --policy=%s --add-port=%u/tcp && firewall-cmd "
			 "--reload (rich rules that refuse it stand before that: firewall-cmd "
			 "--info-policy=%s)",
			 policy, rule->port, policy);
	else
		snprintf(out, size,
			 "firewall-cmd --permanent --direct --add-rule %s filter OUTPUT 0 -p tcp "
			 "--dport %u -j ACCEPT && firewall-cmd --reload",
			 rule->family == 6 ? "ipv6" : "ipv4", rule->port);
}

/* ufw: the first rule that fits decides, so that one which allows goes before. */
static void ufw(const struct rules_named *rule, char *out, size_t size)
{
	if (strstr(rule->line, "ufw-user-limit") || strstr(rule->line, "ufw6-user-limit"))
		snprintf(out, size, "ufw delete limit out %u/tcp", rule->port);
	else
		snprintf(out, size, "ufw insert 1 allow out %u/tcp", rule->port);
}

bool rules_own_words(const struct rules_chains *chains, const struct rules_named *rule, char *out,
		     size_t size)
{
	if (strstr(rule->table, "firewalld") || strcmp(rule->chain, "OUTPUT_direct") == 0)
		firewalld(rule, out, size);
	else if (starts(rule->chain, "ufw"))
		ufw(rule, out, size);
	else if (strcmp(rule->chain, "SMTPOUTPUT") == 0)
		snprintf(out, size,
			 "in /etc/csf/csf.conf name the user in SMTP_ALLOWUSER, or set SMTP_BLOCK "
			 "to 0; then csf -r");
	else if (has_chain(chains, "LOGDROPOUT") && has_chain(chains, "LOCALOUTPUT"))
		snprintf(out, size, "in /etc/csf/csf.conf add %u to %s; then csf -r", rule->port,
			 rule->family == 6 ? "TCP6_OUT" : "TCP_OUT");
	else if (rule->by_owner && has_chain(chains, "cP-Firewall-1-INPUT"))
		snprintf(out, size, "/usr/local/cpanel/scripts/smtpmailgidonly off");
	else
		return false;
	return true;
}
