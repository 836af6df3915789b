/* The functions of many words. */

typedef int (*FixedFunction)(Result *, const Number *, const Tables *);

/* In the order of `wide_fixed.py`. */
static const struct {
    FixedFunction find;
    enum { ANGLES, LOGARITHMS, EXPONENTIALS } family;
    int near_argument; /* the value at a small argument is about the argument */
} fixed_functions[] = {
    {exp_words, EXPONENTIALS, 0},  {exp2_words, EXPONENTIALS, 0}, {expm1_words, EXPONENTIALS, 1},
    {sinh_words, EXPONENTIALS, 1}, {cosh_words, EXPONENTIALS, 0}, {tanh_words, EXPONENTIALS, 1},
    {log_words, LOGARITHMS, 0},    {log1p_words, LOGARITHMS, 1},  {log2_words, LOGARITHMS, 0},
    {sin_words, ANGLES, 1},        {cos_words, ANGLES, 0},        {tan_words, ANGLES, 1},
};

#define FIXED_FUNCTIONS (int)(sizeof fixed_functions / sizeof fixed_functions[0])

/* Returns 0 where the result is not decided. */
static int find_fixed(Result *y, const Number *x, int function, int p, const Tables *t)
{
    if (fixed_functions[function].near_argument && !has_room(-x->exponent - 1, p, t->n)) return 0;
    return fixed_functions[function].find(y, x, t) && is_decided(y, p, t->n);
}
