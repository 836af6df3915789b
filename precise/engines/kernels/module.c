/* The extension `precise.engines._kernels`: compiled loops over float64 lanes, called without the GIL.
 *
 * It knows buffers only and serves what `lane_rounder` serves. Whatever it cannot do it reports as a status, and the
 * NumPy code of the engine then computes or raises. `compiled.py` tests it before use. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "lanes.h"
#include "standins.h"
#include "intervals.h"

typedef int64_t (*Make)(const Params *, const double *, const double *, const double *, double *, int64_t);
typedef int64_t (*OnePass)(const Params *, const double *, const double *, int64_t, double *, int64_t, uint64_t);
typedef int64_t (*Round)(const Params *, const double *, double *, int64_t, uint64_t);
typedef void (*Enclose)(const double *, const double *, double, int64_t, double *, double *, int64_t *, int64_t);
typedef void (*Decide)(const Params *, const double *, const double *, const int64_t *, double *, int64_t *, int64_t,
                       uint64_t);
typedef void (*IncludeTerms)(const double *, double *, double *, double *, int64_t *, int64_t);
typedef void (*IncludeProducts)(double, const double *, double *, double *, double *, int64_t *, int64_t);
typedef struct {
    const double *a, *b; /* [n, count], [count, columns] */
    int64_t count, columns;
} Factors;

typedef void (*ExactDots)(const Factors *, const int64_t *, const int64_t *, double *, double *, double *, char *,
                          int64_t);
typedef void (*Extent)(const double *, int64_t, int64_t *, double *, double *, int *);
typedef void (*Sequential)(const double *, const double *, double *, int64_t, int64_t, int64_t, int64_t, int, double,
                           double, int64_t, void *, void *);
typedef void (*Extract)(const double *, const double *, double *, double *, char *, const char *, int64_t, int64_t,
                        int64_t, int64_t, int, double, double, double *, double *);

#define LANES 1024
#define ROW_BLOCK 256
#define ROOM (1 << 20) /* lanes for rows of a product, unless ROW_BLOCK of them need more */

/* The loops for one instruction set. */
typedef struct {
    const char *name;
    int fuses; /* whether g - a * b is rounded once in the loops of matrix products, whatever a * b */
    const OnePass (*plain)[MODES], (*natives)[MODES], (*finite)[MODES], (*shorts)[MODES];
    const Make (*makers)[2];
    const Round *rounders;
    const Enclose *enclosers;
    const Decide *deciders;
    IncludeTerms include_terms;
    IncludeProducts include_products;
    ExactDots exact_dots;
    Extent extent;
    Sequential sequential[2]; /* in float and in double lanes */
    Extract extract;
} Variant;

#define NAME(x) x##_baseline
#define VARIANT "baseline"
#include "variant.h"
#undef NAME
#undef VARIANT

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define HAS_VARIANTS 1
#include <immintrin.h>
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#define NAME(x) x##_avx2
#define VARIANT "avx2"
#include "variant.h"
#undef NAME
#undef VARIANT
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,prefer-vector-width=512")
#define NAME(x) x##_avx512
#define VARIANT "avx512"
#include "variant.h" /* register tiles stay in vectors of 32 bytes */
#undef NAME
#undef VARIANT
#pragma GCC pop_options
#endif

static const Variant *variant = &variant_baseline;

#include "strided.h"

static int open_params(PyObject *object, Params *params)
{
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0) return -1;
    if (view.len != sizeof(Params)) {
        PyErr_Format(PyExc_TypeError, "parameters must have %zu bytes", sizeof(Params));
        PyBuffer_Release(&view);
        return -1;
    }
    memcpy(params, view.buf, sizeof(Params));
    PyBuffer_Release(&view);
    return 0;
}

#include "pool.h"
#include "elementwise.h"
#include "products.h"
#include "product_calls.h"
#include "fixed.h"
#include "fixed_products.h"
#include "fixed_series.h"
#include "fixed_exponentials.h"
#include "fixed_logarithms.h"
#include "fixed_angles.h"
#include "fixed_erf.h"
#include "fixed_functions.h"
#include "fixed_calls.h"
#include "fixed_dots.h"
#include "fixed_dots_calls.h"

PyDoc_STRVAR(use_doc,
"use(name)\n--\n\nUse the loops for an instruction set: `baseline`, `avx2`, `avx512`. Raise ValueError where the machine lacks it.");

static PyObject *use(PyObject *self, PyObject *args)
{
    const char *name;
    if (!PyArg_ParseTuple(args, "s", &name)) return NULL;
    const Variant *found = strcmp(name, "baseline") == 0 ? &variant_baseline : NULL;
#ifdef HAS_VARIANTS
    const int has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const int has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
                           && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (strcmp(name, "avx2") == 0 && has_avx2) found = &variant_avx2;
    if (strcmp(name, "avx512") == 0 && has_avx512) found = &variant_avx512;
#endif
    if (found != NULL) { variant = found; Py_RETURN_NONE; }
    PyErr_Format(PyExc_ValueError, "instruction set %s is not available", name);
    return NULL;
}

PyDoc_STRVAR(instruction_set_doc, "instruction_set()\n--\n\nReturn the name of the instruction set in use.");

static PyObject *get_instruction_set(PyObject *self, PyObject *unused)
{
    return PyUnicode_FromString(variant->name);
}

static PyMethodDef methods[] = {
    {"elementwise", elementwise, METH_VARARGS, elementwise_doc},
    {"chain", chain, METH_VARARGS, chain_doc},
    {"sequential", sequential, METH_VARARGS, sequential_doc},
    {"extract", extract, METH_VARARGS, extract_doc},
    {"extent", extent, METH_O, extent_doc},
    {"exact", exact, METH_VARARGS, exact_doc},
    {"dots", dots, METH_VARARGS, dots_doc},
    {"filter", filter, METH_VARARGS, filter_doc},
    {"decide", decide, METH_VARARGS, decide_doc},
    {"fixed", fixed, METH_VARARGS, fixed_doc},
    {"rounded_dots", rounded_dots, METH_VARARGS, rounded_dots_doc},
    {"use", use, METH_VARARGS, use_doc},
    {"instruction_set", get_instruction_set, METH_NOARGS, instruction_set_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_kernels", "Compiled loops over float64 lanes.", -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernels(void)
{
#ifndef _WIN32
    pthread_atfork(NULL, NULL, forget_helpers);
#endif
    return PyModule_Create(&module);
}
