/* SPDX-License-Identifier: BSD-2-Clause */
#include "between.h"
#include "evidence_samples.h"
#include "io/folder/outputs.h"
#include "io/host/status.h"
#include "temp_dir.h"
#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* The outputs of a run that keeps a capture; both NULL where that cannot be. */
struct kept {
	struct outputs *outputs;
	struct evidence *evidence;
};

static struct kept keep(const char *path, struct err *err)
{
	const struct caller self = {.uid = geteuid(), .gid = getegid()};
	struct kept k = {.outputs = outputs_new(false, err)};
	int fd, number;

	assert_non_null(k.outputs);
	number = outputs_file(k.outputs, path, MARKED_CAPTURE, err);
	fd = number >= 0 ? outputs_spool(k.outputs, number, err) : -1;
	if (fd >= 0 && outputs_guard(k.outputs, &self, err) == 0)
		k.evidence = evidence_open(fd, path, err);
	return k;
}

static int finish(struct kept *k, const char *path, const struct evidence_end *end, struct err *err)
{
	FILE *f = outputs_begin(k->outputs, 0, err);

	if (!f)
		return -1;
	if (evidence_write(k->evidence, f, path, end, err) == 0)
		return outputs_finish(k->outputs, 0, f, err);
	outputs_abandon(k->outputs, 0, f);
	return -1;
}

static void end(struct kept *k, bool keep_spool)
{
	char *left;

	evidence_close(k->evidence);
	assert_false(outputs_end(k->outputs, keep_spool, false, &left));
}

static void unwritable(void **state)
{
	char missing[2 * TEMP_PATH_BYTES], ok[2 * TEMP_PATH_BYTES];
	const struct {
		const char *path, *want;
	} cases[] = {
		{temp_path(missing, folder, "no/such/folder"), "No such file"},
		{"/dev/full", "not a regular file"},
		{folder, "not a regular file"},
		{"/proc/x.pcapng", "cannot write '/proc/x.pcapng'"},
	};
	struct err err;
	struct kept k;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		err = (struct err){0};
		k = keep(cases[i].path, &err);
		assert_null(k.evidence);
		assert_int_equal(err.code, IO_SYSTEM);
		assert_non_null(strstr(err.msg, cases[i].want));
		end(&k, false);
	}
	k = keep(temp_path(ok, folder, "ok"), &err);
	assert_non_null(k.evidence);
	end(&k, false);
	assert_int_equal(files_in(folder), 0);
}

/* In a child: a small file system of its own that runs full while frames come in. */
static void fill_disk(void)
{
	char path[2 * TEMP_PATH_BYTES], partial[2 * TEMP_PATH_BYTES];
	uint8_t bytes[60];
	struct err err = {0};
	struct kept k;
	struct source *s;
	uint32_t kept;

	temp_path(path, folder, "full.pcapng");
	temp_path(partial, folder, "full.pcapng.partial");
	k = keep(path, &err);
	assert_non_null(k.evidence);
	for (kept = 0; kept < 10000; kept++) {
		struct frame frame = sample(kept, bytes);

		if (evidence_add(k.evidence, &frame, &err) != 0)
			break;
	}
	assert_between(kept, 1, 9999);
	assert_int_equal(err.code, IO_SYSTEM);
	assert_non_null(strstr(err.msg, "No space left"));
	assert_int_equal(evidence_count(k.evidence), kept);
	/* There is no room for the whole file either: nothing half-written gets the name. */
	assert_int_equal(finish(&k, path, &(struct evidence_end){0}, &err), -1);
	assert_non_null(strstr(err.msg, "No space left"));
	assert_true(evidence_is_at_stake(k.evidence));
	end(&k, true);
	assert_int_not_equal(access(path, F_OK), 0);
	/* What was captured is not thrown away. */
	s = source_open_file(partial, 1, &err);
	assert_non_null(s);
	for (uint32_t i = 0; i < kept; i++)
		assert_int_equal(source_next(s, &(struct frame){0}, &err), SOURCE_FRAME);
	assert_int_equal(source_next(s, &(struct frame){0}, &err), SOURCE_END);
	source_close(s);
	unlink(partial);
}

/* A text whose middle found no room: its end still says why, whatever was called in between. */
static void fill_text(void)
{
	static const char line[100] = "a line of a text that grows until there is no room for it";
	char path[2 * TEMP_PATH_BYTES];
	struct err err = {0};
	struct kept k = keep(temp_path(path, folder, "text"), &err);
	FILE *f;

	assert_non_null(k.evidence);
	f = outputs_begin(k.outputs, 0, &err);
	assert_non_null(f);
	for (int i = 0; i < 2000; i++)
		fwrite(line, 1, sizeof(line), f);
	assert_true(ferror(f));
	errno = 0;
	assert_int_equal(outputs_finish(k.outputs, 0, f, &err), -1);
	assert_int_equal(err.code, IO_SYSTEM);
	assert_non_null(strstr(err.msg, "No space left"));
	end(&k, false);
	assert_int_equal(files_in(folder), 0);
}

static void in_little_room(void (*fill)(void))
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0) {
		print_message("needs root for a file system of its own\n");
		skip();
	}
	assert_int_equal(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	if (mount("none", folder, "tmpfs", 0, "size=64k") != 0)
		skip();
	fill();
	assert_int_equal(umount(folder), 0);
}

static void disk_full(void **state)
{
	(void)state;
	in_little_room(fill_disk);
}

static void disk_full_of_text(void **state)
{
	(void)state;
	in_little_room(fill_text);
}

/* A process that was root is not trusted with its own /proc: the file must come out all the same.
 */
static void another_user(void **state)
{
	char path[2 * TEMP_PATH_BYTES];
	struct stat st;
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0) {
		print_message("needs root to become somebody else\n");
		skip();
	}
	temp_path(path, folder, "user.pcapng");
	assert_int_equal(chown(folder, 65534, 65534), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		const struct evidence_end facts = {.facts = "[]"};
		struct kept k;
		struct err err;
		int failed = 1;

		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(2);
		k = keep(path, &err);
		if (k.evidence)
			failed = finish(&k, path, &facts, &err);
		end(&k, false);
		_exit(failed ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_uid, 65534);
	assert_int_equal(files_in(folder), 1);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unwritable),
		cmocka_unit_test(disk_full),
		cmocka_unit_test(disk_full_of_text),
		cmocka_unit_test(another_user),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
