/* `todoke erase`: a school that closes, or leaves the contract.
 *
 *   todoke erase school CODE                   prints what would be erased, in numbers; nothing is changed
 *   todoke erase school CODE --confirm CODE    erases it, step by step, and prints the certificate
 *
 * Synchronous libpq; needs the database's owner. A run that broke off is simply run again: it erases the
 * rest. */
#ifndef ERASE_H
#define ERASE_H

/* Returns an exit status: 1 is a school that does not exist or was not confirmed, 2 a usage error or no
 * database. */
int erase_command(const char *conninfo, int argc, char **argv);

#endif
