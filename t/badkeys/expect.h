/*
 * expect: what a filter has to answer to an input.
 */
#ifndef EXPECT_H
#define EXPECT_H

#include "run.h"
#include "spoil.h"

struct expected {
	int status;             /* 0 or 2 */
	int many;               /* a line for each text that is found, not one */
	int some;               /* a good key came before, and is written */
	int fact;               /* the key_error that is said, or 0: any */
};

struct expected expect(const struct input *in, enum filter filter);

#endif
