/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/idn.h"
#include "io/host/status.h"
#include <idn2.h>
#include <stdio.h>

int idn_ascii(const char *name, char *out, size_t size, struct err *err)
{
	uint8_t *ascii = NULL;
	int code = idn2_lookup_u8((const uint8_t *)name, &ascii,
				  IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	int n = code == IDN2_OK ? snprintf(out, size, "%s", (const char *)ascii) : -1;

	idn2_free(ascii);
	if (n >= 0 && (size_t)n < size)
		return 0;
	return err_set(err, IO_USAGE, "HOST '%s' is no international name: %s", name,
		       code == IDN2_OK ? "it is too long" : idn2_strerror(code));
}
