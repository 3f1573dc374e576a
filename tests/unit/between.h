/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_UNIT_BETWEEN_H
#define TESTS_UNIT_BETWEEN_H

/* A number within a range: cmocka's own check has another name in its newer versions. */

#define assert_between(value, least, most)                                                         \
	do {                                                                                       \
		long long value_ = (long long)(value);                                             \
		if (value_ < (long long)(least) || value_ > (long long)(most))                     \
			fail_msg("%lld is not between %lld and %lld", value_, (long long)(least),  \
				 (long long)(most));                                               \
	} while (0)

#endif
