/* format_openssh_private: openssh-key-v1, OpenSSH's PROTOCOL.key. */
#ifndef FORMAT_OPENSSH_PRIVATE_H
#define FORMAT_OPENSSH_PRIVATE_H

#include "format/key_format.h"

extern const struct key_format format_openssh_private;

#endif
