/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_PRIOR_H
#define INFER_MODEL_PRIOR_H

/*
 * Every number of the model: what was believed before anything was measured, how often answers
 * stray, and where words begin. One row each: name, value, where it comes from. "Fit" means
 * chosen by hand while looking at simulated networks (sim_network --shadow --prior NAME=VALUE).
 */

/* clang-format off */
#define PRIOR_TABLE(X)                                                                             \
	/* who blocks */                                                                           \
	X(nobody, 0.5, "a port is as often open as not where somebody asks")                       \
	X(list, 0.25, "rules that are about a list of servers; fit")                               \
	X(second_router, 0.1, "houses where a router follows the gateway, numbered as any; fit")   \
	X(own, 0.03, "servers with a rule of their own beside a shared one; fit")                  \
	X(own_remote, 0.8, "of these, how often it is the server's side that has it; fit")         \
	X(something_else, 1e-4, "what no row of the table makes")                                  \
	/* how: shares of all blockers */                                                          \
	X(drop, 0.45, "firewalls drop by default (nftables, pf, ACLs without an action)")          \
	X(reset, 0.2, "reject with a reset (RFC 9293, 3.10.7.1 imitated)")                         \
	X(copied, 0.02, "resets that start with what is left of the SYN's TTL")                    \
	X(onpath, 0.05, "resets beside a SYN that goes on")                                        \
	X(onpath_copied, 0.01, "both")                                                             \
	X(reject, 0.2, "ICMP administratively prohibited, or port unreachable")                    \
	X(back, 0.03, "what comes back is dropped; fit")                                           \
	X(rewrite, 0.02, "answers are made resets on their way back")                              \
	X(unit_flow, 0.05, "blockers that hit a share of the flows: one of several branches")      \
	X(unit_probe, 0.05, "blockers that hit a share of the SYNs: limits")                       \
	X(unserved, 0.02, "a share is hit, but nobody was seen to pass; fit")                      \
	/* answers that are due */                                                                 \
	X(te_limited, 0.15, "routers whose errors are limited, half of them lost; fit")            \
	X(te_silent, 0.1, "routers that send no errors, before any was asked; fit")                \
	X(te_silent_weight, 10, "hops for which that counts; fit")                                 \
	X(te_leak, 0.003, "a router said to be silent answers nonetheless")                        \
	X(end_limited, 0.05, "servers that answer now and then only")                              \
	X(end_rate, 0.6, "how often these do")                                                     \
	X(reject_limited, 0.4, "whose rejections are limited (RFC 1812, 4.3.2.8)")                 \
	X(spread, 12, "trials for which a rate at one place counts: losses come in runs; fit")     \
	X(spread_limited, 2, "the same where errors are limited: tokens go to whoever asks first") \
	X(limited_rate, 0.5, "how often a limited router answers; fit")                            \
	/* answers that are not due: chance for each */                                            \
	X(odd_reach, 1e-9, "an expiry or SYN-ACK from where the SYN cannot have been")             \
	X(odd_refusal, 1e-5, "a reset or rejection that nobody on the way sends")                  \
	X(nearer, 0.02, "the port is answered nearer or further than its control; fit")            \
	/* manners of one sender */                                                                \
	X(misfit, 2e-3, "one TTL that does not fit the others")                                    \
	X(misfit_uneven, 0.2, "the same, one off, where balanced ways differ in length")           \
	X(initial_64, 0.6, "Linux, BSD, macOS")                                                    \
	X(initial_255, 0.2, "Cisco IOS, Junos, Solaris")                                           \
	X(initial_128, 0.12, "Windows")                                                            \
	X(initial_32, 0.03, "old stacks")                                                          \
	X(initial_any, 0.05, "crafted packets: any initial TTL")                                   \
	X(initial_like, 0.9, "resets of a server that start with its SYN-ACKs' TTL; fit")          \
	X(detour_0, 0.8, "answers that come back over as many routers as the SYN passed; fit")     \
	X(detour_1, 0.05, "one more or less; fit")                                                 \
	X(detour_2, 0.03, "two more or less; fit")                                                 \
	X(detour_3, 0.02, "three more or less; fit")                                               \
	X(genuine_server, 0.99, "a server's resets look like RFC 9293's")                          \
	X(genuine_box, 0.7, "resets of boxes on the way that do")                                  \
	X(genuine_rewritten, 0.05, "rewritten SYN-ACKs that do")                                   \
	X(quoted_right, 0.95, "rejections quote the TTL that the SYN arrived with")                \
	X(quoted_any, 0.05, "chance of one value where they do not")                               \
	X(signed_own, 0.95, "rejections carry an address of the hop's that rejects")               \
	X(signed_server, 0.05, "they carry the server's own, though somebody else sends them")     \
	X(signed_other, 0.02, "they carry another than that known at the hop")                     \
	X(signed_owner, 0.5, "they carry one that no expiry showed, of the same owner")            \
	X(signed_unknown, 0.1, "they carry one that no expiry showed")                             \
	X(signed_link, 0.4, "a box between two hops signs with the server's address")              \
	/* words */                                                                                \
	X(doubt, 0.75, "whom the rules name is taken back where the model finds that less likely; fit") \
	X(named, 0.94, "a party is named from this probability on; fit")                                 \
	X(suspect, 0.02, "parties below this are no suspects")                                     \
	X(sure, 0.9, "that somebody blocks is said from this probability on")                      \
	X(sure_open, 0.75, "that nobody does is said from this on: it accuses nobody")             \
	X(surest, 0.99, "nothing is said to be surer: one measurement in a hundred misleads")      \
	X(placed, 0.99, "share of the probability that the place must cover")
/* clang-format on */

struct prior {
#define PRIOR_FIELD(name, value, source) double name;
	PRIOR_TABLE(PRIOR_FIELD)
#undef PRIOR_FIELD
};

#define PRIOR_LOSSES 6
#define PRIOR_SHARES 4
#define PRIOR_LISTS  3

/* The values of the table. */
extern const struct prior prior_table;

/* Shares of round trips lost, one for a whole run: values and their weights. */
extern const double prior_loss[PRIOR_LOSSES], prior_loss_weight[PRIOR_LOSSES];

/* Shares of flows or SYNs that a partial blocker hits, all as likely. */
extern const double prior_share[PRIOR_SHARES];

/* Shares of the servers that a list has, all as likely. */
extern const double prior_listed[PRIOR_LISTS];

#endif
