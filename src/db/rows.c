extern int todoke_rows_placeholder;
int todoke_rows_placeholder;
