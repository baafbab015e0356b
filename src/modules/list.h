/* Every module, one line each: MODULE(name) is src/modules/<name>/. */
MODULE(sessions)
MODULE(factors)
MODULE(passkeys)
MODULE(children)
MODULE(schools)
MODULE(absences)
