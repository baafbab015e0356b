#include "shared.h"

#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/metrics.h"

int shared_create(unsigned workers)
{
    int fd = memfd_create("todoke", MFD_CLOEXEC);
    if (fd < 0) return -1;
    struct shared_memory *memory;
    if (sodium_init() < 0 || ftruncate(fd, (off_t)(sizeof *memory + metrics_size(SHARED_SLOTS(workers)))) ||
        !(memory = shared_map(fd))) {
        close(fd);
        return -1;
    }
    memory->workers = workers;
    randombytes_buf(memory->ticket_keys, sizeof memory->ticket_keys);
    return fd;
}

struct shared_memory *shared_map(int fd)
{
    struct stat st;
    if (fstat(fd, &st) || st.st_size < (off_t)sizeof(struct shared_memory)) return NULL;
    void *at = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return at == MAP_FAILED ? NULL : at;
}
