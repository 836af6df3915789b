/* Numbers in [0, 1) of n words of 64 bits, the lowest first: a[0..n-1] is the sum of a[i] * 2**(64 (i - n)). A unit is
 * 2**(-64 n). */

typedef unsigned __int128 Wide;

#define MOST_WORDS 40

/* r = a + b; returns the carry. */
INLINE uint64_t add_words(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
    Wide sum = 0;
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

/* r = a * b less than 2 units too small, n >= 1, column by column: those below n - 2 are left out, which are less than
 * n * 2**-64 units, and what remains is cut. */
static void multiply_words(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
    uint64_t words[MOST_WORDS];
    Wide sum = 0; /* of three words, with `above` */
    uint64_t above = 0;
    for (int column = n > 1 ? n - 2 : 0; column <= 2 * n - 2; column++) {
        const int first = column < n ? 0 : column - n + 1, last = column < n ? column : n - 1;
        for (int i = first; i <= last; i++) above += __builtin_add_overflow(sum, (Wide)a[i] * b[column - i], &sum);
        if (column >= n) words[column - n] = (uint64_t)sum;
        sum = sum >> 64 | (Wide)above << 64;
        above = 0;
    }
    words[n - 1] = (uint64_t)sum;
    memcpy(r, words, (size_t)n * sizeof(uint64_t));
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

/* r = a / b less than 1 unit too small, for 0 <= a < b and b of a highest bit 1: Knuth's algorithm D. */
static void divide_words(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
    uint64_t rest[2 * MOST_WORDS + 1] = {0};
    memcpy(rest + n, a, (size_t)n * sizeof(uint64_t));
    for (int j = n - 1; j >= 0; j--) {
        uint64_t *low = rest + j; /* the dividend's words j .. j + n */
        const Wide top = (Wide)low[n] << 64 | low[n - 1];
        uint64_t q = low[n] >= b[n - 1] ? UINT64_MAX : (uint64_t)(top / b[n - 1]), borrow = 0, carry = 0;
        for (int i = 0; i < n; i++) {
            const Wide product = (Wide)q * b[i] + carry;
            const Wide less = (Wide)low[i] - (uint64_t)product - borrow;
            low[i] = (uint64_t)less;
            borrow = (uint64_t)(less >> 64) & 1;
            carry = (uint64_t)(product >> 64);
        }
        const Wide less = (Wide)low[n] - carry - borrow;
        low[n] = (uint64_t)less;
        for (; low[n] != 0; q--) low[n] += add_words(low, low, b, n); /* q was too large, by 2 at most */
        r[j] = q;
    }
}

/* out: n words of m * 2**shift, cut, for m of `words` words; what lies above is lost. */
static void place_words(uint64_t *out, int n, const uint64_t *m, int words, int64_t shift)
{
    const int64_t skip = shift >= 0 ? shift / 64 : -((-shift + 63) / 64);
    const int bits = (int)(shift - 64 * skip); /* 0 .. 63 */
    for (int64_t i = 0; i < n; i++) {
        const int64_t j = i - skip;
        const uint64_t here = j >= 0 && j < words ? m[j] : 0, below = j >= 1 && j <= words ? m[j - 1] : 0;
        out[i] = bits == 0 ? here : here << bits | below >> (64 - bits);
    }
}
