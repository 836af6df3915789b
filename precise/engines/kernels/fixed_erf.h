/* erf and erfc for |x| < 8. */

enum { ERF_ENTRIES = 512, ERF_TERMS = 1000 };

/* sum, n words: erf |x| = b(0) + b(1) u + b(2) u**2 + ... for 64 |x| = i + u, 0 <= u < 1, with coefficients of entry i
 * that fall with k. An entry has them from the last to b(0). All but b(0) are cut two's complements of so many words as
 * the sum from b(k) on needs, with no term's error of 4 units lost: 2 of the product, 1 of u in as many words as the
 * sum to be multiplied has, 1 of b(k). In all these are less than 4 ERF_TERMS < 2**ERROR_BITS units. */
static int erf_sum(uint64_t *sum, const Number *x, const Tables *t)
{
    const int n = t->n;
    uint64_t u[MOST_WORDS + 2], product[MOST_WORDS + 2];
    if (x->exponent > 3 || x->exponent < -64) return 0;
    place_words(u, n + 1, x->words, x->n, x->exponent + 6 + 64 * (int64_t)(n - x->n));
    int stride = n, size = (int)t->factors[0];
    for (int k = 0; k < t->groups; k++) stride += (int)t->factors[k];
    const uint64_t *coefficient = t->tables + (int64_t)u[n] * stride;
    memcpy(sum, coefficient, (size_t)size * sizeof(uint64_t));
    for (int k = 1; k <= t->groups; k++) {
        const int next = k < t->groups ? (int)t->factors[k] : n, negative = sum[size - 1] >> 63 ? 1 : 0;
        coefficient += size;
        multiply_words(product, sum, u + n - size, size);
        if (negative) subtract_words(product, product, u + n - size, size); /* of sum + 2**(64 size) */
        const uint64_t sign = product[size - 1] >> 63 ? UINT64_MAX : 0;
        for (; size < next; size++) product[size] = sign;
        add_words(sum, product, coefficient, size);
    }
    return 1;
}

static int erf_words(Result *y, const Number *x, const Tables *t)
{
    uint64_t sum[MOST_WORDS + 2];
    y->negative = x->negative;
    return erf_sum(sum, x, t) && normalise(y, sum, t->n, t->n, t->n);
}

/* 1 - erf x */
static int erfc_words(Result *y, const Number *x, const Tables *t)
{
    const int n = t->n;
    uint64_t sum[MOST_WORDS + 2], one[MOST_WORDS + 2] = {0};
    if (!erf_sum(sum, x, t)) return 0;
    one[n] = 1, sum[n] = 0;
    (x->negative ? add_words : subtract_words)(sum, one, sum, n + 1);
    y->negative = 0;
    return normalise(y, sum, n + 1, n, n);
}
