/* forgive: reader, in its forgiving mode. */
#define FORGIVING 1
#include "reader.c"
