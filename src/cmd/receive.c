#include "cmd/receive.h"
#include "base/error.h"
#include "cmd/die.h"
#include "keyfile/key_policy.h"
#include "reader/key_input.h"

void
receive_key(int weak, int shared, struct buffer *blob, struct buffer *line, struct buffer *dropped)
{
	enum key_verdict verdict;
	struct key_input in;
	const char *why;
	int r;

	key_input_init(&in, (char *const []){ NULL }, KEY_RECEIVED);
	r = key_input_public(&in, blob, line, dropped);
	key_input_free(&in);    /* the input may be a private key */
	if (r != ERROR_NONE)
		die("standard input: %s", error_text(r));
	if (blob->failed || line->failed)
		die_memory();
	verdict = key_policy_server(buffer_slice(blob), &why);
	if (shared && verdict != KEY_SHARED && verdict != KEY_UNJUDGED)
		die("standard input: -T: not a key that comes with Aspera software");
	if (verdict != (shared ? KEY_SHARED : KEY_GOOD) && (verdict != KEY_DOUBTFUL || !weak))
		die("standard input: %s%s", why, verdict == KEY_DOUBTFUL ? " (-w accepts it)" : "");
}
