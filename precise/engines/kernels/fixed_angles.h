/* sin, cos and tan of |x| = k pi/4 + r; in odd octants of pi/4 - r. */

/* The octant of |x| + quarters pi/2, and the sine and the versed sine, 1 - cos, of r: both, or else the one that the
 * sine of that angle is. */
static int circular(uint64_t *octant, uint64_t *sine, uint64_t *versed, const Number *x, int quarters, int both,
                    const Tables *t)
{
    const int n = t->n;
    uint64_t r[MOST_WORDS + 2], z[MOST_WORDS + 2], p[MOST_WORDS + 2], ss[MOST_WORDS + 2], vv[MOST_WORDS + 2];
    Powers power;
    if (!reduce(octant, r, x, x->exponent, 1.2732395447351628, t)) return 0;
    *octant += 2 * (uint64_t)quarters;
    if (*octant & 1) subtract_words(r, t->constant + 1, r, n);
    const uint64_t indices = r[n - 1];
    r[n - 1] &= ((uint64_t)1 << (64 - 8 * t->levels)) - 1;
    square_words(z, r, n);
    find_powers(power, z, t);
    sum_series(p, t->series, 1, power, 16 * t->levels, -1, t);
    multiply_words(p, p, z, n);
    multiply_words(p, p, r, n);
    subtract_words(sine, r, p, n);
    sum_series(p, t->series + t->groups, 1, power, 16 * t->levels, -1, t);
    multiply_words(versed, p, z, n);
    const int wants_sine = !((*octant + 1) & 2), wants_versed = both || !wants_sine;
    for (int level = t->levels - 1; level >= 0; level--) {
        const int at = level * ENTRIES + (int)(indices >> (56 - 8 * level) & 255);
        const uint64_t *sa = t->tables + at * 2 * n, *va = sa + n;
        if (level > 0 || both) {
            add_words(ss, sa, va, n); /* < 1, for an angle below pi/4 */
            add_words(vv, sine, versed, n);
            multiply_words(p, ss, vv, n);
        }
        if (level > 0 || wants_versed) {
            multiply_words(ss, sa, sine, n);
            multiply_words(vv, va, versed, n);
        }
        if (level > 0 || both) { /* sa versed + va sine */
            subtract_words(p, p, ss, n);
            subtract_words(p, p, vv, n);
        } else if (wants_sine) {
            multiply_words(p, sa, versed, n);
            multiply_words(vv, va, sine, n);
            add_words(p, p, vv, n);
        }
        add_words(sine, sine, sa, n);
        subtract_words(sine, sine, p, n);
        add_words(versed, versed, va, n);
        add_words(versed, versed, ss, n);
        subtract_words(versed, versed, vv, n);
    }
    return 1;
}

static int circular_words(Result *y, const Number *x, const Tables *t, int cosine)
{
    const int n = t->n;
    uint64_t sine[MOST_WORDS + 2], versed[MOST_WORDS + 2], octant;
    if (!circular(&octant, sine, versed, x, cosine, 0, t)) return 0;
    y->negative = ((octant & 4) != 0) ^ (!cosine && x->negative);
    if (!((octant + 1) & 2)) return normalise(y, sine, n, n, n);
    if (are_zero(versed, n)) return 0;
    subtract_words(versed, zero_words, versed, n); /* from 1, whose words are zeros */
    return normalise(y, versed, n, n, n);
}

static int sin_words(Result *y, const Number *x, const Tables *t) { return circular_words(y, x, t, 0); }
static int cos_words(Result *y, const Number *x, const Tables *t) { return circular_words(y, x, t, 1); }

/* sin r / cos r, or (cos r / 2) / (2**up sin r) * 2**(up + 1) with a highest bit of 1 below. The errors of sine and
 * cosine are less than E in all: that of the first quotient is less than 3 E, of the second less than 4 E 2**up. */
static int tan_words(Result *y, const Number *x, const Tables *t)
{
    const int n = t->n;
    uint64_t sine[MOST_WORDS + 2], cosine[MOST_WORDS + 2], versed[MOST_WORDS + 2], octant;
    if (!circular(&octant, sine, versed, x, 0, 1, t) || are_zero(versed, n)) return 0;
    subtract_words(cosine, zero_words, versed, n);
    y->negative = ((octant & 2) != 0) ^ x->negative;
    if (!((octant + 1) & 2)) {
        if (!subtract_words(versed, sine, cosine, n)) return 0;
        divide_words(versed, sine, cosine, n);
        return normalise(y, versed, n, n, n);
    }
    if (!normalise(y, sine, n, n, n)) return 0;
    const int up = y->lost;
    memcpy(sine, y->words, (size_t)n * sizeof(uint64_t));
    place_words(versed, n, cosine, n, -1);
    divide_words(cosine, versed, sine, n);
    if (!normalise(y, cosine, n, n, n)) return 0;
    y->exponent += up + 1;
    y->lost += up;
    return 1;
}
