/* Moves the wall clock of a process, and nothing else: its microseconds from the machine's own are read from a file.
 *
 * Preloaded (LD_PRELOAD) by the drill. libfaketime 0.9.10 cannot do it: told to leave the monotonic clock alone it
 * makes every time.sleep() of Python end with EINVAL, and told nothing it moves every timeout with the wall clock.
 * What waits until a moment of the wall clock waits as long as it would have; sleeps and timeouts are not touched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* A moment so late is one of the wall clock: the monotonic one counts from the machine's start. */
#define WALL_CLOCK_SECONDS 1000000000L
#define MICROSECONDS 1000000L

static volatile int64_t *moved_by;

__attribute__((constructor)) static void open_file(void) {
    const char *path = getenv("DRILL_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) moved_by = mapped;
    close(file);
}

static void move(struct timespec *at, int64_t microseconds) {
    int64_t rest = at->tv_nsec + (microseconds % MICROSECONDS) * 1000;
    at->tv_sec += microseconds / MICROSECONDS;
    if (rest < 0) { rest += 1000000000L; at->tv_sec--; }
    if (rest >= 1000000000L) { rest -= 1000000000L; at->tv_sec++; }
    at->tv_nsec = rest;
}

static int is_wall_clock(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (!failed && moved_by && is_wall_clock(clock)) move(now, *moved_by);
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    now->tv_sec = at.tv_sec;
    now->tv_usec = at.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *into) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (into) *into = at.tv_sec;
    return at.tv_sec;
}

/* The kernel's own wall clock is not moved: what is to end at a moment of ours is told as one of its. */
static struct timespec of_kernel(const struct timespec *until) {
    struct timespec at = *until;
    if (moved_by && at.tv_sec > WALL_CLOCK_SECONDS) move(&at, -*moved_by);
    return at;
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
    static int (*real)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    /* By its version: the oldest one of that name is for another pthread_cond_t. */
    if (!real) real = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))
        dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!real) real = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))
        dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    struct timespec at = of_kernel(until);
    return real(condition, mutex, &at);
}

int sem_timedwait(sem_t *semaphore, const struct timespec *until) {
    static int (*real)(sem_t *, const struct timespec *);
    if (!real) real = (int (*)(sem_t *, const struct timespec *))dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec at = of_kernel(until);
    return real(semaphore, &at);
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until) {
    static int (*real)(pthread_mutex_t *, const struct timespec *);
    if (!real) real = (int (*)(pthread_mutex_t *, const struct timespec *))dlsym(RTLD_NEXT, "pthread_mutex_timedlock");
    struct timespec at = of_kernel(until);
    return real(mutex, &at);
}
