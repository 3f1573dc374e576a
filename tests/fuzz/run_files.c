/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a fuzz target on files and folders of files, without the fuzzer: its seeds as a test. */
#include "fuzz_check.h"
#include <dirent.h>
#include <stdio.h>

#define INPUT_MAX  (1 << 20)
#define PATH_BYTES 4096

static unsigned run_file(const char *path)
{
	static uint8_t bytes[INPUT_MAX];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f)
		return 0;
	n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	(void)LLVMFuzzerTestOneInput(bytes, n);
	return 1;
}

static unsigned run_folder(const char *folder)
{
	char path[PATH_BYTES];
	unsigned done = 0;
	DIR *dir = opendir(folder);

	if (!dir)
		return run_file(folder);
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		if (entry->d_name[0] == '.')
			continue;
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) <
		    sizeof(path))
			done += run_file(path);
	}
	closedir(dir);
	return done;
}

int main(int argc, char **argv)
{
	unsigned done = 0;

	for (int i = 1; i < argc; i++)
		done += run_folder(argv[i]);
	printf("%u inputs\n", done);
	return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
