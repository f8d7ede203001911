#include "spoil.h"

#include <stdio.h>

void
spoil_hand(const struct spoiler *s, const char *place, const char *what, enum depth depth,
    enum with with, struct slice text)
{
	struct input in = { .seed = s->seed, .depth = depth, .with = with, .text = text };

	(void)snprintf(in.name, sizeof in.name, "%s: %s: %s", s->seed->name, place, what);
	s->take(s->arg, &in);
}
