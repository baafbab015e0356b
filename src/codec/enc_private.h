/* Shared by the formats of enc. */
#ifndef CODEC_ENC_PRIVATE_H
#define CODEC_ENC_PRIVATE_H

#include "codec/enc.h"

/* The shortest decimal text that reads back as the same double; `f` is finite. */
void enc_f64_text(struct buf *out, double f);

#endif
