/* Exact sums of products that are each rounded to p bits, of numbers of n words.
 *
 * A product has 2 n words and is rounded where it stands, so that its rounded value is an integer times
 * 2**(exponents - 128 n) again. The integers are added into long fixed-point sums, one of the positive and one of the
 * negative terms, which hold the terms of all exponents that there are. */

/* The nonzero numbers of a matrix, row by row; zeros have the exponent NO_EXPONENT and no words. */
typedef struct {
    uint64_t *words; /* n each, of a highest bit 1 */
    int64_t *exponents;
    unsigned char *negative;
    int64_t least, most; /* of the exponents; least > most: all are zeros */
} Matrix;

#define NO_EXPONENT INT64_MIN

/* What all entries share. */
typedef struct {
    int n, p, mode;
    int kept;        /* words of a product below this one have none of the p bits */
    int64_t base;    /* the sums are integers times 2**base */
    int total_words;
    int64_t length;  /* terms of an entry */
} Dots;

/* Of so many words the upper half of a product is enough to round it, nearly always. */
enum { UPPER_FROM = 6 };

/* Rounds r of 2 n words, at least 2**(128 n - 2), to p bits; r has a word more, for the carry. The words below `kept`
 * keep what they were. Where `known`, the lowest word that is known, is not 0, the words from there on are less than 2
 * of its units too small: returns 0 if that leaves open how to round. */
static int round_product(uint64_t *r, const Dots *d, int negative, int known)
{
    const int words = 2 * d->n, spare = 64 * words - (r[words - 1] < HIGHEST_BIT) - d->p;
    const int at = spare / 64, below = (spare - 1) / 64, shift = (spare - 1) % 64;
    const uint64_t last = (uint64_t)1 << spare % 64;
    uint64_t rest = r[below] & (((uint64_t)1 << shift) - 1), carry = 0;
    if (known > 0) {
        const uint64_t all = below == known ? ((uint64_t)1 << shift) - 1 : UINT64_MAX, found = r[known] & all;
        if (found == 0 || found >= all - 1) return 0;
    }
    for (int i = known; i < below; i++) rest |= r[i];
    if (moves_away(d->mode, negative, (r[at] & last) != 0, (int)(r[below] >> shift & 1), rest != 0)) carry = last;
    r[at] &= -last;
    if (at > d->kept) r[d->kept] = 0;
    r[words] = 0;
    for (int i = at; carry; i++) {
        r[i] += carry;
        carry = r[i] < carry;
    }
    return 1;
}

/* r: the words of a * b, rounded, from word `kept` on, and one more. */
static void rounded_product_of_words(uint64_t *r, const uint64_t *a, const uint64_t *b, const Dots *d, int negative)
{
    const int n = d->n;
    if (n >= UPPER_FROM && d->p <= 64 * n) {
        multiply_upper(r + n - 1, a, b, n);
        if (round_product(r, d, negative, n - 1)) return;
    }
    multiply_exactly(r, a, b, n);
    round_product(r, d, negative, 0);
}

/* total += m * 2**shift; the sum has room for the carry. */
static void add_shifted(uint64_t *total, const uint64_t *m, int words, int64_t shift)
{
    const int up = (int)(shift % 64);
    uint64_t *to = total + shift / 64, before = 0, carry = 0;
    for (int i = 0; i < words; i++) {
        const Wide sum = (Wide)to[i] + (m[i] << up | before) + carry;
        before = (m[i] >> 1) >> (63 - up);
        to[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    to += words;
    *to += before + carry; /* less than 2**64 */
    for (carry = *to < before + carry; carry; carry = *to == 0) ++*++to;
}

/* The exact sum of the rounded products of rows a of one matrix and b of the other; returns whether it is not zero. */
static int dot_of_rounded(Result *y, const Dots *d, const Matrix *left, int64_t a, const Matrix *right, int64_t b)
{
    const int n = d->n, total_words = d->total_words;
    uint64_t totals[2][MOST_WORDS], product[2 * MOST_WORDS + 1];
    for (int sign = 0; sign < 2; sign++) memset(totals[sign], 0, (size_t)total_words * sizeof(uint64_t));
    for (int64_t k = 0; k < d->length; k++) {
        const int64_t i = a * d->length + k, j = b * d->length + k;
        if (left->exponents[i] == NO_EXPONENT || right->exponents[j] == NO_EXPONENT) continue;
        const int negative = left->negative[i] != right->negative[j];
        rounded_product_of_words(product, left->words + i * n, right->words + j * n, d, negative);
        const int64_t shift = left->exponents[i] + right->exponents[j] - 128 * n + 64 * d->kept - d->base;
        add_shifted(totals[negative], product + d->kept, 2 * n + 1 - d->kept, shift);
    }
    y->negative = subtract_words(y->words, totals[0], totals[1], total_words) != 0;
    if (y->negative) subtract_words(y->words, totals[1], totals[0], total_words);
    int top = total_words - 1;
    while (top >= 0 && y->words[top] == 0) top--;
    if (top < 0) return 0;
    const int zeros = 64 * (total_words - 1 - top) + __builtin_clzll(y->words[top]);
    memcpy(product, y->words, (size_t)total_words * sizeof(uint64_t));
    place_words(y->words, total_words, product, total_words, zeros);
    y->exponent = d->base + 64 * total_words - zeros;
    return 1;
}
