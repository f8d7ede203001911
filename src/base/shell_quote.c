#include "base/shell_quote.h"

int
shell_quote_word(struct buffer *out, struct slice word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789/._-+,:@%";
	size_t n = 0;

	while (n < word.n && memchr(plain, word.p[n], sizeof plain - 1) != NULL)
		n++;
	if (n > 0 && n == word.n)
		return buffer_put_slice(out, word);
	buffer_puts(out, "'");
	for (; word.n > 0; word = slice_skip(word, 1))
		if (word.p[0] == '\'')
			buffer_puts(out, "'\\''");
		else
			buffer_put(out, word.p, 1);
	return buffer_puts(out, "'");
}

int
shell_quote_put(struct buffer *out, const char *path)
{
	if (path[0] == '-')
		buffer_puts(out, "./");
	return shell_quote_word(out, slice_str(path));
}
