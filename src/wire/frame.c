/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/frame.h"
#include <stddef.h>

static const struct {
	uint32_t dlt;
	enum link_type link;
} links[] = {
	{0, LINK_NULL},	   {1, LINK_ETHERNET},	 {9, LINK_PPP},	       {12, LINK_RAW},
	{14, LINK_RAW},	   {50, LINK_PPP},	 {51, LINK_PPP_ETHER}, {101, LINK_RAW},
	{104, LINK_CHDLC}, {105, LINK_WIFI},	 {108, LINK_LOOP},     {113, LINK_SLL},
	{117, LINK_PFLOG}, {127, LINK_RADIOTAP}, {149, LINK_PKTAP}, /* as macOS has it */
	{192, LINK_PPI},   {228, LINK_RAW},	 {229, LINK_RAW},      {239, LINK_NFLOG},
	{258, LINK_PKTAP}, {276, LINK_SLL2},
};

enum link_type link_from_dlt(uint32_t dlt)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (links[i].dlt == dlt)
			return links[i].link;
	}
	return LINK_UNKNOWN;
}
