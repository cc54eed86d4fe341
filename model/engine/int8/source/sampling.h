/* The next token of one row: the same choices as model/sampling, in the same order, on one row. */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* NUM_CANDIDATES, REPETITION_WINDOW and MAX_NEWLINES_RUNNING are given by compiler.py. */
enum { GROUP_SIZE = 16 };
static const float FORBIDDEN = -1e20f; /* no infinities: the compiler may assume that none come */

typedef struct {
    float logit;
    int32_t token;
} Candidate;

/* model/sampling/parameters.py */
typedef struct {
    float temperature, top_p, typical_p;
    int32_t is_open;
    int64_t top_k;
} Sampling;

/* Noise in (0, 1) of SplitMix64 (Steele, Lea & Flood 2014): see model/sampling/noise.py. */
static uint64_t mix(uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
}

static const uint64_t GOLDEN_GAMMA = 0x9E3779B97F4A7C15u;

static double uniform(uint64_t here, int64_t token) {
    const uint64_t bits = mix(here + (uint64_t)(token + 1) * GOLDEN_GAMMA);
    return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

static inline int is_better(Candidate a, Candidate b) {
    return a.logit > b.logit || (a.logit == b.logit && a.token < b.token);
}

/* Quicksort, best first, of no more than is asked for: the first `wanted` of `count` end up in
 * order, the others somewhere behind them. */
static void sort_best(Candidate *values, int count, int wanted) {
    while (count > 8) {
        const Candidate pivot = values[count / 2];
        int left = 0, right = count - 1;
        while (left <= right) {
            while (is_better(values[left], pivot)) left++;
            while (is_better(pivot, values[right])) right--;
            if (left <= right) {
                const Candidate held = values[left];
                values[left++] = values[right];
                values[right--] = held;
            }
        }
        if (left < wanted) sort_best(values + left, count - left, wanted - left);
        count = right + 1;
    }
    for (int index = 1; index < count; index++) {
        const Candidate held = values[index];
        int place = index;
        for (; place && is_better(held, values[place - 1]); place--) values[place] = values[place - 1];
        values[place] = held;
    }
}

/* The `rank`-th largest of `values` (num_values,), which come out in another order. */
static float largest(int rank, int num_values, float *values) {
    int low = 0, high = num_values - 1;
    while (low < high) {
        const float pivot = values[(low + high) / 2];
        int left = low, right = high;
        while (left <= right) {
            while (values[left] > pivot) left++;
            while (values[right] < pivot) right--;
            if (left <= right) {
                const float held = values[left];
                values[left++] = values[right];
                values[right--] = held;
            }
        }
        if (rank - 1 <= right) high = right;
        else if (rank - 1 >= left) low = left;
        else break;
    }
    return values[rank - 1];
}

/* The best tokens, best first; returns how many. `room` holds as many candidates as there are
 * tokens.
 *
 * Of every GROUP_SIZE logits the largest is taken first: the 128th of those is reached by at least
 * 128 tokens, so that only what reaches it, a few hundred, has to be looked at. */
static int best_candidates(int vocab_size, const float *logits, Candidate *room) {
    const int num_groups = vocab_size / GROUP_SIZE;
    float bar = 2 * FORBIDDEN;
    if (num_groups >= NUM_CANDIDATES) {
        float *maxima = (float *)room; /* twice the room that they need */
        memcpy(maxima, logits, num_groups * sizeof *maxima);
        for (int part = 1; part < GROUP_SIZE; part++)
            for (int group = 0; group < num_groups; group++) {
                const float each = logits[part * num_groups + group];
                maxima[group] = each > maxima[group] ? each : maxima[group];
            }
        bar = largest(NUM_CANDIDATES, num_groups, maxima);
    }
    int found = 0, token = 0;
    for (; token + 8 <= vocab_size; token += 8) {
        const __m256 reached =
            _mm256_cmp_ps(_mm256_loadu_ps(logits + token), _mm256_set1_ps(bar), _CMP_GE_OQ);
        for (int left = _mm256_movemask_ps(reached); left; left &= left - 1) {
            const int each = token + __builtin_ctz(left);
            room[found++] = (Candidate){logits[each], each};
        }
    }
    for (; token < vocab_size; token++)
        if (logits[token] >= bar) room[found++] = (Candidate){logits[token], token};
    sort_best(room, found, NUM_CANDIDATES);
    return found < NUM_CANDIDATES ? found : NUM_CANDIDATES;
}

/* Nucleus (Holtzman et al. 2020): how many of the best hold `top_p` of the probability. */
static int keep_top_p(int count, const float *probabilities, float top_p) {
    float before = 0;
    for (int index = 0; index < count; index++) {
        if (index && before >= top_p) return index;
        before += probabilities[index];
    }
    return count;
}

/* Locally typical (Meister et al. 2023): what is forbidden gets no chance. */
static void keep_typical(int count, float *chances, const float *probabilities, float typical_p) {
    Candidate order[NUM_CANDIDATES]; /* the least surprising first */
    float entropy = 0, before = 0;
    for (int index = 0; index < count; index++)
        if (probabilities[index] > 0) entropy -= probabilities[index] * logf(probabilities[index]);
    for (int index = 0; index < count; index++) {
        const float surprise =
            probabilities[index] > 0 ? fabsf(-logf(probabilities[index]) - entropy) : -FORBIDDEN;
        order[index] = (Candidate){-surprise, index};
    }
    sort_best(order, count, count);
    for (int rank = 0; rank < count; rank++) {
        if (rank && before >= typical_p) chances[order[rank].token] = FORBIDDEN;
        before += probabilities[order[rank].token];
    }
}

static void softmax(int count, const float *chances, float *probabilities) {
    float total = 0;
    for (int index = 0; index < count; index++) {
        probabilities[index] = expf(chances[index] - chances[0]);
        total += probabilities[index];
    }
    for (int index = 0; index < count; index++) probabilities[index] /= total;
}

/* Of the whole vocabulary, by inversion of the cumulative distribution. */
static int32_t draw_from_all(int vocab_size, const float *logits, float temperature, uint64_t here) {
    float best = logits[0];
    for (int token = 1; token < vocab_size; token++)
        best = logits[token] > best ? logits[token] : best;
    double total = 0;
    for (int token = 0; token < vocab_size; token++) total += expf((logits[token] - best) / temperature);
    double left = uniform(here, vocab_size) * total;
    int32_t last = 0;
    for (int token = 0; token < vocab_size; token++) {
        const float chance = expf((logits[token] - best) / temperature);
        if (chance > 0) last = token;
        left -= chance;
        if (chance > 0 && left <= 0) break;
    }
    return last;
}

/* One token; `stream` and `position` are those of the noise. */
static int32_t draw(int vocab_size, const float *logits, const Sampling *how, int64_t stream,
                    int64_t position, Candidate *room) {
    const uint64_t here = mix((uint64_t)stream + (uint64_t)position * GOLDEN_GAMMA);
    if (how->temperature == 0) {
        int32_t best = 0;
        for (int token = 1; token < vocab_size; token++)
            if (logits[token] > logits[best]) best = token;
        return best;
    }
    if (how->is_open && vocab_size > NUM_CANDIDATES)
        return draw_from_all(vocab_size, logits, how->temperature, here);
    float chances[NUM_CANDIDATES], probabilities[NUM_CANDIDATES];
    int count = best_candidates(vocab_size, logits, room);
    for (int index = 0; index < count; index++) chances[index] = room[index].logit / how->temperature;
    if (how->top_k && how->top_k < count) count = (int)how->top_k;
    softmax(count, chances, probabilities);
    if (how->top_p < 1) count = keep_top_p(count, probabilities, how->top_p);
    if (how->typical_p < 1) {
        softmax(count, chances, probabilities);
        keep_typical(count, chances, probabilities, how->typical_p);
    }
    int best = -1;
    double highest = 0;
    for (int index = 0; index < count; index++) {
        if (chances[index] <= FORBIDDEN / 2) continue;
        const double value = chances[index] - log(-log(uniform(here, room[index].token)));
        if (best < 0 || value > highest) best = index, highest = value;
    }
    return room[best < 0 ? 0 : best].token;
}
