/* CHECK: an assertion that stays in the release build.
 *
 * For programming errors only (a state machine's illegal move, a count that does not add up): it prints
 * file, line and condition to stderr and aborts. Never for input, memory, the network or the database. */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#define CHECK(cond) (__builtin_expect(!!(cond), 1) ? (void)0 : check_failed(__FILE__, __LINE__, #cond))

__attribute__((noreturn, cold)) void check_failed(const char *file, int line, const char *what);

#endif
