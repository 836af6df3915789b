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

/* Returns 0 where the result is not decided. `is_near`: the value at a small argument is about the argument. */
static int find_fixed(Result *y, const Number *x, int function, int is_near, int p, const Tables *t)
{
    if (is_near && !has_room(-x->exponent - 1, p, t->n)) return 0;
    return fixed_functions[function].find(y, x, t) && is_decided(y, p, t->n);
}
