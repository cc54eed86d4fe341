/* Integer products: activations of 8 bits by weights of 8 bits, summed exactly in 32 bits.
 *
 * Sums of integers do not depend on their order, so a row comes out bit by bit the same alone and
 * in any batch, and on any processor. The instruction sets differ in how an activation is held
 * (`Activation`) and in how weights are packed; both are private to this file.
 */
#include <stdint.h>
#include <string.h>
#include <immintrin.h>

/* What stands for an instruction set: how an activation is held and offset, how many inputs one
 * instruction sums up (GROUP), how many outputs a block has (two registers of sums), and how many
 * rows share the weights that were loaded (TILE_ROWS): as many as there are registers for. */
#if defined(__AVX512VNNI__)

/* vpdpbusd wants one side unsigned: activations are held with 128 added, and `start` takes that
 * back out of every sum. */
typedef uint8_t Activation;
typedef __m512i Sums;
enum { OFFSET = 128, GROUP = 4, LANES = 32, TILE_ROWS = 12 };
static const char INSTRUCTIONS[] = "AVX-512 VNNI";
#define LOAD_SUMS(from) _mm512_loadu_si512(from)
#define STORE_SUMS(to, sums) _mm512_storeu_si512(to, sums)
#define LOAD_WEIGHTS(from) _mm512_loadu_si512(from)
#define REPEATED(group) _mm512_set1_epi32(group)
#define SUM_UP(sums, activations, weights) _mm512_dpbusd_epi32(sums, activations, weights)

#elif defined(__AVX2__)

/* vpmaddwd: products of 16 bits, two of them summed in 32 bits; nothing ever saturates. */
typedef int16_t Activation;
typedef __m256i Sums;
enum { OFFSET = 0, GROUP = 2, LANES = 16, TILE_ROWS = 6 };
static const char INSTRUCTIONS[] = "AVX2";
#define LOAD_SUMS(from) _mm256_loadu_si256((const __m256i *)(from))
#define STORE_SUMS(to, sums) _mm256_storeu_si256((__m256i *)(to), sums)
#define LOAD_WEIGHTS(from) _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(from)))
#define REPEATED(group) _mm256_set1_epi32(group)
#define SUM_UP(sums, activations, weights) \
    _mm256_add_epi32(sums, _mm256_madd_epi16(activations, weights))

#else

#error "this processor has neither AVX-512 VNNI nor AVX2"

#endif

typedef struct {
    int32_t num_inputs;     /* a multiple of 4 */
    int32_t num_outputs;    /* a multiple of 32 */
    const int8_t *weights;  /* packed: blocks of outputs, in each groups of inputs */
    const int32_t *start;   /* (num_outputs,) where each sum begins */
    const float *scales;    /* (num_outputs,) what one unit of a sum is worth */
} Product;

/* Weights (num_outputs, num_inputs) -> packed, and where the sums begin. */
static void pack(int num_outputs, int num_inputs, const int8_t *weights, int8_t *packed,
                 int32_t *start) {
    for (int block = 0; block < num_outputs / LANES; block++)
        for (int group = 0; group < num_inputs / GROUP; group++)
            for (int lane = 0; lane < LANES; lane++)
                for (int part = 0; part < GROUP; part++)
                    *packed++ = weights[(block * LANES + lane) * num_inputs + group * GROUP + part];
    for (int output = 0; output < num_outputs; output++) {
        int32_t sum = 0;
        for (int input = 0; input < num_inputs; input++)
            sum += weights[output * num_inputs + input];
        start[output] = -OFFSET * sum;
    }
}

/* The activations of one group, as they lie in memory. */
static inline int32_t group_at(const Activation *activations) {
    int32_t group;
    memcpy(&group, activations, sizeof group);
    return group;
}

/* One block of outputs for so many rows: (rows, LANES) sums. The names `low` and `high` of every
 * row are written out, because compilers keep arrays of registers in memory. */
#define BEGIN_ROW(row) Sums low##row = LOAD_SUMS(start), high##row = LOAD_SUMS(start + LANES / 2);
#define FEED_ROW(row)                                                                        \
    held = REPEATED(group_at(activations + row * num_inputs));                               \
    low##row = SUM_UP(low##row, held, first);                                                \
    high##row = SUM_UP(high##row, held, second);
#define END_ROW(row)                          \
    STORE_SUMS(sums + row * LANES, low##row); \
    STORE_SUMS(sums + row * LANES + LANES / 2, high##row);

#define TILE(rows, EACH)                                                                        \
    static void tile_##rows(int num_inputs, const Activation *activations, const int8_t *weights, \
                            const int32_t *start, int32_t *sums) {                              \
        EACH(BEGIN_ROW)                                                                         \
        for (int input = 0; input < num_inputs; input += GROUP) {                               \
            const Sums first = LOAD_WEIGHTS(weights);                                           \
            const Sums second = LOAD_WEIGHTS(weights + LANES / 2 * GROUP);                      \
            Sums held;                                                                 \
            EACH(FEED_ROW)                                                                      \
            weights += LANES * GROUP;                                                           \
            activations += GROUP;                                                               \
        }                                                                                       \
        EACH(END_ROW)                                                                           \
    }

#define ROWS_1(DO) DO(0)
#define ROWS_2(DO) ROWS_1(DO) DO(1)
#define ROWS_3(DO) ROWS_2(DO) DO(2)
#define ROWS_4(DO) ROWS_3(DO) DO(3)
#define ROWS_5(DO) ROWS_4(DO) DO(4)
#define ROWS_6(DO) ROWS_5(DO) DO(5)
TILE(1, ROWS_1)
TILE(2, ROWS_2)
TILE(3, ROWS_3)
TILE(4, ROWS_4)
TILE(5, ROWS_5)
TILE(6, ROWS_6)
#if defined(__AVX512VNNI__)
#define ROWS_7(DO) ROWS_6(DO) DO(6)
#define ROWS_8(DO) ROWS_7(DO) DO(7)
#define ROWS_9(DO) ROWS_8(DO) DO(8)
#define ROWS_10(DO) ROWS_9(DO) DO(9)
#define ROWS_11(DO) ROWS_10(DO) DO(10)
#define ROWS_12(DO) ROWS_11(DO) DO(11)
TILE(7, ROWS_7)
TILE(8, ROWS_8)
TILE(9, ROWS_9)
TILE(10, ROWS_10)
TILE(11, ROWS_11)
TILE(12, ROWS_12)
#endif

typedef void (*Tile)(int, const Activation *, const int8_t *, const int32_t *, int32_t *);

static const Tile TILES[TILE_ROWS] = {
    tile_1, tile_2, tile_3, tile_4, tile_5, tile_6,
#if defined(__AVX512VNNI__)
    tile_7, tile_8, tile_9, tile_10, tile_11, tile_12,
#endif
};

static inline int divided_up(int number, int by) { return (number + by - 1) / by; }

/* outputs += sums * scales * row_scales: activations (num_rows, num_inputs), outputs (num_rows,
 * num_outputs), row_scales (num_rows,) what one unit of a row's activations is worth. */
static void add_product(const Product *product, int num_rows, const Activation *activations,
                        const float *row_scales, float *outputs) {
    const int num_inputs = product->num_inputs, num_outputs = product->num_outputs;
    int32_t sums[TILE_ROWS * LANES];
    for (int first = 0; first < num_outputs; first += LANES) {
        const int8_t *weights = product->weights + (int64_t)first * num_inputs;
        const float *scales = product->scales + first;
        for (int row = 0, rows; row < num_rows; row += rows) {
            /* Tiles of about the same height: a last one of a row or two would be dear. */
            const int left = num_rows - row;
            rows = divided_up(left, divided_up(left, TILE_ROWS));
            TILES[rows - 1](num_inputs, activations + (int64_t)row * num_inputs, weights,
                            product->start + first, sums);
            for (int each = 0; each < rows; each++) {
                const float row_scale = row_scales[row + each];
                float *restrict to = outputs + (int64_t)(row + each) * num_outputs + first;
                for (int lane = 0; lane < LANES; lane++)
                    to[lane] += (float)sums[each * LANES + lane] * (scales[lane] * row_scale);
            }
        }
    }
}

/* Values (num_values,) -> activations (num_inputs,), the rest of them 0; returns what one unit is
 * worth. `bound` is the largest magnitude that can come, or 0 to look for it in this row. */
static float quantise(int num_values, int num_inputs, const float *values, float bound,
                      Activation *activations) {
    if (bound == 0) {
        for (int index = 0; index < num_values; index++) {
            const float magnitude = values[index] < 0 ? -values[index] : values[index];
            bound = magnitude > bound ? magnitude : bound;
        }
        if (bound == 0) bound = 1;
    }
    const float units = 127 / bound;
    for (int index = 0; index < num_values; index++) {
        const float value = values[index] * units;
        activations[index] = (Activation)((int32_t)(value + (value < 0 ? -0.5f : 0.5f)) + OFFSET);
    }
    for (int index = num_values; index < num_inputs; index++) activations[index] = OFFSET;
    return bound / 127;
}
