/* One position of an LSTM language model: tokens in, logits out, states moved on in place. */
#include <math.h>
#include <stdint.h>
#include "product.h"

typedef struct {
    Product inputs;        /* of the layer below; layer 0 reads tables instead */
    Product hidden;
    const float *bias;     /* (num_gates,) with what the normalisation adds */
    float bound;           /* of what the layer reads, where it is not normalised; else 0 */
} Layer;

typedef struct {
    int32_t hidden_size, num_layers, vocab_size, num_gates; /* num_gates is padded, 4 hidden or more */
    int32_t has_norm, is_residual, is_tied, num_features;   /* features: what layer 0 reads */
    float norm_epsilon, top_bound;                          /* largest magnitude of the top outputs */
    const float *token_gates;   /* (vocab_size, num_gates): what layer 0 makes of each token */
    const float *token_moments; /* (vocab_size, 2): sum and sum of squares of its features */
    const float *gate_sums;     /* (num_gates,): what layer 0 makes of features that are all one */
    const Layer *layers;
    Product projection;         /* to where the output is read; used where it is tied */
    Product readout;
    const float *output_bias;   /* (readout.num_outputs,), used where it is tied */
} Network;

/* What was computed once for the artist of each row; the rows are those of the slots. */
typedef struct {
    const float *gates;   /* (rows, num_gates) */
    const float *moments; /* (rows, 2) */
    const float *reading; /* (rows, width): where the projection begins, or the logits */
} Voices;

typedef struct {
    Activation *activations; /* (rows, widest input) */
    float *row_scales, *gates, *values, *top, *projected, *logits;
} Scratch;

/* tanh as a rational function, to about 3e-7 (the one of Eigen). No branches, so that a loop of
 * it becomes vector instructions. */
static inline float fast_tanh(float x) {
    x = x > 7.90531110763549805f ? 7.90531110763549805f : x;
    x = x < -7.90531110763549805f ? -7.90531110763549805f : x;
    const float s = x * x;
    float p = s * -2.76076847742355e-16f + 2.00018790482477e-13f;
    p = p * s + -8.60467152213735e-11f;
    p = p * s + 5.12229709037114e-08f;
    p = p * s + 1.48572235717979e-05f;
    p = p * s + 6.37261928875436e-04f;
    p = p * s + 4.89352455891786e-03f;
    float q = s * 1.19825839466702e-06f + 1.18534705686654e-04f;
    q = q * s + 2.26843463243900e-03f;
    q = q * s + 4.89352518554385e-03f;
    return x * p / q;
}

static inline float fast_sigmoid(float x) { return 0.5f * fast_tanh(0.5f * x) + 0.5f; }

/* Gates in the order i, f, g, o, each (size,) -> the next states. */
static void lstm_update(int size, const float *gates, float *cell, float *hidden) {
    const float *i = gates, *f = gates + size, *g = gates + 2 * size, *o = gates + 3 * size;
    for (int index = 0; index < size; index++) {
        const float kept = fast_sigmoid(f[index]) * cell[index];
        const float next = kept + fast_sigmoid(i[index]) * fast_tanh(g[index]);
        cell[index] = next;
        hidden[index] = fast_sigmoid(o[index]) * fast_tanh(next);
    }
}

enum { PARTS = 16 }; /* in which sums are taken, so that they become vector instructions */

/* Sums in a fixed order, whatever the compiler makes of it. */
static float sum_of(int size, const float *values) {
    float lanes[PARTS] = {0}, total = 0;
    const int whole = size / PARTS * PARTS;
    for (int index = 0; index < whole; index += PARTS)
        for (int lane = 0; lane < PARTS; lane++) lanes[lane] += values[index + lane];
    for (int lane = 0; lane < PARTS; lane++) total += lanes[lane];
    for (int index = whole; index < size; index++) total += values[index];
    return total;
}

/* Values -> mean 0 and variance 1, in place of `normed`; scale and shift are in the weights. */
static void normalise(int size, const float *values, float epsilon, float *normed) {
    const float mean = sum_of(size, values) / size;
    for (int index = 0; index < size; index++) {
        const float centred = values[index] - mean;
        normed[index] = centred * centred;
    }
    const float factor = 1 / sqrtf(sum_of(size, normed) / size + epsilon);
    for (int index = 0; index < size; index++) normed[index] = (values[index] - mean) * factor;
}

/* What layer 0 makes of a token and an artist, before the hidden state. */
static void first_gates(const Network *net, const Voices *voices, int64_t token, int row,
                        float *gates) {
    const float *own = net->token_gates + token * net->num_gates;
    const float *artist = voices->gates + (int64_t)row * net->num_gates;
    float mean = 0, factor = 1;
    if (net->has_norm) {
        const float *moments = net->token_moments + 2 * token, *more = voices->moments + 2 * row;
        mean = (moments[0] + more[0]) / net->num_features;
        const float square = (moments[1] + more[1]) / net->num_features;
        factor = 1 / sqrtf(square - mean * mean + net->norm_epsilon);
    }
    const float *sums = net->gate_sums, *bias = net->layers[0].bias;
    for (int gate = 0; gate < net->num_gates; gate++)
        gates[gate] = (own[gate] + artist[gate] - mean * sums[gate]) * factor + bias[gate];
}

/* Move `num_rows` rows on by their `tokens`; what the top layer says goes to scratch->top.
 * Hidden and cell are (num_layers, num_slots, hidden_size). */
static void advance(const Network *net, const Voices *voices, int num_slots, int num_rows,
                    const int32_t *rows, const int64_t *tokens, float *hidden, float *cell,
                    const Scratch *scratch) {
    const int size = net->hidden_size, num_gates = net->num_gates;
    float *gates = scratch->gates, *top = scratch->top;
    for (int level = 0; level < net->num_layers; level++) {
        const Layer *layer = net->layers + level;
        float *own_hidden = hidden + (int64_t)level * num_slots * size;
        float *own_cell = cell + (int64_t)level * num_slots * size;
        for (int each = 0; each < num_rows; each++) {
            if (level == 0)
                first_gates(net, voices, tokens[each], rows[each], row_of(gates, each, num_gates));
            else
                memcpy(row_of(gates, each, num_gates), layer->bias, num_gates * sizeof *gates);
        }
        if (level > 0) {
            const int width = layer->inputs.num_inputs;
            for (int each = 0; each < num_rows; each++) {
                const float *read = top + (int64_t)each * size;
                if (net->has_norm) {
                    normalise(size, read, net->norm_epsilon, scratch->values);
                    read = scratch->values;
                }
                scratch->row_scales[each] = quantise(
                    size, width, read, layer->bound, scratch->activations + (int64_t)each * width);
            }
            add_product(&layer->inputs, num_rows, scratch->activations, scratch->row_scales, gates);
        }
        const int width = layer->hidden.num_inputs;
        for (int each = 0; each < num_rows; each++)
            scratch->row_scales[each] =
                quantise(size, width, own_hidden + (int64_t)rows[each] * size, 1,
                         scratch->activations + (int64_t)each * width);
        add_product(&layer->hidden, num_rows, scratch->activations, scratch->row_scales, gates);
        for (int each = 0; each < num_rows; each++) {
            float *next = own_hidden + (int64_t)rows[each] * size, *out = top + (int64_t)each * size;
            lstm_update(size, row_of(gates, each, num_gates),
                        own_cell + (int64_t)rows[each] * size, next);
            for (int index = 0; index < size; index++)
                out[index] = next[index] + (net->is_residual && level ? out[index] : 0);
        }
    }
}

/* scratch->top -> scratch->logits (num_rows, readout.num_outputs). */
static void read_out(const Network *net, const Voices *voices, int num_rows, const int32_t *rows,
                     const Scratch *scratch) {
    const int size = net->hidden_size;
    const Product *first = net->is_tied ? &net->projection : &net->readout;
    const int reading = first->num_outputs, num_outputs = net->readout.num_outputs;
    float *read = net->is_tied ? scratch->projected : scratch->logits;
    for (int each = 0; each < num_rows; each++) {
        scratch->row_scales[each] =
            quantise(size, first->num_inputs, scratch->top + (int64_t)each * size, net->top_bound,
                     scratch->activations + (int64_t)each * first->num_inputs);
        memcpy(row_of(read, each, reading), voices->reading + (int64_t)rows[each] * reading,
               reading * sizeof *read);
    }
    add_product(first, num_rows, scratch->activations, scratch->row_scales, read);
    if (!net->is_tied) return;
    const int width = net->readout.num_inputs;
    for (int each = 0; each < num_rows; each++) {
        scratch->row_scales[each] = quantise(width, width, row_of(read, each, reading), 0,
                                             scratch->activations + (int64_t)each * width);
        memcpy(row_of(scratch->logits, each, num_outputs), net->output_bias,
               num_outputs * sizeof *read);
    }
    add_product(&net->readout, num_rows, scratch->activations, scratch->row_scales, scratch->logits);
}
