/* Exact sums as `s + e` with a bound on what both miss; see `ExactSum` in `narrow_sums.py`. For each instruction
 * set. */

static void NAME(include_terms)(const double *restrict term, double *restrict s, double *restrict e,
                                double *restrict bound, int64_t *restrict zeros, int64_t n)
{
    for (int64_t i = 0; i < n; i++) include(term[i], 0, 0, &s[i], &e[i], &bound[i], &zeros[i]);
}

/* Adds the exact products a * b[i]; their low parts are 0 beside zeros, infinities and NaN. */
static void NAME(include_products)(double a, const double *restrict b, double *restrict s, double *restrict e,
                                   double *restrict bound, int64_t *restrict zeros, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const double high = a * b[i], low = __builtin_fma(a, b[i], -high);
        const int64_t has_low = is_finite(high) & WHERE(high != 0);
        include(high, pick(has_low, low, 0.0), 1, &s[i], &e[i], &bound[i], &zeros[i]);
    }
}

/* Exact sums of the products of row rows[i] of a and row columns[i] of b transposed, as s + e and a bound. */
static void NAME(exact_dots)(const Factors *f, const int64_t *rows, const int64_t *columns, double *s, double *e,
                             double *bound, char *positive_zeros, int64_t size)
{
    for (int64_t i = 0; i < size; i++) {
        const double *a = f->a + rows[i] * f->count, *b = f->b + columns[i] * f->count;
        double sum = -0.0, rest = 0, missed = 0;
        int64_t zeros = -1;
        for (int64_t k = 0; k < f->count; k++) {
            const double high = a[k] * b[k], low = __builtin_fma(a[k], b[k], -high);
            const int64_t has_low = is_finite(high) & WHERE(high != 0);
            include(high, pick(has_low, low, 0.0), 1, &sum, &rest, &missed, &zeros);
        }
        s[i] = sum, e[i] = rest, bound[i] = missed, positive_zeros[i] = zeros != 0;
    }
}
