extern int todoke_app_placeholder;
int todoke_app_placeholder;
