/* The whole step of the engine for many rows: network, masks, drawing, counting of lines.
 *
 * Rows share nothing but the weights, so they are dealt to the threads and nobody waits in between.
 * Python holds all memory; see library.py, whose structures mirror those of these files.
 */
#include "network.h"
#include "sampling.h"

enum { PREFILL_PER_STEP = 32, ROWS_AT_ONCE = 32 };
enum { RUNNING = 0, LINES = 1, LENGTH = 2 };

/* Row i of every array belongs to the sequence in row i: model/engine/slots.py. */
typedef struct {
    int32_t num_slots, max_positions;
    float *hidden, *cell;         /* (num_layers, num_slots, hidden_size) */
    Voices voices;
    int64_t *tokens;              /* (num_slots, max_positions) */
    const uint8_t *forbid_first;  /* (num_slots, vocab_size) */
    int64_t *position;
    const int64_t *prompt_length, *last_position, *stream, *max_lines;
    int64_t *num_lines, *newlines_running, *has_content;
    const float *temperature;
    const int64_t *top_k;
    const float *top_p, *repetition_penalty, *typical_p;
    const uint8_t *greedy_inside_lines, *is_open;
    float *log_probabilities;     /* (num_slots, max_positions) */
    const int32_t *edges;         /* (num_slots, 3, MAX_EDGES): model/engine/paths.py */
    const int64_t *num_edges;
    int64_t *node;
} Slots;

/* Which tokens are what. */
typedef struct {
    int32_t newline_id, num_never;
    const int64_t *never_ids;
    const uint8_t *is_content;    /* (vocab_size,) */
} Marks;

/* What repetition takes from the logit of `token`. */
static float penalty(const Slots *slots, const Marks *marks, int row, int64_t position,
                     int32_t token) {
    const int64_t *tokens = slots->tokens + (int64_t)row * slots->max_positions;
    const int64_t first = position > REPETITION_WINDOW ? position - REPETITION_WINDOW : 0;
    if (token == marks->newline_id) return 0;
    for (int64_t index = first; index < position; index++)
        if (tokens[index] == token) return logf(slots->repetition_penalty[row]);
    return 0;
}

static void mask(const Network *net, const Slots *slots, const Marks *marks, int row,
                 int64_t position, float *logits) {
    const int64_t *tokens = slots->tokens + (int64_t)row * slots->max_positions;
    const float cost = logf(slots->repetition_penalty[row]);
    if (cost != 0) {
        float values[REPETITION_WINDOW];
        int64_t recent[REPETITION_WINDOW];
        for (int back = 0; back < REPETITION_WINDOW; back++) {
            const int64_t index = position - 1 - back;
            recent[back] = tokens[index > 0 ? index : 0];
            values[back] = logits[recent[back]] - (recent[back] == marks->newline_id ? 0 : cost);
        }
        for (int back = 0; back < REPETITION_WINDOW; back++) logits[recent[back]] = values[back];
    }
    if (position == slots->prompt_length[row]) {
        const uint8_t *forbidden = slots->forbid_first + (int64_t)row * net->vocab_size;
        for (int token = 0; token < net->vocab_size; token++)
            logits[token] = forbidden[token] ? FORBIDDEN : logits[token];
    }
    if (slots->newlines_running[row] >= MAX_NEWLINES_RUNNING) logits[marks->newline_id] = FORBIDDEN;
    for (int index = 0; index < marks->num_never; index++) logits[marks->never_ids[index]] = FORBIDDEN;
    logits[tokens[0]] = FORBIDDEN;
}

/* Forbids every token that no edge from the row's node has; a row that could only go where it may
 * not, or has come to the end of its paths, is free. */
static void keep_to_paths(const Network *net, const Slots *slots, int row, float *logits) {
    const int32_t *from = slots->edges + (int64_t)row * 3 * MAX_EDGES, *token = from + MAX_EDGES;
    const int num_edges = (int)slots->num_edges[row];
    float kept[MAX_EDGES];
    int is_bound = 0;
    for (int edge = 0; edge < num_edges; edge++) {
        kept[edge] = logits[token[edge]];
        is_bound |= from[edge] == slots->node[row] && kept[edge] > FORBIDDEN / 2;
    }
    if (!is_bound) return;
    for (int each = 0; each < net->vocab_size; each++) logits[each] = FORBIDDEN;
    for (int edge = 0; edge < num_edges; edge++)
        if (from[edge] == slots->node[row]) logits[token[edge]] = kept[edge];
}

static void follow_path(Slots *slots, int row, int32_t drawn) {
    const int32_t *from = slots->edges + (int64_t)row * 3 * MAX_EDGES;
    const int32_t *token = from + MAX_EDGES, *to = token + MAX_EDGES;
    for (int edge = 0; edge < slots->num_edges[row]; edge++)
        if (from[edge] == slots->node[row] && token[edge] == drawn) {
            slots->node[row] = to[edge];
            return;
        }
}

static int8_t draw_and_count(const Network *net, Slots *slots, const Marks *marks, int row,
                             float *logits, Candidate *room) {
    const int64_t position = slots->position[row] + 1;
    const float total = log_sum_exp(net->vocab_size, logits);
    mask(net, slots, marks, row, position, logits);
    if (slots->num_edges[row]) keep_to_paths(net, slots, row, logits);
    Sampling how = {.temperature = slots->temperature[row], .top_p = slots->top_p[row],
                    .typical_p = slots->typical_p[row], .is_open = slots->is_open[row],
                    .top_k = slots->top_k[row]};
    if (slots->greedy_inside_lines[row] && slots->newlines_running[row] == 0) how.temperature = 0;
    const int32_t token =
        draw(net->vocab_size, logits, &how, slots->stream[row], position, room);
    const int64_t place = (int64_t)row * slots->max_positions + position;
    slots->log_probabilities[place] =
        logits[token] + penalty(slots, marks, row, position, token) - total;
    if (slots->num_edges[row]) follow_path(slots, row, token);
    slots->tokens[place] = token;
    slots->position[row] = position;
    if (token == marks->newline_id) {
        slots->newlines_running[row]++;
        slots->num_lines[row] += slots->has_content[row];
        slots->has_content[row] = 0;
    } else {
        slots->newlines_running[row] = 0;
        slots->has_content[row] |= marks->is_content[token];
    }
    if (slots->num_lines[row] >= slots->max_lines[row]) return LINES;
    return position >= slots->last_position[row] ? LENGTH : RUNNING;
}

static int64_t token_at(const Slots *slots, int row) {
    return slots->tokens[(int64_t)row * slots->max_positions + slots->position[row]];
}

static int is_in_prompt(const Slots *slots, int row) {
    return slots->position[row] + 1 < slots->prompt_length[row];
}

/* Feed prompts, all but their last token, without reading anything out. */
static void prefill(const Network *net, Slots *slots, int first, int last, const Scratch *scratch) {
    for (int turn = 0; turn < PREFILL_PER_STEP; turn++) {
        int32_t rows[ROWS_AT_ONCE];
        int64_t tokens[ROWS_AT_ONCE];
        int count = 0;
        for (int row = first; row < last; row++)
            if (is_in_prompt(slots, row)) rows[count] = row, tokens[count++] = token_at(slots, row);
        if (!count) return;
        advance(net, &slots->voices, slots->num_slots, count, rows, tokens, slots->hidden,
                slots->cell, scratch);
        for (int each = 0; each < count; each++) slots->position[rows[each]]++;
    }
}

/* The rows from `first` up to `last`, at most ROWS_AT_ONCE; `codes` says which are done, and why. */
static void step_rows(const Network *net, Slots *slots, const Marks *marks, int first, int last,
                      const Scratch *scratch, Candidate *room, int8_t *codes) {
    int32_t rows[ROWS_AT_ONCE];
    int64_t tokens[ROWS_AT_ONCE];
    int count = 0;
    prefill(net, slots, first, last, scratch);
    for (int row = first; row < last; row++) {
        codes[row] = RUNNING;
        if (!is_in_prompt(slots, row)) rows[count] = row, tokens[count++] = token_at(slots, row);
    }
    if (!count) return;
    advance(net, &slots->voices, slots->num_slots, count, rows, tokens, slots->hidden, slots->cell,
            scratch);
    read_out(net, &slots->voices, count, rows, scratch);
    for (int each = 0; each < count; each++)
        codes[rows[each]] =
            draw_and_count(net, slots, marks, rows[each],
                           row_of(scratch->logits, each, net->readout.num_outputs), room);
}

static int64_t aligned(int64_t bytes) { return (bytes + 63) / 64 * 64; }

/* Lays the parts of one thread's memory out from `base` on; returns its end. */
static char *lay_out(const Network *net, char *base, Scratch *scratch, Candidate **room) {
    const int64_t rows = ROWS_AT_ONCE, size = net->hidden_size;
    int64_t width = net->projection.num_outputs;
    for (int level = 0; level < net->num_layers; level++) {
        const Layer *layer = net->layers + level;
        width = layer->inputs.num_inputs > width ? layer->inputs.num_inputs : width;
        width = layer->hidden.num_inputs > width ? layer->hidden.num_inputs : width;
    }
    width = net->readout.num_inputs > width ? net->readout.num_inputs : width;
    char *next = base;
#define TAKE(type, number) (type *)next; next += aligned((number) * (int64_t)sizeof(type))
    scratch->activations = TAKE(Activation, rows * width);
    scratch->row_scales = TAKE(float, rows);
    scratch->gates = TAKE(float, rows * (net->num_gates + BETWEEN_ROWS));
    scratch->values = TAKE(float, size);
    scratch->top = TAKE(float, rows * size);
    scratch->projected = TAKE(float, rows * (net->projection.num_outputs + BETWEEN_ROWS));
    scratch->logits = TAKE(float, rows * (net->readout.num_outputs + BETWEEN_ROWS));
    *room = TAKE(Candidate, net->vocab_size);
#undef TAKE
    return next;
}

/* ---- what Python calls ---- */

const char *cypher_instructions(void) { return INSTRUCTIONS; }

void cypher_pack(int32_t num_outputs, int32_t num_inputs, const float *weights, int8_t *room,
                 int8_t *packed, int32_t *start, float *scales) {
    pack(num_outputs, num_inputs, weights, room, packed, start, scales);
}

int64_t cypher_scratch_bytes(const Network *net, int32_t num_threads) {
    Scratch scratch;
    Candidate *room;
    return num_threads * aligned(lay_out(net, 0, &scratch, &room) - (char *)0);
}

/* One token for each of the first `num_rows` rows; `scratch` (64-byte aligned) is of
 * cypher_scratch_bytes for as many threads. */
void cypher_step(const Network *net, Slots *slots, const Marks *marks, int32_t num_rows,
                 int32_t num_threads, char *scratch_memory, int8_t *codes) {
    const int64_t bytes = cypher_scratch_bytes(net, 1);
    const int most = num_rows < num_threads ? num_rows : num_threads;
#pragma omp parallel for num_threads(most) schedule(static, 1)
    for (int thread = 0; thread < most; thread++) {
        Scratch scratch;
        Candidate *room;
        lay_out(net, scratch_memory + thread * bytes, &scratch, &room);
        const int end = (int)((int64_t)num_rows * (thread + 1) / most);
        for (int row = (int)((int64_t)num_rows * thread / most); row < end; row += ROWS_AT_ONCE)
            step_rows(net, slots, marks, row, row + ROWS_AT_ONCE < end ? row + ROWS_AT_ONCE : end,
                      &scratch, room, codes);
    }
}

/* One draw from `logits` (vocab_size,), for tests; `room` is of vocab_size pairs. */
int32_t cypher_draw(int32_t vocab_size, const float *logits, const Sampling *how, int64_t stream,
                    int64_t position, Candidate *room) {
    return draw(vocab_size, logits, how, stream, position, room);
}

/* Logits (num_steps, readout.num_outputs) of one row fed with `tokens`, for measuring the quality
 * and for tests; the row's states move on. */
void cypher_logits(const Network *net, Slots *slots, int32_t row, int32_t num_steps,
                   const int64_t *tokens, char *scratch_memory, float *logits) {
    Scratch scratch;
    Candidate *room;
    lay_out(net, scratch_memory, &scratch, &room);
    const int num_outputs = net->readout.num_outputs;
    for (int step = 0; step < num_steps; step++) {
        advance(net, &slots->voices, slots->num_slots, 1, &row, tokens + step, slots->hidden,
                slots->cell, &scratch);
        read_out(net, &slots->voices, 1, &row, &scratch);
        memcpy(logits + (int64_t)step * num_outputs, scratch.logits, num_outputs * sizeof *logits);
    }
}
