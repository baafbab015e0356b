-- The function file makes them anew, with what keeps a child away besides its report.
drop function if exists absences_found(bigint, bigint, date, date, int, bigint, text, bigint, text, text, text);
drop function if exists absences_described(text, date, date, int, bigint, text, bigint, text, text, text);
