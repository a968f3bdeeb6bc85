// What is wrong with a host, for the programs that are started with this library in LD_PRELOAD: a disk
// that takes long to write down what it was given, and a clock that is a year ahead.

#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// 366 days.
#define AHEAD 31622400

static void wait_for_disk(void) {
    const char *milliseconds = getenv("FAULTY_HOST_SYNC");
    long n = milliseconds ? atol(milliseconds) : 0;
    struct timespec pause = {n / 1000, n % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

int fsync(int fd) {
    wait_for_disk();
    return syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
    wait_for_disk();
    return syscall(SYS_fdatasync, fd);
}

// It is ahead while this file is there.
static time_t offset(void) {
    const char *file = getenv("FAULTY_HOST_CLOCK");
    return file && access(file, F_OK) == 0 ? AHEAD : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += offset();
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int result = syscall(SYS_gettimeofday, now, zone);
    if (result == 0)
        now->tv_sec += offset();
    return result;
}

time_t time(time_t *where) {
    struct timeval now;
    gettimeofday(&now, NULL);
    if (where)
        *where = now.tv_sec;
    return now.tv_sec;
}
