/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_OPTIONS_SET_H
#define CLI_OPTIONS_SET_H

/*
 * How the values of options are parsed and stored: a setter for each kind of value.
 */

#include "cli/options.h"

option_setter options_set_flag, options_set_text, options_set_number, options_set_port,
	options_set_flows, options_set_seconds, options_set_address, options_set_controls,
	options_set_user, options_set_color, options_set_public_address, options_set_format,
	options_set_listen, options_set_json, options_set_label, options_set_since,
	options_set_states, options_set_csv, options_set_subject, options_set_via,
	options_set_country, options_set_language;

#endif
