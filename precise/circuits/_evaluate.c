/* Bit-sliced evaluation of threshold circuits: 512 lanes at a time, one row after the other.
 *
 * Each input of a row is added into a vertical counter: bucket b holds up to two vectors of weight 2^b, and a third one
 * makes a sum, which stays, and a carry for the next bucket. The counter is compared with every threshold of the row.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 8
#define BUCKETS 48 /* sums of |weights| below 2^47 */

typedef uint64_t lanes __attribute__((vector_size(8 * WORDS)));

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GLIBC__)
#define VARIANTS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VARIANTS
#endif
#define INLINE static inline __attribute__((always_inline))

typedef struct {
    const int64_t *row_starts, *row_weights, *row_gates, *thresholds;
    const int32_t *row_sources, *output_sources;
    const uint8_t *output_negated;
    const uint64_t *inputs;
    uint64_t *outputs;
    Py_ssize_t rows, n_inputs, n_outputs, n_words;
} circuit;

/* Add a vector of weight 2^b into the counter. */
#define ADD(vector, bucket)                                                       \
    do {                                                                          \
        lanes carry_ = (vector);                                                  \
        int b_ = (bucket);                                                        \
        while (held[b_] == 2) {                                                   \
            lanes x_ = kept[b_][0], y_ = kept[b_][1], differ_ = x_ ^ y_;          \
            kept[b_][0] = differ_ ^ carry_;                                       \
            carry_ = (x_ & y_) | (differ_ & carry_);                              \
            held[b_++] = 1;                                                       \
        }                                                                         \
        kept[b_][held[b_]++] = carry_;                                            \
    } while (0)

/* Fill the gates of all rows for one block of lanes. */
VARIANTS static void run_block(const circuit *c, lanes *signals)
{
    lanes kept[BUCKETS][2], bits[BUCKETS];
    int held[BUCKETS];
    memset(held, 0, sizeof held);
    for (Py_ssize_t row = 0; row < c->rows; row++) {
        int64_t sum = 0;
        for (int64_t k = c->row_starts[row]; k < c->row_starts[row + 1]; k++) {
            int64_t weight = c->row_weights[k];
            const uint64_t flip = weight < 0 ? ~(uint64_t)0 : 0;
            uint64_t size = (uint64_t)(weight < 0 ? -weight : weight);
            lanes vector = signals[c->row_sources[k]] ^ flip;
            sum += (int64_t)size;
            if (size == 1) {
                ADD(vector, 0);
                continue;
            }
            for (int b = 0; size; b++, size >>= 1)
                if (size & 1)
                    ADD(vector, b);
        }
        int width = 0;
        lanes carry = {0};
        for (; sum >> width; width++) {
            lanes x = held[width] > 0 ? kept[width][0] : (lanes){0};
            lanes y = held[width] > 1 ? kept[width][1] : (lanes){0};
            lanes differ = x ^ y;
            bits[width] = differ ^ carry;
            carry = (x & y) | (differ & carry);
            held[width] = 0;
        }
        for (int64_t gate = c->row_gates[row]; gate < c->row_gates[row + 1]; gate++) {
            int64_t least = c->thresholds[gate];
            lanes result = ~(lanes){0};
            if (least > sum)
                result = (lanes){0};
            else if (least > 0)
                for (int b = 0; b < width; b++)
                    result = least >> b & 1 ? bits[b] & result : bits[b] | result;
            signals[c->n_inputs + gate] = result;
        }
    }
}

/* Evaluate words start to stop. */
static int run_words(const circuit *c, Py_ssize_t gates, Py_ssize_t start, Py_ssize_t stop)
{
    size_t size = sizeof(lanes) * (size_t)(c->n_inputs + gates + 1);
    void *memory = malloc(size + 64);
    if (!memory)
        return -1;
    lanes *signals = (lanes *)(((uintptr_t)memory + 63) & ~(uintptr_t)63);
    for (Py_ssize_t word = start; word < stop; word += WORDS) {
        size_t bytes = 8 * (size_t)(stop - word < WORDS ? stop - word : WORDS);
        for (Py_ssize_t i = 0; i < c->n_inputs; i++) {
            uint64_t values[WORDS] = {0};
            memcpy(values, c->inputs + i * c->n_words + word, bytes);
            memcpy(signals + i, values, sizeof values);
        }
        run_block(c, signals);
        for (Py_ssize_t i = 0; i < c->n_outputs; i++) {
            uint64_t values[WORDS] = {0};
            if (c->output_sources[i] >= 0)
                memcpy(values, signals + c->output_sources[i], sizeof values);
            if (c->output_negated[i])
                for (int j = 0; j < WORDS; j++)
                    values[j] = ~values[j];
            memcpy(c->outputs + i * c->n_words + word, values, bytes);
        }
    }
    free(memory);
    return 0;
}

/* run(row_starts, row_sources, row_weights, row_gates, thresholds, output_sources, output_negated, inputs, outputs,
 *     n_inputs, n_words, start, stop): contiguous buffers of the types above. */
static PyObject *run(PyObject *self, PyObject *args)
{
    Py_buffer v[9];
    Py_ssize_t n_inputs, n_words, start, stop;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*y*y*w*nnnn", v, v + 1, v + 2, v + 3, v + 4, v + 5, v + 6, v + 7, v + 8,
                          &n_inputs, &n_words, &start, &stop))
        return NULL;
    circuit c = {v[0].buf, v[2].buf, v[3].buf, v[4].buf, v[1].buf, v[5].buf, v[6].buf, v[7].buf, v[8].buf,
                 v[0].len / 8 - 1, n_inputs, v[5].len / 4, n_words};
    int failed;
    Py_BEGIN_ALLOW_THREADS
    failed = run_words(&c, v[4].len / 8, start, stop);
    Py_END_ALLOW_THREADS
    for (int i = 0; i < 9; i++)
        PyBuffer_Release(v + i);
    if (failed)
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"run", run, METH_VARARGS, "Evaluate a circuit on 64-bit words of lanes."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_evaluate", "Compiled evaluation of threshold circuits.", -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__evaluate(void)
{
    return PyModule_Create(&definition);
}
