/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/about.h"
#include "report/page/comment.h"
#include "report/page/page.h"
#include "report/page/phrase.h"
#include "report/report.h"
#include <string.h>

#define COLUMNS 78

static void paragraph(const struct page *p, const char *lead, const char *s)
{
	page_paragraph(p, &(struct margin){lead, strlen(lead), "", PAINT_NONE}, s);
}

static void heading(const struct page *p, const char *s)
{
	page_end(p);
	page_put(p, s);
	page_end(p);
}

/* A command stands on one line, to be copied. */
static void command(const struct page *p, const char *s)
{
	page_put(p, "    ");
	page_put(p, s);
	page_end(p);
}

static void list_captures(const struct page *p, const struct run_info *run, const struct result *r)
{
	const struct about *about = run->about;

	if (!run->capture_file || r->comparison)
		paragraph(p, "result.txt      ", "the result as it was printed");
	if (!run->capture_file)
		return;
	if (r->comparison) {
		paragraph(p, "capture.pcapng  ", "the client's packets, as they were given");
		paragraph(p, "capture-N.pcapng",
			  " the packets from elsewhere, in the order of the comparison");
		return;
	}
	paragraph(p, "capture.pcapng  ",
		  "the packets of the measurement and no others; each has a comment that "
		  "says what it shows");
	if (about && about->rounds_n > 1)
		paragraph(p, "capture-N.pcapng",
			  " the packets of the earlier rounds; the last one's are in "
			  "capture.pcapng");
}

static void list_files(const struct page *p, const struct run_info *run, const struct result *r)
{
	heading(p, "WHAT IS WHAT");
	paragraph(p, "ticket.txt      ", "a text that is ready to be sent to whoever is suspected");
	paragraph(p, "report.html     ",
		  "everything on one page, for a browser; it needs no network and runs no script");
	paragraph(p, "result.json     ", "the result for programs");
	list_captures(p, run, r);
	if (run->outside)
		paragraph(p, "outside.jsonl   ",
			  "what RIPE Atlas or Globalping answered, as it was received");
	paragraph(p, "SHA256SUMS      ", "the checksums of all of these");
}

static void privacy(const struct page *p)
{
	heading(p, "PRIVACY");
	paragraph(p, "",
		  "The addresses, names and hardware addresses of the local network and the names "
		  "of accounts are pseudonyms, the same in every file. Packets cannot be put under "
		  "pseudonyms without becoming worthless as evidence, so this folder holds no "
		  "capture. What stands for what is in a file that stays with the owner.");
}

static void checks(const struct page *p, const struct run_info *run, const struct result *r)
{
	heading(p, "HOW TO CHECK IT");
	paragraph(p, "", "Nothing was changed since the measurement:");
	command(p, "sha256sum -c SHA256SUMS");
	if (!run->capture_file)
		return;
	paragraph(p, "",
		  "The packets say what the result says (whoblocks, any machine, no rights):");
	command(p, r->comparison || run->outside ? "whoblocks replay ."
						 : "whoblocks replay capture.pcapng");
	paragraph(p, "", "The packets with their comments, in Wireshark or:");
	command(p, "tshark -r capture.pcapng -T fields -e frame.number -e frame.comment");
}

static void filters(const struct page *p, const struct run_info *run, const struct result *r)
{
	if (!run->capture_file || r->verdict.reasons_n == 0)
		return;
	heading(p, "THE REASONS AND THEIR PACKETS");
	paragraph(p, "", "Each with a display filter for Wireshark:");
	for (size_t i = 0; i < r->verdict.reasons_n; i++) {
		struct text filter = {0};

		paragraph(p, " - ", r->verdict.reasons[i].text);
		comment_filter(&r->verdict.reasons[i], &filter);
		if (filter.len > 0)
			paragraph(p, "   ", text_str(&filter));
		p->out->failed |= filter.failed;
		text_free(&filter);
	}
}

static void signing(const struct page *p)
{
	heading(p, "HOW TO SIGN IT");
	paragraph(p, "",
		  "Who gives this away may sign the checksums, and have a service confirm the time "
		  "(name one where the URL stands). whoblocks does neither.");
	command(p, "gpg --armor --detach-sign SHA256SUMS");
	command(p, "openssl ts -query -data SHA256SUMS -sha256 -cert -out SHA256SUMS.tsq");
	command(p, "curl -H 'Content-Type: application/timestamp-query' \\");
	command(p, "     --data-binary @SHA256SUMS.tsq -o SHA256SUMS.tsr URL");
}

void report_readme(const struct run_info *run, const struct trace *t, const struct result *r,
		   struct text *out)
{
	const struct text_style style = {.columns = COLUMNS};
	struct page page = page_on(out, &style);
	char time[PHRASE_TIME_BYTES];
	struct text line = {0};

	(void)t;
	text_addf(&line, "Measured by whoblocks " WHOBLOCKS_VERSION " at %s.",
		  phrase_time(run->started_ns, time));
	paragraph(&page, "", r->verdict.sentence);
	page_end(&page);
	paragraph(&page, "", text_str(&line));
	list_files(&page, run, r);
	if (run->about && run->about->redacted)
		privacy(&page);
	checks(&page, run, r);
	filters(&page, run, r);
	signing(&page);
	out->failed |= line.failed;
	text_free(&line);
}
