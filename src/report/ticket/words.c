/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/ticket/words.h"

static const char *const party_words[PARTY_COUNT][WORD_PARTY_COUNT] = {
	[PARTY_PROVIDER] =
		{
			[WORD_TO] = N_("the network operations centre of the access provider"),
			[WORD_CLAIM] =
				N_("TCP SYNs from {source} to port {port} {many} {fate} {place}; "
				   "those to their control ports (such "
				   "as {control}) pass."),
			[WORD_REQUEST] =
				N_("Is there a filter for TCP port {port} (mail submission, "
				   "RFC 6409) on "
				   "this line, its access node, its address translation or "
				   "the routers "
				   "named above? Please remove it for this line, or tell us "
				   "which policy "
				   "it follows and how to be exempted from it. If it is not "
				   "yours, please "
				   "pass this on to whoever runs the next router."),
		},
	[PARTY_HOSTING] =
		{
			[WORD_TO] = N_("the support of the hosting company"),
			[WORD_CLAIM] = N_("TCP SYNs from our server {source} to port {port} {many} "
					  "{fate} {place}; those to their control ports (such as "
					  "{control}) pass."),
			[WORD_REQUEST] =
				N_("Is outgoing TCP port {port} (mail submission, RFC 6409) "
				   "filtered for "
				   "this server or account? We use it to hand mail to a "
				   "relay that asks "
				   "for a password; the server is not a relay for others. "
				   "Please open it, "
				   "or tell us what you need from us to do so."),
		},
	[PARTY_NETWORK] =
		{
			[WORD_TO] = N_("our own network team"),
			[WORD_CLAIM] =
				N_("TCP SYNs from {source} to port {port} {many} {fate} {place}; "
				   "those to their control ports (such "
				   "as {control}) pass."),
			[WORD_REQUEST] = N_(
				"Please look for a rule for outgoing TCP port {port} in the device "
				"named above (filter, address translation, content inspection, "
				"mail "
				"or intrusion protection), and allow it from {source}."),
		},
	[PARTY_OPERATOR] =
		{
			[WORD_TO] = N_("the postmaster of {server}"),
			[WORD_CLAIM] =
				N_("{server} ({address}) does not accept TCP connections to port "
				   "{port} from {source}: they {fate} {place}."),
			[WORD_REQUEST] = N_(
				"Does {server} offer port {port} (mail submission, RFC 6409) to "
				"{source}? If a filter or a list blocks this address, please tell "
				"us "
				"which one, and how to be taken off it."),
		},
	[PARTY_HOST] =
		{
			[WORD_TO] = N_("the administrator of this host"),
			[WORD_CLAIM] =
				N_("Connections from this host ({source}) to port {port} are "
				   "stopped on the host itself; those to port {control} are not."),
			[WORD_REQUEST] =
				N_("Please look for a firewall rule, a routing rule or a policy "
				   "that names TCP port {port} on this host, and allow it."),
		},
	[PARTY_UNDECIDED] =
		{
			[WORD_TO] = N_("nobody yet: the evidence does not decide"),
			[WORD_CLAIM] = "{sentence}",
			[WORD_REQUEST] = N_("None. This text only records the measurement."),
		},
	[PARTY_NOBODY] =
		{
			[WORD_TO] = N_("nobody: there is nothing to complain of"),
			[WORD_CLAIM] = "{sentence}",
			[WORD_REQUEST] = N_("None. This text only records the measurement."),
		},
};

static const char *const lines[LINE_COUNT] = {
	[LINE_SUBJECT] = N_("Subject: TCP port {port} {subject}"),
	[LINE_CLAIM] = N_("CLAIM"),
	[LINE_OBSERVED] = N_("OBSERVED"),
	[LINE_COUNTED] = N_("{target_answered} of {target_sent} SYNs to port {port} were answered, "
			    "and {answered} of {sent} to the control ports."),
	[LINE_SIGNS] = N_("What these signs mean says: whoblocks explain SIGN"),
	[LINE_INFERRED] = N_("INFERRED FROM THAT"),
	[LINE_PLACE] = N_("WHERE AND WHEN (all times are UTC)"),
	[LINE_PROBES] = N_("PROBES (TCP SYN, {date} UTC; the number of its frame in brackets)"),
	[LINE_FAILING] = N_("failing:"),
	[LINE_WORKING] = N_("working:"),
	[LINE_HOPS] = N_("THE WAY TO {server} ({address})"),
	[LINE_HOPS_NOTE] =
		N_("Columns {port} and {control}: SYNs that provably got there / SYNs sent. "
		   "Routers limit their ICMP; a gap in the control column is no loss."),
	[LINE_OUTSIDE] = N_("SEEN FROM OUTSIDE"),
	[LINE_OUTSIDE_IDS] = N_("These measurements are public; anybody can open them by number:"),
	[LINE_EXCLUDED] = N_("EXCLUDED, AND HOW"),
	[LINE_HOST_LEFT] =
		N_("This host's own firewall: the failing SYNs were captured as they left "
		   "the interface."),
	[LINE_HOST_BLOCKS] =
		N_("The network: no SYN to port {port} was seen to leave this host, while "
		   "those to port {control} were."),
	[LINE_SERVERS] =
		N_("The servers: {alike} of {asked} servers, which do not belong together, "
		   "show the same, and answer on their control ports."),
	[LINE_SERVER_ONE] = N_("A general fault of the line: {open} of {asked} servers accept "
			       "connections to port {port}."),
	[LINE_DNS] = N_("DNS: both ports were asked at the same numeric addresses."),
	[LINE_LOSS] =
		N_("Lost packets: in the same seconds {answered} of {sent} SYNs to the control "
		   "ports were answered, and {target_answered} of {target_sent} to port {port}."),
	[LINE_NOT_CLAIMED] = N_("NOT CLAIMED"),
	[LINE_NOT_LOSS] =
		N_("That routers on the way lose packets, or that those which do not answer "
		   "are at fault."),
	[LINE_NOT_INTENT] =
		N_("Which device of a network does it, whether it is meant, and since when."),
	[LINE_NOT_IMITATED] =
		N_("That nobody imitates it: a box on the way before this place that sees the "
		   "packets can answer or drop by TTL as if it were here; one further out cannot."),
	[LINE_NOT_BETWEEN] =
		N_("That one of these alone does it; seen from this host they look the same: "
		   "{suspects}."),
	[LINE_NOT_CERTAIN] =
		N_("That nobody else can be at fault; with their probabilities: {suspects}."),
	[LINE_NOT_RETURN] =
		N_("That the SYNs are lost on the way there: the answers may be lost on "
		   "the way back."),
	[LINE_NOT_MAIL] = N_("Anything about the content of mail: only connections were tested."),
	[LINE_REPRODUCE] = N_("HOW TO REPRODUCE"),
	[LINE_RULE] = N_("The rule, in the firewall's own words: {rule}"),
	[LINE_ALLOW] = N_("What would allow the port: {command}"),
	[LINE_STOCK_FAR] = N_("with tcptraceroute (compare the two):"),
	[LINE_STOCK_FAR_V6] = N_("with traceroute (compare the two):"),
	[LINE_STOCK_NEAR] = N_("with nping, SYNs that end at {to} (compare the two):"),
	[LINE_STOCK_NEAR_V6] = N_("the same, SYNs that end at {to} alone:"),
	[LINE_STOCK_MAIL] = N_("with openssl (port {port}, then the control port):"),
	[LINE_STOCK_SELF] = N_("with whoblocks {version}, live and from the attached capture:"),
	[LINE_REQUEST] = N_("REQUEST"),
	[LINE_ATTACHED] = N_("ATTACHED (SHA-256)"),
	[LINE_NONE_ATTACHED] = N_("Nothing."),
};

const char *ticket_party_word(enum ticket_party party, enum ticket_word word)
{
	return party_words[party][word];
}

const char *ticket_line(enum ticket_line line)
{
	return lines[line];
}

const char *ticket_state_word(const struct judgement *j)
{
	if (j->state == STATE_INTERCEPTED)
		return N_("are answered by something that is not the server");
	if (j->state == STATE_DEGRADED)
		return N_("are limited or damaged");
	if (j->state == STATE_CLOSED)
		return N_("are refused by the server itself");
	if (j->mechanism == MECHANISM_TCP_RESET)
		return N_("are answered by resets that are not the server's");
	if (j->mechanism == MECHANISM_ICMP_REJECT)
		return N_("are rejected by ICMP messages");
	if (j->mechanism == MECHANISM_RETURN_DROP)
		return N_("get no answer");
	return N_("are lost");
}
