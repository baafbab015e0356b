/* peer-handshake: what OpenSSL alone costs the server. Full TLS 1.3 handshakes (X25519, no resumption)
 * between a client and a server in one process, over a pair of memory BIOs: no socket, no loop, no HTTP. Only
 * the server's calls are timed (CLOCK_THREAD_CPUTIME_ID), from SSL_new to SSL_free.
 *
 * --cert FILE --key FILE --seconds N. Prints {"handshakes":n,"server_cpu":seconds,"clock":seconds}, where
 * `clock` is what reading the clock itself has cost of it. */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double wall_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void die(const char *what)
{
    fprintf(stderr, "peer-handshake: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(2);
}

static const char *option(int argc, char **argv, const char *name)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0) return argv[i + 1];
    die("usage: peer-handshake --cert FILE --key FILE --seconds N");
    return NULL;
}

static SSL_CTX *context(const SSL_METHOD *method)
{
    SSL_CTX *tls = SSL_CTX_new(method);
    if (!tls) die("no memory");
    SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
    SSL_CTX_set1_groups_list(tls, "X25519");
    SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256");
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    return tls;
}

static unsigned long clocks; /* how often the server's clock was read */

/* One step of the server; true when its part is done. */
static int server_step(SSL *server, double *cpu)
{
    double before = cpu_now();
    int done = SSL_accept(server) == 1;
    *cpu += cpu_now() - before;
    clocks++;
    return done;
}

static void shake(SSL_CTX *server_tls, SSL_CTX *client_tls, double *cpu)
{
    BIO *near = NULL, *far = NULL;
    SSL *client = SSL_new(client_tls);
    if (!client || BIO_new_bio_pair(&near, 32768, &far, 32768) != 1) die("no memory");
    double before = cpu_now();
    SSL *server = SSL_new(server_tls);
    if (!server) die("no memory");
    SSL_set_bio(server, far, far);
    *cpu += cpu_now() - before;
    SSL_set_bio(client, near, near);
    int client_done = 0, server_done = 0;
    for (int i = 0; !(client_done && server_done); i++) {
        if (!client_done) client_done = SSL_connect(client) == 1;
        if (!server_done) server_done = server_step(server, cpu);
        if (i > 10) die("the handshake does not end");
    }
    before = cpu_now();
    SSL_free(server);
    *cpu += cpu_now() - before;
    clocks += 2;
    SSL_free(client);
}

/* What a pair of readings costs. */
static double clock_cost(void)
{
    double before = cpu_now();
    for (int i = 0; i < 10000; i++) cpu_now();
    return (cpu_now() - before) / 10000;
}

int main(int argc, char **argv)
{
    double seconds = atof(option(argc, argv, "--seconds")), cpu = 0;
    SSL_CTX *server = context(TLS_server_method()), *client = context(TLS_client_method());
    unsigned long handshakes = 0;
    if (SSL_CTX_use_certificate_chain_file(server, option(argc, argv, "--cert")) != 1 ||
        SSL_CTX_use_PrivateKey_file(server, option(argc, argv, "--key"), SSL_FILETYPE_PEM) != 1)
        die("certificate");
    for (int i = 0; i < 100; i++) shake(server, client, &cpu);
    cpu = 0;
    clocks = 0;
    for (double until = wall_now() + seconds; wall_now() < until; handshakes++) shake(server, client, &cpu);
    printf("{\"handshakes\":%lu,\"server_cpu\":%.6f,\"clock\":%.6f}\n", handshakes, cpu,
           clock_cost() * (double)clocks);
    SSL_CTX_free(server);
    SSL_CTX_free(client);
    return 0;
}
