extern int todoke_err_placeholder;
int todoke_err_placeholder;
