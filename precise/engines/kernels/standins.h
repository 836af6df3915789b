/* Lanes that round like exact results: the native result, moved to an odd significand where it misses something.
 * Each operation has a plain form for results inside the window, which says where it does not hold, and a full form.
 * The conditions are those of `residuals.py`, but for products, which a fused multiply-add splits without a limit. */

#define LOW_LANE 0x1p-960
#define HIGH_LANE 0x1p960
#define SPECK_LANE 0x1p-961
#define HUGE_LANE 0x1p961

INLINE int64_t is_finite(double x) { return WHERE(magnitude(x) < INFINITE); }
INLINE int64_t is_inside(double s) { return WHERE(magnitude(s) >= LOW_LANE) & WHERE(magnitude(s) <= HIGH_LANE); }

/* s moved to the odd neighbour on the side of err: one less where err points to zero, then the last bit set. NaN in err
 * (beside infinities) moves nothing. */
INLINE double nudge(double s, double err, int64_t *bad)
{
    const int64_t inexact = (WHERE(err < 0) | WHERE(err > 0)) & 1;
    const int64_t inwards = (int64_t)((uint64_t)(bits_of(s) ^ bits_of(err)) >> 63) & inexact;
    *bad |= -inexact & INEXACT;
    return double_of((bits_of(s) - inwards) | inexact);
}

INLINE double two_sum(double a, double b, double *err)
{
    const double s = a + b, t = s - a;
    *err = (a - (s - t)) + (b - t);
    return s;
}

/* Adds one term, or a pair term + low, to an exact sum s + e that misses at most `bound` (`ExactSum`). */
INLINE void include(double term, double low, const int pair, double *s, double *e, double *bound, int64_t *zeros)
{
    double missed, lost;
    *s = two_sum(*s, term, &missed);
    *e = two_sum(*e, missed, &lost);
    *bound += magnitude(lost);
    *zeros &= WHERE(bits_of(term) == 0);
    if (!pair) return;
    *e = two_sum(*e, low, &lost);
    *bound += magnitude(lost);
}

/* -0 for exact zero sums where rounding goes towards minus infinity, unless both terms are +0. */
INLINE double zero_sum(double s, double a, double b)
{
    return pick(WHERE(s == 0) & WHERE((bits_of(a) | bits_of(b)) != 0), -0.0, s);
}

/* Finite sums above the window become one huge value. */
INLINE double sum_pair(double a, double b, const int mode, double *err)
{
    const double s = two_sum(a, b, err);
    const int64_t beyond = is_finite(a) & is_finite(b) & WHERE(magnitude(s) > HIGH_LANE);
    *err = pick(beyond, 0.0, *err);
    const double settled = pick(beyond, copy_sign(HUGE_LANE, s), s);
    return mode == RTN ? zero_sum(settled, a, b) : settled;
}

/* Products and quotients of regular operands outside the window: one tiny and one huge value of either sign stand for
 * all, since no served format has a threshold out there. */
INLINE double settle_ends(double s, double *err, int64_t regular)
{
    const int64_t outside = regular & ~is_inside(s);
    *err = pick(outside, 0.0, *err);
    return pick(outside, copy_sign(pick(WHERE(magnitude(s) > 1), HUGE_LANE, SPECK_LANE), s), s);
}

INLINE int64_t are_regular(double a, double b)
{
    return is_finite(a) & is_finite(b) & WHERE(a != 0) & WHERE(b != 0);
}

/* a * b as s + err; err = fma(a, b, -s) is exact for 2**-960 <= |s| <= 2**960. */
INLINE double product_pair(double a, double b, double *err)
{
    const double s = a * b;
    *err = __builtin_fma(a, b, -s);
    return settle_ends(s, err, are_regular(a, b));
}

/* The remainder a - s * b is exact for |a| >= 2**-960; its sign is turned by that of b. */
INLINE double quotient_pair(double a, double b, double *err)
{
    const double s = a / b;
    *err = double_of(bits_of(__builtin_fma(-s, b, a)) ^ (bits_of(b) & SIGN_BIT));
    return s;
}

INLINE double root_pair(double a, double *err)
{
    const double s = __builtin_sqrt(a);
    *err = __builtin_fma(-s, s, a);
    return s;
}

/* a * b + z. The product is ph + pl exactly; ph + z = s + e; e + pl = t + g; s + t = S + E, all exactly. The sign of
 * what S misses is that of E, or of g where E = 0 (see `residuals.py`). */
INLINE double fused_pair(double a, double b, double z, const int mode, double *err, int64_t *bad)
{
    double pl, e, g, rest;
    const double ph = product_pair(a, b, &pl), m = magnitude(z);
    const int64_t finite = is_finite(a) & is_finite(b) & is_finite(z);
    *bad |= WHERE(m < 0x1p-880) & WHERE(m != 0) & OUTSIDE;
    *bad |= finite & (WHERE(magnitude(ph) >= 0x1p900) | WHERE(m >= 0x1p900)) & OUTSIDE;
    const double s = two_sum(ph, z, &e);
    const double t = two_sum(e, pl, &g);
    const double total = two_sum(s, t, &rest);
    *err = pick(WHERE(rest != 0), rest, g);
    const int64_t sums = is_finite(s), vanishes = sums & WHERE(total == 0) & WHERE(t != 0);
    const double sum = pick(vanishes, 0.0, pick(sums & WHERE(total != 0), total, s));
    return mode == RTN ? zero_sum(sum, ph, z) : sum;
}

enum { ROUND, ADD, SUBTRACT, MULTIPLY, DIVIDE, SQRT, FMA, OPERATIONS };

INLINE int operands_of(int op) { return op == ROUND || op == SQRT ? 1 : op == FMA ? 3 : 2; }

/* The stand-in of any operands; ORs into `bad` what is not served. `op` and `mode` are constants. */
INLINE double stand_in(const int op, const int mode, const Params *p, double a, double b, double c, int64_t *bad)
{
    double s = a, err = 0;
    if (op == ADD) s = sum_pair(a, b, mode, &err);
    if (op == SUBTRACT) s = sum_pair(a, -b, mode, &err);
    if (op == MULTIPLY) s = product_pair(a, b, &err);
    if (op == DIVIDE) {
        s = quotient_pair(a, b, &err);
        *bad |= are_regular(a, b) & is_inside(s) & WHERE(magnitude(a) < LOW_LANE) & OUTSIDE;
        *bad |= p->refuses_zero_divisor & WHERE(b == 0) & WHERE(a == a) & REFUSED;
        s = settle_ends(s, &err, are_regular(a, b));
    }
    if (op == SQRT) {
        s = root_pair(a, &err);
        err = pick(WHERE(a > 0) & WHERE(a < INFINITE), err, 0.0);
        *bad |= WHERE(a > 0) & WHERE(a < LOW_LANE) & OUTSIDE;
    }
    if (op == FMA) s = fused_pair(a, b, c, mode, &err, bad);
    return nudge(s, err, bad);
}

INLINE int is_nearest(const int mode) { return mode == RNE || mode == RNA; }

/* Whether native results of short operands are stand-ins themselves: a mask of the operands' bits that must be 0, or -1
 * where there is none. Products of 26 bits are exact. In nearest modes, 2 p + 2 <= 53, operands of p bits:
 *
 * - A sum that is not exact has a smaller term below 2**(p - 52) of the larger one's leading bit, so less than half the
 *   distance from the larger one, which is on the grid, to the next tie.
 * - A quotient is no tie and differs from each by at least 2**-2p of its leading bit; a root likewise by 2**-(2p + 2).
 *
 * So the native result lies on the same side of every tie as the exact one (Figueroa 1995). */
INLINE int64_t long_bits(const int op, const int mode, const Params *p)
{
    const int64_t spare = p->grid_bits >> 52;
    if (op == MULTIPLY) return ((int64_t)1 << 27) - 1;
    return is_nearest(mode) && spare >= 28 ? ((int64_t)1 << spare) - 1 : -1;
}

/* In a directed mode of the machine no native result needs a residual: rounding twice in one direction is rounding
 * once, however small the result, an underflow or overflow of lanes included, and zero sums have the mode's sign. */
INLINE int is_directed(const int mode) { return mode == RTZ || mode == RTP || mode == RTN; }

/* The machine's rounding in the loops of one pass: truncation in those that make stand-ins from truncated results
 * (`truncates`); for rounding alone, see `round_finite_lane`. */
INLINE int machine_mode(const int op, const int mode, const int truncates)
{
    if (mode == RTZ || (op == ROUND && (mode == RNA || mode == RTO))) return FE_TOWARDZERO;
    if (mode == RTP || (op == ROUND && mode == RAZ)) return FE_UPWARD;
    if (mode == RTN) return FE_DOWNWARD;
    return truncates && op != ROUND ? FE_TOWARDZERO : FE_TONEAREST;
}

INLINE double native(const int op, double a, double b)
{
    return op == ADD ? a + b : op == MULTIPLY ? a * b : op == DIVIDE ? a / b : op == SQRT ? __builtin_sqrt(a) : a;
}

/* The stand-in where the native result lies well inside the window, the machine rounding to nearest; the caller looks.
 * Collects the bits of what native results miss. */
INLINE double plain_stand_in(const int op, double a, double b, int64_t *missed)
{
    double s = a, err = 0;
    if (op == ADD) s = two_sum(a, b, &err);
    if (op == MULTIPLY) {
        s = a * b;
        err = __builtin_fma(a, b, -s);
    }
    if (op == DIVIDE) s = quotient_pair(a, b, &err);
    if (op == SQRT) s = root_pair(a, &err);
    if (op == ROUND) return s;
    const int64_t inexact = (int64_t)((uint64_t)WHERE(err != 0) >> 63);
    const int64_t inwards = (int64_t)((uint64_t)(bits_of(s) ^ bits_of(err)) >> 63) & inexact;
    *missed |= bits_of(err);
    return double_of((bits_of(s) - inwards) | inexact);
}

/* The same where the machine truncates: a result with the last bit set where something was cut off.
 *
 * A sum s that misses d of a + b, d != 0 of its sign, shows in s - b, which truncated is not a. If a has the sign of
 * a + b, a - d is smaller than a or of the other sign, and truncation leaves it so. Otherwise b is the larger one, by a
 * factor of more than 2 since the sum is inexact, so s lies between b / 2 and b, and s - b = a - d exactly. */
INLINE double truncated_stand_in(const int op, double a, double b, int64_t *missed)
{
    const double s = native(op, a, b);
    int64_t inexact = 0;
    if (op == ADD) inexact = WHERE(s - b != a);
    if (op == MULTIPLY) inexact = WHERE(__builtin_fma(a, b, -s) != 0);
    if (op == DIVIDE) inexact = WHERE(__builtin_fma(-s, b, a) != 0);
    if (op == SQRT) inexact = WHERE(__builtin_fma(-s, s, a) != 0);
    *missed |= inexact;
    return double_of(bits_of(s) | (inexact & 1));
}
