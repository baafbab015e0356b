extern int todoke_enc_placeholder;
int todoke_enc_placeholder;
