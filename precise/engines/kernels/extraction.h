/* Exact sums of products rounded to nearest even, in register tiles. Included for each instruction set after
 * `sequential.h` for double lanes, whose rounding of products it shares.
 *
 * Where t - l <= 53, with all magnitudes of an entry's products adding up to less than 2**t and 2**l their least bit,
 * native sums are exact (sigma = 0 says so). Elsewhere let sigma = 1.5 * 2**(t + 1). A sum s that begins with sigma
 * stays between 2**(t + 1) and 2**(t + 2), where lanes are multiples of 2**(t - 51): u = s + y is rounded to one, and
 * y - (u - s) is exact (Dekker 1971), a multiple of 2**l of at most 2**(t - 52). So the sums of these rests are exact
 * too if t - l + ceil(log2 k) <= 105 (Rump, Ogita, Oishi 2008, section 3), and the last s less sigma is. */

#define COLUMNS (2 * WIDTH)

/* Two rows: the sums and the rests take as many registers as four rows of sums. */
INLINE void IN_LANES(extract_tile)(const LANE *a, int64_t stride, const LANE *panel, int64_t count, LANE *high, LANE *low,
                                   LANE grid_least_, LANE to_grid_, LANE sigma_, const int how)
{
    const IN_LANES(Vector) floor = IN_LANES(spread)(grid_least_ * to_grid_);
    const IN_LANES(Words) to_grid = (IN_LANES(Words))IN_LANES(spread)(to_grid_) - (IN_LANES(Words))IN_LANES(spread)(1);
    const IN_LANES(Vector) sigma = IN_LANES(spread)(sigma_);
    const IN_LANES(Vector) zero = IN_LANES(spread)(0);
    IN_LANES(Vector) s00 = sigma, s01 = sigma, s10 = sigma, s11 = sigma, e00 = zero, e01 = zero, e10 = zero, e11 = zero;
#define B(c) (*(const IN_LANES(Vector) *)(panel + k * PANEL + c))
#define STEP(s, e, r, c)                                                                                           \
    {                                                                                                              \
        const IN_LANES(Vector) y = IN_LANES(rounded_product)(IN_LANES(spread)(a[r * stride + k]), B(c),            \
                                                             B(c + COLUMNS), floor, to_grid, how);                 \
        const IN_LANES(Vector) u = s + y;                                                                          \
        e += y - (u - s);                                                                                          \
        s = u;                                                                                                     \
    }
    for (int64_t k = 0; k < count; k++) {
        STEP(s00, e00, 0, 0) STEP(s01, e01, 0, WIDTH) STEP(s10, e10, 1, 0) STEP(s11, e11, 1, WIDTH)
    }
#undef STEP
#undef B
#define STORE(to, r, c, x) *(IN_LANES(Vector) *)(to + r * COLUMNS + c) = x
    STORE(high, 0, 0, s00 - sigma), STORE(high, 0, WIDTH, s01 - sigma);
    STORE(high, 1, 0, s10 - sigma), STORE(high, 1, WIDTH, s11 - sigma);
    STORE(low, 0, 0, e00), STORE(low, 0, WIDTH, e01), STORE(low, 1, 0, e10), STORE(low, 1, WIDTH, e11);
#undef STORE
}

/* Four rows of sums and, where these have any, of rests. */
#define BOTH(name, how)                                                                                            \
    static void IN_LANES(extract_##name)(const LANE *a, int64_t stride, const LANE *panel, int64_t count, LANE *high, \
                                         LANE *low, LANE splitter, LANE grid_least, LANE to_grid, LANE sigma)      \
    {                                                                                                              \
        for (int r = 0; r < ROWS; r += 2)                                                                          \
            IN_LANES(extract_tile)(a + r * stride, stride, panel, count, high + r * COLUMNS, low + r * COLUMNS,    \
                                   grid_least, to_grid, sigma, how);                                               \
    }                                                                                                              \
    static void IN_LANES(add_##name)(const LANE *a, int64_t stride, const LANE *panel, int64_t count, LANE *high,  \
                                     LANE *low, LANE splitter, LANE grid_least, LANE to_grid, LANE sigma)          \
    {                                                                                                              \
        IN_LANES(tile)(a, stride, panel, count, high, splitter, grid_least, to_grid, how, 1);                      \
    }
BOTH(flat, FLAT)
BOTH(long, LONG)
BOTH(gradual, GRADUAL)
#undef BOTH
#define ENTRY(kind) \
    {[FLAT] = IN_LANES(kind##_flat), [LONG] = IN_LANES(kind##_long), [GRADUAL] = IN_LANES(kind##_gradual)}
static void (*const IN_LANES(extractors)[2][GRADUAL + 1])(const LANE *, int64_t, const LANE *, int64_t, LANE *, LANE *,
                                                          LANE, LANE, LANE, LANE) = {ENTRY(extract), ENTRY(add)};
#undef ENTRY

/* Bit 1: a product has a positive sign; bit 2: one has a negative sign. */
static int IN_LANES(signs)(const LANE *a, const LANE *b, int64_t stride, int64_t count)
{
    int found = 0;
    for (int64_t k = 0; k < count && found < 3; k++)
        found |= (__builtin_signbit(a[k]) != 0) == (__builtin_signbit(b[k * stride]) != 0) ? 1 : 2;
    return found;
}

/* Rows start..stop of the exact sums s + e of rounded products; a zero s has the sign of the sum of its terms, and
 * `positive_zeros` marks sums of +0 alone. Tiles without an entry that `only` marks are left out. `panel` has room for a
 * panel of b. */
static void IN_LANES(extract)(const LANE *a, const LANE *b, LANE *s, LANE *e, char *positive_zeros, const char *only,
                              int64_t start, int64_t stop, int64_t count, int64_t columns, int p, LANE grid_least,
                              LANE sigma, LANE *panel, LANE *rows)
{
    const LANE power = __builtin_ldexp(1, 53 - p), splitter = power + 1, to_grid = power * 1.5;
    const int how = grid_least > 0 ? GRADUAL : p < 53 - p ? FLAT : LONG;
    LANE high[ROWS * COLUMNS], low[ROWS * COLUMNS] = {0};
    for (int64_t j = 0; j < columns; j += COLUMNS) {
        const int64_t width = columns - j < COLUMNS ? columns - j : COLUMNS;
        IN_LANES(pack)(b, count, columns, j, width, how == FLAT ? power : 1, splitter, panel);
        for (int64_t i = start; i < stop; i += ROWS) {
            const int64_t height = stop - i < ROWS ? stop - i : ROWS;
            const LANE *tile = a + i * count;
            int is_asked = only == NULL;
            for (int64_t r = 0; r < height && !is_asked; r++)
                is_asked = memchr(only + (i + r) * columns + j, 1, (size_t)width) != NULL;
            if (!is_asked) continue;
            if (height < ROWS) tile = memcpy(rows, tile, height * count * sizeof(LANE)); /* the rest is zeros */
            IN_LANES(extractors)[sigma == 0][how](tile, count, panel, count, high, low, splitter, grid_least, to_grid, sigma);
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

#undef COLUMNS
