/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/telling.h"

static bool is_failing(const struct finding *f)
{
	return f->judgement.state != STATE_OPEN && f->votes;
}

size_t telling_finding(const struct result *r)
{
	const struct judgement *j = &r->verdict.judgement;

	for (size_t i = 0; i < r->findings_n && r->verdict.reasons_n > 0; i++) {
		if (r->findings[i].server == r->verdict.reasons[0].server)
			return i;
	}
	for (size_t i = 0; i < r->findings_n; i++) {
		const struct finding *f = &r->findings[i];

		if (f->judgement.state == j->state && f->judgement.blocker == j->blocker &&
		    f->hops_n > 0)
			return i;
	}
	for (size_t i = 0; i < r->findings_n; i++) {
		if (is_failing(&r->findings[i]))
			return i;
	}
	return 0;
}
