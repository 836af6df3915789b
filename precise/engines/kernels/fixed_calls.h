/* The Python call of `fixed_functions.h`. Numbers come and go as gmpy2 writes MPFR numbers in binary: 4, flags, two
 * other bytes, the precision and the magnitude of the exponent (four bytes each, the lowest first), and the words. */

enum { HEAD = 12, NEGATIVE = 2, NEGATIVE_EXPONENT = 32, REGULAR = 64, MPFR_TAG = 4 };

static int64_t four_bytes(const unsigned char *at)
{
    return (int64_t)at[0] | (int64_t)at[1] << 8 | (int64_t)at[2] << 16 | (int64_t)at[3] << 24;
}

static void write_four_bytes(unsigned char *at, int64_t value)
{
    for (int i = 0; i < 4; i++) at[i] = (unsigned char)(value >> 8 * i);
}

/* Returns 0 for what is no regular number. Of a very long one MOST_WORDS words are kept, more than a result has. */
static int read_number(PyObject *object, Number *x, uint64_t *words)
{
    char *text;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(object, &text, &size) < 0) return -1;
    const unsigned char *bytes = (const unsigned char *)text;
    const Py_ssize_t n = (size - HEAD) / 8;
    if (size <= HEAD || (size - HEAD) % 8 || bytes[0] != MPFR_TAG || !(bytes[1] & REGULAR)) return 0;
    const Py_ssize_t kept = n < MOST_WORDS ? n : MOST_WORDS;
    memcpy(words, bytes + HEAD + 8 * (n - kept), (size_t)kept * 8);
    x->negative = (bytes[1] & NEGATIVE) != 0;
    x->exponent = bytes[1] & NEGATIVE_EXPONENT ? -four_bytes(bytes + 8) : four_bytes(bytes + 8);
    x->n = (int)kept;
    x->words = words;
    return (words[kept - 1] & HIGHEST_BIT) != 0;
}

/* A number of `bits` bits, from the words of n words that have them. */
static PyObject *write_number(const Result *y, int n, int bits)
{
    const int first = n - (bits + 63) / 64;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, HEAD + 8 * (Py_ssize_t)(n - first));
    if (bytes == NULL) return NULL;
    unsigned char *at = (unsigned char *)PyBytes_AS_STRING(bytes);
    memset(at, 0, HEAD);
    at[0] = MPFR_TAG;
    at[1] = (unsigned char)(1 | REGULAR | (y->negative ? NEGATIVE : 0) | (y->exponent < 0 ? NEGATIVE_EXPONENT : 0));
    write_four_bytes(at + 4, bits);
    write_four_bytes(at + 8, y->exponent < 0 ? -y->exponent : y->exponent);
    memcpy(at + HEAD, y->words + first, (size_t)(n - first) * 8);
    return bytes;
}

/* Whether tables of a function that reduces its argument have the sizes in bytes that they say. */
static int are_tables(const Tables *t, const Py_ssize_t *sizes, int function)
{
    const int angles = fixed_functions[function].family == ANGLES;
    const int logarithms = fixed_functions[function].family == LOGARITHMS;
    const int levels = angles ? t->levels : logarithms ? 4 : 3;
    const Py_ssize_t entry = 8 * (Py_ssize_t)t->n;
    return t->groups >= 1 && t->groups <= MOST_GROUPS / (1 + angles) && t->length >= 2 && t->length <= LONGEST_GROUP
        && t->levels == levels && levels >= 2 && levels <= 4 && sizes[0] == entry + 16
        && sizes[1] == (Py_ssize_t)sizeof(Group) * t->groups * (1 + angles)
        && sizes[2] == entry * levels * ENTRIES * (1 + angles)
        && sizes[3] == (logarithms ? levels * ENTRIES * 8 : 0);
}

/* Whether tables of coefficients have the sizes in bytes that they say, and longer ones follow shorter ones. */
static int are_erf_tables(const Tables *t, const Py_ssize_t *sizes, int function)
{
    if (t->groups < 1 || t->groups > ERF_TERMS || sizes[3] != 8 * (Py_ssize_t)t->groups) return 0;
    Py_ssize_t words = t->n;
    for (int k = 0; k < t->groups; k++) {
        const uint64_t least = k > 0 ? t->factors[k - 1] : 1, most = (uint64_t)t->n;
        if (t->factors[k] < least || t->factors[k] > most) return 0;
        words += (Py_ssize_t)t->factors[k];
    }
    return sizes[2] == 8 * ERF_ENTRIES * words;
}

PyDoc_STRVAR(fixed_doc,
"fixed(function, is_near, p, n, groups, length, levels, constant, series, tables, factors, numbers, mode=-1,\n"
"least=0, largest=0)\n--\n\n"
"Return a list with, for each number in gmpy2's binary form, one in that form that rounds to p bits or fewer as the\n"
"function there does; with a mode, the value itself, rounded to p bits, if its exponent is at least `least` before and\n"
"at most `largest` after that. None where that was not decided.");

static PyObject *fixed(PyObject *self, PyObject *args)
{
    int function, is_near, p, mode = -1;
    long long least = 0, largest = 0;
    Tables t;
    const char *parts[4];
    Py_ssize_t sizes[4];
    PyObject *numbers;
    if (!PyArg_ParseTuple(args, "ipiiiiiy#y#y#y#O!|iLL", &function, &is_near, &p, &t.n, &t.groups, &t.length, &t.levels,
                          &parts[0], &sizes[0], &parts[1], &sizes[1], &parts[2], &sizes[2], &parts[3], &sizes[3],
                          &PyList_Type, &numbers, &mode, &least, &largest))
        return NULL;
    t.constant = (const uint64_t *)parts[0], t.series = (const Group *)parts[1];
    t.tables = (const uint64_t *)parts[2], t.factors = (const uint64_t *)parts[3];
    if (function < 0 || function >= FIXED_FUNCTIONS || t.n < 2 || t.n > MOST_WORDS - 2 || p < 1 || p > 64 * t.n
        || mode < -1 || mode >= SR
        || !(fixed_functions[function].family == ERROR_FUNCTIONS ? are_erf_tables : are_tables)(&t, sizes, function))
        return PyErr_Format(PyExc_ValueError, "tables must be those of the function and its words");
    const Py_ssize_t count = PyList_GET_SIZE(numbers);
    PyObject *found = PyList_New(count);
    for (Py_ssize_t i = 0; found != NULL && i < count; i++) {
        uint64_t words[MOST_WORDS];
        Number x;
        Result y;
        const int usable = read_number(PyList_GET_ITEM(numbers, i), &x, words);
        PyObject *item = NULL;
        int is_found = usable > 0 && find_fixed(&y, &x, function, is_near, p, &t);
        if (is_found && mode >= 0) {
            is_found = y.exponent >= least;
            round_words(&y, p, t.n, mode);
            is_found &= y.exponent <= largest;
        }
        if (is_found)
            item = write_number(&y, t.n, mode >= 0 ? p : 64 * t.n);
        else if (usable >= 0)
            item = Py_NewRef(Py_None);
        if (item == NULL) Py_CLEAR(found); else PyList_SET_ITEM(found, i, item);
    }
    return found;
}
