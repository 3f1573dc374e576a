/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare/clock.h"
#include "infer/numbers.h"
#include <math.h>
#include <stdlib.h>

#define SAMPLES_MAX 300
#define SLOPES_MAX  6000
#define PPM	    1e6

struct sample {
	int64_t at_ns, delta_ns; /* the client's time; the other's minus it */
};

struct samples {
	struct sample items[2][SAMPLES_MAX]; /* away from the client; towards it */
	size_t n[2];
	int64_t from_ns, to_ns;
};

/* A packet that was sent once: a retransmission may have been taken for the first. */
static const struct sighting *seen_once(const struct pairs *p, const struct pair_packet *packet,
					uint8_t capture)
{
	const struct sighting *found = NULL;

	for (uint32_t at = packet->first; at != TRACE_NONE; at = p->sightings[at].next) {
		const struct sighting *s = &p->sightings[at];

		if (s->capture != capture)
			continue;
		if (found && s->at_ns - found->at_ns > 50 * INT64_C(1000000))
			return NULL;
		found = found ? found : s;
	}
	return found;
}

static void collect(const struct pairs *p, uint8_t capture, struct samples *out)
{
	size_t common = 0, stride;

	for (size_t i = 0; i < p->packets_n; i++)
		common += (p->packets[i].captures & 1) && (p->packets[i].captures >> capture & 1);
	stride = common / SAMPLES_MAX + 1;
	common = 0;
	for (size_t i = 0; i < p->packets_n; i++) {
		const struct pair_packet *packet = &p->packets[i];
		const struct sighting *own, *other;
		size_t *n = &out->n[packet->back];

		if (!(packet->captures & 1) || !(packet->captures >> capture & 1) ||
		    common++ % stride != 0 || *n == SAMPLES_MAX)
			continue;
		own = seen_once(p, packet, 0);
		other = seen_once(p, packet, capture);
		if (!own || !other)
			continue;
		out->items[packet->back][(*n)++] =
			(struct sample){own->at_ns, other->at_ns - own->at_ns};
		if (out->from_ns == 0 || own->at_ns < out->from_ns)
			out->from_ns = own->at_ns;
		if (own->at_ns > out->to_ns)
			out->to_ns = own->at_ns;
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
	if (n == 0)
		return 0;
	qsort(values, n, sizeof(*values), by_value);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Slopes between samples of one direction that lie far apart. */
static size_t slopes(const struct samples *s, int way, double *out, size_t n)
{
	const struct sample *items = s->items[way];
	int64_t apart = (s->to_ns - s->from_ns) / 3;
	size_t step = s->n[way] > 100 ? s->n[way] / 100 + 1 : 1;

	for (size_t i = 0; i < s->n[way]; i += step) {
		for (size_t k = i + 1; k < s->n[way] && n < SLOPES_MAX; k += step) {
			int64_t dt = items[k].at_ns - items[i].at_ns;

			if (llabs(dt) >= apart)
				out[n++] = (double)(items[k].delta_ns - items[i].delta_ns) /
					   (double)dt * PPM;
		}
	}
	return n;
}

static int64_t straightened(const struct sample *s, const struct compared_clock *clock)
{
	return s->delta_ns -
	       (int64_t)((double)(s->at_ns - clock->origin_ns) * clock->drift_ppm / PPM);
}

/* How far samples lie from the line through their own direction: a standard deviation, in ns,
 * greater where few were seen, as Student's t has it. */
static double scatter(const struct samples *s, const struct compared_clock *line)
{
	double values[2 * SAMPLES_MAX], middle[SAMPLES_MAX];
	size_t n = 0;

	for (int way = 0; way < 2; way++) {
		double centre;

		for (size_t i = 0; i < s->n[way]; i++)
			middle[i] = (double)straightened(&s->items[way][i], line);
		centre = median(middle, s->n[way]);
		for (size_t i = 0; i < s->n[way]; i++)
			values[n++] = fabs(middle[i] - centre);
	}
	return NORMAL_MAD * median(values, n) * (1 + 4 / (double)n);
}

/* What the ends of the time can say of a slope: where one packet alone is late, every slope shares
 * its delay, and their agreement says nothing. */
static double error_of_ends(const struct samples *s, const struct compared_clock *line)
{
	int64_t third = (s->to_ns - s->from_ns) / 3;
	double early = 0, late = 0;

	for (int way = 0; way < 2; way++) {
		for (size_t i = 0; i < s->n[way]; i++) {
			early += s->items[way][i].at_ns <= s->from_ns + third;
			late += s->items[way][i].at_ns >= s->to_ns - third;
		}
	}
	return 2 * scatter(s, line) * sqrt(1 / early + 1 / late) / (2.0 * (double)third) * PPM;
}

/* The median of the slopes, unless it is no greater than its own error. */
static void estimate_drift(const struct samples *s, struct compared_clock *out)
{
	struct compared_clock line = *out;
	double values[SLOPES_MAX];
	size_t n = 0;

	out->drift_error_ppm = CLOCK_DRIFT_PPM;
	if (s->to_ns - s->from_ns < CLOCK_SPAN_NS)
		return;
	n = slopes(s, 1, values, slopes(s, 0, values, 0));
	if (n < 6)
		return;
	line.drift_ppm = median(values, n);
	for (size_t i = 0; i < n; i++)
		values[i] = fabs(values[i] - line.drift_ppm);
	/* The slopes share their samples: as many of them count as there are samples. */
	out->drift_error_ppm =
		fmax(2 * NORMAL_MAD * median(values, n) / sqrt((double)(s->n[0] + s->n[1]) / 4),
		     error_of_ends(s, &line));
	if (fabs(line.drift_ppm) > out->drift_error_ppm && fabs(line.drift_ppm) < CLOCK_DRIFT_PPM)
		out->drift_ppm = line.drift_ppm;
}

struct compared_clock compare_clock(const struct pairs *p, uint8_t capture)
{
	struct compared_clock out = {.error_ns = -1};
	struct samples s = {0};
	int64_t least = INT64_MAX, most = INT64_MIN;

	collect(p, capture, &s);
	out.packets = (uint32_t)(s.n[0] + s.n[1]);
	out.origin_ns = s.from_ns;
	if (out.packets == 0)
		return out;
	estimate_drift(&s, &out);
	for (size_t i = 0; i < s.n[0]; i++) {
		int64_t delta = straightened(&s.items[0][i], &out);
		least = delta < least ? delta : least;
	}
	for (size_t i = 0; i < s.n[1]; i++) {
		int64_t delta = straightened(&s.items[1][i], &out);
		most = delta > most ? delta : most;
	}
	out.known = true;
	out.two_way = s.n[0] > 0 && s.n[1] > 0;
	if (out.two_way) {
		out.offset_ns = most + (least - most) / 2;
		out.error_ns = llabs(least - most) / 2;
	} else {
		out.offset_ns = s.n[0] > 0 ? least : most;
	}
	return out;
}

int64_t compare_clock_to_client(const struct compared_clock *clock, int64_t at_ns)
{
	int64_t there = at_ns - clock->offset_ns;

	return there - (int64_t)((double)(there - clock->origin_ns) * clock->drift_ppm / PPM);
}
