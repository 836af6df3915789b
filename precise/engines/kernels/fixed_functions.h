/* The functions of many words. */

typedef int (*FixedFunction)(Result *, const Number *, const Tables *);

/* In the order of `wide_fixed.py`. */
static const struct {
    FixedFunction find;
    enum { ANGLES, LOGARITHMS, EXPONENTIALS, ERROR_FUNCTIONS } family;
} fixed_functions[] = {
    {exp_words, EXPONENTIALS},  {exp2_words, EXPONENTIALS}, {expm1_words, EXPONENTIALS},
    {sinh_words, EXPONENTIALS}, {cosh_words, EXPONENTIALS}, {tanh_words, EXPONENTIALS},
    {log_words, LOGARITHMS},    {log1p_words, LOGARITHMS},  {log2_words, LOGARITHMS},
    {sin_words, ANGLES},        {cos_words, ANGLES},        {tan_words, ANGLES},
    {erf_words, ERROR_FUNCTIONS}, {erfc_words, ERROR_FUNCTIONS},
};

#define FIXED_FUNCTIONS (int)(sizeof fixed_functions / sizeof fixed_functions[0])

/* Rounds the words to p bits in a mode other than SR, where `is_decided` has said that they are neither of p bits nor
 * beside a midpoint. The lowest words, which have none of the p bits, keep what they were. */
static void round_words(Result *y, int p, int n, int mode)
{
    const int spare = 64 * n - p, at = spare / 64;
    const uint64_t last = (uint64_t)1 << spare % 64;
    const int half = (int)(y->words[(spare - 1) / 64] >> (spare - 1) % 64 & 1);
    uint64_t carry = moves_away(mode, y->negative, (y->words[at] & last) != 0, half, 1) ? last : 0;
    y->words[at] &= -last;
    for (int i = at; i < n && carry; i++) {
        y->words[i] += carry;
        carry = y->words[i] < carry;
    }
    if (carry) {
        y->words[n - 1] = HIGHEST_BIT;
        y->exponent++;
    }
}

/* Returns 0 where the result is not decided. `is_near`: the value at a small argument is about the argument. */
static int find_fixed(Result *y, const Number *x, int function, int is_near, int p, const Tables *t)
{
    if (is_near && !has_room(-x->exponent - 1, p, t->n)) return 0;
    return fixed_functions[function].find(y, x, t) && is_decided(y, p, t->n);
}
