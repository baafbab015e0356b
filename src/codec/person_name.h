/* What a person may be called, and how that is read. Pure; texts are valid UTF-8. */
#ifndef CODEC_PERSON_NAME_H
#define CODEC_PERSON_NAME_H

#include "codec/field.h"

/* Letters of any script with their marks (so 𠮷 and variation sequences of kanji), space, hyphen, apostrophe,
 * full stop, and the dots between words; at least one letter. No digits, emoji, control, direction or
 * invisible characters. */
bool person_name_valid(struct str name);

/* Hiragana or katakana (half width too), the long sound, space and the dot between words; one kana at least.
 */
bool person_kana_valid(struct str kana);

/* The check of a table that has family_name, given_name, family_kana, given_kana. */
void person_names_check(const struct checked *in, struct field_errors *errors);

#endif
