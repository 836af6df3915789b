/* Broadcast operands in index order, in chunks of contiguous lanes: direct where they lie so, else gathered. */

#define MOST_OPERANDS 3

typedef struct {
    Py_buffer view;
    int direct;            /* the lanes lie in index order */
    int scalar;            /* one value for all */
} Operand;

INLINE int is_lane_buffer(const Py_buffer *view)
{
    return view->itemsize == 8 && view->format != NULL && strcmp(view->format, "d") == 0;
}

/* Opens an operand of the given shape; returns 0, or -1 with an exception. */
static int open_operand(Operand *operand, PyObject *object, int64_t size)
{
    if (PyObject_GetBuffer(object, &operand->view, PyBUF_STRIDED_RO | PyBUF_FORMAT) < 0) return -1;
    const Py_buffer *view = &operand->view;
    if (!is_lane_buffer(view) || view->len / 8 != size) {
        PyErr_SetString(PyExc_TypeError, "operands must be broadcast float64 arrays of the result's size");
        PyBuffer_Release(&operand->view);
        return -1;
    }
    operand->direct = PyBuffer_IsContiguous(view, 'C');
    operand->scalar = !operand->direct;
    for (int axis = 0; axis < view->ndim; axis++)
        if (view->shape[axis] > 1 && view->strides[axis] != 0) operand->scalar = 0;
    return 0;
}

/* Fills `local` for `lanes_at` with copies of a scalar. */
static void spread_scalar(const Operand *operand, double *local)
{
    if (operand->scalar)
        for (int i = 0; i < LANES; i++) local[i] = *(const double *)operand->view.buf;
}

/* The lanes `start .. start + n` of an operand, n <= LANES; `local` holds them where they do not lie so. */
static const double *lanes_at(const Operand *operand, int64_t start, int64_t n, double *local)
{
    const Py_buffer *view = &operand->view;
    if (operand->direct) return (const double *)view->buf + start;
    if (operand->scalar) return local;
    const int last = view->ndim - 1;
    const int64_t row = view->shape[last], step = view->strides[last];
    int64_t done = 0;
    while (done < n) {
        const int64_t column = (start + done) % row;
        int64_t rest = (start + done) / row;
        const char *at = (const char *)view->buf + column * step;
        for (int axis = last - 1; axis >= 0; axis--) {
            at += rest % view->shape[axis] * view->strides[axis];
            rest /= view->shape[axis];
        }
        const int64_t count = row - column < n - done ? row - column : n - done;
        for (int64_t i = 0; i < count; i++) local[done + i] = *(const double *)(at + i * step);
        done += count;
    }
    return local;
}
