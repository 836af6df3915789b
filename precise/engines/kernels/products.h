/* Matrix products out of the loops: a: [n, count], b: [count, columns], both contiguous, rows start..stop of the
 * result. */

/* What is added to the accumulator. */
enum { ROUNDED_PRODUCTS, FUSED_PRODUCTS, EXACT_PRODUCTS };

/* Sequential order with any rounding: each step in chunks of columns, one factor spread over a chunk. */
static int64_t chain_rows(const Factors *f, double *out, int64_t start, int64_t stop, int products,
                          const Params *product_params, int product_mode, const Params *params, int mode)
{
    const Make multiply = variant->makers[MULTIPLY][0], add = variant->makers[ADD][mode == RTN];
    const Make fuse = variant->makers[FMA][mode == RTN];
    const Round round_product = variant->rounders[product_mode], round = variant->rounders[mode];
    double factor[LANES], exact[LANES], product[LANES], total[LANES];
    int64_t bad = 0;
    for (int64_t i = start; i < stop; i++)
        for (int64_t j = 0; j < f->columns; j += LANES) {
            const int64_t n = f->columns - j < LANES ? f->columns - j : LANES;
            for (int64_t k = 0; k < f->count; k++) {
                const double *b = f->b + k * f->columns + j;
                const double x = f->a[i * f->count + k];
                if (products == EXACT_PRODUCTS)
                    for (int64_t c = 0; c < n; c++) product[c] = x * b[c];
                else
                    for (int64_t c = 0; c < n; c++) factor[c] = x;
                if (products == ROUNDED_PRODUCTS) {
                    bad |= multiply(product_params, factor, b, NULL, exact, n);
                    bad |= round_product(product_params, exact, product, n, 0);
                }
                if (products == FUSED_PRODUCTS) {
                    if (k == 0) bad |= multiply(params, factor, b, NULL, exact, n);
                    else bad |= fuse(params, factor, b, total, exact, n);
                    bad |= round(params, exact, total, n, 0);
                } else if (k == 0) {
                    bad |= round(params, product, total, n, 0);
                } else {
                    bad |= add(params, total, product, NULL, exact, n);
                    bad |= round(params, exact, total, n, 0);
                }
            }
            memcpy(out + i * f->columns + j, total, n * sizeof(double));
        }
    return bad;
}

/* Exact sums of rounded products (`params` given) or of exact ones, as s + e and a bound. */
static int64_t exact_rows(const Factors *f, double *s, double *e, double *bound, char *positive_zeros, int64_t start,
                          int64_t stop, const Params *params, int mode)
{
    double factor[LANES], exact[LANES], product[LANES];
    int64_t zeros[LANES], bad = 0;
    for (int64_t i = start; i < stop; i++)
        for (int64_t j = 0; j < f->columns; j += LANES) {
            const int64_t n = f->columns - j < LANES ? f->columns - j : LANES, at = i * f->columns + j;
            for (int64_t c = 0; c < n; c++) {
                s[at + c] = -0.0; /* the sum of no terms that changes no sign */
                e[at + c] = bound[at + c] = 0;
                zeros[c] = -1;
            }
            for (int64_t k = 0; k < f->count; k++) {
                const double *b = f->b + k * f->columns + j;
                const double x = f->a[i * f->count + k];
                if (params == NULL) {
                    variant->include_products(x, b, s + at, e + at, bound + at, zeros, n);
                    continue;
                }
                for (int64_t c = 0; c < n; c++) factor[c] = x;
                bad |= variant->makers[MULTIPLY][0](params, factor, b, NULL, exact, n);
                bad |= variant->rounders[mode](params, exact, product, n, 0);
                variant->include_terms(product, s + at, e + at, bound + at, zeros, n);
            }
            for (int64_t c = 0; c < n; c++) positive_zeros[at + c] = zeros[c] != 0;
        }
    return bad;
}

/* Float64 products `c` with margins left[i] * right[j], rounded at both ends; `open` marks the undecided. */
static void filter_rows(const double *c, const double *left, const double *right, double *out, char *open,
                        int64_t start, int64_t stop, int64_t columns, const Params *params, int mode)
{
    double lower[LANES], upper[LANES];
    int64_t unknown[LANES], undecided[LANES];
    for (int64_t i = start; i < stop; i++)
        for (int64_t j = 0; j < columns; j += LANES) {
            const int64_t n = columns - j < LANES ? columns - j : LANES, at = i * columns + j;
            for (int64_t k = 0; k < n; k++) {
                const double margin = left[i] * right[j + k], x = c[at + k];
                lower[k] = x - margin;
                upper[k] = x + margin;
                unknown[k] = WHERE(x == 0) & WHERE(margin == 0); /* a zero's sign depends on the terms */
            }
            variant->deciders[mode](params, lower, upper, unknown, out + at, undecided, n, 0);
            for (int64_t k = 0; k < n; k++) open[at + k] = undecided[k] != 0;
        }
}

/* Rounds a function of x from the host's values v; returns whether all is decided. */
static int decide_lanes(int kind, const double *x, const double *v, double margin, int64_t specks_decide, double *out,
                        char *open, int64_t size, uint64_t first, const Params *params, int mode)
{
    double lower[LANES], upper[LANES];
    int64_t unknown[LANES], undecided[LANES], any = 0;
    for (int64_t at = 0; at < size; at += LANES) {
        const int64_t n = size - at < LANES ? size - at : LANES;
        variant->enclosers[kind](x + at, v + at, margin, specks_decide, lower, upper, unknown, n);
        variant->deciders[mode](params, lower, upper, unknown, out + at, undecided, n, first + (uint64_t)at);
        for (int64_t i = 0; i < n; i++) {
            open[at + i] = undecided[i] != 0;
            any |= undecided[i];
        }
    }
    return any == 0;
}
