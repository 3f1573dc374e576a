/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_NUMBERS_H
#define INFER_NUMBERS_H

/*
 * Every number that the inference decides by, with its unit and its source: a document, the
 * laboratory ("lab": the scenarios of scripts/labkit are told apart by it), simulated networks
 * ("fit": tests/sim/), or a choice. Chances and doubts are probabilities. scripts/check-numbers
 * finds others; what is no more than room in memory stands where the array is.
 */

#include <stdint.h>
/* clang-format off */
/* ---- When something is a sign at all ---- */

/* Answers, hops that hide, or SYNs that fare alike: one may be an accident. */
#define TELLS_LEAST          2
/* Hops by which counts that are the same in principle mostly differ: of two ways that a balancer
 * chooses between, there and back, of a farm behind one address, of first answers where SYNs are
 * lost. */
#define TOLERANCE_HOPS       2
/* A doubt below this is proof: one chance in fifty. A choice. */
#define RATE_PROVEN          0.02
/* Chance that expiries are missing by bad luck, from which on a way is short of them. A choice. */
#define SHORT_CHANCE         0.05
/* A doubt: losses come in bursts, so no hop's silence alone counts for more; times surer that it
 * must be where SYNs are lost. Fit. */
#define HOP_DOUBT_LEAST      0.0005
#define LOSSY_SURER          16
/* SYNs to controls that make a rate. A choice. */
#define LOSS_LEAST           6
/* Share: no network is taken to lose less. Fit. */
#define LOSS_FLOOR           0.01
/* Share of flows: a way's share that fails is between this and the rest. Fit. */
#define SHARE_LEAST          0.05
/* Other servers that are heard beside one, and looked at for them: more say nothing new. */
#define OTHERS_MAX           24
#define OTHERS_TRIED         64

/* ---- Time, in nanoseconds ---- */

#define MS                   INT64_C(1000000)
/* An answer is waited for so much longer than a round trip, at most, and unmeasured. A choice. */
#define WAIT_MARGIN_NS       (200 * MS)
#define WAIT_MAX_NS          (3000 * MS)
#define WAIT_UNKNOWN_NS      (1000 * MS)
/* No server repeats a SYN-ACK earlier: RFC 6298, 2.1. */
#define SYNACK_AGAIN_NS      (1000 * MS)
/* No stack repeats a SYN earlier: half of RFC 6298's second. */
#define SYN_AGAIN_NS         (500 * MS)
/* What the same flow met is of the refused connection when it is so near. Lab. */
#define SEEN_WITHIN_NS       (200 * MS)
/* A refusal bears the time at which it was decided to send, a packet that at which it left. Lab. */
#define LIMIT_SLACK_NS       (50 * MS)
/* No packet travels in so little: the kernel says no. No router answers so much earlier. Lab. */
#define REFUSED_AT_ONCE_NS   (100 * MS)
#define EARLY_NS             (10 * MS)
/* A break is looked for in a session that was silent for so long. A choice. */
#define BREAK_WAIT_NS        (1000 * MS)

/* ---- Who a hop belongs to ---- */

/* Hops: up to here is no transit network's; one further is not in the local network. Lab. */
#define NEAR_HOPS            2
#define LOCAL_HOPS           6
/* Hops: a box up to here may sign with the server's address; SYNs of one TTL no whim makes. */
#define SIGNER_HOPS          3
#define TOLD_SYNS            3
/* Bits in common that are near where nobody knows what is announced; for IPv6 a site (RFC 6177). */
#define HOME_BITS_4          16
#define HOME_BITS_6          48
/* Bytes of an address that make a network of servers: /24 and /48, the least that is announced. */
#define PREFIX4_BYTES        3
#define PREFIX6_BYTES        6
/* Letters of a name's first word that tell anything, and names of one sort, at most. A choice. */
#define WORD_LEAST           3
#define GROUP_MOST           12
/* Routers in a loop, at most. A choice. */
#define LOOP_MOST            8

/* ---- Answers that somebody plays ---- */

/* An answer is early in one part in so many of the time of all routers from there on. Lab. */
#define EARLY_SHARE          3
/* Distances in a row of one router; chance that sorts SYNs so by TTL or time, and of either. Lab. */
#define SAME_LEAST           3
#define SORTED_CHANCE        0.002
#define TTL_LEAST            3

/* ---- Ports that answer some SYNs ---- */

/* Part of the SYNs, one in so many, from which on a port is open now and then. A choice. */
#define ACCEPTED_SHARE       5
/* Chance that the port fares worse than the control: said so, the same where controls are lost too
 * (losses come in runs), not said to be open, worth more SYNs. Fit. */
#define LIMITED_CHANCE       0.001
#define LOSSY_CHANCE         0.00005
#define DOUBT_CHANCE         0.01
#define UNDECIDED_CHANCE     0.1
/* SYNs lost, at least, and times what the control loses: of several ports the luckiest is chosen as
 * the control, which shows where many servers are asked. Fit. */
#define LIMITED_LOST         3
#define LIMITED_SHARE        2
/* Chance that a limit leaves one server nothing, or that all its flows fail by bad luck. Fit. */
#define LUCK_CHANCE          0.01
/* Flows that fail, and that pass, before the flow is said to decide. Fit. */
#define FLOWS_LEAST          3
/* SYNs of one flow that the next hop must miss; of all failing flows that a hop must miss. Fit. */
#define LOCATED_LEAST        2
#define SILENT_LEAST         3
/* Share of the control's flows at a hop, from which on all its routers answer. Fit. */
#define COMPLETE_SHARE       0.9
/* Logarithms of odds: a hundred to one, ten thousand to one. A choice. */
#define WAYS_DECIDED         4.6
#define APART_DECIDED        9.2
/* Chance of an order of SYNs, of source ports that separate, of flows that fail by luck. Fit. */
#define WAYS_ORDER           0.01
#define PORTS_APART          0.01
#define LUCK_DOUBT           0.02

/* ---- Resets ---- */

/* Doubt that a single SYN was lost where no other was. A choice. */
#define LOSSLESS_DOUBT       0.05
/* Doubt that all SYNs which drew no reset were spared by chance. Fit. */
#define SPARED_DOUBT         0.005
/* Hops: who answers in everybody's name is nearer. Lab. */
#define FAR_LEAST            3

/* ---- Mail sessions ---- */

/* Letters of STARTTLS that are overwritten; transmissions of one segment where they were not seen,
 * segments of a session, and the doubt that losses alone stall it. Lab. */
#define MASKED_LEAST         6
#define STALL_TRIES          5
#define SESSION_SEGMENTS     8
#define STALL_DOUBT          0.01
/* Sessions with one server that go dead at the same point; networks that fare alike before a common
 * cause is claimed. A choice. */
#define STALLS_LEAST         2
#define SITES_LEAST          2

/* ---- How sure of its state a sign makes: probabilities ---- */

/* Nothing is said to be surer: one measurement in a hundred misleads. A choice. */
#define SURE_MOST            0.99
/* Less is not claimed; silence that can be asked on about, not below this. A choice. */
#define SURE_ENOUGH          0.9
#define SURE_SILENCE         0.97
/* A router that comes back, an answer nearer than the server once and again, all servers at the
 * gateway, another port's manners. Lab. */
#define SURE_LOOP            0.98
#define SURE_NEARER_ONCE     0.93
#define SURE_NEARER_AGAIN    0.98
#define SURE_CAPTIVE         0.97
#define SURE_REDIRECTED      0.97
/* Connections that are reset at once; some SYNs lost more than the controls'. Fit. */
#define SURE_ABORTED         0.95
#define SURE_LIMITED         0.95
/* Resets: from nearer, once and again; that copy a TTL; that were SYN-ACKs; like the server's own,
 * and not unlike; of no place. Fit. */
#define SURE_RESET_ONCE      0.8
#define SURE_RESET_AGAIN     0.975
#define SURE_COPIED          0.97
#define SURE_REWRITTEN       0.97
#define SURE_SERVER_OWN      0.97
#define SURE_SERVER_LIKE     0.9
#define SURE_UNPLACED        0.93
/* One rejection. Lab. */
#define SURE_REJECTED_ONCE   0.95
/* Captures without SYNs of limited TTL: resets made here, resets, resets without a control. Lab. */
#define SURE_FOREIGN         0.95
#define SURE_FOREIGN_RESET   0.93
#define SURE_FOREIGN_ALONE   0.9
/* Mail: a chain that was verified (X.509); one answer from all; a foreign certificate of several
 * servers and of one; the server's own; none to verify; STARTTLS taken out at several, at one, and
 * never offered; cut off; gone dead; declined; no SMTP. Lab. */
#define SURE_VERIFIED        0.999
#define SURE_SAME_ANSWER     0.97
#define SURE_TLS_COMMON      0.98
#define SURE_TLS_LONE        0.92
#define SURE_OWN_CERTIFICATE 0.92
#define SURE_UNVERIFIABLE    0.9
#define SURE_STRIPPED        0.97
#define SURE_STRIPPED_LONE   0.92
#define SURE_NO_STARTTLS     0.93
#define SURE_BROKEN          0.95
#define SURE_STALLED         0.93
#define SURE_DECLINED        0.95
#define SURE_NOT_SMTP        0.95

/* ---- Who it is ---- */

/* Probabilities: a blocker is named from the first on, excluded below the second. A choice. */
#define SUSPECT_NAMED        0.9
#define SUSPECT_LEAST        0.01
/* Odds that one server, silent behind a complete path while others are open, is its own side's; the
 * same where hidden hops may hide a list of destinations. Fit. */
#define REMOTE_ODDS          9.0
#define REMOTE_ODDS_HIDDEN   5.0
/* Chance that one more network's own side fails alike by accident; weight of places that the same
 * port to another server passes: only a list could drop. Fit. */
#define ACCIDENT_CHANCE      0.05
#define CROSSED_WEIGHT       0.1
/* Networks that say no by themselves before a common cause is the better explanation. A choice. */
#define LISTED_SITES         3
/* Tenths of a connection table, from which on a refusal is no rule. A choice. */
#define TABLE_FULL_TENTHS    9

/* ---- What is asked: SYNs, servers, flows, sessions, at most ---- */

/* SYNs to a control until a server counts as absent; to a port that a list may take. Fit; lab. */
#define CONTACT_TRIES        3
#define SHUT_OUT_TRIES       5
/* Connections to mail ports that limits pass at once, the rest after which they pass one, and how
 * much longer it lasts as packets jitter; doubt that may be left of a silence then, and SYNs for
 * it; SYNs to another port at speed that no limit upon both passes. Lab. */
#define RESTED_BURST         5
#define RESTED_NS            (1000 * MS)
#define RESTED_JITTER_NS     (100 * MS)
#define RESTED_DOUBT         0.1
#define RESTED_TRIES         4
#define RESTED_PASSED        3
/* Flows to a port; SYNs to a silent one, where others answer, where some get further, where others'
 * flows disagree. Fit. */
#define FLOWS_DEFAULT        2
#define SILENCE_TRIES        8
#define DIVIDED_TRIES        7
#define THINNING_TRIES       12
#define COMPANY_TRIES        6
/* Chance that makes it worth those, and doubt that is left of a silence. Fit. */
#define DIVIDED_CHANCE       0.1
#define SILENCE_DOUBT        0.01
/* SYNs that tell a limit from chance, the same where losses blur it, and of these at once. Fit. */
#define LIMITED_TRIES        12
#define UNDECIDED_TRIES      26
#define LIMITED_ATONCE       4
/* SYNs to a port that refuses some; chance of losses that are worth a question. Fit. */
#define REFUSED_TRIES        8
#define LOSES_CHANCE         0.1
/* SYNs on a flow that fails, that passes, while losses explain that all failed. Fit. */
#define FAILING_TRIES        3
#define PASSING_TRIES        2
#define SURE_TRIES           6
/* Flows of each sort; those that are traced are shared out among servers. A choice. */
#define FLOWS_ASKED          3
/* SYNs of a flow that a hop may miss, flows of the control port that it is asked with. Fit. */
#define FLOW_HOP_MISSES      2
#define WAY_CONTROLS         4
/* Pairs at a hop beside the boundary, pooled, and at one that never answered the control. Fit. */
#define HOP_TRIES            9
#define QUIET_HOP_TRIES      3
/* SYNs with another TTL, while none draws a reset; to the control beside a rejection. Lab. */
#define TRIGGER_TRIES        3
#define REJECTED_TRIES       3
/* SYNs for a distance; TTLs beyond the estimate at a time; hops by which the port's own way is
 * followed beyond the control's; flows that show whether two ports meet the same routers. Fit. */
#define DISTANCE_TRIES       3
#define DISTANCE_STEP        3
#define LONGER_MOST          8
#define PARTING_FLOWS        6
/* Servers whose way is swept; SYNs to a port that does not answer, servers whose ports are asked,
 * and the rank of that: after everything that decides. A choice. */
#define SWEEPERS_MAX         3
#define LADDER_TRIES         2
#define LADDER_SERVERS       8
#define LADDER_RANK          4
/* This host: servers of a family, and connections of a user to a port of one. A choice. */
#define TRIED_SERVERS        2
#define CONNECT_TRIES        4
/* Servers with a session; sessions before one that offers no STARTTLS is believed, and that are cut
 * off before that is; servers whose other mail ports are tried. A choice. */
#define SESSION_SERVERS      24
#define SESSION_REPEATS      3
#define SESSION_BREAKS       2
/* Servers on whose way a break is looked for, SYNs at the hop before it, TTLs for it. Lab. */
#define BREAK_SERVERS        2
#define BREAK_EDGE_TRIES     4
#define BREAK_HOPS           16

/* ---- What is told ---- */

/* Servers named one by one, and source ports shown. A choice. */
#define NAMED_MOST           8
#define PORTS_SHOWN          3

/* ---- Several captures ---- */

/* Clocks: overlap that tells of a drift; standard deviations in a normal distribution's median
 * absolute deviation; parts per million, no clock is worse. */
#define CLOCK_SPAN_NS        (500 * MS)
#define NORMAL_MAD           1.4826
#define CLOCK_DRIFT_PPM      1000.0
/* Captures further apart are not of one time; copies of one packet are nearer. A choice. */
#define COMPARE_APART_NS     (60 * 1000 * MS)
#define COPY_NS              (200 * MS)
/* One packet may seem to go backwards, by more where clocks could not be compared. Lab. */
#define CROSS_SLACK_NS       (2 * MS)
#define CROSS_BLIND_NS       (2000 * MS)
/* Shares that a receiver without a control misses; of answers that a faulty capture explains. */
#define RECEIVER_MISSES      0.05
#define FORGED_MISSES        0.1
/* Probability: the same as SURE_ENOUGH where most of what is not blocked gets lost as well. */
#define SURE_LOSSY           0.995

/* ---- The model ---- */

/* Servers of a group that are weighed at once, meetings of one way with routers of one group: more
 * say nothing new. Logarithm: points of the loss grid so much less likely than the best are left
 * out. A choice. */
#define MODEL_SERVERS        64
#define MODEL_MEETINGS       6
#define LOSS_NEGLIGIBLE      9.0
/* Hops by which the way back may differ, of either sign, and none. */
#define DETOURS              7
/* Shares of round trips lost, one for a whole run, and their weights: lines mostly work. What lies
 * between two points fits both nearly as well. */
#define PRIOR_LOSS           0.01, 0.08, 0.2, 0.4, 0.6, 0.8
#define PRIOR_LOSS_WEIGHT    0.5, 0.2, 0.15, 0.08, 0.05, 0.02
/* Shares of flows or SYNs that a partial blocker hits, of servers that a list has: as likely. */
#define PRIOR_SHARE          0.2, 0.4, 0.6, 0.8
#define PRIOR_LISTED         0.15, 0.5, 0.85

/*
 * What was believed before anything was measured, how often answers stray, and where words begin.
 * Name, value, where it comes from; "fit": scripts/fit, or by hand with sim_network --shadow
 * --prior NAME=VALUE.
 */
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

#endif
