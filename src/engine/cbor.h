/* CBOR (RFC 8949), looked through before a library decodes it: libcbor sets aside what an array's or a map's
 * head claims to hold, so that nine bytes can ask for gigabytes. */
#ifndef ENGINE_CBOR_H
#define ENGINE_CBOR_H

#include <stdbool.h>

#include "base/str.h"

#define CBOR_DEPTH_MAX 4

/* Whole items one behind the other, of definite length, no deeper than CBOR_DEPTH_MAX, none of which claims
 * to hold more than there are bytes. Empty is fine. */
bool cbor_is_honest(struct str bytes);

#endif
