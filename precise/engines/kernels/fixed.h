/* Numbers in [0, 1) of n words of 64 bits, the lowest first: a[0..n-1] is the sum of a[i] * 2**(64 (i - n)). A unit is
 * 2**(-64 n). */

typedef unsigned __int128 Wide;

#define MOST_WORDS 204

static const uint64_t zero_words[MOST_WORDS + 2];

/* r = a + b; returns the carry. */
INLINE uint64_t add_words(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
    Wide sum = 0;
    if (n < 1) __builtin_unreachable(); /* so that compilers see that all is written */
    for (int i = 0; i < n; i++) {
        sum += (Wide)a[i] + b[i];
        r[i] = (uint64_t)sum;
        sum >>= 64;
    }
    return (uint64_t)sum;
}

/* r = a - b; returns the borrow. */
INLINE uint64_t subtract_words(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
    uint64_t borrow = 0;
    for (int i = 0; i < n; i++) {
        const Wide rest = (Wide)a[i] - b[i] - borrow;
        r[i] = (uint64_t)rest;
        borrow = (uint64_t)(rest >> 64) & 1;
    }
    return borrow;
}

/* r = a * c; returns the word above. */
INLINE uint64_t multiply_small(uint64_t *r, const uint64_t *a, uint64_t c, int n)
{
    uint64_t carry = 0;
    for (int i = 0; i < n; i++) {
        const Wide sum = (Wide)a[i] * c + carry;
        r[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    return carry;
}

/* r += a * c, or r -= a * c, for a of n words and r of n + 1. */
INLINE void add_multiple(uint64_t *r, const uint64_t *a, uint64_t c, int n)
{
    uint64_t carry = 0;
    for (int i = 0; i < n; i++) {
        const Wide sum = (Wide)a[i] * c + r[i] + carry;
        r[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    r[n] += carry;
}

INLINE void subtract_multiple(uint64_t *r, const uint64_t *a, uint64_t c, int n)
{
    uint64_t carry = 0;
    for (int i = 0; i < n; i++) {
        const Wide product = (Wide)a[i] * c + carry;
        carry = (uint64_t)(product >> 64) + (r[i] < (uint64_t)product);
        r[i] -= (uint64_t)product;
    }
    r[n] -= carry;
}

/* A word and what divides by it without a division: divisor = word * 2**shift of a highest bit 1, and
 * reciprocal = floor((2**128 - 1) / divisor) - 2**64. */
typedef struct {
    uint64_t divisor, reciprocal, shift;
} Divisor;

/* The quotient of rest * 2**64 + next by d > rest, of a highest bit 1; the rest is replaced (Moeller and Granlund 2011,
 * algorithm 4). */
INLINE uint64_t divide_step(uint64_t *rest, uint64_t next, uint64_t d, uint64_t reciprocal)
{
    const Wide q = (Wide)reciprocal * *rest + ((Wide)*rest << 64 | next);
    uint64_t quotient = (uint64_t)(q >> 64) + 1, left = next - quotient * d;
    const uint64_t over = -(uint64_t)(left > (uint64_t)q);
    quotient += over, left += over & d;
    if (__builtin_expect(left >= d, 0)) quotient++, left -= d;
    *rest = left;
    return quotient;
}

/* r = a / word less than 1 unit too small, for a of n + 1 words whose highest is less than the word. */
static void divide_small(uint64_t *r, const uint64_t *a, const Divisor *by, int n)
{
    const int up = (int)by->shift;
    uint64_t rest = up == 0 ? a[n] : a[n] << up | a[n - 1] >> (64 - up);
    for (int i = n - 1; i >= 0; i--) {
        const uint64_t next = up == 0 ? a[i] : a[i] << up | (i > 0 ? a[i - 1] >> (64 - up) : 0);
        r[i] = divide_step(&rest, next, by->divisor, by->reciprocal);
    }
}

/* r = a / b less than 1 unit off, for 0 <= a < b and b of a highest bit 1: Knuth's algorithm D, where quotient word j
 * takes from the rest no words of b below n - 2 - j, which are less than 2**-64 units each time. The rest is then less
 * than b + n * 2**-64 and fits its n words, unless b is that near to 1: there no word is left out. */
static void divide_words(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
    const uint64_t d = b[n - 1], reciprocal = (uint64_t)(~(Wide)0 / d);
    const int whole = d > UINT64_MAX - MOST_WORDS;
    uint64_t rest[2 * MOST_WORDS];
    memset(rest, 0, (size_t)n * sizeof(uint64_t));
    memcpy(rest + n, a, (size_t)n * sizeof(uint64_t));
    for (int j = n - 1; j >= 0; j--) {
        uint64_t *low = rest + j; /* the dividend's words j .. j + n */
        const int first = whole || j >= n - 2 ? 0 : n - 2 - j;
        uint64_t q = UINT64_MAX, borrow = 0, carry = 0, top = low[n];
        if (top < d) q = divide_step(&top, low[n - 1], d, reciprocal);
        for (int i = first; i < n; i++) {
            const Wide product = (Wide)q * b[i] + carry;
            const Wide less = (Wide)low[i] - (uint64_t)product - borrow;
            low[i] = (uint64_t)less;
            borrow = (uint64_t)(less >> 64) & 1;
            carry = (uint64_t)(product >> 64);
        }
        const Wide less = (Wide)low[n] - carry - borrow;
        low[n] = (uint64_t)less;
        for (; (int64_t)low[n] < 0; q--) low[n] += add_words(low + first, low + first, b + first, n - first);
        r[j] = q; /* it was too large by 2 at most */
    }
}

/* out: n words of m * 2**shift, cut, for m of `words` words; what lies above is lost. */
static void place_words(uint64_t *out, int n, const uint64_t *m, int words, int64_t shift)
{
    const int64_t skip = shift >= 0 ? shift / 64 : -((-shift + 63) / 64);
    const int bits = (int)(shift - 64 * skip); /* 0 .. 63 */
    if (n < 1) __builtin_unreachable(); /* so that compilers see that all is written */
    for (int64_t i = 0; i < n; i++) {
        const int64_t j = i - skip;
        const uint64_t here = j >= 0 && j < words ? m[j] : 0, below = j >= 1 && j <= words ? m[j - 1] : 0;
        out[i] = bits == 0 ? here : here << bits | below >> (64 - bits);
    }
}

/* Whether rounding in a mode other than SR takes a magnitude to the number above: `odd` says whether the number below
 * is odd, `half` whether the magnitude is at least the midpoint, `rest` whether it is more than the one of these two
 * that it has reached. */
INLINE int moves_away(int mode, int negative, int odd, int half, int rest)
{
    switch (mode) {
    case RNE: return half & (rest | odd);
    case RNA: return half;
    case RTP: return (half | rest) & !negative;
    case RTN: return (half | rest) & negative;
    case RAZ: return half | rest;
    case RTO: return (half | rest) & !odd;
    default: return 0;
    }
}
