/* Exact sums of products rounded to nearest even, in register tiles. Included for each instruction set after
 * `sequential.h` for double lanes, whose rounding of products it shares.
 *
 * Let sigma = 1.5 * 2**(t + 1) where the magnitudes of all products of an entry add up to less than 2**t. Then
 * q = (y + sigma) - sigma is a multiple of 2**(t - 51) and y - q is exact. The sums of the q are such multiples below
 * 2**(t + 1) and so exact. The rests are multiples of the products' least bit 2**l, of at most 2**(t - 52) each, so
 * their sums are exact too if t - l + ceil(log2 k) <= 105 (Rump, Ogita, Oishi 2008, section 3). */

#define ROWS 2
#define COLUMNS (2 * WIDTH)

INLINE void IN_LANES(extract_tile)(const LANE *a, const LANE *panel, int64_t count, LANE *high, LANE *low,
                                   LANE grid_least_, LANE to_grid_, LANE sigma_, const int how)
{
    const IN_LANES(Vector) floor = IN_LANES(spread)(grid_least_ * to_grid_);
    const IN_LANES(Words) to_grid = (IN_LANES(Words))IN_LANES(spread)(to_grid_) - (IN_LANES(Words))IN_LANES(spread)(1);
    const IN_LANES(Vector) sigma = IN_LANES(spread)(sigma_);
    const IN_LANES(Vector) zero = IN_LANES(spread)(0);
    IN_LANES(Vector) s00 = zero, s01 = zero, s10 = zero, s11 = zero, e00 = zero, e01 = zero, e10 = zero, e11 = zero;
#define B(c) (*(const IN_LANES(Vector) *)(panel + k * PANEL + c))
#define STEP(s, e, r, c)                                                                                           \
    {                                                                                                              \
        const IN_LANES(Vector) y = IN_LANES(rounded_product)(IN_LANES(spread)(a[r * count + k]), B(c),             \
                                                             B(c + COLUMNS), floor, to_grid, how);                 \
        const IN_LANES(Vector) q = (y + sigma) - sigma;                                                            \
        s += q;                                                                                                    \
        e += y - q;                                                                                                \
    }
    for (int64_t k = 0; k < count; k++) {
        STEP(s00, e00, 0, 0) STEP(s01, e01, 0, WIDTH) STEP(s10, e10, 1, 0) STEP(s11, e11, 1, WIDTH)
    }
#undef STEP
#undef B
#define STORE(to, r, c, x) *(IN_LANES(Vector) *)(to + r * COLUMNS + c) = x
    STORE(high, 0, 0, s00), STORE(high, 0, WIDTH, s01), STORE(high, 1, 0, s10), STORE(high, 1, WIDTH, s11);
    STORE(low, 0, 0, e00), STORE(low, 0, WIDTH, e01), STORE(low, 1, 0, e10), STORE(low, 1, WIDTH, e11);
#undef STORE
}

static void IN_LANES(extract_flat)(const LANE *a, const LANE *panel, int64_t count, LANE *high, LANE *low,
                                   LANE sigma)
{
    IN_LANES(extract_tile)(a, panel, count, high, low, 0, 0, sigma, FLAT);
}

static void IN_LANES(extract_long)(const LANE *a, const LANE *panel, int64_t count, LANE *high, LANE *low,
                                   LANE sigma)
{
    IN_LANES(extract_tile)(a, panel, count, high, low, 0, 0, sigma, LONG);
}

static void IN_LANES(extract_gradual)(const LANE *a, const LANE *panel, int64_t count, LANE *high, LANE *low,
                                      LANE grid_least, LANE to_grid, LANE sigma)
{
    IN_LANES(extract_tile)(a, panel, count, high, low, grid_least, to_grid, sigma, GRADUAL);
}

/* Bit 1: a product has a positive sign; bit 2: one has a negative sign. */
static int IN_LANES(signs)(const LANE *a, const LANE *b, int64_t stride, int64_t count)
{
    int found = 0;
    for (int64_t k = 0; k < count && found < 3; k++)
        found |= (__builtin_signbit(a[k]) != 0) == (__builtin_signbit(b[k * stride]) != 0) ? 1 : 2;
    return found;
}

/* Rows start..stop of the exact sums s + e of rounded products; a zero s has the sign of the sum of its terms, and
 * `positive_zeros` marks sums of +0 alone. `panel` has room for a panel of b. */
static void IN_LANES(extract)(const LANE *a, const LANE *b, LANE *s, LANE *e, char *positive_zeros, int64_t start,
                              int64_t stop, int64_t count, int64_t columns, int p, LANE grid_least, LANE sigma,
                              LANE *panel, LANE *rows)
{
    const LANE power = __builtin_ldexp(1, 53 - p), splitter = power + 1, to_grid = power * 1.5;
    const int how = grid_least > 0 ? GRADUAL : p < 53 - p ? FLAT : LONG;
    LANE high[ROWS * COLUMNS], low[ROWS * COLUMNS];
    for (int64_t j = 0; j < columns; j += COLUMNS) {
        const int64_t width = columns - j < COLUMNS ? columns - j : COLUMNS;
        IN_LANES(pack)(b, count, columns, j, width, how == FLAT ? power : 1, splitter, panel);
        for (int64_t i = start; i < stop; i += ROWS) {
            const int64_t height = stop - i < ROWS ? stop - i : ROWS;
            const LANE *tile = a + i * count;
            if (height < ROWS) tile = memcpy(rows, tile, height * count * sizeof(LANE)); /* the rest is zeros */
            if (how == GRADUAL) IN_LANES(extract_gradual)(tile, panel, count, high, low, grid_least, to_grid, sigma);
            else (how == FLAT ? IN_LANES(extract_flat) : IN_LANES(extract_long))(tile, panel, count, high, low, sigma);
            for (int64_t r = 0; r < height; r++)
                for (int64_t c = 0; c < width; c++) {
                    const int64_t at = (i + r) * columns + j + c;
                    double rest, sum = two_sum(high[r * COLUMNS + c], low[r * COLUMNS + c], &rest);
                    positive_zeros[at] = 0;
                    if (sum == 0) {
                        const int found = IN_LANES(signs)(tile + r * count, panel + c, PANEL, count);
                        sum = found == 2 ? -0.0 : 0.0;
                        positive_zeros[at] = found == 1;
                    }
                    s[at] = sum, e[at] = rest;
                }
        }
    }
}

#undef ROWS
#undef COLUMNS
#undef PANEL
