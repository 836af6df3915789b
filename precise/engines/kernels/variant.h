/* All loops for one instruction set: included once for each, with NAME(x) giving each copy its own names and VARIANT
 * the name of the set. */

#include "loops.h"
#include "deciding.h"
#include "exact.h"
#include "extent.h"

#define DOUBLE_LANES(x) NAME(x##_double)
#define FLOAT_LANES(x) NAME(x##_float)
#define WIDTH (VECTOR_BYTES / (int)sizeof(LANE))
#ifdef __AVX2__
#define VECTOR_BYTES 32
#define FUSES 1
#else
#define VECTOR_BYTES 16
#define FUSES 0
#define REST(g, a, b) ((g) - (a) * (b))
#define MAXIMUM(a, b) (IN_LANES(Vector))(((IN_LANES(Words))(a) & ((a) > (b))) | ((IN_LANES(Words))(b) & ~((a) > (b))))
#endif

#define IN_LANES DOUBLE_LANES
#define LANE double
#define WORD int64_t
#ifdef __AVX2__ /* the fused form takes work off the adders */
#define REST(g, a, b) (IN_LANES(Vector))_mm256_fnmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(g))
#define MAXIMUM(a, b) (IN_LANES(Vector))_mm256_max_pd((__m256d)(a), (__m256d)(b))
#endif
#include "sequential.h"
#include "extraction.h"
#undef ROWS
#undef PANEL
#undef IN_LANES
#undef LANE
#undef WORD

#define IN_LANES FLOAT_LANES
#define LANE float
#define WORD int32_t
#ifdef __AVX2__
#undef REST
#undef MAXIMUM
#define REST(g, a, b) (IN_LANES(Vector))_mm256_fnmadd_ps((__m256)(a), (__m256)(b), (__m256)(g))
#define MAXIMUM(a, b) (IN_LANES(Vector))_mm256_max_ps((__m256)(a), (__m256)(b))
#endif
#include "sequential.h"
#undef ROWS
#undef PANEL
#undef IN_LANES
#undef LANE
#undef WORD

static const Variant NAME(variant) = {
    VARIANT,
    FUSES,
    NAME(plain),
    NAME(natives),
    NAME(finite),
    NAME(shorts),
    NAME(makers),
    NAME(rounders),
    NAME(enclosers),
    NAME(deciders),
    NAME(include_terms),
    NAME(include_products),
    NAME(exact_dots),
    NAME(extent),
    {FLOAT_LANES(sequential), DOUBLE_LANES(sequential)},
    DOUBLE_LANES(extract),
};

#undef DOUBLE_LANES
#undef FLOAT_LANES
#undef VECTOR_BYTES
#undef FUSES
#undef WIDTH
#undef REST
#undef MAXIMUM
