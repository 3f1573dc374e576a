/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_STATUS_H
#define IO_HOST_STATUS_H

/*
 * The codes that io/ puts into struct err: the exit status the program ends
 * with when nothing better is known.
 */

enum io_status {
	IO_USAGE = 2,	   /* an argument names something that is not there */
	IO_PERMISSION = 3, /* CAP_NET_RAW is missing */
	IO_INPUT = 4,	   /* an input cannot be read or understood */
	IO_SYSTEM = 5,	   /* no memory, disk full, output not writable, a system call failed */
	IO_EVIDENCE = 6,   /* evidence does not match its checksums */
};

#endif
