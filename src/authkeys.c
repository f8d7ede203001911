/* authkeys: adds one public key to an authorized_keys file, which is replaced
 * whole or left alone. */
#include "authorized_keys.h"
#include "die.h"
#include "key_crypto.h"
#include "key_error.h"
#include "key_input.h"
#include "option.h"
#include "secret.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "authkeys";

static const char usage[] =
    "usage: xferkey authkeys [-v] [-f file]\n"
    "\n"
    "Adds the one public key on standard input to an authorized_keys file. A key\n"
    "that is there already changes nothing; other lines stay byte for byte. The\n"
    "received line's own options are not taken over.\n"
    "\n"
    "  -f file   default ~/.ssh/authorized_keys; its folder is made where missing\n"
    "  -v        say on standard output: added, or present\n"
    "\n"
    "Status: 0 the key is there, 2 trouble: the file is as it was.\n";

/* The key on standard input, as the line to add. */
static int
receive(struct buffer *blob, struct buffer *line)
{
	static char *const none[] = { NULL };
	struct envelope e = ENVELOPE_EMPTY;
	struct key_input in;
	struct key_text text;
	struct key_view view;
	int r;

	key_input_init(&in, none, 0);
	if ((r = key_input_next(&in, &text)) <= 0)
		goto out;
	r = KEY_E_NOT_PUBLIC;
	if (text.format->can & KEY_PRIVATE)
		goto out;
	e.format = text.format;
	if ((r = text.format->open(text.text, &e)) != KEY_OK ||
	    (r = key_view_parse(e.pub, &view)) != KEY_OK)
		goto out;
	r = view.type == NULL ? KEY_E_TYPE : KEY_E_CERTIFICATE;
	if (view.type == NULL || view.type->certified != NULL ||
	    (r = key_crypto_check_public(&view)) != KEY_OK)
		goto out;
	buffer_put_slice(blob, e.pub);
	r = key_format_public(key_format_named("OPENSSH", KEY_PUBLIC), e.pub, e.comment, line);
	if (r == KEY_OK && (r = key_input_next(&in, &text)) > 0)
		r = KEY_E_SEVERAL;
out:
	envelope_free(&e);
	key_input_free(&in);
	return r == KEY_OK ? STATUS_YES :
	    warn_line("standard input: %s", key_error_text(r));
}

/* ~/.ssh/authorized_keys. */
static int
default_file(char path[PATH_MAX])
{
	const char *home = getenv("HOME");
	int n;

	if (home == NULL || home[0] != '/')
		return warn_line("HOME is not an absolute path");
	n = snprintf(path, PATH_MAX, "%s/.ssh/authorized_keys", home);
	return n > 0 && n < PATH_MAX ? STATUS_YES : warn_line("HOME is too long");
}

int
main(int argc, char **argv)
{
	struct buffer blob = BUFFER_EMPTY, line = BUFFER_EMPTY;
	char path[PATH_MAX];
	const char *file = NULL;
	int c, r, say = 0, status;

	secret_guard();
	key_crypto_init(0);
	while ((c = getopt(argc, argv, ":f:vh")) != -1)
		switch (c) {
		case 'f':
			file = optarg;
			break;
		case 'v':
			say = 1;
			break;
		default:
			die_option(c, usage);
		}
	if (argv[optind] != NULL)
		die("%s: the key comes on standard input", argv[optind]);
	if ((status = receive(&blob, &line)) == STATUS_YES && file == NULL) {
		file = path;
		status = default_file(path);
	}
	if (status == STATUS_YES) {
		r = authorized_keys_add(file, buffer_slice(&blob), buffer_slice(&line));
		if (r < 0)
			status = warn_line("%s: %s", file, key_error_text(r));
		else if (say && (puts(r == 0 ? "added" : "present") == EOF || fflush(stdout) == EOF))
			status = warn_line("standard output:");
	}
	buffer_free(&blob);
	buffer_free(&line);
	return status;
}
