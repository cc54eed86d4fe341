/* Integer products: activations of 7 or 8 bits by weights of 8 bits, summed exactly in 32 bits.
 *
 * Sums of integers do not depend on their order, so a row comes out bit by bit the same alone and
 * in any batch, and on any processor. The instruction sets differ in how finely an activation and
 * a weight are rounded, and in how weights are packed; all of it is private to this file.
 */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What stands for an instruction set: the largest magnitude of an activation and what is added to it
 * (one side of these instructions is unsigned), how many outputs a block has, how many inputs are
 * taken at once, and how many rows share the weights that were loaded (TILE_ROWS): as many as there
 * are registers for. `start` takes OFFSET back out of every sum. */
#if defined(__AVX512VNNI__)

typedef __m512i Sums;
enum { MAGNITUDE = 127, OFFSET = 128, LANES = 32, INPUTS_AT_ONCE = 4, TILE_ROWS = 12 };
enum { MOST_OF_ONE_SIGN = 0 }; /* no bound */
static const char INSTRUCTIONS[] = "AVX-512 VNNI";

/* vpdpbusd: four products summed in 32 bits. The names `low` and `high` of every row are written
 * out, because compilers keep arrays of registers in memory. */
#define BEGIN_ROW(row) \
    Sums low##row = _mm512_loadu_si512(start), high##row = _mm512_loadu_si512(start + 16);
#define LOAD_WEIGHTS                                     \
    const Sums first = _mm512_loadu_si512(weights);      \
    const Sums second = _mm512_loadu_si512(weights + 64);
#define FEED_ROW(row)                                                            \
    {                                                                            \
        const Sums held = _mm512_set1_epi32(group_at(activations + row * num_inputs)); \
        low##row = _mm512_dpbusd_epi32(low##row, held, first);                   \
        high##row = _mm512_dpbusd_epi32(high##row, held, second);                \
    }
#define END_ROW(row)                                    \
    _mm512_storeu_si512(sums + row * LANES, low##row);  \
    _mm512_storeu_si512(sums + row * LANES + 16, high##row);

#elif defined(__AVX2__)

typedef __m256i Sums;
enum { MAGNITUDE = 63, OFFSET = 64, LANES = 8, INPUTS_AT_ONCE = 16, TILE_ROWS = 8 };
/* Eight products, of two inputs in each of four groups, are summed in 16 bits before they go on to
 * 32: half the work of widening each. So that nothing saturates, the weights of one sign among
 * those eight come to at most so much. */
enum { MOST_OF_ONE_SIGN = 32767 / (MAGNITUDE + OFFSET) };
static const char INSTRUCTIONS[] = "AVX2";

#define BEGIN_ROW(row) Sums sum##row = _mm256_loadu_si256((const __m256i *)start);
#define LOAD_WEIGHTS                                                       \
    const Sums first = _mm256_loadu_si256((const __m256i *)weights);       \
    const Sums second = _mm256_loadu_si256((const __m256i *)weights + 1);  \
    const Sums third = _mm256_loadu_si256((const __m256i *)weights + 2);   \
    const Sums fourth = _mm256_loadu_si256((const __m256i *)weights + 3);
#define TWICE(group, four) \
    _mm256_maddubs_epi16(_mm256_set1_epi32(group_at(held + 4 * group)), four)
#define FEED_ROW(row)                                                                          \
    {                                                                                          \
        const Activation *held = activations + row * num_inputs;                               \
        const Sums pairs = _mm256_add_epi16(                                                   \
            _mm256_add_epi16(TWICE(0, first), TWICE(1, second)),                               \
            _mm256_add_epi16(TWICE(2, third), TWICE(3, fourth)));                              \
        sum##row = _mm256_add_epi32(sum##row, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1))); \
    }
#define END_ROW(row) _mm256_storeu_si256((__m256i *)(sums + row * LANES), sum##row);

#else

#error "this processor has neither AVX-512 VNNI nor AVX2"

#endif

typedef uint8_t Activation;

enum { GROUP = 4 }; /* of inputs, whose products fall into one 32-bit sum */

typedef struct {
    int32_t num_inputs;     /* a multiple of 16 */
    int32_t num_outputs;    /* a multiple of 32 */
    const int8_t *weights;  /* packed: blocks of outputs, in each groups of inputs */
    const int32_t *start;   /* (num_outputs,) where each sum begins */
    const float *scales;    /* (num_outputs,) what one unit of a sum is worth */
} Product;

/* Whether weights of one output (num_inputs,) keep to MOST_OF_ONE_SIGN. */
static int is_within_bounds(int num_inputs, const int8_t *weights) {
    if (!MOST_OF_ONE_SIGN) return 1;
    for (int first = 0; first < num_inputs; first += INPUTS_AT_ONCE)
        for (int half = 0; half < GROUP; half += 2) {
            int above = 0, below = 0;
            for (int input = first + half; input < first + INPUTS_AT_ONCE; input += GROUP)
                for (int part = 0; part < 2; part++) {
                    const int weight = weights[input + part];
                    *(weight > 0 ? &above : &below) += abs(weight);
                }
            if (above > MOST_OF_ONE_SIGN || below > MOST_OF_ONE_SIGN) return 0;
        }
    return 1;
}

/* Weights of one output (num_inputs,) in as small units as the instructions bear; returns the unit. */
static float round_weights(int num_inputs, const float *weights, int8_t *rounded) {
    float largest = 1e-12f;
    for (int input = 0; input < num_inputs; input++)
        largest = fabsf(weights[input]) > largest ? fabsf(weights[input]) : largest;
    for (float unit = largest / 127;; unit *= 1.01f) {
        for (int input = 0; input < num_inputs; input++)
            rounded[input] = (int8_t)lrintf(weights[input] / unit);
        if (is_within_bounds(num_inputs, rounded)) return unit;
    }
}

/* Weights (num_outputs, num_inputs) -> packed, where the sums begin, and what a unit is worth;
 * `room` is of num_outputs * num_inputs. */
static void pack(int num_outputs, int num_inputs, const float *weights, int8_t *room,
                 int8_t *packed, int32_t *start, float *scales) {
    for (int output = 0; output < num_outputs; output++) {
        int8_t *rounded = room + (int64_t)output * num_inputs;
        scales[output] = round_weights(num_inputs, weights + (int64_t)output * num_inputs, rounded);
        int32_t sum = 0;
        for (int input = 0; input < num_inputs; input++) sum += rounded[input];
        start[output] = -OFFSET * sum;
    }
    for (int block = 0; block < num_outputs; block += LANES)
        for (int group = 0; group < num_inputs; group += GROUP)
            for (int lane = 0; lane < LANES; lane++, packed += GROUP)
                memcpy(packed, room + (int64_t)(block + lane) * num_inputs + group, GROUP);
}

/* The activations of one group, as they lie in memory. */
static inline int32_t group_at(const Activation *activations) {
    int32_t group;
    memcpy(&group, activations, sizeof group);
    return group;
}

/* One block of outputs for so many rows: (rows, LANES) sums. */
#define TILE(rows, EACH)                                                                        \
    static void tile_##rows(int num_inputs, const Activation *activations, const int8_t *weights, \
                            const int32_t *start, int32_t *sums) {                              \
        EACH(BEGIN_ROW)                                                                         \
        for (int input = 0; input < num_inputs; input += INPUTS_AT_ONCE) {                      \
            LOAD_WEIGHTS                                                                        \
            EACH(FEED_ROW)                                                                      \
            weights += LANES * INPUTS_AT_ONCE;                                                  \
            activations += INPUTS_AT_ONCE;                                                      \
        }                                                                                       \
        EACH(END_ROW)                                                                           \
    }

#define ROWS_1(DO) DO(0)
#define ROWS_2(DO) ROWS_1(DO) DO(1)
#define ROWS_3(DO) ROWS_2(DO) DO(2)
#define ROWS_4(DO) ROWS_3(DO) DO(3)
#define ROWS_5(DO) ROWS_4(DO) DO(4)
#define ROWS_6(DO) ROWS_5(DO) DO(5)
#define ROWS_7(DO) ROWS_6(DO) DO(6)
#define ROWS_8(DO) ROWS_7(DO) DO(7)
TILE(1, ROWS_1)
TILE(2, ROWS_2)
TILE(3, ROWS_3)
TILE(4, ROWS_4)
TILE(5, ROWS_5)
TILE(6, ROWS_6)
TILE(7, ROWS_7)
TILE(8, ROWS_8)
#if defined(__AVX512VNNI__)
#define ROWS_9(DO) ROWS_8(DO) DO(8)
#define ROWS_10(DO) ROWS_9(DO) DO(9)
#define ROWS_11(DO) ROWS_10(DO) DO(10)
#define ROWS_12(DO) ROWS_11(DO) DO(11)
TILE(9, ROWS_9)
TILE(10, ROWS_10)
TILE(11, ROWS_11)
TILE(12, ROWS_12)
#endif

typedef void (*Tile)(int, const Activation *, const int8_t *, const int32_t *, int32_t *);

static const Tile TILES[TILE_ROWS] = {
    tile_1, tile_2, tile_3, tile_4, tile_5, tile_6, tile_7, tile_8,
#if defined(__AVX512VNNI__)
    tile_9, tile_10, tile_11, tile_12,
#endif
};

static inline int divided_up(int number, int by) { return (number + by - 1) / by; }

/* Row `row` of outputs (rows, num_outputs). Between the rows there is a cache line of nothing: at a
 * power of two apart they would all fall into one set of the cache. */
enum { BETWEEN_ROWS = 16 };
static inline float *row_of(float *outputs, int row, int num_outputs) {
    return outputs + (int64_t)row * (num_outputs + BETWEEN_ROWS);
}

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
                float *restrict to = row_of(outputs, row + each, num_outputs) + first;
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
    const float units = MAGNITUDE / bound;
    for (int index = 0; index < num_values; index++) {
        const float value = values[index] * units;
        activations[index] = (Activation)((int32_t)(value + (value < 0 ? -0.5f : 0.5f)) + OFFSET);
    }
    for (int index = num_values; index < num_inputs; index++) activations[index] = OFFSET;
    return bound / MAGNITUDE;
}
