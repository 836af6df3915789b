/* The reach of the entries of an array in one pass. Included for each instruction set. */

INLINE int64_t NAME(larger)(int64_t x, int64_t y) { return pick_bits(WHERE(x > y), x, y); }

/* Nonnegative numbers of binary64 are in the order of their bits. Without finite nonzero ones, `least` is infinity. */
static void NAME(extent)(const double *x, int64_t n, int64_t *united_, double *least, double *most, int *finite)
{
    int64_t united = 0, largest = 0, distance = 0, special = 0;
    for (int64_t i = 0; i < n; i++) {
        const int64_t a = bits_of(x[i]) & ~SIGN_BIT, beyond = WHERE(a >= EXPONENT_FIELD);
        united |= a;
        special |= beyond;
        largest = NAME(larger)(largest, a & ~beyond);
        distance = NAME(larger)(distance, (EXPONENT_FIELD - a) & ~WHERE(a == 0)); /* the larger, the less is a */
    }
    *united_ = united, *finite = special == 0;
    *least = double_of(EXPONENT_FIELD - distance), *most = double_of(largest);
}
