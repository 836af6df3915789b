/* log, log1p and log2. */

/* sum, n words, less than 1 = log(1 + f) for a fraction f, which is replaced: integers c, one a level, bring
 * (1 + f) c / 2**bits nearer to 1, until f < 2**-24. Then v = f / (1 + f / 2) and w = (v / 2)**2 < 2**-50 give it as
 * 2 atanh(v / 2) = v + v w (1/3 + w/5 + ...), whose terms are half as many as those of log(1 + f). */
static void log_fraction(uint64_t *sum, uint64_t *f, const Tables *t)
{
    const int n = t->n;
    uint64_t part[MOST_WORDS + 2], v[MOST_WORDS + 2], w[MOST_WORDS + 2];
    Powers power;
    memset(sum, 0, (size_t)n * sizeof(uint64_t));
    for (int level = 0, bits = 8; level < 4; level++, bits += 6) {
        const uint64_t j = f[n - 1] >> (64 - bits), c = t->factors[level * ENTRIES + j];
        const uint64_t above = multiply_small(f, f, c, n) + c;
        f[n] = above; /* (1 + f) c is the integer `above` and the words */
        place_words(f, n, f, n + 1, -bits);
        add_words(sum, sum, t->tables + (level * ENTRIES + (int64_t)j) * n, n);
    }
    place_words(part, n, f, n, -2);
    part[n - 1] |= HIGHEST_BIT;
    place_words(f, n, f, n, -1);
    divide_words(v, f, part, n); /* (f / 2) / ((1 + f / 2) / 2) */
    place_words(part, n, v, n, -1);
    square_words(w, part, n);
    find_powers(power, w, t);
    sum_series(part, t->series, 0, power, 50, 1, t);
    multiply_words(part, part, w, n);
    multiply_words(part, part, v, n);
    add_words(sum, sum, v, n);
    add_words(sum, sum, part, n);
}

/* log x = e log 2 + log(1 + f) */
static int log_words(Result *y, const Number *x, const Tables *t)
{
    const int n = t->n;
    uint64_t f[MOST_WORDS + 2], sum[MOST_WORDS + 2], total[MOST_WORDS + 2];
    if (x->negative || x->exponent > INT32_MAX || x->exponent < INT32_MIN) return 0;
    const int64_t e = x->exponent - 1;
    place_words(f, n, x->words, x->n, 64 * (int64_t)(n - x->n) + 1);
    log_fraction(sum + 1, f, t);
    sum[0] = sum[n + 1] = 0;
    multiply_small(total, t->constant, (uint64_t)(e < 0 ? -e : e), n + 2);
    y->negative = e < 0;
    (e < 0 ? subtract_words : add_words)(total, total, sum, n + 2);
    return normalise(y, total, n + 2, n + 1, n);
}

/* log(1 + x), where 1 + x has few enough words to be exact. */
static int log1p_words(Result *y, const Number *x, const Tables *t)
{
    const int size = x->n + 2;
    uint64_t sum[MOST_WORDS + 2], one[MOST_WORDS + 2] = {0}, words[MOST_WORDS + 2];
    if (x->exponent > (x->negative ? 0 : 62) || x->exponent < -64 || x->n >= MOST_WORDS) return 0;
    place_words(sum, size, x->words, x->n, x->exponent + 64); /* all but the highest word is a fraction */
    one[size - 1] = 1;
    (x->negative ? subtract_words : add_words)(sum, one, sum, size);
    int top = size - 1;
    while (sum[top] == 0) top--;
    const int up = __builtin_clzll(sum[top]);
    place_words(words, top + 1, sum, top + 1, up);
    const Number argument = {0, top + 1, 64 * (int64_t)(top + 2 - size) - up, words};
    return log_words(y, &argument, t);
}

/* log2 x = e + log(1 + f) / log 2 */
static int log2_words(Result *y, const Number *x, const Tables *t)
{
    const int n = t->n;
    uint64_t f[MOST_WORDS + 2], sum[MOST_WORDS + 2], product[MOST_WORDS + 2], total[MOST_WORDS + 2] = {0};
    if (x->negative) return 0;
    const int64_t e = x->exponent - 1;
    place_words(f, n, x->words, x->n, 64 * (int64_t)(n - x->n) + 1);
    log_fraction(sum, f, t);
    multiply_words(product, sum, t->constant + 1, n);
    sum[n] = add_words(sum, sum, product, n);
    total[n] = (uint64_t)(e < 0 ? -e : e);
    y->negative = e < 0;
    (e < 0 ? subtract_words : add_words)(total, total, sum, n + 1);
    return normalise(y, total, n + 1, n, n);
}
