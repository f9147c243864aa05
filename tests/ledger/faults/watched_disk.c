/* Notes what processes do to the files below one directory, so that a test can cut the power at any point of it, and
 * fails where it is told to.
 *
 * Preloaded (LD_PRELOAD) into a program, it carries out every call that changes files and then notes it in a log:
 *
 *     STARLEDGER_DISK      the directory, as the kernel names it (no symbolic links)
 *     STARLEDGER_DISK_LOG  the log; each record is appended in one piece, whichever process or thread it comes from
 *
 * A record is `struct record`, then `named` bytes of names, then `filled` bytes of data (see power_cut.py). A change is
 * noted once it has been carried out; the beginning of an fsync is noted as well, for it covers only what came before.
 * Not seen: writing through a memory map (SQLite's -shm, which no reboot keeps) and through stdio.
 *
 * `disk_fails('w' or 's', N, ERRNO, LASTING)` lets the Nth write or fsync from now on fail, with LASTING all that
 * follow too. A negative ERRNO writes half and fails from the next on; with 0 the process dies there. `disk_passed` tells how
 * many there were. With STARLEDGER_DISK_FULL_AT=N in the environment the disk is full from the Nth write on.
 */
#define _GNU_SOURCE
#define PARTS 1026
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct record { char what; char pad[3]; uint32_t thread, named, filled; uint64_t inode, at; };
struct place { char path[4096]; uint64_t inode; int is_folder; };

static const char *disk;
static int journal = -1;

void disk_fails(char what, long at, int error, int lasting);

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("STARLEDGER_DISK_LOG");
    disk = getenv("STARLEDGER_DISK");
    int opened = path && disk ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
    if (opened >= 0) journal = fcntl(opened, F_DUPFD_CLOEXEC, 700); /* out of the way of whoever closes low numbers */
    if (getenv("STARLEDGER_DISK_FULL_AT")) disk_fails('w', atol(getenv("STARLEDGER_DISK_FULL_AT")), ENOSPC, 1);
}

static struct { char what; long at; int error, lasting, halves; } fault;
static long passed[256];

void disk_fails(char what, long at, int error, int lasting) {
    memset(passed, 0, sizeof passed);
    fault.what = what, fault.at = at, fault.error = error < 0 ? -error : error;
    fault.lasting = lasting || error < 0, fault.halves = error < 0;
}
long disk_passed(char what) { return passed[(unsigned char)what]; }

static int below(const char *path) {
    size_t length = disk ? strlen(disk) : 0;
    return journal >= 0 && !strncmp(path, disk, length) && (path[length] == '/' || !path[length]);
}

static void note(char what, uint64_t inode, uint64_t at, const char *names, size_t named, const struct iovec *data,
                 int parts, size_t filled) {
    int before = errno;
    struct record head = {what, {0}, (uint32_t)syscall(SYS_gettid), (uint32_t)named, (uint32_t)filled, inode, at};
    struct iovec whole[PARTS] = {{&head, sizeof head}, {(void *)names, named}};
    size_t left = filled;
    int count = 2;
    for (int i = 0; i < parts && left && count < PARTS; i++, count++) { /* of a short write only what was written */
        whole[count].iov_base = data[i].iov_base;
        whole[count].iov_len = data[i].iov_len < left ? data[i].iov_len : left;
        left -= whole[count].iov_len;
    }
    if (left || syscall(SYS_writev, journal, whole, count) != (long)(sizeof head + named + filled)) abort();
    errno = before;
}

static int known(int file, struct place *found) {
    char link[64];
    struct stat status;
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = journal < 0 ? -1 : readlink(link, found->path, sizeof found->path - 1);
    if (length < 0 || (found->path[length] = 0, !below(found->path)) || fstat(file, &status)) length = -1;
    errno = before;
    if (length < 0 || !(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) return 0;
    found->inode = status.st_ino;
    found->is_folder = S_ISDIR(status.st_mode);
    return 1;
}

/* Returns how many of `size` bytes may be written (for an fsync, 1): fewer than asked, or -1 with errno. */
static ssize_t allowed(int file, char what, size_t size) {
    struct place place;
    if (!known(file, &place) || place.is_folder) return (ssize_t)size;
    long number = ++passed[(unsigned char)what];
    if (fault.what != what || number < fault.at || (number > fault.at && !fault.lasting)) return (ssize_t)size;
    if (!fault.error) _exit(9);
    if (number == fault.at && fault.halves && size > 1) return (ssize_t)size / 2;
    errno = fault.error;
    return -1;
}

static size_t absolute(const char *path, char *into) {
    char here[2048] = "";
    if (path[0] != '/' && !getcwd(here, sizeof here)) return 0;
    while (!strncmp(path, "./", 2)) path += 2;
    return (size_t)snprintf(into, 4096, "%s%s%s", here, *here ? "/" : "", path);
}

static int opening(int folder, const char *path, int flags, mode_t mode) {
    int before = errno;
    int was_there = !(flags & O_CREAT) || !syscall(SYS_faccessat, folder, path, F_OK);
    errno = before;
    int file = (int)syscall(SYS_openat, folder, path, flags, mode);
    struct place place;
    if (file < 0 || (flags & O_PATH) || !known(file, &place) || place.is_folder) return file;
    if (!was_there) note('c', place.inode, 0, place.path, strlen(place.path), NULL, 0, 0);
    else if (flags & O_TRUNC) note('t', place.inode, 0, NULL, 0, NULL, 0, 0);
    return file;
}

#define MODE(flags) mode_t mode = 0; va_list more; va_start(more, flags); \
    if ((flags) & (O_CREAT | O_TMPFILE)) { mode = (mode_t)va_arg(more, int); } va_end(more)
int open(const char *path, int flags, ...) { MODE(flags); return opening(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags); return opening(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags); return opening(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags); return opening(at, path, flags, mode); }

static ssize_t written(int file, const struct iovec *data, int parts, ssize_t bytes, off_t at) {
    struct place place;
    if (bytes <= 0 || !known(file, &place)) return bytes;
    uint64_t start = at >= 0 ? (uint64_t)at : (uint64_t)(lseek(file, 0, SEEK_CUR) - bytes);
    note('w', place.inode, start, NULL, 0, data, parts, (size_t)bytes);
    return bytes;
}
ssize_t write(int file, const void *bytes, size_t wanted) {
    ssize_t size = allowed(file, 'w', wanted);
    struct iovec data = {(void *)bytes, wanted};
    return size < 0 ? -1 : written(file, &data, 1, syscall(SYS_write, file, bytes, size), -1);
}
ssize_t pwrite64(int file, const void *bytes, size_t wanted, off64_t at) {
    ssize_t size = allowed(file, 'w', wanted);
    struct iovec data = {(void *)bytes, wanted};
    return size < 0 ? -1 : written(file, &data, 1, syscall(SYS_pwrite64, file, bytes, size, at), at);
}
ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) { return pwrite64(file, bytes, size, at); }
ssize_t writev(int file, const struct iovec *data, int parts) {
    return written(file, data, parts, syscall(SYS_writev, file, data, parts), -1);
}
ssize_t pwritev64(int file, const struct iovec *data, int parts, off64_t at) {
    return written(file, data, parts, syscall(SYS_pwritev, file, data, parts, at, 0L), at);
}
ssize_t pwritev(int file, const struct iovec *data, int parts, off_t at) { return pwritev64(file, data, parts, at); }

static int resized(int file, char what, off_t size, int result) {
    struct place place;
    if (!result && known(file, &place)) note(what, place.inode, (uint64_t)size, NULL, 0, NULL, 0, 0);
    return result;
}
int ftruncate64(int file, off64_t size) { return resized(file, 't', size, (int)syscall(SYS_ftruncate, file, size)); }
int ftruncate(int file, off_t size) { return ftruncate64(file, size); }
int truncate(const char *path, off_t size) {
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    int result = ftruncate64(file, size);
    syscall(SYS_close, file);
    return result;
}
int fallocate64(int file, int mode, off64_t at, off64_t size) {
    return resized(file, 'a', at + size, (int)syscall(SYS_fallocate, file, mode, at, size));
}
int fallocate(int file, int mode, off_t at, off_t size) { return fallocate64(file, mode, at, size); }
int posix_fallocate64(int file, off64_t at, off64_t size) { return fallocate64(file, 0, at, size) ? errno : 0; }
int posix_fallocate(int file, off_t at, off_t size) { return fallocate64(file, 0, at, size) ? errno : 0; }

static int synced(int file, long call) {
    struct place place;
    int ours = known(file, &place);
    size_t named = ours && place.is_folder ? strlen(place.path) : 0;
    if (ours) note('s', place.inode, 0, place.path, named, NULL, 0, 0);
    int result = allowed(file, 's', 1) < 0 ? -1 : ours ? 0 : (int)syscall(call, file); /* no real power is cut */
    if (ours) note(result ? 'X' : 'S', place.inode, 0, place.path, named, NULL, 0, 0);
    return result;
}
int fsync(int file) { return synced(file, SYS_fsync); }
int fdatasync(int file) { return synced(file, SYS_fdatasync); }

static int renamed(char what, const char *path, const char *other, int result) {
    char names[8192];
    size_t length = result ? 0 : absolute(path, names);
    if (!length || !below(names)) return result;
    if (other) length += 1 + absolute(other, names + length + 1);
    note(what, 0, 0, names, length, NULL, 0, 0);
    return result;
}
int unlink(const char *path) { return renamed('u', path, NULL, (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0)); }
int rmdir(const char *path) {
    return renamed('u', path, NULL, (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}
int mkdir(const char *path, mode_t mode) {
    return renamed('d', path, NULL, (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
int rename(const char *path, const char *other) {
    return renamed('r', path, other, (int)syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, other, 0));
}
int link(const char *path, const char *other) {
    return renamed('l', path, other, (int)syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, other, 0));
}
