/* Products of numbers of n words. */

/* Adds x * y to the sum of three words, the lowest first. */
#if defined(__x86_64__) && defined(__GNUC__)
#define ADD_PRODUCT(low, middle, high, x, y)                                                                         \
    {                                                                                                                \
        uint64_t product_ = (x), above_;                                                                             \
        __asm__("mulq %[b]\n\taddq %%rax, %[l]\n\tadcq %%rdx, %[m]\n\tadcq $0, %[h]"                               \
                : "+a"(product_), "=&d"(above_), [l] "+r"(low), [m] "+r"(middle), [h] "+r"(high)                      \
                : [b] "rm"(y)                                                                                        \
                : "cc");                                                                                             \
    }
#else
#define ADD_PRODUCT(low, middle, high, x, y)                                                                         \
    {                                                                                                                \
        const Wide product_ = (Wide)(x) * (y), sum_ = (Wide)low + (uint64_t)product_;                                \
        const Wide above_ = (Wide)middle + (uint64_t)(product_ >> 64) + (uint64_t)(sum_ >> 64);                      \
        low = (uint64_t)sum_, middle = (uint64_t)above_, high += (uint64_t)(above_ >> 64);                           \
    }
#endif

/* Adds to a sum the `count` products x[i] * y[-i]: of few words without a loop, of more by a jump into UNROLLED
 * terms. */
enum { UNROLLED = 108 };
#define NEXT_TERM(i)                                                                                                 \
    case (i) + 1:                                                                                                    \
        ADD_PRODUCT(low, middle, high, x[i], y[-(i)])                                                                \
        __attribute__((fallthrough));
#define FOUR_TERMS(i) NEXT_TERM(i + 3) NEXT_TERM(i + 2) NEXT_TERM(i + 1) NEXT_TERM(i)
#define TWELVE_TERMS(i) FOUR_TERMS(i + 8) FOUR_TERMS(i + 4) FOUR_TERMS(i)
#define ADD_PRODUCTS(x_, y_, count, flat)                                                                            \
    {                                                                                                                \
        const uint64_t *const x = x_, *const y = y_;                                                                 \
        if (flat) {                                                                                                  \
            _Pragma("GCC unroll 64") for (int i = 0; i < (count); i++) ADD_PRODUCT(low, middle, high, x[i], y[-i])   \
        } else {                                                                                                     \
            int left = count;                                                                                        \
            for (; left > UNROLLED; left--) ADD_PRODUCT(low, middle, high, x[left - 1], y[1 - left])                 \
            switch (left) {                                                                                          \
                TWELVE_TERMS(96) TWELVE_TERMS(84) TWELVE_TERMS(72)                                                   \
                TWELVE_TERMS(60) TWELVE_TERMS(48) TWELVE_TERMS(36) TWELVE_TERMS(24) TWELVE_TERMS(12) TWELVE_TERMS(0) \
            default:;                                                                                                \
            }                                                                                                        \
        }                                                                                                            \
    }

/* r: the words of a * b from word `kept` on, n >= 1, column by column from column `first_column` on: those below are left
 * out, which changes nothing if they are none. r may be a or b if kept is n: what a column reads lies above the words
 * already written. */
INLINE void columns_of_product(uint64_t *r, const uint64_t *a, const uint64_t *b, const int n, const int first_column,
                               const int kept, const int flat)
{
    uint64_t low = 0, middle = 0, high = 0;
#pragma GCC unroll 64
    for (int column = first_column; column <= 2 * n - 2; column++) {
        const int first = column < n ? 0 : column - n + 1;
        ADD_PRODUCTS(a + first, b + column - first, column - 2 * first + 1, flat)
        if (column >= kept) r[column - kept] = low;
        low = middle, middle = high, high = 0;
    }
    r[2 * n - 1 - kept] = low;
}

/* r = a * b less than 2 units too small: the columns below n - 2 are less than n * 2**-64 units, and what remains is
 * cut. */
INLINE void multiply_columns(uint64_t *r, const uint64_t *a, const uint64_t *b, const int n, const int flat)
{
    columns_of_product(r, a, b, n, n > 1 ? n - 2 : 0, n, flat);
}

/* r = a * a with the same error: the products of different words once, doubled. */
INLINE void square_columns(uint64_t *r, const uint64_t *a, const int n, const int flat)
{
    uint64_t kept = 0, above = 0; /* of the columns so far */
#pragma GCC unroll 64
    for (int column = n > 1 ? n - 2 : 0; column <= 2 * n - 2; column++) {
        const int first = column < n ? 0 : column - n + 1;
        uint64_t low = 0, middle = 0, high = 0;
        ADD_PRODUCTS(a + first, a + column - first, (column + 1) / 2 - first, flat)
        high = high << 1 | middle >> 63, middle = middle << 1 | low >> 63, low <<= 1;
        if (column % 2 == 0) ADD_PRODUCT(low, middle, high, a[column / 2], a[column / 2])
        const Wide sum = (Wide)low + kept, upper = (Wide)middle + above + (uint64_t)(sum >> 64);
        if (column >= n) r[column - n] = (uint64_t)sum;
        kept = (uint64_t)upper, above = high + (uint64_t)(upper >> 64);
    }
    r[n - 1] = kept;
}

#define FLAT(loop, count)                                                                                            \
    case count: loop(count, 1); break;
#define BY_COUNT(loop)                                                                                               \
    switch (n) {                                                                                                     \
        FLAT(loop, 2) FLAT(loop, 3) FLAT(loop, 4) FLAT(loop, 5) FLAT(loop, 6) FLAT(loop, 7) FLAT(loop, 8)            \
        FLAT(loop, 9) FLAT(loop, 10) FLAT(loop, 11) FLAT(loop, 12) FLAT(loop, 13) FLAT(loop, 14) FLAT(loop, 15)      \
        FLAT(loop, 16) FLAT(loop, 17) FLAT(loop, 18) FLAT(loop, 19) FLAT(loop, 20)                                   \
    default: loop(n, 0);                                                                                             \
    }

/* From so many words on vectors are faster. */
enum { VECTORS_FROM = 21, SQUARE_VECTORS_FROM = 44 };

#ifdef HAS_VARIANTS
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#include "fixed_vectors.h"
#pragma GCC pop_options
#define HAS_VECTORS (variant != &variant_baseline)
#else
#define HAS_VECTORS 0
#define multiply_vectors multiply_words
#endif

static void multiply_words(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
    if (n >= VECTORS_FROM && HAS_VECTORS) { multiply_vectors(r, a, b, n); return; }
#define COLUMNS(count, flat) multiply_columns(r, a, b, count, flat)
    BY_COUNT(COLUMNS)
#undef COLUMNS
}

static void square_words(uint64_t *r, const uint64_t *a, int n)
{
    if (n >= SQUARE_VECTORS_FROM && HAS_VECTORS) { multiply_vectors(r, a, a, n); return; }
#define COLUMNS(count, flat) square_columns(r, a, count, flat)
    BY_COUNT(COLUMNS)
#undef COLUMNS
}

/* r: all 2 n words of a * b; r is neither. */
static void multiply_exactly(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
#define COLUMNS(count, flat) columns_of_product(r, a, b, count, 0, 0, flat)
    BY_COUNT(COLUMNS)
#undef COLUMNS
}

/* r: the words of a * b from word n - 1 on, n >= 3, less than 2 units of that word too small: columns below n - 3 are
 * left out, as above. */
static void multiply_upper(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
#define COLUMNS(count, flat) columns_of_product(r, a, b, count, count - 3, count - 1, flat)
    switch (n) {
        FLAT(COLUMNS, 6) FLAT(COLUMNS, 7) FLAT(COLUMNS, 8) FLAT(COLUMNS, 9) FLAT(COLUMNS, 10) FLAT(COLUMNS, 11)
        FLAT(COLUMNS, 12) FLAT(COLUMNS, 13) FLAT(COLUMNS, 14) FLAT(COLUMNS, 15) FLAT(COLUMNS, 16) FLAT(COLUMNS, 17)
        FLAT(COLUMNS, 18) FLAT(COLUMNS, 19) FLAT(COLUMNS, 20)
    default: COLUMNS(n, 0);
    }
#undef COLUMNS
}
