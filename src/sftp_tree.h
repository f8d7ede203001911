/*
 * sftp_tree: a file or a folder with all in it from one side to the other,
 * and what need not be sent again.
 *
 * Where it resumes, a file is written as .xferkey-NAME-SIZE-TIME-VERSION-RUN.partial
 * (in hex; NAME is a digest of the name) beside its place and renamed when it
 * is whole: so a name says of which source a part is, and what has the right
 * name is whole. A part of another source is removed. That of another run is
 * given this run's name: who loses the name of a part cannot give it the file's,
 * so two runs at once do not take a part for whole. What one request can
 * bring, where nothing is, is there or empty in any case, and has no such name.
 */
#ifndef SFTP_TREE_H
#define SFTP_TREE_H

#include "digest.h"
#include "sftp_copy.h"
#include "sftp_listing.h"

struct sftp_tree {
	struct sftp_copy *copy;
	/* 0: all is sent. 1: what has the same size and time is there. 2: samples
	 * of it are compared too. 3: all of it is, and the time does not count. */
	int resume;
	struct digest *digest;          /* SHA-256; not used with resume 0 */
	uint64_t run;                   /* no other run has it */
	uint64_t there;                 /* files that were there */
	struct sftp_listing folders;    /* by their paths: get modes and times when all is done */
	const struct sftp_link *links;  /* that led to where it is now */
};

/* sftp_tree_copy: from, which attrs say something of, becomes folder/name; an
 * empty name stands for the folder itself. Symbolic links are followed, but for
 * one that leads to a folder that it is in. there lists that folder, or is NULL
 * where nobody could. What goes wrong goes to copy->failed. -1: the connection
 * is lost. */
int sftp_tree_copy(struct sftp_tree *t, const char *from, const struct sftp_attrs *attrs,
    const char *folder, const char *name, const struct sftp_listing *there);

/* sftp_tree_finish: waits for all, and finishes the folders. -1: lost. */
int sftp_tree_finish(struct sftp_tree *t);

/* sftp_tree_end: frees what it holds but the digest. */
void sftp_tree_end(struct sftp_tree *t);

#endif
