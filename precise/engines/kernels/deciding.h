/* Intervals that hold exact values, rounded at both ends: where the ends agree, so does the value. Included for each
 * instruction set. */

#define ENCLOSE_LOOP(kind)                                                                                         \
    static void NAME(enclose_##kind)(const double *restrict x, const double *restrict v, double margin,            \
                                     int64_t specks_decide, double *restrict lower, double *restrict upper,        \
                                     int64_t *restrict unknown, int64_t n)                                         \
    {                                                                                                              \
        for (int64_t i = 0; i < n; i++)                                                                            \
            unknown[i] = enclose_lane(kind, x[i], v[i], margin, specks_decide, &lower[i], &upper[i]);              \
    }

/* Both ends rounded as regular lanes, which is right if all of them are; else as any lanes. */
#define DECIDE_LOOP(mode)                                                                                          \
    static void NAME(decide_##mode)(const Params *params, const double *restrict lower,                            \
                                    const double *restrict upper, const int64_t *restrict unknown,                 \
                                    double *restrict y, int64_t *restrict open, int64_t n, uint64_t first)         \
    {                                                                                                              \
        const Params p = *params;                                                                                  \
        const Span regular = span_of(least_regular(&p), largest_regular(&p));                                      \
        int64_t outside = 0;                                                                                       \
        for (int64_t i = 0; i < n; i++) {                                                                          \
            outside |= irregular(lower[i], regular);                                                               \
            outside |= irregular(upper[i], regular);                                                               \
            const double a = round_regular_lane(lower[i], mode, &p, first + (uint64_t)i);                          \
            const double b = round_regular_lane(upper[i], mode, &p, first + (uint64_t)i);                          \
            y[i] = a;                                                                                              \
            open[i] = WHERE(bits_of(a) != bits_of(b)) | unknown[i];                                                \
        }                                                                                                          \
        drop_signs(&p, y, n);                                                                                      \
        if (outside >= 0) return;                                                                                  \
        for (int64_t i = 0; i < n; i++) {                                                                          \
            int64_t bad = 0;                                                                                       \
            const double a = round_lane(lower[i], mode, &p, first + (uint64_t)i, &bad);                            \
            const double b = round_lane(upper[i], mode, &p, first + (uint64_t)i, &bad);                            \
            const int64_t nan = WHERE(a != a) & WHERE(b != b);                                                     \
            y[i] = a;                                                                                              \
            open[i] = (WHERE(bits_of(a) != bits_of(b)) & ~nan) | WHERE(bad != 0) | unknown[i];                     \
        }                                                                                                          \
    }

ENCLOSE_LOOP(NO_BOUND)
ENCLOSE_LOOP(LOG_LIKE)
ENCLOSE_LOOP(SIN_LIKE)
ENCLOSE_LOOP(TANH_LIKE)
ENCLOSE_LOOP(TAN_LIKE)
ENCLOSE_LOOP(COS_LIKE)
ENCLOSE_LOOP(EXP_LIKE)

DECIDE_LOOP(RNE)
DECIDE_LOOP(RNA)
DECIDE_LOOP(RTZ)
DECIDE_LOOP(RTP)
DECIDE_LOOP(RTN)
DECIDE_LOOP(RAZ)
DECIDE_LOOP(RTO)
DECIDE_LOOP(SR)

static const Enclose NAME(enclosers)[KINDS] = {
    NAME(enclose_NO_BOUND), NAME(enclose_LOG_LIKE), NAME(enclose_SIN_LIKE), NAME(enclose_TANH_LIKE),
    NAME(enclose_TAN_LIKE), NAME(enclose_COS_LIKE), NAME(enclose_EXP_LIKE),
};
static const Decide NAME(deciders)[MODES] = {
    NAME(decide_RNE), NAME(decide_RNA), NAME(decide_RTZ), NAME(decide_RTP),
    NAME(decide_RTN), NAME(decide_RAZ), NAME(decide_RTO), NAME(decide_SR),
};

#undef ENCLOSE_LOOP
#undef DECIDE_LOOP
