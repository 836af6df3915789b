/* exp, exp2, expm1, sinh, cosh and tanh, all from 1 + f = exp(r), 0 < r < log 2. */

/* exp(r) = 1 + f. */
static void exp_fraction(uint64_t *f, uint64_t *r, const Tables *t)
{
    const int n = t->n;
    uint64_t product[MOST_WORDS + 2];
    Powers power;
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
}

/* f and k with exp(x * 2**shift) = (1 + f) * 2**k. */
static int exp_parts(uint64_t *f, int64_t *k, const Number *x, int shift, const Tables *t)
{
    uint64_t r[MOST_WORDS + 2], count;
    if (!reduce(&count, r, x, x->exponent + shift, 1.4426950408889634, t)) return 0;
    *k = (int64_t)count;
    if (x->negative) {
        subtract_words(r, t->constant + 1, r, t->n);
        *k = -*k - 1;
    }
    exp_fraction(f, r, t);
    return 1;
}

/* out = (1 + f) / 4 */
static void quarter(uint64_t *out, const uint64_t *f, int n)
{
    place_words(out, n, f, n, -2);
    out[n - 1] = f[n - 1] >> 2 | HIGHEST_BIT >> 1;
}

/* out = 2**-places, or 0 where that is less than a unit. */
static void power_of_two(uint64_t *out, int64_t places, int n)
{
    memset(out, 0, (size_t)n * sizeof(uint64_t));
    if (places <= 64 * (int64_t)n) out[n - 1 - (places - 1) / 64] = HIGHEST_BIT >> (places - 1) % 64;
}

/* (1 + f) * 2**k */
static int scaled_exp(Result *y, const uint64_t *f, int64_t k, const Tables *t)
{
    place_words(y->words, t->n, f, t->n, -1);
    y->words[t->n - 1] |= HIGHEST_BIT;
    y->exponent = k + 1;
    y->negative = y->lost = 0;
    return 1;
}

static int exp_words(Result *y, const Number *x, const Tables *t)
{
    uint64_t f[MOST_WORDS + 2];
    int64_t k;
    return exp_parts(f, &k, x, 0, t) && scaled_exp(y, f, k, t);
}

/* 2**x = 2**k exp(r log 2), k an integer and 0 <= r < 1. An integer x gives zeros, which decide nothing. */
static int exp2_words(Result *y, const Number *x, const Tables *t)
{
    const int n = t->n;
    uint64_t r[MOST_WORDS + 2], f[MOST_WORDS + 2];
    if (x->exponent > 20 || x->exponent < -64) return 0;
    place_words(r, n + 1, x->words, x->n, x->exponent + 64 * (int64_t)(n - x->n));
    int64_t k = (int64_t)r[n];
    if (x->negative) {
        subtract_words(r, zero_words, r, n);
        k = -k - 1;
    }
    multiply_words(r, r, t->constant + 1, n);
    exp_fraction(f, r, t);
    return scaled_exp(y, f, k, t);
}

/* exp(x) - 1 = 4 ((1 + f) / 4 - 2**(-k - 2)) 2**k, or for k < 0 -2 (1/2 - 2**(k + 1) (1 + f) / 4). */
static int expm1_words(Result *y, const Number *x, const Tables *t)
{
    const int n = t->n;
    uint64_t f[MOST_WORDS + 2], a[MOST_WORDS + 2], one[MOST_WORDS + 2];
    int64_t k;
    if (!exp_parts(f, &k, x, 0, t)) return 0;
    quarter(a, f, n);
    if (k >= 0) {
        power_of_two(one, k + 2, n);
        subtract_words(a, a, one, n);
    } else {
        power_of_two(one, 1, n);
        place_words(f, n, a, n, k + 1);
        subtract_words(a, one, f, n);
    }
    y->negative = k < 0;
    const int found = normalise(y, a, n, n, n);
    y->exponent += k >= 0 ? k + 2 : 1;
    return found;
}

/* (exp|x| -+ exp(-|x|)) / 2 = ((1 + f) / 4 -+ 1 / (4 (1 + f)) 2**(-2 k)) 2**(k + 1) */
static int hyperbolic_words(Result *y, const Number *x, const Tables *t, int sine)
{
    const int n = t->n;
    const Number magnitude = {0, x->n, x->exponent, x->words};
    uint64_t f[MOST_WORDS + 2], a[MOST_WORDS + 2], b[MOST_WORDS + 2], inverse[MOST_WORDS + 2];
    int64_t k;
    if (!exp_parts(f, &k, &magnitude, 0, t)) return 0;
    quarter(a, f, n);
    if (2 * k + 1 < 64 * (int64_t)n) {
        add_words(b, a, a, n);
        power_of_two(f, 2, n);
        divide_words(inverse, f, b, n); /* (1/4) / ((1 + f) / 2) */
        place_words(b, n, inverse, n, -2 * k - 1);
        (sine ? subtract_words : add_words)(a, a, b, n);
    }
    y->negative = sine && x->negative;
    const int found = normalise(y, a, n, n, n);
    y->exponent += k + 1;
    return found;
}

static int sinh_words(Result *y, const Number *x, const Tables *t) { return hyperbolic_words(y, x, t, 1); }
static int cosh_words(Result *y, const Number *x, const Tables *t) { return hyperbolic_words(y, x, t, 0); }

/* tanh |x| = (e - 1) / (e + 1), e = exp(2 |x|) = (1 + f) * 2**k, all divided by 2**(k + 2). */
static int tanh_words(Result *y, const Number *x, const Tables *t)
{
    const int n = t->n;
    const Number magnitude = {0, x->n, x->exponent, x->words};
    uint64_t f[MOST_WORDS + 2], a[MOST_WORDS + 2], b[MOST_WORDS + 2], one[MOST_WORDS + 2];
    int64_t k;
    if (!exp_parts(f, &k, &magnitude, 1, t) || k + 2 > 64 * (int64_t)n) return 0;
    quarter(a, f, n);
    power_of_two(one, k + 2, n);
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
