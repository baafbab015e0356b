/* Every module, one line each: MODULE(name) is src/modules/<name>/. */
MODULE(sessions)
MODULE(factors)
MODULE(children)
MODULE(schools)
MODULE(absences)
MODULE(mails)
MODULE(students)
MODULE(roster)
