/* One range, several threads: the caller and idle helpers take parts of it in turn until none is left. This is what
 * `parts.py` does for work in Python, without the interpreter's lock, whose hand-over takes longer than short work
 * does.
 *
 * One job at a time: a caller that finds the pool busy works alone. A helper waits awake for a moment, since calls
 * come in rows, then sleeps. The caller waits only for helpers that are inside its job, never for one that wakes
 * late. */

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>

typedef int64_t (*Work)(const void *job, int64_t start, int64_t stop);

#define LEAST_SHARE (1 << 16) /* lanes a thread, at least */
#define LEAST_PART (1 << 14)  /* lanes of a part, at least, ... */
#define PARTS 16              /* ... and parts for each thread, at most */
#define AWAKE_NS 100000       /* how long a helper looks for another job before it sleeps */

/* `turn` counts jobs, and is odd while one is open; its other fields change only while none is. A helper enters
 * (`inside`) before it looks whether the job is open, and the caller closes the job before it looks whether anybody is
 * inside: in one order of all these accesses, one of the two sees the other. So with `asleep` and `turn`. */
static struct {
    pthread_mutex_t owner, lock;
    pthread_cond_t wake;
    int helpers, asleep, inside, places;
    uint64_t turn;
    Work work;
    const void *job;
    int64_t size, part, next, status;
} pool = {.owner = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define ADD_TO(x, n) __atomic_add_fetch(&(x), n, __ATOMIC_SEQ_CST)

static void rest_a_moment(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static int64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void take_parts(void)
{
    int64_t stop, status = 0;
    while ((stop = ADD_TO(pool.next, pool.part)) - pool.part < pool.size)
        status |= pool.work(pool.job, stop - pool.part, stop < pool.size ? stop : pool.size);
    __atomic_fetch_or(&pool.status, status, __ATOMIC_SEQ_CST);
}

/* Returns when the turn is another one: awake for a while, then asleep. */
static void await_turn(uint64_t seen)
{
    const int64_t until = nanoseconds() + AWAKE_NS;
    while (nanoseconds() < until)
        for (int i = 0; i < 16; i++) {
            if (LOAD(pool.turn) != seen) return;
            rest_a_moment();
        }
    pthread_mutex_lock(&pool.lock);
    ADD_TO(pool.asleep, 1);
    while (LOAD(pool.turn) == seen) pthread_cond_wait(&pool.wake, &pool.lock);
    ADD_TO(pool.asleep, -1);
    pthread_mutex_unlock(&pool.lock);
}

static void *help(void *unused)
{
    for (;;) {
        ADD_TO(pool.inside, 1);
        const uint64_t turn = LOAD(pool.turn);
        if (turn % 2 == 1 && ADD_TO(pool.places, -1) >= 0) take_parts();
        ADD_TO(pool.inside, -1);
        await_turn(turn);
    }
    return unused;
}

/* Helpers take no signals, which are the interpreter's. */
static void start_helpers(int count)
{
    sigset_t all, before;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool.helpers < count && pthread_create(&thread, NULL, help, NULL) == 0) {
        pthread_detach(thread);
        pool.helpers++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Returns the united status of the work on all parts of 0 .. size, in at most so many threads. */
static int64_t in_parts(Work work, const void *job, int64_t size, int threads)
{
    const int64_t shares = size / LEAST_SHARE;
    if (threads > shares) threads = (int)shares;
    if (threads < 2 || pthread_mutex_trylock(&pool.owner) != 0) return work(job, 0, size);
    start_helpers(threads - 1);
    const int64_t part = size / (threads * PARTS);
    pool.work = work;
    pool.job = job;
    pool.size = size;
    pool.part = part < LEAST_PART ? LEAST_PART : part;
    pool.next = pool.status = 0;
    pool.places = threads - 1;
    ADD_TO(pool.turn, 1);
    if (LOAD(pool.asleep) > 0) {
        pthread_mutex_lock(&pool.lock);
        pthread_cond_broadcast(&pool.wake);
        pthread_mutex_unlock(&pool.lock);
    }
    take_parts();
    ADD_TO(pool.turn, 1);
    for (int tries = 1; LOAD(pool.inside) > 0; tries++)
        if (tries % 1024 != 0) rest_a_moment();
        else sched_yield();
    const int64_t status = pool.status;
    pthread_mutex_unlock(&pool.owner);
    return status;
}

/* A fork leaves the helpers behind. */
static void forget_helpers(void)
{
    pthread_mutex_init(&pool.owner, NULL);
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.wake, NULL);
    pool.helpers = pool.asleep = pool.inside = 0;
    pool.turn = 0;
}
