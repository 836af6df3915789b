/* Elementwise loops over contiguous lanes. Included for each instruction set. Results are made and rounded chunk by
 * chunk while they lie in the first-level cache. */

#define STAND_IN_LOOP(op, mode)                                                                                    \
    static int64_t NAME(make_##op##_##mode)(const Params *params, const double *restrict a,                        \
                                            const double *restrict b, const double *restrict c,                    \
                                            double *restrict y, int64_t n)                                         \
    {                                                                                                              \
        const Params p = *params;                                                                                  \
        int64_t bad = 0;                                                                                           \
        if (op != FMA) {                                                                                           \
            for (int64_t i = 0; i < n; i++)                                                                        \
                y[i] = plain_stand_in(op, mode, a[i], op == SQRT ? 0 : b[i], 0, &bad);                             \
            if (!(bad & OUTSIDE)) return bad;                                                                      \
            bad = 0;                                                                                               \
        }                                                                                                          \
        for (int64_t i = 0; i < n; i++)                                                                            \
            y[i] = stand_in(op, mode, &p, a[i], op == SQRT ? 0 : b[i], op == FMA ? c[i] : 0, &bad);                \
        return bad;                                                                                                \
    }

#define ROUND_LOOP(mode)                                                                                           \
    static int64_t NAME(round_##mode)(const Params *params, const double *restrict x, double *restrict y,          \
                                      int64_t n, uint64_t first)                                                   \
    {                                                                                                              \
        const Params p = *params;                                                                                  \
        const double low = least_regular(&p), high = largest_regular(&p);                                          \
        int64_t regular = -1, bad = 0;                                                                             \
        for (int64_t i = 0; i < n; i++) {                                                                          \
            regular &= is_regular(x[i], low, high);                                                                \
            y[i] = round_regular_lane(x[i], mode, &p, first + (uint64_t)i);                                        \
        }                                                                                                          \
        if (!regular)                                                                                              \
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

#undef STAND_IN_LOOP
#undef ROUND_LOOP
