/*
 * tree: the body of a key file as a tree of elements, SSH strings or DER, that
 * can be written again with one of them changed. Whatever holds the changed
 * element gets its right length again, so that only the change is wrong.
 */
#ifndef TREE_H
#define TREE_H

#include "buffer.h"
#include "slice.h"

#include <stdint.h>

#define TREE_MAX 96     /* elements */

enum form { FORM_BARE /* no length in front */, FORM_STRING, FORM_DER };

/*
 * What an element holds is a letter. Those of key_type.h; beside them
 *	A  a type's name           C  a cipher's            D  a KDF's
 *	S  salt                    R  rounds                N  number of keys
 *	B  a public blob           Z  the sealed part       T  an AEAD's tag
 *	V  the two check numbers   X  a comment             P  padding
 *	G  magic                   O  options of the KDF
 * and in DER
 *	i  a version               W  what a KDF costs      I  an iv
 *	t  EC's secret number      y  Ed25519's seed        x  DSA's x or y alone
 *	j  what RSA can do without: d mod (p-1), d mod (q-1), q^-1 mod p
 *	p  OBJECT IDENTIFIER       0  NULL                  b  BIT STRING
 *	.  anything else
 * in PuTTY's files
 *	z  Ed25519's seed, which may do without zeros at its end
 * and in ssh.com's
 *	L  a length, or a number of bits       M  a number      Y  the sealed part
 */
struct element {
	char path[40];          /* "pub/2", "1/0": names, or places in DER */
	char letter;
	enum form form;
	unsigned char tag;      /* of DER */
	size_t end;             /* index behind its last descendant */
	struct slice contents;
};

struct tree {
	struct element e[TREE_MAX];
	size_t n;
};

enum change_kind { CHANGE_NOTHING, CHANGE_LENGTH, CHANGE_CONTENTS, CHANGE_DROP, CHANGE_TWICE,
    CHANGE_TAG, CHANGE_LONG_FORM, CHANGE_INDEFINITE };

struct change {
	size_t at;              /* index of the element */
	enum change_kind kind;
	uint32_t length;        /* CHANGE_LENGTH: the lie */
	struct slice contents;  /* CHANGE_CONTENTS */
};

/* The parsers return 0, or -1 when bytes are not of this form; the tree points
 * into them. */

/* tree_of_blob: a public blob of a type that key_type knows. */
int tree_of_blob(struct tree *t, struct slice blob);

/* tree_of_openssh: openssh-key-v1; sealed too is taken apart where it is not
 * encrypted. */
int tree_of_openssh(struct tree *t, struct slice body);

/* tree_of_openssh_sealed: its sealed part, decrypted. */
int tree_of_openssh_sealed(struct tree *t, struct slice plain);

/* tree_of_ppk: the private part of a PuTTY file with this public blob. */
int tree_of_ppk(struct tree *t, struct slice plain, struct slice pub);

/* tree_of_sshcom: ssh.com's private key, taken apart as far as it is not
 * encrypted. */
int tree_of_sshcom(struct tree *t, struct slice body);

/* tree_of_der: a key in DER; pkcs8: its strings hold DER again, as in PKCS#8
 * and SubjectPublicKeyInfo. tree_of_der_sealed: EncryptedPrivateKeyInfo. */
int tree_of_der(struct tree *t, struct slice body, int pkcs8);
int tree_of_der_sealed(struct tree *t, struct slice body);

/* tree_put: appends the bytes of the tree with the change made. 0 or -1. */
int tree_put(const struct tree *t, const struct change *c, struct buffer *out);

/* tree_find: the element with this path, or NULL. */
const struct element *tree_find(const struct tree *t, const char *path);

#endif
