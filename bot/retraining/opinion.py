"""What votes say of a share of people who like something, and of one share against another."""

import math


def interval(up: int, down: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval for the share of 👍: within 0 and 1, and honest about few votes.

    From 0 to 1 without any.
    """
    n = up + down
    if not n:
        return 0.0, 1.0
    share, square = up / n, z * z / n
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def chance_of_worse(candidate: tuple[int, int], live: tuple[int, int]) -> float:
    """How likely the candidate's true share of 👍 is the lower one, from votes (up, down) on each.

    Bayes with a flat prior for both: it answers the question that is asked, with any number of
    votes, and looking at it every minute does not change what it means. Exact (Evan Miller,
    "Formulas for Bayesian A/B Testing").
    """
    a, b = candidate[0] + 1, candidate[1] + 1
    c, d = live[0] + 1, live[1] + 1
    total = 0.0
    for i in range(c):
        total += math.exp(
            _log_beta(a + i, b + d) - math.log(d + i) - _log_beta(1 + i, d) - _log_beta(a, b)
        )
    # The sum is the chance that the live one's is the higher.
    return min(1.0, max(0.0, total))


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
