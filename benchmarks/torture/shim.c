/* Loaded before the C library (LD_PRELOAD): lets chosen system calls on one folder fail.
 *
 * torture_arm(folder, kind, at, number, persistent): from now on the at-th call of this kind (from 1)
 * on a path inside folder fails with errno = number, and with persistent all later ones of any kind
 * that changes something; torture_count(): how many calls of the kind there were; torture_disarm().
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { OPEN, WRITE, FSYNC, RENAME, UNLINK, TRUNCATE, MAP, READ };

static char folder[4096];
static int armed, kind, number, persistent, broken;
static long at, count;

void torture_arm(const char *path, int which, long when, int err, int stays) {
    snprintf(folder, sizeof folder, "%s", path);
    kind = which, at = when, number = err, persistent = stays, broken = 0, count = 0;
    armed = 1;
}

void torture_disarm(void) { armed = 0; }

long torture_count(void) { return count; }

static int refuse(int which, const char *path) {
    size_t size = strlen(folder);
    if (!armed || !path || strncmp(path, folder, size) || (path[size] && path[size] != '/')) return 0;
    if (which == kind && ++count == at) {
        broken = persistent;
        errno = number;
        return 1;
    }
    if (broken && which != MAP && which != READ) {
        errno = number;
        return 1;
    }
    return 0;
}

static int refuse_descriptor(int which, int descriptor) {
    char link[64], path[4096];
    ssize_t size;
    if (!armed) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return refuse(which, path);
}

/* The function of this name behind ours. */
#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define MODE \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

/* After a lasting failure files can still be opened for reading. */
static int opens(int flags) { return broken && (flags & O_ACCMODE) == O_RDONLY; }

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, name, const char *, int, ...); \
        MODE if (!opens(flags) && refuse(OPEN, path)) return -1; \
        return real(path, flags, mode); \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name) \
    int name(int base, const char *path, int flags, ...) { \
        REAL(int, name, int, const char *, int, ...); \
        MODE if (!opens(flags) && refuse(OPEN, path)) return -1; \
        return real(base, path, flags, mode); \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

ssize_t write(int descriptor, const void *data, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (refuse_descriptor(WRITE, descriptor)) return -1;
    return real(descriptor, data, size);
}

ssize_t read(int descriptor, void *data, size_t size) {
    REAL(ssize_t, read, int, void *, size_t);
    if (refuse_descriptor(READ, descriptor)) return -1;
    return real(descriptor, data, size);
}

#define READS_AT(name) \
    ssize_t name(int descriptor, void *data, size_t size, off_t where) { \
        REAL(ssize_t, name, int, void *, size_t, off_t); \
        if (refuse_descriptor(READ, descriptor)) return -1; \
        return real(descriptor, data, size, where); \
    }
READS_AT(pread)
READS_AT(pread64)

#define WRITES_AT(name) \
    ssize_t name(int descriptor, const void *data, size_t size, off_t where) { \
        REAL(ssize_t, name, int, const void *, size_t, off_t); \
        if (refuse_descriptor(WRITE, descriptor)) return -1; \
        return real(descriptor, data, size, where); \
    }
WRITES_AT(pwrite)
WRITES_AT(pwrite64)

#define SYNCS(name) \
    int name(int descriptor) { \
        REAL(int, name, int); \
        if (refuse_descriptor(FSYNC, descriptor)) return -1; \
        return real(descriptor); \
    }
SYNCS(fsync)
SYNCS(fdatasync)

int rename(const char *old, const char *new) {
    REAL(int, rename, const char *, const char *);
    if (refuse(RENAME, new)) return -1;
    return real(old, new);
}

int renameat(int from, const char *old, int to, const char *new) {
    REAL(int, renameat, int, const char *, int, const char *);
    if (refuse(RENAME, new)) return -1;
    return real(from, old, to, new);
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    if (refuse(UNLINK, path)) return -1;
    return real(path);
}

int unlinkat(int base, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    if (refuse(UNLINK, path)) return -1;
    return real(base, path, flags);
}

#define TRUNCATES(name) \
    int name(int descriptor, off_t size) { \
        REAL(int, name, int, off_t); \
        if (refuse_descriptor(TRUNCATE, descriptor)) return -1; \
        return real(descriptor, size); \
    }
TRUNCATES(ftruncate)
TRUNCATES(ftruncate64)

#define MAPS(name) \
    void *name(void *start, size_t size, int allowed, int flags, int descriptor, off_t where) { \
        REAL(void *, name, void *, size_t, int, int, int, off_t); \
        if (descriptor >= 0 && refuse_descriptor(MAP, descriptor)) return MAP_FAILED; \
        return real(start, size, allowed, flags, descriptor, where); \
    }
MAPS(mmap)
MAPS(mmap64)
