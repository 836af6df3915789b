/* Products of numbers of many words by vectors of four products of 28 bits at a time. */

enum { DIGIT = 28, MOST_PAIRS = (64 * MOST_WORDS + 2 * DIGIT - 1) / (2 * DIGIT), BLOCK = 16, MOST_TERMS = 250 };
#define DIGIT_MASK (((uint64_t)1 << DIGIT) - 1)
#define PAIR_MASK (((uint64_t)1 << 2 * DIGIT) - 1)

_Static_assert(2 * MOST_PAIRS <= 512, "a column has no more products than 2**9");

/* The digits of n words, the lowest first, each pair of them from seven bytes. */
INLINE void split_digits(uint32_t *digits, const uint64_t *a, int n, int pairs)
{
    for (int i = 0; i < pairs; i++) {
        const int byte = 7 * i < 8 * (n - 1) ? 7 * i : 8 * (n - 1); /* eight bytes from there on are within the words */
        uint64_t bits;
        memcpy(&bits, (const char *)a + byte, 8);
        bits >>= 8 * (7 * i - byte);
        bits = (bits & DIGIT_MASK) | (bits << (32 - DIGIT) & DIGIT_MASK << 32);
        memcpy(digits + 2 * i, &bits, 8);
    }
}

INLINE __m256i sum_products(__m256i sum, __m256i digit, const uint32_t *others)
{
    return _mm256_add_epi64(sum, _mm256_mul_epu32(digit, _mm256_loadu_si256((const __m256i *)others)));
}

/* Leaves of a column and the next their digits, and adds what goes to the column after them. */
INLINE void settle(__m256i *even, __m256i *odd, __m256i *above)
{
    const __m256i mask = _mm256_set1_epi64x(DIGIT_MASK);
    *odd = _mm256_add_epi64(*odd, _mm256_srli_epi64(*even, DIGIT));
    *above = _mm256_add_epi64(*above, _mm256_srli_epi64(*odd, DIGIT));
    *even = _mm256_and_si256(*even, mask), *odd = _mm256_and_si256(*odd, mask);
}

INLINE void store_pairs(uint64_t *pairs, __m256i even, __m256i odd)
{
    _mm256_storeu_si256((__m256i *)pairs, _mm256_or_si256(even, _mm256_slli_epi64(odd, DIGIT)));
}

/* r = a * b less than 2 units too small. Columns are summed from an even one on, `start`; those below have at most 2**9
 * products of 56 bits each and are together less than a unit, 2**(64 n), since 28 start + 38 <= 64 n. Since also
 * start >= count - 4, every digit of a meets digits of b in the first block, or zeros up to 3 places below them.
 * MOST_TERMS products with a digit and a carry are below 2**64: then a column is settled. The lower halves of lanes are
 * multiplied, so that a load of eight digits serves every second column. */
static void multiply_vectors(uint64_t *r, const uint64_t *a, const uint64_t *b, int n)
{
    const int pairs = (64 * n + 2 * DIGIT - 1) / (2 * DIGIT), count = 2 * pairs;
    const int start = (64 * n - 38) / DIGIT & ~1, end = 2 * count - 1;
    uint32_t left[2 * MOST_PAIRS], padded[2 * MOST_PAIRS + 2 * BLOCK] = {0}, *const right = padded + BLOCK;
    uint64_t sums[MOST_PAIRS + BLOCK], carries[MOST_PAIRS + BLOCK + 1], carry = 0;
    split_digits(left, a, n, pairs);
    split_digits(right, b, n, pairs);
    carries[0] = 0;
    for (int k = start; k < end; k += BLOCK) {
        const int first = k < count ? 0 : k - count + 1;
        const __m256i zero = _mm256_setzero_si256();
        __m256i sum[4] = {zero, zero, zero, zero}, above[2] = {zero, zero};
        for (int i = first; i < count;) {
            const int stop = count - i > MOST_TERMS ? i + MOST_TERMS : count;
            for (; i < stop; i++) {
                const __m256i digit = _mm256_set1_epi32((int)left[i]);
                const uint32_t *others = right + (k - i);
                sum[0] = sum_products(sum[0], digit, others);
                sum[1] = sum_products(sum[1], digit, others + 1);
                sum[2] = sum_products(sum[2], digit, others + 8);
                sum[3] = sum_products(sum[3], digit, others + 9);
            }
            settle(&sum[0], &sum[1], &above[0]);
            settle(&sum[2], &sum[3], &above[1]);
        }
        const int at = (k - start) / 2;
        store_pairs(sums + at, sum[0], sum[1]);
        store_pairs(sums + at + 4, sum[2], sum[3]);
        _mm256_storeu_si256((__m256i *)(carries + at + 1), above[0]);
        _mm256_storeu_si256((__m256i *)(carries + at + 5), above[1]);
    }
    char bytes[7 * (MOST_PAIRS + BLOCK) + 8], *to = bytes; /* the product from bit 28 start on */
    for (int i = 0; i <= (end - start) / 2; i++, to += 7) {
        carry += sums[i] + carries[i];
        const uint64_t bits = carry & PAIR_MASK;
        memcpy(to, &bits, 8);
        carry >>= 2 * DIGIT;
    }
    memcpy(r, bytes + 8 * n - 7 * start / 2, 8 * (size_t)n);
}
