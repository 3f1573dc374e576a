/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SAMPLES_H
#define SAMPLES_H

/*
 * Headers in hex from which the tables of test frames are put together.
 */

/* 192.0.2.1 > 198.51.100.2, ttl 64, id 4660, flags [DF], proto TCP, length 60 */
#define IP4 "4500003c 12344000 40063c51 c0000201 c6336402 "
/* 40001 > 587: Flags [S], seq 16909060, win 64240 */
#define TCP_PORTS_SEQ "9c41024b 01020304 "
#define TCP_REST      "00000000 a002faf0 ba3f0000 "
/* options [mss 1460,sackOK,TS val 16909060 ecr 0,nop,wscale 7] */
#define TCP_OPTIONS "020405b4 0402080a 01020304 00000000 01030307 "
#define TCP	    TCP_PORTS_SEQ TCP_REST TCP_OPTIONS
#define SYN4	    IP4 TCP
#define SYN4_BYTES  60

/* 2001:db8:1::1 > 2001:db8:2::2 */
#define ADDRS6 "20010db8 00010000 00000000 00000001 20010db8 00020000 00000000 00000002 "
/* flowlabel 0x12345, hlim 64, next-header TCP, payload length 40 */
#define IP6	   "60012345 00280640 " ADDRS6
#define SYN6	   IP6 TCP
#define SYN6_BYTES 80

#define TCP_TEXT   " seq 1020304 ack 0 flags 2 win 64240 opt 20 mss 1460 ts 1020304/0"
#define FLOW4_TEXT "192.0.2.1.40001 > 198.51.100.2.587"
#define FLOW6_TEXT "2001:db8:1::1.40001 > 2001:db8:2::2.587"
#define SYN4_TEXT  "ttl 64 " FLOW4_TEXT TCP_TEXT " len 0/0"
#define SYN6_TEXT  "ttl 64 " FLOW6_TEXT TCP_TEXT " len 0/0"

#endif
