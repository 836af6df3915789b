/* Numbers in [0, 1) of n words of 64 bits, the lowest first: a[0..n-1] is the sum of a[i] * 2**(64 (i - n)). A unit is
 * 2**(-64 n). */

typedef unsigned __int128 Wide;

#define MOST_WORDS 72

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

/* Adds x * y to the sum of three words, the lowest first. */
#if defined(__x86_64__) && defined(__GNUC__)
#define ADD_PRODUCT(low, middle, high, x, y)                                                                         \
    {                                                                                                                \
        uint64_t product_ = (x), above_;                                                                             \
        __asm__("mulq %[b]\n\taddq %%rax, %[l]\n\tadcq %%rdx, %[m]\n\tadcq $0, %[h]"                               \
                : "+a"(product_), "=&d"(above_), [l] "+r"(low), [m] "+r"(middle), [h] "+r"(high)                      \
                : [b] "rm"(y)                                                                                        \
                : "cc");                                                                                             \
    }
#else
#define ADD_PRODUCT(low, middle, high, x, y)                                                                         \
    {                                                                                                                \
        const Wide product_ = (Wide)(x) * (y), sum_ = (Wide)low + (uint64_t)product_;                                \
        const Wide above_ = (Wide)middle + (uint64_t)(product_ >> 64) + (uint64_t)(sum_ >> 64);                      \
        low = (uint64_t)sum_, middle = (uint64_t)above_, high += (uint64_t)(above_ >> 64);                           \
    }
#endif

/* r = a * b less than 2 units too small, n >= 1, column by column: those below n - 2 are left out, which are less than
 * n * 2**-64 units, and what remains is cut. r may be a or b: what a column reads lies above the words already written. */
INLINE void multiply_columns(uint64_t *r, const uint64_t *a, const uint64_t *b, const int n)
{
    uint64_t low = 0, middle = 0, high = 0;
#pragma GCC unroll 16
    for (int column = n > 1 ? n - 2 : 0; column <= 2 * n - 2; column++) {
        const int first = column < n ? 0 : column - n + 1, last = column < n ? column : n - 1;
#pragma GCC unroll 4
        for (int i = first; i <= last; i++) ADD_PRODUCT(low, middle, high, a[i], b[column - i])
        if (column >= n) r[column - n] = low;
        low = middle, middle = high, high = 0;
    }
    r[n - 1] = low;
}

/* The same, without loops for few words. */
static void multiply_words(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
    switch (n) {
    case 2: multiply_columns(r, a, b, 2); break;
    case 3: multiply_columns(r, a, b, 3); break;
    case 4: multiply_columns(r, a, b, 4); break;
    case 5: multiply_columns(r, a, b, 5); break;
    case 6: multiply_columns(r, a, b, 6); break;
    case 7: multiply_columns(r, a, b, 7); break;
    default: multiply_columns(r, a, b, n);
    }
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

/* r = a / word less than 1 unit too small, for a of n + 1 words whose highest is less than the word (Moeller and Granlund
 * 2011, algorithm 4). */
static void divide_small(uint64_t *r, const uint64_t *a, const Divisor *by, int n)
{
    const uint64_t d = by->divisor;
    const int up = (int)by->shift;
    uint64_t rest = up == 0 ? a[n] : a[n] << up | a[n - 1] >> (64 - up);
    for (int i = n - 1; i >= 0; i--) {
        const uint64_t next = up == 0 ? a[i] : a[i] << up | (i > 0 ? a[i - 1] >> (64 - up) : 0);
        const Wide q = (Wide)by->reciprocal * rest + ((Wide)rest << 64 | next);
        uint64_t quotient = (uint64_t)(q >> 64) + 1;
        rest = next - quotient * d;
        const uint64_t over = -(uint64_t)(rest > (uint64_t)q);
        quotient += over, rest += over & d;
        if (__builtin_expect(rest >= d, 0)) quotient++, rest -= d;
        r[i] = quotient;
    }
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
