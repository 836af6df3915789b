/* Elementwise loops over contiguous lanes. Included for each instruction set. Results are made and rounded chunk by
 * chunk while they lie in the first-level cache. */

/* Operation and rounding in one pass; says IRREGULAR where the loops below are needed. `plain` and `native` loops
 * serve normal results: the zero of a product or quotient may be an underflow. `finite` and `short` loops serve
 * subnormal and overflowing ones too, where `has_finite_loops` says so, and zeros whose dividend or factor is zero.
 * A quotient asks for a dividend of at least 2**-960; the magnitude of a root's argument follows from the root's.
 * The `native` and `short` loops take short operands only and say LONG_OPERANDS otherwise. In a nearest mode a result
 * below all normal lanes rounds to a zero of its sign, exact or not: half the least subnormal number of a format that
 * is served (see `lane_rounder`) is no such lane. The machine rounds by `machine_mode` meanwhile, in `plain` loops that
 * of truncation; in a directed mode native results need no residual. */
#define ONE_PASS(op, mode, kind, is_short, is_finite)                                                              \
    static int64_t NAME(kind##_##op##_##mode)(const Params *params, const double *restrict a,                      \
                                              const double *restrict b, int64_t flip, double *restrict y,          \
                                              int64_t n, uint64_t first)                                           \
    {                                                                                                              \
        const Params p = *params;                                                                                  \
        const int is_native = is_short || is_directed(mode), unary = op == ROUND || op == SQRT;                    \
        double least = is_finite ? 0 : least_normal_lane(&p);                                                      \
        if (least < 0x1p-479) least = 0x1p-479;                                                                    \
        const double largest = is_finite ? largest_finite(&p) : largest_regular(&p);                               \
        const Span regular = span_of(least, largest);                                                              \
        int64_t outside = 0, missed = 0, bits = 0;                                                                 \
        _Pragma("GCC unroll 4")                                                                                    \
        for (int64_t i = 0; i < n; i++) {                                                                          \
            const double other = unary ? 1 : double_of(bits_of(b[i]) ^ flip);                                      \
            const double x = is_native   ? native(op, a[i], other)                                                 \
                             : is_finite ? plain_stand_in(op, a[i], other, &missed)                                \
                                         : truncated_stand_in(op, a[i], other, &missed);                           \
            const int64_t of_zero = WHERE(a[i] == 0) | (op == MULTIPLY ? WHERE(other == 0) : 0);                   \
            if (is_short) bits |= bits_of(a[i]) | (unary ? 0 : bits_of(other));                                    \
            if (is_finite && (op == ROUND || op == ADD || is_directed(mode) || (is_short && is_nearest(mode))))    \
                outside |= WHERE(!(magnitude(x) <= largest));                                                      \
            else if (is_finite)                                                                                    \
                outside |= irregular(x, regular) & ~(WHERE(x == 0) & of_zero);                                     \
            else if (op == MULTIPLY || op == DIVIDE)                                                               \
                outside |= irregular(x, regular);                                                                  \
            else if (op == ROUND)                                                                                  \
                outside |= irregular(x, regular);                                                                  \
            else                                                                                                   \
                outside |= irregular_but_zero(x, regular);                                                         \
            if (op == DIVIDE && !is_native)                                                                        \
                outside |= WHERE(magnitude(a[i]) < LOW_LANE) & ~(is_finite ? of_zero : 0);                         \
            const uint64_t index = first + (uint64_t)i;                                                            \
            y[i] = is_finite ? round_finite_lane(x, mode, machine_mode(op, mode, 0), &p)                           \
                             : round_normal_lane(x, mode, &p, index);                                              \
        }                                                                                                          \
        if (op == ROUND && !is_finite && outside < 0) { /* once more, if only zeros were outside */                \
            outside = 0;                                                                                           \
            for (int64_t i = 0; i < n; i++) outside |= irregular_but_zero(a[i], regular);                          \
        }                                                                                                          \
        drop_signs(&p, y, n);                                                                                      \
        if (is_short && (bits & long_bits(op, mode, &p)) != 0) return LONG_OPERANDS;                               \
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

/* Rounding on the grid that subnormals share, and under every policy where that does not serve. */
#define ROUND_LOOP(mode)                                                                                           \
    static int64_t NAME(round_##mode)(const Params *params, const double *restrict x, double *restrict y,          \
                                      int64_t n, uint64_t first)                                                   \
    {                                                                                                              \
        const Params p = *params;                                                                                  \
        const Span regular = span_of(least_regular(&p), largest_regular(&p));                                      \
        int64_t outside = 0, bad = 0;                                                                              \
        for (int64_t i = 0; i < n; i++) {                                                                          \
            outside |= irregular_but_zero(x[i], regular);                                                          \
            y[i] = round_regular_lane(x[i], mode, &p, first + (uint64_t)i);                                        \
        }                                                                                                          \
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

ROUND_LOOP(RNE)
ROUND_LOOP(RNA)
ROUND_LOOP(RTZ)
ROUND_LOOP(RTP)
ROUND_LOOP(RTN)
ROUND_LOOP(RAZ)
ROUND_LOOP(RTO)
ROUND_LOOP(SR)

#define PLAIN(op, mode) ONE_PASS(op, mode, plain, 0, 0)
#define NATIVE(op, mode) ONE_PASS(op, mode, native, 1, 0)
#define FINITE(op, mode) ONE_PASS(op, mode, finite, 0, 1)
#define SHORT(op, mode) ONE_PASS(op, mode, short, 1, 1)
#define FOR_NEAREST(X, op) X(op, RNE) X(op, RNA)
#define FOR_DETERMINISTIC(X, op) FOR_NEAREST(X, op) X(op, RTZ) X(op, RTP) X(op, RTN) X(op, RAZ) X(op, RTO)
#define FOR_OTHERS(X, op) X(op, RAZ) X(op, RTO)
#define FOR_MODES(X, op) FOR_DETERMINISTIC(X, op) X(op, SR)
FOR_MODES(PLAIN, ROUND)
FOR_MODES(PLAIN, ADD)
FOR_MODES(PLAIN, MULTIPLY)
FOR_MODES(PLAIN, DIVIDE)
FOR_MODES(PLAIN, SQRT)
FOR_NEAREST(NATIVE, MULTIPLY)
FOR_OTHERS(NATIVE, MULTIPLY)
NATIVE(MULTIPLY, SR)
FOR_NEAREST(NATIVE, ADD)
FOR_NEAREST(NATIVE, DIVIDE)
FOR_NEAREST(NATIVE, SQRT)
FOR_DETERMINISTIC(FINITE, ROUND)
FOR_DETERMINISTIC(FINITE, ADD)
FOR_DETERMINISTIC(FINITE, MULTIPLY)
FOR_DETERMINISTIC(FINITE, DIVIDE)
FOR_DETERMINISTIC(FINITE, SQRT)
FOR_NEAREST(SHORT, MULTIPLY)
FOR_OTHERS(SHORT, MULTIPLY)
FOR_NEAREST(SHORT, ADD)
FOR_NEAREST(SHORT, DIVIDE)
FOR_NEAREST(SHORT, SQRT)

#define ENTRY(kind, op, mode) [mode] = NAME(kind##_##op##_##mode),
#define PLAIN_ENTRY(op, mode) ENTRY(plain, op, mode)
#define NATIVE_ENTRY(op, mode) ENTRY(native, op, mode)
#define FINITE_ENTRY(op, mode) ENTRY(finite, op, mode)
#define SHORT_ENTRY(op, mode) ENTRY(short, op, mode)
static const OnePass NAME(plain)[OPERATIONS][MODES] = {
    [ROUND] = {FOR_MODES(PLAIN_ENTRY, ROUND)},
    [ADD] = {FOR_MODES(PLAIN_ENTRY, ADD)},
    [SUBTRACT] = {FOR_MODES(PLAIN_ENTRY, ADD)},
    [MULTIPLY] = {FOR_MODES(PLAIN_ENTRY, MULTIPLY)},
    [DIVIDE] = {FOR_MODES(PLAIN_ENTRY, DIVIDE)},
    [SQRT] = {FOR_MODES(PLAIN_ENTRY, SQRT)},
};
/* NULL where native results of short operands need not be stand-ins, or no native result needs a residual. */
static const OnePass NAME(natives)[OPERATIONS][MODES] = {
    [ADD] = {FOR_NEAREST(NATIVE_ENTRY, ADD)},
    [SUBTRACT] = {FOR_NEAREST(NATIVE_ENTRY, ADD)},
    [MULTIPLY] = {FOR_NEAREST(NATIVE_ENTRY, MULTIPLY) FOR_OTHERS(NATIVE_ENTRY, MULTIPLY) NATIVE_ENTRY(MULTIPLY, SR)},
    [DIVIDE] = {FOR_NEAREST(NATIVE_ENTRY, DIVIDE)},
    [SQRT] = {FOR_NEAREST(NATIVE_ENTRY, SQRT)},
};
static const OnePass NAME(finite)[OPERATIONS][MODES] = {
    [ROUND] = {FOR_DETERMINISTIC(FINITE_ENTRY, ROUND)},
    [ADD] = {FOR_DETERMINISTIC(FINITE_ENTRY, ADD)},
    [SUBTRACT] = {FOR_DETERMINISTIC(FINITE_ENTRY, ADD)},
    [MULTIPLY] = {FOR_DETERMINISTIC(FINITE_ENTRY, MULTIPLY)},
    [DIVIDE] = {FOR_DETERMINISTIC(FINITE_ENTRY, DIVIDE)},
    [SQRT] = {FOR_DETERMINISTIC(FINITE_ENTRY, SQRT)},
};
static const OnePass NAME(shorts)[OPERATIONS][MODES] = {
    [ADD] = {FOR_NEAREST(SHORT_ENTRY, ADD)},
    [SUBTRACT] = {FOR_NEAREST(SHORT_ENTRY, ADD)},
    [MULTIPLY] = {FOR_NEAREST(SHORT_ENTRY, MULTIPLY) FOR_OTHERS(SHORT_ENTRY, MULTIPLY)},
    [DIVIDE] = {FOR_NEAREST(SHORT_ENTRY, DIVIDE)},
    [SQRT] = {FOR_NEAREST(SHORT_ENTRY, SQRT)},
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
static const Round NAME(rounders)[MODES] = {
    NAME(round_RNE), NAME(round_RNA), NAME(round_RTZ), NAME(round_RTP),
    NAME(round_RTN), NAME(round_RAZ), NAME(round_RTO), NAME(round_SR),
};

#undef ONE_PASS
#undef STAND_IN_LOOP
#undef ROUND_LOOP
#undef PLAIN
#undef NATIVE
#undef FINITE
#undef SHORT
#undef FOR_NEAREST
#undef FOR_DETERMINISTIC
#undef FOR_OTHERS
#undef FOR_MODES
#undef ENTRY
#undef PLAIN_ENTRY
#undef NATIVE_ENTRY
#undef FINITE_ENTRY
#undef SHORT_ENTRY
