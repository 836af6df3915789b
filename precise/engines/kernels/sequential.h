/* Matrix products with a rounding to nearest even after each product and each sum, in register tiles. Included for
 * each instruction set and each lane, with IN_LANES(x), LANE (double or float), WORD (the integer of that size),
 * WIDTH (lanes a vector), MAXIMUM(a, b) and REST(g, a, b) = g - a * b with one rounding, for exact a * b.
 *
 * Preconditions, tested by the caller on the data: products of the operands are exact in the lane; no partial sum
 * overflows the format or comes near the lane's ends; 2 p + 2 bits fit the lane, so that the native sum rounds like
 * the exact one (Figueroa 1995); `a` has at most half of the lane's bits, rounded down, and `b` no more and at most
 * p. With s bits to spare, Veltkamp's `g - (g - x)`, g = x * (2**s + 1), is the rounding of x to nearest even.
 *
 * An exact product x = a * b with p < s takes one operation less, g - 2**s * x, where 2**s * b is stored beside
 * (2**s + 1) * b. Say 1 <= x < 2. If g <= 2**(s + 1), g is a multiple of the unit 2**(1 - p), as 2**s * x is, and
 * nearest to their sum with x; in a tie 2**s * x is even in that unit, s > 1, so the difference is even where g is.
 * Beyond, x = 2 - d with d < 2**(1 - s), to be rounded to 2, and g is the multiple of twice that unit nearest to
 * 2**s * x + 2 - d. As 2**s * x is such a multiple, x having at most the lane's bits less one, and d is less than
 * half the unit, g - 2**s * x = 2. (Sums may have all of the lane's bits: for 2 - 2**-52 it would be
 * 2 - 2**(1 - p).) A zero comes out as +0, which `all_negative` corrects.
 *
 * A sum never needs the subnormal grid, since both terms are multiples of its quantum. Products may: `grid_least` is
 * 2**emin where some product can be smaller, else 0.
 *
 * Where the lane has p bits itself, its own products and sums are the rounded ones; operands then have up to p bits,
 * and the caller keeps everything away from the lane's subnormal numbers. A product below `grid_least` is rounded on
 * the subnormal grid by one fused operation: with c = 2 * grid_least of the product's sign, c - a * b lies between c / 2
 * and c, where the lane's grid is the subnormal one, of which c is an even multiple. (A product that the lane rounds to
 * grid_least or more is rounded so by the format too.) That needs a REST that
 * rounds only once for any a * b, which is so where the instruction set `fuses`. */

typedef LANE IN_LANES(Vector) __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(LANE))));
typedef WORD IN_LANES(Words) __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(LANE))));

#ifndef TILES
#define TILES
/* How a tile rounds: with p < s, with any p, with gradual underflow, natively without it and with it. */
enum { FLAT, LONG, GRADUAL, NATIVE, NATIVE_GRADUAL };
#endif

#define ROWS 4
#define COLUMNS (2 * WIDTH)
#define PANEL (4 * WIDTH) /* lanes a row of a packed panel: COLUMNS of b * scale, then of b * splitter */

INLINE IN_LANES(Vector) IN_LANES(spread)(LANE x) { return x - (IN_LANES(Vector)){0}; }

/* a * b rounded; `b` is scaled by 2**s if `how` is FLAT, and `split` = b * (2**s + 1), exact since b has at most p
 * bits. */
INLINE IN_LANES(Vector) IN_LANES(rounded_product)(IN_LANES(Vector) a, IN_LANES(Vector) b, IN_LANES(Vector) split,
                                                  IN_LANES(Vector) floor, IN_LANES(Words) to_grid, const int how)
{
    if (how == NATIVE) return a * b;
    if (how == NATIVE_GRADUAL) { /* `floor` is 2 * grid_least */
        const IN_LANES(Vector) x = a * b;
        const IN_LANES(Words) sign = (IN_LANES(Words))x & (IN_LANES(Words))IN_LANES(spread)((LANE)-0.0);
        const IN_LANES(Vector) c = (IN_LANES(Vector))(sign | (IN_LANES(Words))floor), y = c - REST(c, a, b);
        const IN_LANES(Words) tiny = (IN_LANES(Vector))((IN_LANES(Words))x ^ sign) < floor * (LANE)0.5;
        return (IN_LANES(Vector))(((IN_LANES(Words))y & tiny) | ((IN_LANES(Words))x & ~tiny));
    }
    if (how != GRADUAL) {
        const IN_LANES(Vector) g = a * split, rest = REST(g, a, b);
        return how == FLAT ? rest : g - rest;
    }
    /* Adding 1.5 * 2**(e + s), or more near underflow, rounds to the grid of x; a zero comes out as +0. `to_grid` is what
     * makes that number of the bits of 2**e. */
    const IN_LANES(Vector) x = a * b;
    const IN_LANES(Words) field = (IN_LANES(Words))IN_LANES(spread)((LANE)INFINITE);
    const IN_LANES(Vector) c = MAXIMUM((IN_LANES(Vector))(((IN_LANES(Words))x & field) + to_grid), floor);
    return (x + c) - c;
}

/* One tile of ROWS x COLUMNS results from ROWS rows of `a` and a packed panel of `b`; `keeps`: sums are not rounded to
 * p bits. */
INLINE void IN_LANES(tile)(const LANE *a, int64_t stride, const LANE *panel, int64_t count, LANE *out, LANE splitter_,
                           LANE grid_least_, LANE to_grid_, const int how, const int keeps)
{
    const IN_LANES(Vector) splitter = IN_LANES(spread)(splitter_), floor = IN_LANES(spread)(grid_least_ * to_grid_);
    const IN_LANES(Vector) one = IN_LANES(spread)(1);
    const IN_LANES(Words) to_grid = (IN_LANES(Words))IN_LANES(spread)(to_grid_) - (IN_LANES(Words))one;
    IN_LANES(Vector) t00, t01, t10, t11, t20, t21, t30, t31; /* an array would not stay in registers */
#define B(c) (*(const IN_LANES(Vector) *)(panel + k * PANEL + c))
#define PRODUCT(r, c) \
    IN_LANES(rounded_product)(IN_LANES(spread)(a[r * stride + k]), B(c), B(c + COLUMNS), floor, to_grid, how)
/* Of the many additions of gradual underflow one is made a fused operation, which takes work off the adders. */
#define STEP(t, r, c)                                                                                              \
    {                                                                                                              \
        t += PRODUCT(r, c);                                                                                        \
        if (how != NATIVE && how != NATIVE_GRADUAL && !keeps) {                                                    \
            const IN_LANES(Vector) g = t * splitter;                                                               \
            t = g - (how == GRADUAL ? REST(g, t, one) : g - t);                                                    \
        }                                                                                                          \
    }
#define STORE(total, r, c) *(IN_LANES(Vector) *)(out + r * COLUMNS + c) = total
    int64_t k = 0;
    t00 = PRODUCT(0, 0), t10 = PRODUCT(1, 0), t20 = PRODUCT(2, 0), t30 = PRODUCT(3, 0);
    t01 = PRODUCT(0, WIDTH), t11 = PRODUCT(1, WIDTH), t21 = PRODUCT(2, WIDTH), t31 = PRODUCT(3, WIDTH);
    for (k = 1; k < count; k++) {
        STEP(t00, 0, 0) STEP(t01, 0, WIDTH) STEP(t10, 1, 0) STEP(t11, 1, WIDTH)
        STEP(t20, 2, 0) STEP(t21, 2, WIDTH) STEP(t30, 3, 0) STEP(t31, 3, WIDTH)
    }
    STORE(t00, 0, 0), STORE(t10, 1, 0), STORE(t20, 2, 0), STORE(t30, 3, 0);
    STORE(t01, 0, WIDTH), STORE(t11, 1, WIDTH), STORE(t21, 2, WIDTH), STORE(t31, 3, WIDTH);
#undef B
#undef PRODUCT
#undef STEP
#undef STORE
}

static void IN_LANES(tile_flat)(const LANE *a, int64_t stride, const LANE *panel, int64_t count, LANE *out, LANE splitter)
{
    IN_LANES(tile)(a, stride, panel, count, out, splitter, 0, 0, FLAT, 0);
}

static void IN_LANES(tile_gradual)(const LANE *a, int64_t stride, const LANE *panel, int64_t count, LANE *out,
                                   LANE splitter, LANE grid_least, LANE to_grid)
{
    IN_LANES(tile)(a, stride, panel, count, out, splitter, grid_least, to_grid, GRADUAL, 0);
}

static void IN_LANES(tile_native)(const LANE *a, int64_t stride, const LANE *panel, int64_t count, LANE *out)
{
    IN_LANES(tile)(a, stride, panel, count, out, 0, 0, 0, NATIVE, 0);
}

static void IN_LANES(tile_native_gradual)(const LANE *a, int64_t stride, const LANE *panel, int64_t count, LANE *out,
                                          LANE grid_least)
{
    IN_LANES(tile)(a, stride, panel, count, out, 0, grid_least, 2, NATIVE_GRADUAL, 0);
}

/* Packs columns j..j + width of b: [count, columns], times `scale` and times the splitter; the rest of the panel is
 * 0. */
static void IN_LANES(pack)(const double *b, int64_t count, int64_t columns, int64_t j, int64_t width, LANE scale,
                           LANE splitter, LANE *panel)
{
    LANE row[COLUMNS] = {0};
    for (int64_t k = 0; k < count; k++) {
        for (int64_t c = 0; c < width; c++) row[c] = (LANE)b[k * columns + j + c];
        for (int64_t c = 0; c < COLUMNS; c++) {
            panel[k * PANEL + c] = row[c] * scale;
            panel[k * PANEL + COLUMNS + c] = row[c] * splitter;
        }
    }
}

/* Whether every product has a negative sign; a sum of such products that is zero is -0. */
static int IN_LANES(all_negative)(const LANE *a, const LANE *b, int64_t count)
{
    for (int64_t k = 0; k < count; k++)
        if ((__builtin_signbit(a[k]) != 0) == (__builtin_signbit(b[k * PANEL]) != 0)) return 0;
    return 1;
}

/* Rows start..stop of out = a @ b for a: [n, count], b: [count, columns]; `panel` has room for a panel of b and `rows`
 * for `block` rows of a, and ROWS - 1 more. Lanes hold everything times `scale`, a power of two. */
static void IN_LANES(sequential)(const double *a, const double *b, double *out, int64_t start, int64_t stop,
                                 int64_t count, int64_t columns, int p, double grid_least, double scale, int64_t block,
                                 void *panel_, void *rows_)
{
    LANE *panel = panel_, *rows = rows_;
    const int spare = (sizeof(LANE) == 8 ? 53 : 24) - p;
    const LANE power = (LANE)__builtin_ldexp(1, spare), splitter = power + 1, to_grid = power * (LANE)1.5;
    const int flat = spare > 0 && grid_least == 0;
    LANE result[ROWS * COLUMNS];
    for (int64_t first = start; first < stop; first += block) {
        const int64_t last = stop - first < block ? stop : first + block;
        for (int64_t at = 0; at < (last - first) * count; at++) rows[at] = (LANE)(a[first * count + at] * scale);
        for (int64_t j = 0; j < columns; j += COLUMNS) {
            const int64_t width = columns - j < COLUMNS ? columns - j : COLUMNS;
            IN_LANES(pack)(b, count, columns, j, width, flat ? power : 1, splitter, panel);
            for (int64_t i = first; i < last; i += ROWS) {
                const int64_t height = last - i < ROWS ? last - i : ROWS; /* what lies beyond is computed in vain */
                const LANE *tile = rows + (i - first) * count;
                if (spare == 0 && grid_least > 0)
                    IN_LANES(tile_native_gradual)(tile, count, panel, count, result, (LANE)(grid_least * scale));
                else if (spare == 0)
                    IN_LANES(tile_native)(tile, count, panel, count, result);
                else if (flat)
                    IN_LANES(tile_flat)(tile, count, panel, count, result, splitter);
                else
                    IN_LANES(tile_gradual)(tile, count, panel, count, result, splitter, (LANE)(grid_least * scale), to_grid);
                for (int64_t r = 0; r < height; r++)
                    for (int64_t c = 0; c < width; c++) {
                        const LANE y = result[r * COLUMNS + c];
                        const int negative = y == 0 && IN_LANES(all_negative)(tile + r * count, panel + c, count);
                        out[(i + r) * columns + j + c] = negative ? -0.0 : y / scale;
                    }
            }
        }
    }
}

#undef COLUMNS
