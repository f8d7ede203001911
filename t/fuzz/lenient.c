/* lenient: reader, in its lenient mode. */
#define LENIENT 1
#include "reader.c"
