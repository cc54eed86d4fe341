"""Where a verse may go: words of which one must follow, as edges between nodes, token by token."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

MAX_EDGES = 1024

_START, _END = 0, 1


@dataclass(slots=True)
class _Node:
    number: int
    children: dict[int, "_Node"] = field(default_factory=dict)
    is_word: bool = False


def build_paths(words: Iterable[Sequence[int]], tails: Sequence[Sequence[int]]) -> Tensor:
    """Edges (3, num_edges), int32: from which node, by which token, to which node.

    One of `words` must be written, then one of `tails`, which end the line; all of them are token
    ids. A row begins at node 0. There are at most MAX_EDGES edges: words that come too late for
    that are left out. Words that no other goes on from share one node for their tails. Where both
    another word and a tail would go on by the same token, only the word does. Where nothing is left
    to follow, or only what may not be written, a row is free.
    """
    root, num_nodes, num_edges = _Node(_START), 2, len(tails) * max(map(len, tails), default=0)
    for word in words:
        # At worst, every token is an edge, and so is everything that may follow.
        num_edges += len(word) + len(tails)
        if num_edges > MAX_EDGES:
            break
        node = root
        for token in word:
            if token not in node.children:
                node.children[token] = _Node(num_nodes)
                num_nodes += 1
            node = node.children[token]
        node.is_word = True
    tail_root = _Node(_END)
    for tail in tails:
        node = tail_root
        for token in tail:
            if token not in node.children:
                node.children[token] = _Node(num_nodes)
                num_nodes += 1
            node = node.children[token]
    edges = [*_edges(root, tail_root), *_edges_below(tail_root)]
    return torch.tensor(edges, dtype=torch.int32).reshape(-1, 3).t().contiguous()


def check_paths(paths: Tensor, vocab_size: int) -> None:
    """Raises ValueError for what no row of such a vocabulary could follow."""
    if paths.dim() != 2 or len(paths) != 3 or not 0 < paths.size(1) <= MAX_EDGES:
        raise ValueError(f"paths must be 1 to {MAX_EDGES} edges of three numbers each.")
    if not bool((paths[0] == _START).any()):
        raise ValueError(f"No edge of paths begins at node {_START}.")
    if not 0 <= int(paths[1].min()) <= int(paths[1].max()) < vocab_size:
        raise ValueError(f"The paths hold a token outside of 0 to {vocab_size - 1}.")


def _edges(node: _Node, tail_root: _Node) -> Iterable[tuple[int, int, int]]:
    for token, child in node.children.items():
        is_last = child.is_word and not child.children
        yield node.number, token, _END if is_last else child.number
        yield from _edges(child, tail_root)
    if node.is_word and node.children:
        for token, child in tail_root.children.items():
            if token not in node.children:
                yield node.number, token, child.number


def _edges_below(node: _Node) -> Iterable[tuple[int, int, int]]:
    for token, child in node.children.items():
        yield node.number, token, child.number
        yield from _edges_below(child)
