/* Names for the demonstration city. Static, constant. */
#ifndef SEED_NAMES_H
#define SEED_NAMES_H

struct name {
    const char *kanji; /* as it is written */
    const char *kana;  /* its reading, in hiragana */
};

extern const struct name family_names[], boys[], girls[], men[], women[];
extern const unsigned family_names_count, boys_count, girls_count, men_count, women_count;

/* 41 for elementary schools, then 18 for junior high schools, then one for the special-needs school. */
extern const char *const school_words[];

#endif
