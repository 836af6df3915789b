/* Elementwise calls: chunk by chunk, by the quickest loops that serve. */

#define HUGE_PAGE ((uintptr_t)1 << 21)

/* At most so many chunks go without a try of the loops for normal results, after failures: fewer where the loops that
 * serve instead are slow. */
enum { PATIENCE = 64, PATIENCE_OF_FINITE = 4096 };

/* The patience after a try: doubled where it failed. The finite loops take little longer than a try that succeeds, so
 * this is forgotten slowly where they serve: it grows if more than about one try in twelve fails. */
static int64_t patience_after(int64_t patience, int failed, int is_finite)
{
    if (failed) return patience + (patience < (is_finite ? PATIENCE_OF_FINITE : PATIENCE)) * patience;
    return is_finite && patience > 1 ? patience * 15 / 16 : 1;
}

typedef struct {
    int operation, mode;
    Py_ssize_t count;
    Params params;
    Operand *operand;
    double *y;
    int64_t size;
    uint64_t first;
} Elements;

/* A kernel that gives fresh memory in huge pages clears each when it is first used, from the end that lies farther from
 * the address in use. Touching the last lane first makes it clear forwards, which takes half the time. That lane may be
 * another thread's, and computed already: the touch changes nothing. The next n lanes go to `y`. */
static void touch(double *y, int64_t n, int starts, const double *end)
{
    int64_t *last = (int64_t *)(((uintptr_t)(y + n) | (HUGE_PAGE - 1)) + 1) - 1;
    const int enters = starts || (uintptr_t)(y - 1) / HUGE_PAGE != (uintptr_t)(y + n) / HUGE_PAGE;
    if (enters && (double *)last < end) __atomic_fetch_or(last, 0, __ATOMIC_RELAXED);
}

/* How many lanes of the cache's line lie before this one. */
static int64_t lanes_into_line(const double *y) { return (int64_t)((uintptr_t)y / sizeof(double) % 8); }

/* Sets the machine's rounding, which takes longer than to look whether it is the right one already. */
static void round_by(int *now, int mode)
{
    if (*now != mode) fesetround(mode);
    *now = mode;
}

/* A loop and the machine's rounding meanwhile; NULL: no such loop. */
typedef struct {
    OnePass pass;
    int machine;
} Loop;

/* The loops for short operands, while all have been short so far, and for any. */
typedef struct {
    Loop brief, any;
} Loops;

static int64_t one_pass(Loops *loops, int *machine, const Params *params, const double **lanes, int64_t flip, double *y,
                        int64_t n, uint64_t index)
{
    int64_t status = LONG_OPERANDS;
    if (loops->brief.pass) {
        round_by(machine, loops->brief.machine);
        status = loops->brief.pass(params, lanes[0], lanes[1], flip, y, n, index);
    }
    if (status != LONG_OPERANDS) return status;
    loops->brief.pass = NULL; /* the others will not be short either */
    if (!loops->any.pass) return IRREGULAR;
    round_by(machine, loops->any.machine);
    return loops->any.pass(params, lanes[0], lanes[1], flip, y, n, index);
}

/* The lanes start .. stop; returns what is not served. */
static int64_t elements(const void *work, int64_t start, int64_t stop)
{
    const Elements *job = work;
    const int operation = job->operation, mode = job->mode, alone = operation == ROUND;
    const Params *params = &job->params;
    const int may_be_short = long_bits(operation, mode, params) >= 0, is_finite = has_finite_loops(params);
    const int machine = machine_mode(operation, mode, 0), truncating = machine_mode(operation, mode, 1);
    Loops normal = {{may_be_short ? variant->natives[operation][mode] : NULL, machine},
                    {variant->plain[operation][mode], truncating}};
    Loops finite = {{may_be_short && is_finite ? variant->shorts[operation][mode] : NULL, machine},
                    {is_finite ? variant->finite[operation][mode] : NULL, machine}};
    const Make make = variant->makers[operation][mode == RTN];
    const Round round = variant->rounders[mode];
    const int64_t flip = operation == SUBTRACT ? SIGN_BIT : 0;
    double exact[LANES], gathered[MOST_OPERANDS][LANES];
    int64_t bad = 0, next_try = start, patience = 1;
    const int before = fegetround();
    int now = before;
    for (int i = 0; i < job->count; i++) spread_scalar(&job->operand[i], gathered[i]);
    for (int64_t at = start, n; at < stop; at += n) {
        n = LANES - lanes_into_line(job->y + at); /* no vector of a later chunk straddles two lines of the cache */
        if (n > stop - at) n = stop - at;
        const double *lanes[MOST_OPERANDS] = {NULL, NULL, NULL};
        for (int i = 0; i < job->count; i++) lanes[i] = lanes_at(&job->operand[i], at, n, gathered[i]);
        const uint64_t index = job->first + (uint64_t)at;
        double *y = job->y + at;
        touch(y, n, at == start, job->y + job->size);
        int64_t status = IRREGULAR;
        if (at >= next_try) {
            status = one_pass(&normal, &now, params, lanes, flip, y, n, index);
            const int failed = (status & IRREGULAR) != 0;
            patience = patience_after(patience, failed, is_finite);
            if (failed) next_try = at + patience / 2 * LANES;
        }
        if (status & IRREGULAR) status = one_pass(&finite, &now, params, lanes, flip, y, n, index);
        if (status & IRREGULAR) {
            round_by(&now, FE_TONEAREST);
            status = alone ? 0 : make(params, lanes[0], lanes[1], lanes[2], exact, n);
            status |= round(params, alone ? lanes[0] : exact, y, n, index);
        }
        bad |= status;
    }
    round_by(&now, before);
    return bad;
}

PyDoc_STRVAR(elementwise_doc,
"elementwise(operation, mode, params, operands, out, first, threads)\n--\n\n"
"Compute the lanes of `out` in at most so many threads; `first` is the index of lane 0. Return 0 or what is not served.");

static PyObject *elementwise(PyObject *self, PyObject *args)
{
    PyObject *packed, *operands, *out;
    int opened = 0, threads;
    unsigned long long first;
    Py_buffer result;
    Operand operand[MOST_OPERANDS];
    Elements job = {.operand = operand};
    int64_t bad = -1;
    if (!PyArg_ParseTuple(args, "iiOO!OKi", &job.operation, &job.mode, &packed, &PyTuple_Type, &operands, &out, &first,
                          &threads) || open_params(packed, &job.params) < 0)
        return NULL;
    job.count = PyTuple_GET_SIZE(operands);
    job.first = first;
    if (job.operation < 0 || job.operation >= OPERATIONS || job.mode < 0 || job.mode >= MODES
        || job.count != operands_of(job.operation)) {
        PyErr_SetString(PyExc_ValueError, "unknown operation or mode, or another number of operands than it has");
        return NULL;
    }
    if (PyObject_GetBuffer(out, &result, PyBUF_CONTIG | PyBUF_FORMAT) < 0) return NULL;
    if (!is_lane_buffer(&result)) {
        PyErr_SetString(PyExc_TypeError, "the result must be a float64 array");
        goto done;
    }
    for (; opened < job.count; opened++)
        if (open_operand(&operand[opened], PyTuple_GET_ITEM(operands, opened), result.len / 8) < 0) goto done;
    job.y = result.buf;
    job.size = result.len / 8;

    Py_BEGIN_ALLOW_THREADS
    bad = in_parts(elements, &job, job.size, threads);
    Py_END_ALLOW_THREADS

done:
    for (int i = 0; i < opened; i++) PyBuffer_Release(&operand[i].view);
    PyBuffer_Release(&result);
    return bad < 0 ? NULL : PyLong_FromLongLong(bad);
}

