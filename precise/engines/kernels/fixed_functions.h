/* exp, log, sin, cos and tanh of numbers of many words, to be rounded by the caller: words whose error is less than
 * 2**ERROR_BITS units of 2**(-64 n), before they are shifted up to a highest bit of 1.
 *
 * Tables take an argument apart until what is left is below 2**-24, or for angles of two levels 2**-16, where a Taylor
 * series serves. Products, quotients, shifts and table entries are cut, each less than 2 units too small. A group of
 * terms of a series has so many words that its errors, times the powers of the argument still to come, are below 9 units.
 * There are at most MOST_GROUPS groups, 4 tables and 8 operations beside, and the quotient of tanh enlarges an error at
 * most fourfold: less than 4 (9 * 48 + 16 * 8) < 2**ERROR_BITS units. Multiples of log 2 and pi/4 have one word more. */

enum { EXP, LOG, SIN, COS, TANH, FIXED_FUNCTIONS };

#define ERROR_BITS 12
#define LONGEST_GROUP 8
#define MOST_GROUPS 48
#define ENTRIES 256
#define HIGHEST_BIT ((uint64_t)1 << 63)

/* Terms z**i * part[i] over a common denominator. */
typedef struct {
    uint64_t part[LONGEST_GROUP];
    Divisor denominator;
} Group;

/* What is computed once for a function and a number of words; an entry of a table has n words. */
typedef struct {
    int n, groups, length;        /* terms of a group */
    int levels;                   /* tables */
    const uint64_t *constant;     /* log 2 or pi/4: n + 1 words, and 0 */
    const Group *series;          /* `groups` of them; for angles of sin, then as many of 1 - cos */
    const uint64_t *tables;       /* ENTRIES entries a table; for angles those of sin and of 1 - cos alternate */
    const uint64_t *factors;      /* of log: ENTRIES integers a table */
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
    for (int i = 1; i < t->length; i++) multiply_words(power[i], power[i / 2], power[i - 1 - i / 2], t->n);
}

/* The sum of a series whose terms fall by z < 2**-bits, with alternating signs if `sign` < 0. Group j is
 * part / denominator + z**length * (group j + 1); if the denominators are `chained`, they divide what follows too.
 *
 * Errors of a group, in units of its own last word: 2 for the product; 1 for the quotient; and the powers, up to 4 units
 * too small, come in with part[i] / denominator, which add up to 1/3 + ... + 1/9 < 4/3 for log and to less for the others.
 * The power of z that a group is multiplied by makes up for the words that it has less. */
static void sum_series(uint64_t *sum, const Group *group, int chained, Powers power, int bits, int sign, const Tables *t)
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
    uint64_t words[MOST_WORDS + 2];
    place_words(words, n, x, size, 64 * (int64_t)n - bits);
    memcpy(y->words, words, (size_t)n * sizeof(uint64_t));
    y->exponent = bits - 64 * fraction;
    y->lost = y->exponent < 0 ? (int)-y->exponent : 0;
    return 1;
}

/* k and rest: n words, with |x| = k * constant + rest and 0 <= rest < constant; 0 where |x| is too large or small. */
static int reduce(uint64_t *k, uint64_t *rest, const Number *x, int64_t exponent, double reciprocal, const Tables *t)
{
    const int n = t->n, size = n + 2;
    uint64_t magnitude[MOST_WORDS + 2] = {0}, multiple[MOST_WORDS + 2];
    if (exponent > 20 || exponent < -64) return 0;
    place_words(magnitude, size, x->words, x->n, exponent + 64 * (int64_t)(n + 1 - x->n));
    *k = (uint64_t)(((double)magnitude[n + 1] + (double)magnitude[n] * 0x1p-64) * reciprocal);
    multiply_small(multiple, t->constant, *k, size);
    if (subtract_words(magnitude, magnitude, multiple, size)) {
        --*k;
        add_words(magnitude, magnitude, t->constant, size);
    } else if (!subtract_words(multiple, magnitude, t->constant, size)) {
        ++*k;
        memcpy(magnitude, multiple, sizeof(magnitude));
    }
    memcpy(rest, magnitude + 1, (size_t)n * sizeof(uint64_t));
    return !are_zero(rest, n);
}

/* f and k with exp(x * 2**shift) = (1 + f) * 2**k. */
static int exp_fraction(uint64_t *f, int64_t *k, const Number *x, int shift, const Tables *t)
{
    const int n = t->n;
    uint64_t r[MOST_WORDS + 2], product[MOST_WORDS + 2], count;
    Powers power;
    if (!reduce(&count, r, x, x->exponent + shift, 1.4426950408889634, t)) return 0;
    *k = (int64_t)count;
    if (x->negative) {
        subtract_words(r, t->constant + 1, r, n);
        *k = -*k - 1;
    }
    const uint64_t indices = r[n - 1];
    r[n - 1] &= ((uint64_t)1 << 40) - 1;
    find_powers(power, r, t);
    sum_series(f, t->series, 1, power, 24, 1, t);
    multiply_words(f, f, power[1], n);
    add_words(f, f, r, n);
    for (int level = 0; level < 3; level++) {
        const uint64_t *entry = t->tables + (level * ENTRIES + (int)(indices >> (56 - 8 * level) & 255)) * n;
        multiply_words(product, f, entry, n);
        add_words(f, f, entry, n);
        add_words(f, f, product, n);
    }
    return 1;
}

static int exp_words(Result *y, const Number *x, const Tables *t)
{
    uint64_t f[MOST_WORDS + 2];
    if (!exp_fraction(f, &y->exponent, x, 0, t)) return 0;
    place_words(y->words, t->n, f, t->n, -1);
    y->words[t->n - 1] |= HIGHEST_BIT;
    y->exponent++;
    y->negative = y->lost = 0;
    return 1;
}

/* tanh |x| = (e - 1) / (e + 1), e = exp(2 |x|) = (1 + f) * 2**k, all divided by 2**(k + 2). */
static int tanh_words(Result *y, const Number *x, const Tables *t)
{
    const int n = t->n;
    const Number magnitude = {0, x->n, x->exponent, x->words};
    uint64_t f[MOST_WORDS + 2], a[MOST_WORDS + 2] = {0}, b[MOST_WORDS + 2], one[MOST_WORDS + 2] = {0};
    int64_t k;
    if (!exp_fraction(f, &k, &magnitude, 1, t) || k + 2 > 64 * n) return 0;
    place_words(a, n, f, n, -2);
    a[n - 1] |= HIGHEST_BIT >> 1;
    one[n - 1 - (k + 1) / 64] = HIGHEST_BIT >> (k + 1) % 64;
    add_words(b, a, one, n);
    subtract_words(a, a, one, n);
    if (!(b[n - 1] & HIGHEST_BIT)) {
        add_words(a, a, a, n);
        add_words(b, b, b, n);
    }
    divide_words(f, a, b, n);
    y->negative = x->negative;
    return normalise(y, f, n, n, n);
}

/* log x = e log 2 + log(1 + f): integers c, one a level, bring (1 + f) c / 2**bits nearer to 1. */
static int log_words(Result *y, const Number *x, const Tables *t)
{
    const int n = t->n;
    uint64_t f[MOST_WORDS + 2], sum[MOST_WORDS + 2] = {0}, part[MOST_WORDS + 2], total[MOST_WORDS + 2];
    Powers power;
    if (x->negative || x->exponent > INT32_MAX || x->exponent < INT32_MIN) return 0;
    const int64_t e = x->exponent - 1;
    place_words(f, n, x->words, x->n, 64 * (int64_t)(n - x->n) + 1);
    for (int level = 0, bits = 8; level < 4; level++, bits += 6) {
        const uint64_t j = f[n - 1] >> (64 - bits), c = t->factors[level * ENTRIES + j];
        const uint64_t above = multiply_small(f, f, c, n) + c;
        f[n] = above; /* (1 + f) c is the integer `above` and the words */
        place_words(f, n, f, n + 1, -bits);
        add_words(sum, sum, t->tables + (level * ENTRIES + (int64_t)j) * n, n);
    }
    find_powers(power, f, t);
    sum_series(part, t->series, 0, power, 24, -1, t);
    multiply_words(part, part, power[1], n);
    subtract_words(f, f, part, n);
    add_words(part + 1, sum, f, n);
    part[0] = part[n + 1] = 0;
    multiply_small(total, t->constant, (uint64_t)(e < 0 ? -e : e), n + 2);
    y->negative = e < 0;
    (e < 0 ? subtract_words : add_words)(total, total, part, n + 2);
    return normalise(y, total, n + 2, n + 1, n);
}

/* sin and cos of |x| = k pi/4 + r; in odd octants of pi/4 - r. sin(a + b) and 1 - cos(a + b) from sines and 1 - cos. */
static int circular_words(Result *y, const Number *x, const Tables *t, int cosine)
{
    const int n = t->n;
    uint64_t r[MOST_WORDS + 2], z[MOST_WORDS + 2], p[MOST_WORDS + 2], s[2][MOST_WORDS + 2], v[2][MOST_WORDS + 2];
    uint64_t octant;
    Powers power;
    if (!reduce(&octant, r, x, x->exponent, 1.2732395447351628, t)) return 0;
    octant += cosine ? 2 : 0;
    if (octant & 1) subtract_words(r, t->constant + 1, r, n);
    const uint64_t indices = r[n - 1];
    r[n - 1] &= ((uint64_t)1 << (64 - 8 * t->levels)) - 1;
    multiply_words(z, r, r, n);
    find_powers(power, z, t);
    sum_series(p, t->series, 1, power, 16 * t->levels, -1, t);
    multiply_words(p, p, z, n);
    multiply_words(p, p, r, n);
    int from = t->levels & 1; /* after as many levels the sums are in s[0] or v[0] */
    subtract_words(s[from], r, p, n);
    sum_series(p, t->series + t->groups, 1, power, 16 * t->levels, -1, t);
    multiply_words(v[from], p, z, n);
    const int wants_sine = !((octant + 1) & 2);
    for (int level = t->levels - 1; level >= 0; level--, from ^= 1) {
        const int at = level * ENTRIES + (int)(indices >> (56 - 8 * level) & 255);
        const uint64_t *sa = t->tables + at * 2 * n, *va = sa + n;
        uint64_t *sine = s[from ^ 1], *versed = v[from ^ 1];
        if (level > 0 || wants_sine) {
            multiply_words(p, sa, v[from], n);
            add_words(sine, sa, s[from], n);
            subtract_words(sine, sine, p, n);
            multiply_words(p, va, s[from], n);
            subtract_words(sine, sine, p, n);
        }
        if (level > 0 || !wants_sine) {
            multiply_words(p, va, v[from], n);
            add_words(versed, va, v[from], n);
            subtract_words(versed, versed, p, n);
            multiply_words(p, sa, s[from], n);
            add_words(versed, versed, p, n);
        }
    }
    y->negative = ((octant & 4) != 0) ^ (!cosine && x->negative);
    if (wants_sine) return normalise(y, s[0], n, n, n);
    uint64_t one[MOST_WORDS + 2] = {0};
    if (are_zero(v[0], n)) return 0;
    subtract_words(p, one, v[0], n);
    return normalise(y, p, n, n, n);
}

static int sin_words(Result *y, const Number *x, const Tables *t) { return circular_words(y, x, t, 0); }
static int cos_words(Result *y, const Number *x, const Tables *t) { return circular_words(y, x, t, 1); }

typedef int (*FixedFunction)(Result *, const Number *, const Tables *);
static const FixedFunction fixed_functions[FIXED_FUNCTIONS] = {exp_words, log_words, sin_words, cos_words, tanh_words};

/* Whether all numbers within 2**(ERROR_BITS + lost) units round as the words do, in every mode, to p bits or fewer. */
static int is_decided(const Result *y, int p, int n)
{
    const int from = ERROR_BITS + y->lost, to = 64 * n - p - 1; /* the bits between the error and half a last place */
    if (to <= from) return 0;
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
