/* The Python calls of `products.h`: buffers in, a status out. */

typedef struct {
    Py_buffer views[8];
    int count;
} Buffers;

static void close_buffers(Buffers *buffers)
{
    while (buffers->count > 0) PyBuffer_Release(&buffers->views[--buffers->count]);
}

/* A contiguous buffer of `size` items of the format, or NULL with an exception. */
static void *open_buffer(Buffers *buffers, PyObject *object, const char *format, int64_t size, int writable)
{
    Py_buffer *view = &buffers->views[buffers->count];
    if (PyObject_GetBuffer(object, view, (writable ? PyBUF_CONTIG : PyBUF_CONTIG_RO) | PyBUF_FORMAT) < 0) return NULL;
    buffers->count++;
    if (view->format == NULL || strcmp(view->format, format) != 0 || view->len != size * view->itemsize) {
        PyErr_Format(PyExc_TypeError, "buffer %d must hold %lld items of format %s", buffers->count, (long long)size,
                     format);
        return NULL;
    }
    return view->buf;
}

static int open_modes(PyObject *packed, int mode, Params *params)
{
    if (mode < 0 || mode >= MODES) {
        PyErr_SetString(PyExc_ValueError, "unknown mode");
        return -1;
    }
    return open_params(packed, params);
}

PyDoc_STRVAR(chain_doc,
"chain(products, product_params, product_mode, params, mode, a, b, out, shape, start, stop)\n--\n\n"
"Compute rows start..stop of `out = a @ b` in sequential order; shape = (n, count, columns). Return a status.");

static PyObject *chain(PyObject *self, PyObject *args)
{
    int products, product_mode, mode;
    PyObject *product_packed, *packed, *a, *b, *out;
    long long n, start, stop;
    Params product_params, params;
    Buffers buffers = {.count = 0};
    Factors f;
    int64_t bad;
    if (!PyArg_ParseTuple(args, "iOiOiOOO(LLL)LL", &products, &product_packed, &product_mode, &packed, &mode, &a, &b,
                          &out, &n, &f.count, &f.columns, &start, &stop)
        || open_modes(product_packed, product_mode, &product_params) < 0 || open_modes(packed, mode, &params) < 0)
        return NULL;
    f.a = open_buffer(&buffers, a, "d", n * f.count, 0);
    f.b = f.a == NULL ? NULL : open_buffer(&buffers, b, "d", f.count * f.columns, 0);
    double *result = f.b == NULL ? NULL : open_buffer(&buffers, out, "d", n * f.columns, 1);
    if (result == NULL || start < 0 || stop > n) {
        close_buffers(&buffers);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "rows must lie within the result");
    }
    Py_BEGIN_ALLOW_THREADS
    bad = chain_rows(&f, result, start, stop, products, &product_params, product_mode, &params, mode);
    Py_END_ALLOW_THREADS
    close_buffers(&buffers);
    return PyLong_FromLongLong(bad);
}

PyDoc_STRVAR(sequential_doc,
"sequential(p, grid_least, scale, double_lanes, a, b, out, shape, start, stop)\n--\n\n"
"Compute rows of `out = a @ b`, each product and each sum rounded to p bits, to nearest even. For the data's\n"
"conditions see `sequential.h`; 24 bits with gradual underflow need double lanes unless the instruction set fuses.");

static PyObject *sequential(PyObject *self, PyObject *args)
{
    int p, double_lanes;
    PyObject *a, *b, *out;
    double grid_least, scale;
    long long n, start, stop;
    Buffers buffers = {.count = 0};
    Factors f;
    if (!PyArg_ParseTuple(args, "iddpOOO(LLL)LL", &p, &grid_least, &scale, &double_lanes, &a, &b, &out, &n, &f.count,
                          &f.columns, &start, &stop))
        return NULL;
    f.a = open_buffer(&buffers, a, "d", n * f.count, 0);
    f.b = f.a == NULL ? NULL : open_buffer(&buffers, b, "d", f.count * f.columns, 0);
    double *result = f.b == NULL ? NULL : open_buffer(&buffers, out, "d", n * f.columns, 1);
    const int64_t block = f.count * ROW_BLOCK < ROOM ? ROOM / (f.count + 1) + 1 : ROW_BLOCK;
    void *room = result == NULL ? NULL : PyMem_RawCalloc((f.count + 1) * (32 + block + 4), sizeof(double));
    double *panel = (double *)(((uintptr_t)room + 63) / 64 * 64); /* no vector straddles two lines of the cache */
    const int once = double_lanes || p < 24 || grid_least == 0 || variant->fuses;
    if (room == NULL || f.count < 1 || start < 0 || stop > n || p < 1 || p > 25 || !once) {
        PyMem_RawFree(room);
        close_buffers(&buffers);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "rows and precision must lie in their ranges");
    }
    Py_BEGIN_ALLOW_THREADS
    variant->sequential[double_lanes != 0](f.a, f.b, result, start, stop, f.count, f.columns, p, grid_least, scale, block,
                                           panel, panel + f.count * 32);
    Py_END_ALLOW_THREADS
    PyMem_RawFree(room);
    close_buffers(&buffers);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(extract_doc,
"extract(p, grid_least, sigma, a, b, s, e, positive_zeros, only, shape, start, stop)\n--\n\n"
"Compute exact sums s + e of products rounded to p bits, to nearest even; with a mask `only`, at least those that it\n"
"marks. For the data's conditions see `extraction.h`.");

static PyObject *extract(PyObject *self, PyObject *args)
{
    int p;
    PyObject *objects[5], *mask;
    double grid_least, sigma;
    long long n, start, stop;
    Buffers buffers = {.count = 0};
    Factors f;
    if (!PyArg_ParseTuple(args, "iddOOOOOO(LLL)LL", &p, &grid_least, &sigma, &objects[0], &objects[1],
                          &objects[2], &objects[3], &objects[4], &mask, &n, &f.count, &f.columns, &start, &stop))
        return NULL;
    f.a = open_buffer(&buffers, objects[0], "d", n * f.count, 0);
    f.b = f.a == NULL ? NULL : open_buffer(&buffers, objects[1], "d", f.count * f.columns, 0);
    double *s = f.b == NULL ? NULL : open_buffer(&buffers, objects[2], "d", n * f.columns, 1);
    double *e = s == NULL ? NULL : open_buffer(&buffers, objects[3], "d", n * f.columns, 1);
    char *zeros = e == NULL ? NULL : open_buffer(&buffers, objects[4], "?", n * f.columns, 1);
    const char *only = zeros == NULL || mask == Py_None ? NULL : open_buffer(&buffers, mask, "?", n * f.columns, 0);
    const int opened = zeros != NULL && (mask == Py_None || only != NULL);
    double *room = opened ? PyMem_RawCalloc((f.count + 1) * 64, sizeof(double)) : NULL;
    if (room == NULL || f.count < 1 || start < 0 || stop > n || p < 1 || p > 51) {
        PyMem_RawFree(room);
        close_buffers(&buffers);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "rows and precision must lie in their ranges");
    }
    Py_BEGIN_ALLOW_THREADS
    variant->extract(f.a, f.b, s, e, zeros, only, start, stop, f.count, f.columns, p, grid_least, sigma, room,
                     room + (f.count + 1) * 32);
    Py_END_ALLOW_THREADS
    PyMem_RawFree(room);
    close_buffers(&buffers);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(extent_doc,
"extent(x)\n--\n\n"
"Return the bits of all entries united, the least nonzero and the largest finite magnitude, and whether all are finite.");

static PyObject *extent(PyObject *self, PyObject *x)
{
    Py_buffer view;
    int64_t united;
    double least, most;
    int finite;
    if (PyObject_GetBuffer(x, &view, PyBUF_CONTIG_RO | PyBUF_FORMAT) < 0) return NULL;
    if (!is_lane_buffer(&view)) {
        PyBuffer_Release(&view);
        return PyErr_Format(PyExc_TypeError, "the array must have float64 entries");
    }
    Py_BEGIN_ALLOW_THREADS
    variant->extent(view.buf, view.len / 8, &united, &least, &most, &finite);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&view);
    return Py_BuildValue("LddO", (long long)united, least, most, finite ? Py_True : Py_False);
}

PyDoc_STRVAR(exact_doc,
"exact(params, mode, a, b, s, e, bound, positive_zeros, shape, start, stop)\n--\n\n"
"Compute exact sums of products as s + e with a bound; the products are rounded unless params is None. Return a status.");

static PyObject *exact(PyObject *self, PyObject *args)
{
    int mode;
    PyObject *packed, *objects[6];
    long long n, start, stop;
    Params params;
    Buffers buffers = {.count = 0};
    Factors f;
    double *sums[3] = {NULL, NULL, NULL};
    char *zeros = NULL;
    int64_t bad;
    if (!PyArg_ParseTuple(args, "OiOOOOOO(LLL)LL", &packed, &mode, &objects[0], &objects[1], &objects[2], &objects[3],
                          &objects[4], &objects[5], &n, &f.count, &f.columns, &start, &stop))
        return NULL;
    if (packed != Py_None && open_modes(packed, mode, &params) < 0) return NULL;
    f.a = open_buffer(&buffers, objects[0], "d", n * f.count, 0);
    f.b = f.a == NULL ? NULL : open_buffer(&buffers, objects[1], "d", f.count * f.columns, 0);
    int opened = f.b != NULL;
    for (int i = 0; opened && i < 3; i++)
        opened = (sums[i] = open_buffer(&buffers, objects[2 + i], "d", n * f.columns, 1)) != NULL;
    if (opened) zeros = open_buffer(&buffers, objects[5], "?", n * f.columns, 1);
    if (zeros == NULL || start < 0 || stop > n) {
        close_buffers(&buffers);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "rows must lie within the result");
    }
    Py_BEGIN_ALLOW_THREADS
    bad = exact_rows(&f, sums[0], sums[1], sums[2], zeros, start, stop, packed == Py_None ? NULL : &params, mode);
    Py_END_ALLOW_THREADS
    close_buffers(&buffers);
    return PyLong_FromLongLong(bad);
}

PyDoc_STRVAR(dots_doc,
"dots(a, transposed_b, rows, columns, s, e, bound, positive_zeros, shape, size)\n--\n\n"
"Compute the exact sums of products of `size` entries of a @ b as s + e with a bound.");

static PyObject *dots(PyObject *self, PyObject *args)
{
    PyObject *objects[8];
    long long n, size;
    Buffers buffers = {.count = 0};
    Factors f;
    int64_t *where[2] = {NULL, NULL};
    double *sums[3] = {NULL, NULL, NULL};
    char *zeros = NULL;
    if (!PyArg_ParseTuple(args, "OOOOOOOO(LLL)L", &objects[0], &objects[1], &objects[2], &objects[3], &objects[4],
                          &objects[5], &objects[6], &objects[7], &n, &f.count, &f.columns, &size))
        return NULL;
    f.a = open_buffer(&buffers, objects[0], "d", n * f.count, 0);
    f.b = f.a == NULL ? NULL : open_buffer(&buffers, objects[1], "d", f.count * f.columns, 0);
    int opened = f.b != NULL;
    for (int i = 0; opened && i < 2; i++) opened = (where[i] = open_buffer(&buffers, objects[2 + i], "l", size, 0)) != NULL;
    for (int i = 0; opened && i < 3; i++) opened = (sums[i] = open_buffer(&buffers, objects[4 + i], "d", size, 1)) != NULL;
    if (opened) zeros = open_buffer(&buffers, objects[7], "?", size, 1);
    for (long long i = 0; zeros != NULL && i < size; i++)
        if (where[0][i] < 0 || where[0][i] >= n || where[1][i] < 0 || where[1][i] >= f.columns) zeros = NULL;
    if (zeros == NULL) {
        close_buffers(&buffers);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "entries must lie within the result");
    }
    Py_BEGIN_ALLOW_THREADS
    variant->exact_dots(&f, where[0], where[1], sums[0], sums[1], sums[2], zeros, size);
    Py_END_ALLOW_THREADS
    close_buffers(&buffers);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(filter_doc,
"filter(params, mode, c, left, right, out, open, start, stop)\n--\n\n"
"Round c - left[i] right[j] and c + left[i] right[j]; `open` marks where they differ or are refused.");

static PyObject *filter(PyObject *self, PyObject *args)
{
    int mode;
    PyObject *packed, *objects[5];
    long long rows, columns, start, stop;
    Params params;
    Buffers buffers = {.count = 0};
    if (!PyArg_ParseTuple(args, "OiOOOOO(LL)LL", &packed, &mode, &objects[0], &objects[1], &objects[2], &objects[3],
                          &objects[4], &rows, &columns, &start, &stop)
        || open_modes(packed, mode, &params) < 0)
        return NULL;
    const double *c = open_buffer(&buffers, objects[0], "d", rows * columns, 0);
    const double *left = c == NULL ? NULL : open_buffer(&buffers, objects[1], "d", rows, 0);
    const double *right = left == NULL ? NULL : open_buffer(&buffers, objects[2], "d", columns, 0);
    double *out = right == NULL ? NULL : open_buffer(&buffers, objects[3], "d", rows * columns, 1);
    char *open = out == NULL ? NULL : open_buffer(&buffers, objects[4], "?", rows * columns, 1);
    if (open == NULL || start < 0 || stop > rows) {
        close_buffers(&buffers);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "rows must lie within the result");
    }
    Py_BEGIN_ALLOW_THREADS
    filter_rows(c, left, right, out, open, start, stop, columns, &params, mode);
    Py_END_ALLOW_THREADS
    close_buffers(&buffers);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(decide_doc,
"decide(kind, params, mode, x, v, margin, specks_decide, out, open, size, first)\n--\n\n"
"Round f(x) from the host's values v with a relative margin; `open` marks the undecided. Return whether none is.");

static PyObject *decide(PyObject *self, PyObject *args)
{
    int kind, mode, specks, all;
    PyObject *packed, *objects[4];
    double margin;
    long long size;
    unsigned long long first;
    Params params;
    Buffers buffers = {.count = 0};
    if (!PyArg_ParseTuple(args, "iOiOOdpOOLK", &kind, &packed, &mode, &objects[0], &objects[1], &margin, &specks,
                          &objects[2], &objects[3], &size, &first)
        || open_modes(packed, mode, &params) < 0)
        return NULL;
    const double *x = open_buffer(&buffers, objects[0], "d", size, 0);
    const double *v = x == NULL ? NULL : open_buffer(&buffers, objects[1], "d", size, 0);
    double *out = v == NULL ? NULL : open_buffer(&buffers, objects[2], "d", size, 1);
    char *open = out == NULL ? NULL : open_buffer(&buffers, objects[3], "?", size, 1);
    if (open == NULL || kind < 0 || kind >= KINDS) {
        close_buffers(&buffers);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "unknown kind of function");
    }
    Py_BEGIN_ALLOW_THREADS
    all = decide_lanes(kind, x, v, margin, specks ? -1 : 0, out, open, size, first, &params, mode);
    Py_END_ALLOW_THREADS
    close_buffers(&buffers);
    return PyBool_FromLong(all);
}
