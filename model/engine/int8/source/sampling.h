/* The next token of one row: the same choices as model/sampling, in the same order, on one row. */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* NUM_CANDIDATES and other numbers that Python shares are given by compiler.py. */
enum { GROUP_SIZE = 8, MOST_RANKED = 256 };
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

/* The same for `count` up to MOST_RANKED, from `values` into `best`: the place of each is how many
 * are above it, which takes no branches. */
static void rank_best(const Candidate *values, int count, Candidate *best, int wanted) {
    float logits[MOST_RANKED];
    uint8_t is_taken[MOST_RANKED] = {0};
    for (int index = 0; index < count; index++) logits[index] = values[index].logit;
    for (int index = 0; index < count; index++) {
        int32_t place = 0;
        for (int other = 0; other < count; other++) place += logits[other] > logits[index];
        while (is_taken[place]) place++; /* by the same logit of an earlier token */
        is_taken[place] = 1;
        if (place < wanted) best[place] = values[index];
    }
}

/* Floats as integers in the same order, and back. */
static inline int32_t ordered(float value) {
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits ^ ((bits >> 31) & 0x7fffffff);
}

static inline float unordered(int32_t bits) {
    float value;
    bits ^= (bits >> 31) & 0x7fffffff;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* What at least `wanted` of `values` reach, and at most a few more unless they are alike. */
static float bar_of(int wanted, int count, const float *values) {
    int64_t low = ordered(2 * FORBIDDEN), high = (int64_t)ordered(-2 * FORBIDDEN);
    while (high - low > 1) {
        const int64_t middle = (low + high) / 2;
        const float bar = unordered((int32_t)middle);
        int32_t reached = 0;
        for (int index = 0; index < count; index++) reached += values[index] >= bar;
        *(reached >= wanted ? &low : &high) = middle;
        if (reached >= wanted && reached <= wanted + wanted / 16) break;
    }
    return unordered((int32_t)low);
}

/* The tokens that reach `bar`, in their order; returns how many. Only one vector in four holds any:
 * those are noted first, without a branch that could be guessed wrong. */
static int collect(int vocab_size, const float *logits, float bar, Candidate *room) {
    int32_t *noted = (int32_t *)(room + vocab_size) - vocab_size / 8; /* overtaken by none */
    int num_noted = 0, found = 0;
    for (int token = 0; token + 8 <= vocab_size; token += 8) {
        const __m256 reached =
            _mm256_cmp_ps(_mm256_loadu_ps(logits + token), _mm256_set1_ps(bar), _CMP_GE_OQ);
        noted[num_noted] = token;
        num_noted += !_mm256_testz_ps(reached, reached);
    }
    for (int index = 0; index < num_noted; index++) {
        const int first = noted[index];
        for (int token = first; token < first + 8; token++) {
            room[found] = (Candidate){logits[token], token};
            found += logits[token] >= bar;
        }
    }
    for (int token = vocab_size / 8 * 8; token < vocab_size; token++)
        if (logits[token] >= bar) room[found++] = (Candidate){logits[token], token};
    return found;
}

/* The best tokens, best first, into `best` (NUM_CANDIDATES,); returns how many. `room` holds as many
 * candidates as there are tokens. Forbidden ones are left out.
 *
 * In a large vocabulary the largest of every GROUP_SIZE logits is taken first: what NUM_CANDIDATES of
 * those reach is reached by as many tokens, so that only what reaches it, some more, is looked at. */
static int best_candidates(int vocab_size, const float *logits, Candidate *room, Candidate *best) {
    const int num_groups = vocab_size / GROUP_SIZE;
    const float *values = logits;
    int num_values = vocab_size;
    if (num_groups >= NUM_CANDIDATES) {
        float *maxima = (float *)room; /* twice the room that they need */
        memcpy(maxima, logits, num_groups * sizeof *maxima);
        for (int part = 1; part < GROUP_SIZE; part++)
            for (int group = 0; group < num_groups; group++) {
                const float each = logits[part * num_groups + group];
                maxima[group] = each > maxima[group] ? each : maxima[group];
            }
        values = maxima, num_values = num_groups;
    }
    float bar = FORBIDDEN / 2;
    if (num_values > NUM_CANDIDATES) {
        const float reached = bar_of(NUM_CANDIDATES, num_values, values);
        bar = reached > bar ? reached : bar;
    }
    const int found = collect(vocab_size, logits, bar, room);
    const int kept = found < NUM_CANDIDATES ? found : NUM_CANDIDATES;
    if (found <= MOST_RANKED) {
        rank_best(room, found, best, kept);
    } else {
        sort_best(room, found, kept);
        memcpy(best, room, kept * sizeof *best);
    }
    return kept;
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

/* e to the power of x, which is at most 0, to about 1e-7 (Cephes). No branches, like fast_tanh. */
static inline float fast_exp(float x) {
    x = x < -87 ? -87 : x;
    const float whole = (float)(int32_t)(x * 1.44269504f - 0.5f);
    const float r = x - whole * 0.693359375f - whole * -2.12194440e-4f;
    float p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1;
    const int32_t bits = ((int32_t)whole + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

/* The logarithm of the sum of the exponentials, in a fixed order. */
static float log_sum_exp(int count, const float *logits) {
    float lanes[GROUP_SIZE] = {0}, highest = logits[0], total = 0;
    for (int index = 1; index < count; index++)
        highest = logits[index] > highest ? logits[index] : highest;
    const int whole = count / GROUP_SIZE * GROUP_SIZE;
    for (int index = 0; index < whole; index += GROUP_SIZE)
        for (int lane = 0; lane < GROUP_SIZE; lane++)
            lanes[lane] += fast_exp(logits[index + lane] - highest);
    for (int lane = 0; lane < GROUP_SIZE; lane++) total += lanes[lane];
    for (int index = whole; index < count; index++) total += fast_exp(logits[index] - highest);
    return highest + logf(total);
}

static void softmax(int count, const float *chances, float *probabilities) {
    float total = 0;
    for (int index = 0; index < count; index++)
        probabilities[index] = fast_exp(chances[index] - chances[0]);
    for (int index = 0; index < count; index++) total += probabilities[index];
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

/* The token whose chance and Gumbel noise come to most. Noise of u is at most -log(1 - u), so that a
 * look at the exponent of 1 - u spares most candidates two logarithms. */
static int32_t loudest(int count, const Candidate *best, const float *chances, uint64_t here) {
    int32_t token = best[0].token;
    double highest = -1e300; /* no infinities */
    for (int index = 0; index < count; index++) {
        if (chances[index] <= FORBIDDEN / 2) continue;
        const double u = uniform(here, best[index].token), rest = 1 - u;
        uint64_t bits;
        memcpy(&bits, &rest, sizeof bits);
        const double most = (1023 - (int)(bits >> 52)) * 0.693147181;
        if (chances[index] + most < highest) continue;
        const double value = chances[index] - log(-log(u));
        if (value > highest) token = best[index].token, highest = value;
    }
    return token;
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
    Candidate best[NUM_CANDIDATES];
    float chances[NUM_CANDIDATES], probabilities[NUM_CANDIDATES];
    int count = best_candidates(vocab_size, logits, room, best);
    for (int index = 0; index < count; index++) chances[index] = best[index].logit / how->temperature;
    if (how->top_k && how->top_k < count) count = (int)how->top_k;
    softmax(count, chances, probabilities);
    if (how->top_p < 1) count = keep_top_p(count, probabilities, how->top_p);
    if (how->typical_p < 1) {
        softmax(count, chances, probabilities);
        keep_typical(count, chances, probabilities, how->typical_p);
    }
    return loudest(count, best, chances, here);
}
