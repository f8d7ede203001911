#include "base/error.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define TEXT(name, text) [ERROR_##name - ERROR_FIRST] = text,

const char *
error_text(int error)
{
	static const char *const texts[] = { ERRORS(TEXT) };

	return error <= ERROR_FIRST || error >= ERROR_FIRST + (int)(sizeof texts / sizeof texts[0]) ||
	    texts[error - ERROR_FIRST] == NULL ? strerror(errno) : texts[error - ERROR_FIRST];
}
