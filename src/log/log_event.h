/*
 * log_event: a line of a log, and what it says of a key.
 *
 * A line is a time stamp (log_stamp.h), a host, a tag, and a message:
 *
 *	Nov 30 19:53:13 host sshd[1]: message                           RFC 3164
 *	2026-11-30T19:53:13.123456+01:00 host sshd[1]: message          rsyslog, journalctl -o short-iso
 *	<38>1 2026-11-30T19:53:13.123456+01:00 host sshd 1 - - message  RFC 5424, also without <38>1
 *
 * Only the first tag counts: sshd, sshd-session (OpenSSH 9.8), or xferkey. The messages are
 *
 *	Accepted publickey for ACCOUNT from ADDRESS port N ssh2: TYPE FINGERPRINT
 *	Accepted publickey for ACCOUNT from ADDRESS port N ssh2: TYPE-CERT FINGERPRINT ID ...
 *	FINGERPRINT is authorized for ACCOUNT in FILE by ADMIN
 *	FINGERPRINT is revoked for ACCOUNT in FILE by ADMIN
 *	FINGERPRINT is superseded by FINGERPRINT for ACCOUNT in FILE by ADMIN
 *
 * the first two sshd's, the others ours. Each is the whole message: sshd shows what a peer sent, such
 * as the name of no account, only after words of its own, and escaped. Fingerprints are of SHA256.
 */
#ifndef LOG_EVENT_H
#define LOG_EVENT_H

#include "log/log_stamp.h"

#define LOG_EVENT_NAME 100      /* bytes of an account's name that sshd logs */

enum log_event_kind {
	LOG_EVENT_NONE,         /* any other line of sshd's */
	LOG_EVENT_LOGIN, LOG_EVENT_CERTIFICATE, LOG_EVENT_AUTHORIZED, LOG_EVENT_REVOKED, LOG_EVENT_SUPERSEDED
};

/* The slices are parts of the line, or of name. */
struct log_event {
	enum log_event_kind kind;
	int sshd;               /* the line is sshd's */
	time_t when;
	struct slice account, fingerprint;
	struct slice address;   /* of the peer; else the name of ADMIN, or the second fingerprint */
	unsigned char name[LOG_EVENT_NAME];
};

/* log_event_read: parses a line, without its end. Returns 1; or 0 if it is neither sshd's nor ours, or
 * a line of ours that says nothing of a key. */
int log_event_read(struct log_stamp *s, struct slice line, struct log_event *e);

/* log_event_word: the name of a kind: login, certificate, authorized, revoked or superseded. */
const char *log_event_word(enum log_event_kind kind);

#endif
