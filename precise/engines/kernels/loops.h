/* Elementwise loops over contiguous lanes. Included for each instruction set. Results are made and rounded chunk by
 * chunk while they lie in the first-level cache. */

/* Operation and rounding in one pass, for normal results; says IRREGULAR where the loops below are needed. The zero of
 * a product or quotient may be an underflow, and that of a sum has a sign of its own in RTN. A quotient asks for a
 * dividend of at least 2**-960; the magnitude of a root's argument follows from the root's. The `native` loops take
 * short operands only and say LONG_OPERANDS otherwise. */
#define PLAIN_LOOP(op, mode, kind, is_native)                                                                      \
    static int64_t NAME(kind##_##op##_##mode)(const Params *params, const double *restrict a,                      \
                                              const double *restrict b, int64_t flip, double *restrict y,          \
                                              int64_t n, uint64_t first)                                           \
    {                                                                                                              \
        const Params p = *params;                                                                                  \
        double least = least_normal_lane(&p);                                                                      \
        if (least < 0x1p-479) least = 0x1p-479;                                                                    \
        const int64_t least_bits = bits_of(least), largest_bits = bits_of(largest_regular(&p));                    \
        int64_t outside = 0, missed = 0, bits = 0;                                                                 \
        for (int64_t i = 0; i < n; i++) {                                                                          \
            const double other = op == ROUND || op == SQRT ? 0 : double_of(bits_of(b[i]) ^ flip);                  \
            const double x = is_native ? native(op, a[i], other) : plain_stand_in(op, a[i], other, &missed);       \
            if (is_native) bits |= bits_of(a[i]) | bits_of(other);                                                 \
            if (op == MULTIPLY || op == DIVIDE || (op == ADD && mode == RTN))                                      \
                outside |= irregular(x, least_bits, largest_bits);                                                 \
            else                                                                                                   \
                outside |= irregular_but_zero(x, least_bits, largest_bits);                                        \
            if (op == DIVIDE && !is_native) outside |= irregular(a[i], bits_of(LOW_LANE), bits_of(HIGH_LANE));                   \
            y[i] = round_normal_lane(x, mode, &p, first + (uint64_t)i);                                            \
        }                                                                                                          \
        drop_signs(&p, y, n);                                                                                      \
        if (is_native && (bits & long_bits(op, mode, &p)) != 0) return LONG_OPERANDS;                              \
        return (outside < 0 ? IRREGULAR : 0) | ((missed & ~SIGN_BIT) != 0 ? INEXACT : 0);                          \
    }

#define STAND_IN_LOOP(op, mode)                                                                                    \
    static int64_t NAME(make_##op##_##mode)(const Params *params, const double *restrict a,                        \
                                            const double *restrict b, const double *restrict c,                    \
                                            double *restrict y, int64_t n)                                         \
    {                                                                                                              \
        const Params p = *params;                                                                                  \
        int64_t bad = 0;                                                                                           \
        for (int64_t i = 0; i < n; i++)                                                                            \
            y[i] = stand_in(op, mode, &p, a[i], op == SQRT ? 0 : b[i], op == FMA ? c[i] : 0, &bad);                \
        return bad;                                                                                                \
    }

/* The same for results that lie inside the window, or are zeros of zeros; says IRREGULAR elsewhere. */
#define INNER_LOOP(op, mode)                                                                                       \
    static int64_t NAME(inner_##op##_##mode)(const double *restrict a, const double *restrict b, int64_t flip,     \
                                             double *restrict y, int64_t n)                                        \
    {                                                                                                              \
        const int64_t least_bits = bits_of(0x1p-479), largest_bits = bits_of(HIGH_LANE);                           \
        int64_t outside = 0, missed = 0;                                                                           \
        for (int64_t i = 0; i < n; i++) {                                                                          \
            const double other = op == SQRT ? 1 : double_of(bits_of(b[i]) ^ flip);                                 \
            const double x = plain_stand_in(op, a[i], other, &missed);                                             \
            int64_t zero = WHERE(x == 0);                                                                          \
            if (op == MULTIPLY) zero &= WHERE(a[i] == 0) | WHERE(other == 0);                                      \
            if (op == DIVIDE) zero &= WHERE(a[i] == 0);                                                            \
            if (op == ADD && mode == RTN) zero = 0;                                                                \
            outside |= irregular(x, least_bits, largest_bits) & ~zero;                                             \
            if (op == DIVIDE) outside |= irregular(a[i], bits_of(LOW_LANE), bits_of(HIGH_LANE)) & ~zero;           \
            y[i] = x;                                                                                              \
        }                                                                                                          \
        return (outside < 0 ? IRREGULAR : 0) | ((missed & ~SIGN_BIT) != 0 ? INEXACT : 0);                          \
    }

/* Rounding of finite lanes that no policy of underflow concerns, and under every policy where that does not serve. */
#define ROUND_LOOP(mode)                                                                                           \
    static int64_t NAME(round_##mode)(const Params *params, const double *restrict x, double *restrict y,          \
                                      int64_t n, uint64_t first)                                                   \
    {                                                                                                              \
        const Params p = *params;                                                                                  \
        const int on_grids = mode == SR || p.grid_bits >> 52 == 52;                                                \
        const int64_t least_bits = bits_of(least_regular(&p));                                                     \
        const int64_t largest_bits = bits_of(on_grids ? largest_regular(&p) : largest_served(&p));                 \
        const double least = least_normal_lane(&p), small = double_of(p.low_bits + p.grid_bits);                   \
        int64_t outside = 0, bad = 0;                                                                              \
        if (on_grids)                                                                                              \
            for (int64_t i = 0; i < n; i++) {                                                                      \
                outside |= irregular_but_zero(x[i], least_bits, largest_bits);                                     \
                y[i] = round_regular_lane(x[i], mode, &p, first + (uint64_t)i);                                    \
            }                                                                                                      \
        else                                                                                                       \
            for (int64_t i = 0; i < n; i++) {                                                                      \
                outside |= irregular_but_zero(x[i], least_bits, largest_bits);                                     \
                y[i] = round_finite_lane(x[i], mode, &p, least, small);                                            \
            }                                                                                                      \
        drop_signs(&p, y, n);                                                                                      \
        if (outside < 0)                                                                                           \
            for (int64_t i = 0; i < n; i++) y[i] = round_lane(x[i], mode, &p, first + (uint64_t)i, &bad);          \
        return bad;                                                                                                \
    }

STAND_IN_LOOP(ADD, RNE)
STAND_IN_LOOP(SUBTRACT, RNE)
STAND_IN_LOOP(FMA, RNE)
STAND_IN_LOOP(ADD, RTN)
STAND_IN_LOOP(SUBTRACT, RTN)
STAND_IN_LOOP(FMA, RTN)
STAND_IN_LOOP(MULTIPLY, RNE)
STAND_IN_LOOP(DIVIDE, RNE)
STAND_IN_LOOP(SQRT, RNE)

INNER_LOOP(ADD, RNE)
INNER_LOOP(ADD, RTN)
INNER_LOOP(MULTIPLY, RNE)
INNER_LOOP(DIVIDE, RNE)
INNER_LOOP(SQRT, RNE)

ROUND_LOOP(RNE)
ROUND_LOOP(RNA)
ROUND_LOOP(RTZ)
ROUND_LOOP(RTP)
ROUND_LOOP(RTN)
ROUND_LOOP(RAZ)
ROUND_LOOP(RTO)
ROUND_LOOP(SR)

#define STAND_IN_PLAIN(op, mode) PLAIN_LOOP(op, mode, plain, 0)
#define NATIVE_PLAIN(op, mode) PLAIN_LOOP(op, mode, native, 1)
#define FOR_MODES(X, op) X(op, RNE) X(op, RNA) X(op, RTZ) X(op, RTP) X(op, RTN) X(op, RAZ) X(op, RTO) X(op, SR)
FOR_MODES(STAND_IN_PLAIN, ROUND)
FOR_MODES(STAND_IN_PLAIN, ADD)
FOR_MODES(STAND_IN_PLAIN, MULTIPLY)
FOR_MODES(STAND_IN_PLAIN, DIVIDE)
FOR_MODES(STAND_IN_PLAIN, SQRT)
FOR_MODES(NATIVE_PLAIN, MULTIPLY)
#define NEAREST(op) NATIVE_PLAIN(op, RNE) NATIVE_PLAIN(op, RNA)
NEAREST(ADD) NEAREST(DIVIDE) NEAREST(SQRT)

#define PLAIN_ENTRY(op, mode) NAME(plain_##op##_##mode),
static const Plain NAME(plain)[OPERATIONS][MODES] = {
    [ROUND] = {FOR_MODES(PLAIN_ENTRY, ROUND)},       [ADD] = {FOR_MODES(PLAIN_ENTRY, ADD)},
    [SUBTRACT] = {FOR_MODES(PLAIN_ENTRY, ADD)},      [MULTIPLY] = {FOR_MODES(PLAIN_ENTRY, MULTIPLY)},
    [DIVIDE] = {FOR_MODES(PLAIN_ENTRY, DIVIDE)},     [SQRT] = {FOR_MODES(PLAIN_ENTRY, SQRT)},
};

/* NULL where native results of short operands need not be stand-ins. */
#define NATIVE_ENTRY(op, mode) NAME(native_##op##_##mode),
#define NEAREST_ENTRIES(op) NAME(native_##op##_RNE), NAME(native_##op##_RNA)
static const Plain NAME(natives)[OPERATIONS][MODES] = {
    [ADD] = {NEAREST_ENTRIES(ADD)},       [SUBTRACT] = {NEAREST_ENTRIES(ADD)}, [MULTIPLY] = {FOR_MODES(NATIVE_ENTRY, MULTIPLY)},
    [DIVIDE] = {NEAREST_ENTRIES(DIVIDE)}, [SQRT] = {NEAREST_ENTRIES(SQRT)},
};

/* The loops by operation, for RTN (whose zero sums are negative) and for the other modes; and by mode. */
static const Make NAME(makers)[OPERATIONS][2] = {
    [ADD] = {NAME(make_ADD_RNE), NAME(make_ADD_RTN)},
    [SUBTRACT] = {NAME(make_SUBTRACT_RNE), NAME(make_SUBTRACT_RTN)},
    [FMA] = {NAME(make_FMA_RNE), NAME(make_FMA_RTN)},
    [MULTIPLY] = {NAME(make_MULTIPLY_RNE), NAME(make_MULTIPLY_RNE)},
    [DIVIDE] = {NAME(make_DIVIDE_RNE), NAME(make_DIVIDE_RNE)},
    [SQRT] = {NAME(make_SQRT_RNE), NAME(make_SQRT_RNE)},
};
static const Inner NAME(inners)[OPERATIONS][2] = {
    [ADD] = {NAME(inner_ADD_RNE), NAME(inner_ADD_RTN)},
    [SUBTRACT] = {NAME(inner_ADD_RNE), NAME(inner_ADD_RTN)},
    [MULTIPLY] = {NAME(inner_MULTIPLY_RNE), NAME(inner_MULTIPLY_RNE)},
    [DIVIDE] = {NAME(inner_DIVIDE_RNE), NAME(inner_DIVIDE_RNE)},
    [SQRT] = {NAME(inner_SQRT_RNE), NAME(inner_SQRT_RNE)},
};
static const Round NAME(rounders)[MODES] = {
    NAME(round_RNE), NAME(round_RNA), NAME(round_RTZ), NAME(round_RTP),
    NAME(round_RTN), NAME(round_RAZ), NAME(round_RTO), NAME(round_SR),
};

#undef STAND_IN_LOOP
#undef INNER_LOOP
#undef ROUND_LOOP
#undef PLAIN_LOOP
#undef PLAIN_ENTRY
#undef STAND_IN_PLAIN
#undef NATIVE_PLAIN
#undef NATIVE_ENTRY
#undef NEAREST
#undef NEAREST_ENTRIES
#undef FOR_MODES
