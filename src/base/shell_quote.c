#include "base/shell_quote.h"

#include <string.h>

int
shell_quote_word(struct buffer *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789/._-+,:@%";
	size_t n;

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0')
		return buffer_puts(out, word);
	buffer_puts(out, "'");
	for (; *word != '\0'; word += n) {
		n = strcspn(word, "'");
		buffer_put(out, word, n);
		if (word[n] == '\'') {
			buffer_puts(out, "'\\''");
			n++;
		}
	}
	return buffer_puts(out, "'");
}

int
shell_quote_put(struct buffer *out, const char *word)
{
	if (word[0] == '-')
		buffer_puts(out, "./");
	return shell_quote_word(out, word);
}
