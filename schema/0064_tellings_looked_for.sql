-- A telling wakes nobody: the teller looks each second. A notification inside the report's transaction woke another listener of
-- each worker before the guardian had the answer.
drop trigger announced on tellings;
drop function tellings_notify();
