/* What the functions of many words have in common: a result's words have an error of less than 2**ERROR_BITS units
 * of 2**(-64 n), before they are shifted up to a highest bit of 1, and the caller rounds them.
 *
 * Tables take an argument apart until what is left is below 2**-24, or for angles of two levels 2**-16, where a
 * Taylor series serves. Products, quotients, shifts and table entries are cut, each less than 2 units off. A group
 * of terms of a series has so many words that its errors, times the powers of the argument still to come, are below
 * 9 units. There are at most MOST_GROUPS groups, 4 tables of at most 7 such operations each and 36 beside, in all
 * 9 * 60 + 2 * 64 = 668 units, and a last quotient enlarges an error at most fourfold: less than 2**ERROR_BITS
 * units. Multiples of log 2 and pi/4 have one word more. For erf see `fixed_erf.h`. */

#define ERROR_BITS 12
#define LONGEST_GROUP 8
#define MOST_GROUPS 60
#define ENTRIES 256
#define HIGHEST_BIT ((uint64_t)1 << 63)

/* Terms z**i * part[i] over a common denominator. */
typedef struct {
    uint64_t part[LONGEST_GROUP];
    Divisor denominator;
} Group;

/* What is computed once for a function and a number of words; an entry of a table has n words. */
typedef struct {
    int n, groups, length;        /* terms of a group; of erf no group, but coefficients */
    int levels;                   /* tables */
    const uint64_t *constant;     /* log 2, pi/4, or for log2 1 / log 2 - 1: n + 1 words, and 0 */
    const Group *series;          /* `groups` of them; for angles of sin, then as many of 1 - cos */
    const uint64_t *tables;       /* ENTRIES entries a table; for angles those of sin and of 1 - cos alternate */
    const uint64_t *factors;      /* of log: ENTRIES integers a table; of erf: how many words a coefficient has */
} Tables;

/* (-1)**negative * 0.words * 2**exponent */
typedef struct {
    int negative, n;
    int64_t exponent;
    const uint64_t *words;
} Number;

typedef struct {
    int negative;
    int64_t exponent;
    int lost;                     /* by how many bits the words were shifted up to a highest bit of 1 */
    uint64_t words[MOST_WORDS + 2];
} Result;

static int are_zero(const uint64_t *a, int n)
{
    for (int i = 0; i < n; i++)
        if (a[i] != 0) return 0;
    return 1;
}

/* The powers of z from 1 to the length of a group. */
typedef uint64_t Powers[LONGEST_GROUP][MOST_WORDS + 2];

static void find_powers(Powers power, const uint64_t *z, const Tables *t)
{
    memcpy(power[0], z, (size_t)t->n * sizeof(uint64_t));
    for (int i = 1; i < t->length; i++) {
        if (i % 2) square_words(power[i], power[i / 2], t->n);
        else multiply_words(power[i], power[i / 2], power[i / 2 - 1], t->n);
    }
}

/* The sum of a series whose terms fall by z < 2**-bits, with alternating signs if `sign` < 0 (the length is even).
 * Group j is part / denominator + z**length * (group j + 1); if the denominators are `chained`, they divide what
 * follows too.
 *
 * Errors of a group, in units of its own last word: 2 for the product; 1 for the quotient; and the powers, up to 4
 * units too small, come in with part[i] / denominator, which add up to 1/5 + ... + 1/13 < 4/3 for log and to less for
 * the others. The power of z that a group is multiplied by makes up for the words that it has less. */
static void sum_series(uint64_t *sum, const Group *group, int chained, Powers power, int bits, int sign,
                       const Tables *t)
{
    const int n = t->n, fall = bits * t->length, zeros = fall / 64; /* words of z**length that are zero */
    uint64_t part[MOST_WORDS + 2], product[MOST_WORDS + 2];
    memset(sum, 0, (size_t)n * sizeof(uint64_t));
    for (int j = t->groups - 1; j >= 0; j--) {
        const int skip = fall * j / 64 < n - 2 ? fall * j / 64 : n - 2, size = n - skip;
        const int height = j < t->groups - 1 && size > zeros ? size - zeros : 0; /* words of the product */
        if (height > 0) multiply_words(product, sum + skip + zeros, power[t->length - 1] + skip, height);
        for (int i = height; i < size; i++) product[i] = 0;
        for (int i = 0; i < size; i++) part[i] = chained ? product[i] : 0;
        part[size] = group[j].part[0];
        for (int i = 1; i < t->length; i++)
            (sign < 0 && i % 2 ? subtract_multiple : add_multiple)(part, power[i - 1] + skip, group[j].part[i], size);
        divide_small(sum + skip, part, &group[j].denominator, size);
        if (!chained) add_words(sum + skip, sum + skip, product, size);
    }
}

/* The result with a highest bit of 1, from `size` words of which the upper `size - fraction` are an integer. Returns 0
 * for a zero. */
static int normalise(Result *y, const uint64_t *x, int size, int fraction, int n)
{
    int top = size - 1;
    while (top >= 0 && x[top] == 0) top--;
    if (top < 0) return 0;
    const int64_t bits = 64 * (int64_t)(top + 1) - __builtin_clzll(x[top]);
    place_words(y->words, n, x, size, 64 * (int64_t)n - bits);
    y->exponent = bits - 64 * fraction;
    y->lost = y->exponent < 0 ? (int)-y->exponent : 0;
    return 1;
}

/* k and rest: n words, with |x| = k * constant + rest and 0 <= rest < constant; 0 where |x| is too large or small. */
static int reduce(uint64_t *k, uint64_t *rest, const Number *x, int64_t exponent, double reciprocal, const Tables *t)
{
    const int n = t->n, size = n + 2;
    uint64_t magnitude[MOST_WORDS + 2], multiple[MOST_WORDS + 2];
    if (exponent > 20 || exponent < -64) return 0;
    place_words(magnitude, size, x->words, x->n, exponent + 64 * (int64_t)(n + 1 - x->n));
    *k = (uint64_t)(((double)magnitude[n + 1] + (double)magnitude[n] * 0x1p-64) * reciprocal);
    multiply_small(multiple, t->constant, *k, size);
    if (subtract_words(magnitude, magnitude, multiple, size)) {
        --*k;
        add_words(magnitude, magnitude, t->constant, size);
    } else if (!subtract_words(multiple, magnitude, t->constant, size)) {
        ++*k;
        memcpy(magnitude, multiple, (size_t)size * sizeof(uint64_t));
    }
    memcpy(rest, magnitude + 1, (size_t)n * sizeof(uint64_t));
    return !are_zero(rest, n);
}

/* Whether an error of ERROR_BITS bits decides p bits of n words that were shifted up by `lost` bits. */
static int has_room(int64_t lost, int p, int n) { return 64 * (int64_t)n - p - 1 > ERROR_BITS + lost; }

/* Whether all numbers within 2**(ERROR_BITS + lost) units round as the words do, in every mode, to p bits or fewer. */
static int is_decided(const Result *y, int p, int n)
{
    const int from = ERROR_BITS + y->lost, to = 64 * n - p - 1; /* the bits between the error and half a last place */
    if (!has_room(y->lost, p, n)) return 0;
    int zeros = 1, ones = 1;
    for (int i = from / 64; i <= (to - 1) / 64; i++) {
        uint64_t mask = UINT64_MAX;
        if (i == from / 64) mask &= UINT64_MAX << from % 64;
        if (i == (to - 1) / 64) mask &= UINT64_MAX >> (63 - (to - 1) % 64);
        zeros &= (y->words[i] & mask) == 0;
        ones &= (y->words[i] & mask) == mask;
    }
    return !zeros && !ones;
}
