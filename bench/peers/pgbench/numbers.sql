-- The next report of this client: each child once a day, day after day, no two clients the same.
\set turn :turn + 1
\set number :first + :client_id + :turn * :clients
\set student 1 + :number % :students
\set day :number / :students
\set account 1000000 + :student
