/* SPDX-License-Identifier: BSD-2-Clause */
/* The outputs as the run sees them: whatever has a name is the keeper's work. */
#include "io/folder/outputs_impl.h"
#include "io/host/files.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The next reply, and in *fd the descriptor that came with it. False when the keeper is gone. */
static bool hear(const struct outputs *o, struct keeper_reply *reply, int *fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec part = {.iov_base = reply, .iov_len = sizeof(*reply)};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n;

	*fd = -1;
	do
		n = recvmsg(o->keeper, &message, MSG_WAITALL);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(*reply))
		return false;
	reply->msg[sizeof(reply->msg) - 1] = '\0';
	if (message.msg_controllen >= CMSG_LEN(sizeof(int)) &&
	    control.header.cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(&control.header), sizeof(*fd));
	return *fd < 0 || fcntl(*fd, F_SETFD, FD_CLOEXEC) == 0;
}

static int gone(struct err *err)
{
	return err_set(err, IO_SYSTEM, "the process that keeps the outputs has ended");
}

/* One job done by the keeper. 0, or -1 with *err. */
static int ask(struct outputs *o, const struct keeper_request *request, struct keeper_reply *reply,
	       int *fd, struct err *err)
{
	struct keeper_request copy = *request;
	struct iovec part = {.iov_base = &copy, .iov_len = sizeof(copy)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (o->keeper < 0 || files_send(o->keeper, &message) != (ssize_t)sizeof(copy) ||
	    !hear(o, reply, fd))
		return gone(err);
	return reply->code == 0 ? 0 : err_set(err, reply->code, "%s", reply->msg);
}

/* A job that hands nothing over. */
static int ask_simply(struct outputs *o, enum keeper_job job, int number, struct err *err)
{
	struct keeper_request request = {.job = (uint8_t)job, .number = (uint8_t)number};
	struct keeper_reply reply;
	int fd;

	return ask(o, &request, &reply, &fd, err);
}

int outputs_guard(struct outputs *o, const struct caller *owner, struct err *err)
{
	struct keeper_reply reply;
	int pair[2], fd;

	/* Both ends know how long a message is: not every system keeps its bounds. */
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return err_set(err, IO_SYSTEM, "cannot start a process for the outputs: %s",
			       strerror(errno));
	fflush(NULL);
	o->pid = fork();
	if (o->pid == 0)
		keeper_serve(o, pair[1], owner);
	close(pair[1]);
	(void)fcntl(pair[0], F_SETFD, FD_CLOEXEC);
	o->keeper = pair[0];
	if (o->pid < 0)
		return err_set(err, IO_SYSTEM, "cannot start a process for the outputs: %s",
			       strerror(errno));
	if (!hear(o, &reply, &fd))
		return gone(err);
	return reply.code == 0 ? 0 : err_set(err, reply.code, "%s", reply.msg);
}

FILE *outputs_begin(struct outputs *o, int number, struct err *err)
{
	struct keeper_request request = {.job = KEEPER_BEGIN, .number = (uint8_t)number};
	struct keeper_reply reply;
	FILE *f;
	int fd = -1;

	if (ask(o, &request, &reply, &fd, err) != 0)
		return NULL;
	f = fd >= 0 ? fdopen(fd, "w+") : NULL;
	if (f)
		return f;
	if (fd >= 0)
		close(fd);
	err_set(err, IO_SYSTEM, "cannot write an output: %s", strerror(errno));
	return NULL;
}

/* Why the file system took no more: an earlier write's own errno is gone, so it is asked again,
 * with a byte of a file that will be removed. */
static int refusal(FILE *f)
{
	clearerr(f);
	if ((fputc('\n', f) == EOF || fflush(f) != 0) && errno != 0)
		return errno;
	return EIO;
}

int outputs_finish(struct outputs *o, int number, FILE *f, struct err *err)
{
	const struct output *item = &o->items[number];
	int error = ferror(f) ? refusal(f) : 0;

	if (error == 0 && fflush(f) != 0)
		error = errno;
	if (fclose(f) != 0 && error == 0)
		error = errno;
	if (error == 0)
		return ask_simply(o, KEEPER_FINISH, number, err);
	(void)ask_simply(o, KEEPER_ABANDON, number, err);
	return err_set(err, IO_SYSTEM, "cannot write '%s': %s",
		       item->place.path ? item->place.path : item->name, strerror(error));
}

void outputs_abandon(struct outputs *o, int number, FILE *f)
{
	struct err err;

	fclose(f);
	(void)ask_simply(o, KEEPER_ABANDON, number, &err);
}

int outputs_publish(struct outputs *o, struct err *err)
{
	return ask_simply(o, KEEPER_PUBLISH, 0, err);
}

static void free_all(struct outputs *o)
{
	for (int i = 0; i < o->n; i++) {
		place_close(&o->items[i].place);
		free(o->items[i].name);
		free(o->items[i].temp);
	}
	folder_close(&o->folder);
	free(o->spool);
	free(o);
}

bool outputs_end(struct outputs *o, bool keep_spool, bool keep_folder, char **left)
{
	struct keeper_request request = {
		.job = KEEPER_END,
		.keep_spool = keep_spool,
		.keep_folder = keep_folder,
	};
	struct keeper_reply reply = {0};
	struct err err;
	int fd;

	*left = NULL;
	if (!o)
		return false;
	/* Without a keeper nothing was measured yet, and who opened the outputs removes them. */
	if (o->keeper < 0)
		(void)outputs_do(o, &request, &reply);
	else
		(void)ask(o, &request, &reply, &fd, &err);
	if (reply.left && asprintf(left, "%s.partial", o->folder.place.path) < 0)
		*left = NULL;
	if (o->keeper >= 0)
		close(o->keeper);
	while (o->pid > 0 && waitpid(o->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	free_all(o);
	return *left != NULL;
}
