/* Lanes that enclose the exact value of a function, from the host's value: those of `narrow_functions.py`. */

/* What is known of a function besides the host's value v and its margin. */
enum { NO_BOUND, LOG_LIKE, SIN_LIKE, TANH_LIKE, TAN_LIKE, COS_LIKE, EXP_LIKE, KINDS };

/* The odd lane that stands for what lies just below (-1) or above (+1) a bound, where that is sound. */
INLINE double beside(double bound, int64_t step, int64_t specks_decide)
{
    const int64_t b = bits_of(bound);
    const int64_t moves = WHERE((b & 1) == 0) & WHERE(bound > 0) & WHERE(bound < INFINITE) & specks_decide;
    return double_of(b + (step & moves));
}

INLINE double least(double a, double b) { return a < b ? a : b; }
INLINE double greatest(double a, double b) { return a > b ? a : b; }

/* Lanes at or below and at or above f(x), for the host's value v. Returns a mask: where no margin is known. */
INLINE int64_t enclose_lane(const int kind, double x, double v, double margin, int64_t specks_decide, double *lower,
                            double *upper)
{
    const double near = magnitude(x);
    double m = magnitude(v), high, low;
    int64_t exact = WHERE(!(near < INFINITE)) | WHERE(v != v) | WHERE(x == 0);
    if (kind == LOG_LIKE) exact |= WHERE(v == 0);
    if (kind == EXP_LIKE) m = pick(exact, m, greatest(least(m, HUGE_LANE), SPECK_LANE));
    const int64_t inside = WHERE(m >= LOW_LANE) & WHERE(m <= HIGH_LANE) & ~exact;
    m = pick(exact | inside, m, pick(WHERE(m > 1), HUGE_LANE, SPECK_LANE));
    const double reach = pick(inside, m * margin, 0.0);
    low = m - reach;
    high = m + reach;
    if (kind == SIN_LIKE || kind == TANH_LIKE)
        high = pick(inside, least(high, beside(least(near, 1.0), -1, specks_decide)), high);
    if (kind == COS_LIKE) high = pick(inside, least(high, beside(1.0, -1, specks_decide)), high);
    if (kind == TAN_LIKE) low = pick(inside & WHERE(near < 1.5), greatest(low, beside(near, 1, specks_decide)), low);
    if (kind == EXP_LIKE) {
        low = pick(inside & WHERE(x > 0), greatest(low, beside(1.0, 1, specks_decide)), low);
        high = pick(inside & WHERE(x < 0), least(high, beside(1.0, -1, specks_decide)), high);
    }
    const int64_t negative = WHERE(bits_of(v) < 0);
    *lower = pick(negative, -high, low);
    *upper = pick(negative, -low, high);
    if (kind != SIN_LIKE && kind != COS_LIKE && kind != TAN_LIKE) return 0;
    return WHERE(near > 0x1p26) & (WHERE(magnitude(v) < 0x1p-20) | WHERE(magnitude(v) > 0x1p20));
}
