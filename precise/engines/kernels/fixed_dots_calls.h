/* The Python call of `fixed_dots.h`; numbers come and go in gmpy2's binary form, see `fixed_calls.h`. */

static void free_matrix(Matrix *m)
{
    PyMem_RawFree(m->words);
    PyMem_RawFree(m->exponents);
    PyMem_RawFree(m->negative);
}

/* Reads finite numbers of at most n words; returns 0 where one has more, and -1 with an exception. */
static int read_matrix(Matrix *m, PyObject *numbers, int n)
{
    const Py_ssize_t count = PyList_GET_SIZE(numbers);
    uint64_t words[MOST_WORDS];
    m->words = PyMem_RawCalloc((size_t)count * (size_t)n + 1, sizeof(uint64_t));
    m->exponents = PyMem_RawMalloc(((size_t)count + 1) * sizeof(int64_t));
    m->negative = PyMem_RawMalloc((size_t)count + 1);
    m->least = INT64_MAX, m->most = INT64_MIN;
    if (m->words == NULL || m->exponents == NULL || m->negative == NULL) return PyErr_NoMemory(), -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        Number x;
        const int found = read_number(PyList_GET_ITEM(numbers, i), &x, words);
        if (found < 0) return -1;
        m->exponents[i] = NO_EXPONENT;
        if (!found) continue;
        if (x.n > n) return 0;
        memcpy(m->words + i * n + n - x.n, words, (size_t)x.n * sizeof(uint64_t));
        m->exponents[i] = x.exponent;
        m->negative[i] = (unsigned char)x.negative;
        if (x.exponent < m->least) m->least = x.exponent;
        if (x.exponent > m->most) m->most = x.exponent;
    }
    return 1;
}

/* Whether all products of one of each are normal numbers with an exponent from `least` to `most`, rounded or not, and
 * sums of them have at most MOST_WORDS words; then `d` is completed. Without a product no sum is asked for. */
static int can_add(Dots *d, const Matrix *left, const Matrix *right, int64_t least, int64_t most)
{
    if (left->least > left->most || right->least > right->most) return 1;
    const int64_t low = left->least + right->least, high = left->most + right->most;
    if (low - 1 < least || high + 1 > most) return 0;
    d->kept = (128 * d->n - 1 - d->p) / 64;
    d->base = low - 128 * d->n + 64 * d->kept;
    const int64_t total_words = (high - low) / 64 + 2 * d->n + 1 - d->kept + 2; /* two for what many terms carry */
    d->total_words = (int)total_words;
    return total_words <= MOST_WORDS;
}

PyDoc_STRVAR(rounded_dots_doc,
"rounded_dots(p, mode, n, least, most, length, rows, columns)\n--\n\n"
"Return the exact sums of products of every row with every column, each product rounded to p bits, or None for a sum\n"
"that is 0. Rows and columns are lists of finite numbers of at most n words, `length` of them each. Return None in all\n"
"where some product could have an exponent outside least..most.");

static PyObject *rounded_dots(PyObject *self, PyObject *args)
{
    Dots d = {.total_words = 1};
    long long least, most, length;
    PyObject *numbers[2], *found = NULL;
    Matrix left = {0}, right = {0};
    if (!PyArg_ParseTuple(args, "iiiLLLO!O!", &d.p, &d.mode, &d.n, &least, &most, &length, &PyList_Type, &numbers[0],
                          &PyList_Type, &numbers[1]))
        return NULL;
    d.length = length;
    if (d.n < 1 || d.n > MOST_WORDS || d.p < 1 || d.p > 128 * d.n - 2 || d.mode < 0 || d.mode >= SR || length < 1
        || PyList_GET_SIZE(numbers[0]) % length || PyList_GET_SIZE(numbers[1]) % length)
        return PyErr_Format(PyExc_ValueError, "p, mode, n and length must fit the numbers");
    int served = read_matrix(&left, numbers[0], d.n);
    if (served > 0) served = read_matrix(&right, numbers[1], d.n);
    if (served > 0) served = can_add(&d, &left, &right, least, most);
    const int64_t rows = PyList_GET_SIZE(numbers[0]) / length, columns = PyList_GET_SIZE(numbers[1]) / length;
    if (served == 0) found = Py_NewRef(Py_None);
    if (served > 0) found = PyList_New((Py_ssize_t)(rows * columns));
    for (int64_t at = 0; served > 0 && found != NULL && at < rows * columns; at++) {
        Result y;
        if (PyErr_CheckSignals() < 0) { /* many terms of many words take long */
            Py_CLEAR(found);
            break;
        }
        PyObject *item = dot_of_rounded(&y, &d, &left, at / columns, &right, at % columns)
                             ? write_number(&y, d.total_words, 64 * d.total_words)
                             : Py_NewRef(Py_None);
        if (item == NULL) Py_CLEAR(found); else PyList_SET_ITEM(found, at, item);
    }
    free_matrix(&left);
    free_matrix(&right);
    return found;
}
