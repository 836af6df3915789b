/* Rounding float64 lanes to a narrower format. The rules, and why they hold, are those of `lanes.py`; every expression
 * below has its twin there. Nothing here may be contracted to a fused operation by the compiler (-ffp-contract=off):
 * `(x + c) - c` is the rounding.
 *
 * Conditions are masks of 64 ones or zeros, so that a compiler turns each loop into vector code without branches. */

#include <fenv.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { RNE, RNA, RTZ, RTP, RTN, RAZ, RTO, SR, MODES };

/* What a call could not serve; the caller then takes the NumPy path, which computes or raises. */
enum { REFUSED = 1, OUTSIDE = 2, INEXACT = 4, IRREGULAR = 8, LONG_OPERANDS = 16 };

/* Packed by `compiled.py`. Pairs hold the value for positive and for negative numbers. */
typedef struct {
    int64_t low_bits, high_bits; /* the exponents between which the grid follows the value, as exponent fields */
    int64_t grid_bits;           /* (53 - p) << 52: from a power of two to the number that is added */
    int64_t gap_bits;            /* (p - 1) << 52 without subnormals, else 0: the grid below the least normal */
    int64_t refuses_overflow, refuses_infinity, refuses_nan, refuses_underflow, refuses_zero_divisor; /* masks */
    int64_t drops_sign_of_zero;  /* mask */
    uint64_t key;                /* of stochastic rounding's random bits */
    int64_t random_bits;
    double least_normal, flush_below;
    double window_low, window_high; /* finite nonzero magnitudes outside are not served */
    double bound[2];             /* the largest magnitudes */
    double beyond[2];            /* what an overflow becomes, a magnitude */
    double infinite[2];          /* what an infinity becomes */
} Params;

INLINE int64_t bits_of(double x) { int64_t b; memcpy(&b, &x, 8); return b; }
INLINE double double_of(int64_t b) { double x; memcpy(&x, &b, 8); return x; }

#define SIGN_BIT INT64_MIN
#define EXPONENT_FIELD ((int64_t)0x7FF << 52)
#define INFINITE __builtin_inf()

/* The mask of a condition. */
#define WHERE(condition) ((condition) ? (int64_t)-1 : (int64_t)0)

INLINE int64_t pick_bits(int64_t mask, int64_t x, int64_t y) { return (x & mask) | (y & ~mask); }
INLINE double pick(int64_t mask, double x, double y) { return double_of(pick_bits(mask, bits_of(x), bits_of(y))); }
INLINE double magnitude(double x) { return double_of(bits_of(x) & ~SIGN_BIT); }
INLINE double copy_sign(double size, double sign)
{
    return double_of((bits_of(size) & ~SIGN_BIT) | (bits_of(sign) & SIGN_BIT));
}

/* SplitMix64's output for state z, as in `stochastic.py`. */
INLINE uint64_t mix(uint64_t z)
{
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Whether SR moves up from the grid point `rest` below; the quantum is c * 2**-52. U < t iff U < ceil(t). */
INLINE int64_t moves_up(double rest, double c, const Params *p, uint64_t index)
{
    double t = __builtin_ceil(rest / (c * 0x1p-52) * __builtin_ldexp(1.0, (int)p->random_bits));
    const uint64_t drawn = mix(index ^ p->key) >> (64 - p->random_bits);
    if (!(rest > 0)) return 0;
    if (t < 1) t = 1;
    return t >= 0x1p64 || drawn < (uint64_t)t;
}

/* The magnitude on the grid of spacing c * 2**-52 for the magnitude `a`. `negative` is a mask; `mode` a constant. */
INLINE double on_grid(double a, double c, int64_t negative, const int mode, const Params *p, uint64_t index)
{
    const double z = a + c, y = z - c;
    int64_t b = bits_of(z);
    const int64_t above = WHERE(y > a), below = WHERE(y < a); /* minus one, used as such */
    if (mode == RNE) return y;
    if (mode == RNA) b -= WHERE((a - y) == c * 0x1p-53);
    if (mode == RTZ) b += above;
    if (mode == RAZ) b -= below;
    if (mode == RTP) b += (above & negative) - (below & ~negative);
    if (mode == RTN) b += (above & ~negative) - (below & negative);
    if (mode == RTO) b += (above - below) & ~-(b & 1);
    if (mode == SR) {
        b += above;
        b += moves_up(a - (double_of(b) - c), c, p, index);
    }
    return double_of(b) - c;
}

/* The lane `x` rounded under every policy; ORs into `bad` what is not served. */
INLINE double round_lane(double x, const int mode, const Params *p, uint64_t index, int64_t *bad)
{
    const int64_t sign = bits_of(x) & SIGN_BIT, negative = WHERE(bits_of(x) < 0);
    const double a = magnitude(x);
    int64_t e = bits_of(a) & EXPONENT_FIELD;
    e = e < p->low_bits ? p->low_bits : e;
    e = e > p->high_bits ? p->high_bits : e;
    e += WHERE(a < p->least_normal) & p->gap_bits;
    double y = on_grid(a, double_of(e + p->grid_bits), negative, mode, p, index);

    const int64_t over = WHERE(y > pick(negative, p->bound[1], p->bound[0])), infinite = WHERE(a == INFINITE);
    const int64_t tiny = WHERE(a < p->least_normal) & WHERE(y != a);
    const int64_t refused = (over & ~infinite & p->refuses_overflow) | (infinite & p->refuses_infinity)
                            | (WHERE(a != a) & p->refuses_nan) | (tiny & p->refuses_underflow);
    const int64_t outside = (WHERE(a < p->window_low) & WHERE(a > 0)) | (WHERE(a >= p->window_high) & ~infinite);
    *bad |= (refused & REFUSED) | (outside & WHERE(a == a) & OUTSIDE);
    y = pick(over, pick(negative, p->beyond[1], p->beyond[0]), y);
    y = pick(infinite, pick(negative, p->infinite[1], p->infinite[0]), y);
    y = pick(WHERE(y < p->flush_below), 0.0, y);
    const int64_t keep = ~(WHERE(y == 0) & p->drops_sign_of_zero);
    return double_of(bits_of(y) | (sign & keep));
}

/* The same for regular lanes: magnitudes between `least_regular` and `largest_regular`, which no policy concerns but
 * for the sign of zero (see `drop_signs`). */
INLINE double round_regular_lane(double x, const int mode, const Params *p, uint64_t index)
{
    const int64_t sign = bits_of(x) & SIGN_BIT;
    const double a = magnitude(x);
    int64_t e = bits_of(a) & EXPONENT_FIELD;
    e = e < p->low_bits ? p->low_bits : e;
    const double y = on_grid(a, double_of(e + p->grid_bits), WHERE(bits_of(x) < 0), mode, p, index);
    return double_of(bits_of(y) | sign);
}

/* The same for zeros and for magnitudes from `least_normal_lane` on, in integers: `rest` masks the bits that go.
 * Adding to the bits of a number makes its magnitude larger; a carry into the exponent is the next binade. */
INLINE double round_normal_lane(double x, const int mode, const Params *p, uint64_t index)
{
    const int64_t spare = p->grid_bits >> 52, rest = ((int64_t)1 << spare) - 1;
    int64_t b = bits_of(x);
    if (mode == SR) return round_regular_lane(x, mode, p, index);
    if (mode == RNE) b += (rest >> 1) + ((int64_t)((uint64_t)b >> spare) & 1);
    if (mode == RNA) b += (rest >> 1) + 1;
    if (mode == RAZ) b += rest;
    if (mode == RTP) b += rest & ~WHERE(b < 0);
    if (mode == RTN) b += rest & WHERE(b < 0);
    if (mode == RTO) b |= ~WHERE((b & rest) == 0) & (rest + 1);
    return double_of(b & ~rest);
}

/* The same for magnitudes up to `largest_finite`, subnormal and overflowing ones too, in a mode other than SR and a
 * format that has `has_finite_loops`. `machine` is the machine's rounding, a constant: in a direction, (x + c) - c
 * rounds x in that direction. So RAZ of a magnitude is that upwards, and RNA that toward zero of the magnitude and
 * half a quantum: what that sum loses was below the grid. A result that is not zero has the sign of x; a zero is +0,
 * or -0 where the machine rounds downwards. */
INLINE double round_finite_lane(double x, const int mode, const int machine, const Params *p)
{
    const int64_t sign = bits_of(x) & SIGN_BIT;
    const double a = magnitude(x), bound = p->bound[0], low = double_of(p->low_bits + p->grid_bits);
    const double follows = double_of((bits_of(x) & EXPONENT_FIELD) + p->grid_bits), c = follows > low ? follows : low;
    if (mode == RTP || mode == RTN) {
        const double signed_c = double_of(bits_of(c) | sign), y = (x + signed_c) - signed_c;
        const double above = y > bound ? (mode == RTP ? p->beyond[0] : bound) : y;
        const double both = above < -bound ? (mode == RTN ? -p->beyond[1] : -bound) : above;
        return mode == RTP ? double_of(bits_of(both) | sign) : copy_sign(both, x);
    }
    double y = (a + c) - c;
    if (machine == FE_TONEAREST) y = on_grid(a, c, WHERE(bits_of(x) < 0), mode, p, 0);
    else if (mode == RNA) y = ((a + double_of(bits_of(c) - ((int64_t)53 << 52))) + c) - c;
    else if (mode == RTO) y = double_of(bits_of(a + c) | (WHERE(y != a) & 1)) - c;
    return double_of(bits_of(y > bound ? p->beyond[0] : y) | sign);
}

/* Makes -0 of the results +0 where the format has one zero. */
INLINE void drop_signs(const Params *p, double *y, int64_t n)
{
    if (p->drops_sign_of_zero)
        for (int64_t i = 0; i < n; i++) y[i] = y[i] == 0 ? 0.0 : y[i];
}

/* Magnitudes from one to another, as integers, which are in the order of the numbers, NaN above infinity: the sizes of
 * which size + offset, read as a signed number, is at most the limit. */
typedef struct {
    uint64_t offset;
    int64_t limit;
} Span;

INLINE Span span_of(double least, double largest)
{
    const uint64_t half = (uint64_t)1 << 63; /* to be added where unsigned numbers are compared as signed ones */
    if (!(least <= largest)) return (Span){0, -1}; /* none */
    return (Span){half - (uint64_t)bits_of(least), (int64_t)(half + (uint64_t)(bits_of(largest) - bits_of(least)))};
}

/* Whether the lane's magnitude is not among them: a mask. */
INLINE int64_t irregular(double x, Span span)
{
    return WHERE((int64_t)((uint64_t)(bits_of(x) & ~SIGN_BIT) + span.offset) > span.limit);
}

/* The same with zeros let through. */
INLINE int64_t irregular_but_zero(double x, Span span) { return irregular(x, span) & ~WHERE(x == 0); }

/* The least magnitude from which the grid follows the value; none for p = 1, whose only bit is not stored. */
INLINE double least_normal_lane(const Params *p)
{
    if (p->grid_bits >> 52 == 52) return INFINITE;
    const double follows = double_of(p->low_bits);
    return follows > p->window_low ? follows : p->window_low;
}

/* The least regular magnitude: what lies below it has a policy or a grid of its own. */
INLINE double least_regular(const Params *p)
{
    const int64_t plain = p->gap_bits == 0 && p->flush_below == 0 && !p->refuses_underflow;
    return plain ? p->window_low : p->least_normal;
}

/* The largest regular magnitude: no policy concerns what rounds to at most the lesser bound. */
INLINE double largest_regular(const Params *p)
{
    const double bound = p->bound[0] < p->bound[1] ? p->bound[0] : p->bound[1];
    return bound < p->window_high ? bound : p->window_high * 0x1.fffffffffffffp-1;
}

/* Whether underflow is gradual and the format the same for both signs: then no policy concerns finite lanes but that of
 * overflow. */
INLINE int has_finite_loops(const Params *p)
{
    return least_regular(p) == 0 && p->bound[0] == p->bound[1];
}

/* The largest magnitude whose grid can be added to it, or that is regular where an overflow is an error. */
INLINE double largest_finite(const Params *p)
{
    return p->refuses_overflow ? largest_regular(p) : double_of(((int64_t)0x7FE << 52) - p->grid_bits);
}
