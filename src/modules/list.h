/* Every module, one line each: MODULE(name) is src/modules/<name>/. */
MODULE(sessions)
MODULE(children)
MODULE(schools)
MODULE(absences)
MODULE(staff)
MODULE(oidc)
