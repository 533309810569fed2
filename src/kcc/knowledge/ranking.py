"""Rankers and how their orders become one. A ranker answers with article numbers, best first."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .query import Alternative, Group, Query
from .view import View
from .weighing import MAX_IMPACT, STEPS

#: Of reciprocal rank fusion: how little the first places differ (Cormack, Clarke & Büttcher, 2009).
FUSION = 60

_STEP = MAX_IMPACT / STEPS


@dataclass(frozen=True)
class Ranking:
    """The order of one ranker: (article number, score) best first, and how many articles matched at all."""

    found: Sequence[tuple[int, float]]
    total: int


class Ranker(Protocol):
    """Anything that can order articles for a query; only articles the view allows."""

    def rank(self, query: Query, view: View, depth: int) -> Ranking:
        """The best `depth` articles."""
        ...


def fuse(rankings: Sequence[Ranking], depth: int) -> Ranking:
    """One order from several, by reciprocal rank. Of a single ranking the order and the scores are kept."""
    if len(rankings) == 1:
        return rankings[0]
    scores: dict[int, float] = {}
    for ranking in rankings:
        for place, (number, _) in enumerate(ranking.found, start=1):
            scores[number] = scores.get(number, 0.0) + 1 / (FUSION + place)
    return Ranking(best(scores, depth), max((ranking.total for ranking in rankings), default=0))


def best(scores: dict[int, float], depth: int) -> list[tuple[int, float]]:
    """The highest scores, best first; of equal scores the lower number first."""
    if depth <= 0:
        return []
    if len(scores) > 4 * depth:
        # The depth-th score first: comparing bare numbers is far cheaper than ordering pairs.
        least = heapq.nlargest(depth, scores.values())[-1]
        pairs = [(number, score) for number, score in scores.items() if score >= least]
    else:
        pairs = list(scores.items())
    pairs.sort(key=lambda pair: (-pair[1], pair[0]))
    return pairs[:depth]


class WordRanker:
    """BM25F over the words: a sum over the words of the query of the best way each is met."""

    def rank(self, query: Query, view: View, depth: int) -> Ranking:
        """See `Ranker`."""
        scores: dict[int, float] = {}
        # The largest first: the first dictionary is made in one go, the others are added to it one by one.
        for group in sorted(query.groups, key=lambda group: _size(group, view), reverse=True):
            if len(group.alternatives) == 1 and len(group.alternatives[0].terms) == 1:
                _add_term(scores, group.alternatives[0].terms[0], group.alternatives[0], view)
                continue
            found = _group_scores(group, view)
            if not scores:
                scores = found
                continue
            known = scores.get
            for number, score in found.items():
                scores[number] = known(number, 0.0) + score
        required = view.required
        if required is not None:
            scores = {number: score for number, score in scores.items() if number in required}
        for number in view.excluded:
            scores.pop(number, None)
        return Ranking(best(scores, depth), len(scores))


def _size(group: Group, view: View) -> int:
    return sum(view.frequency(way.terms[0]) for way in group.alternatives)


def _group_scores(group: Group, view: View) -> dict[int, float]:
    scores: dict[int, float] = {}
    for way in sorted(group.alternatives, key=lambda way: view.frequency(way.terms[0]), reverse=True):
        found = _alternative_scores(way, view)
        if not scores:
            scores = found
            continue
        known = scores.get
        for number, score in found.items():
            if score > known(number, 0.0):
                scores[number] = score
    return scores


def _alternative_scores(way: Alternative, view: View) -> dict[int, float]:
    """The score of each article that holds all terms: the mean over the terms."""
    each: list[dict[int, float]] = []
    for term in way.terms:
        scores: dict[int, float] = {}
        _add_term(scores, term, way, view)
        each.append(scores)
    if len(each) == 1:
        return each[0]
    each.sort(key=len)
    shared = set(each[0]).intersection(*each[1:])
    return {number: sum(scores[number] for scores in each) for number in shared}


def _add_term(scores: dict[int, float], term: str, way: Alternative, view: View) -> None:
    """Add what a term is worth in each article to the scores."""
    factor = way.weight / len(way.terms) * min(view.rarity(term), way.cap) * _STEP
    worth = [factor * step for step in range(STEPS + 1)]
    for numbers, impacts in view.postings(term):
        if not scores:
            scores.update(zip(numbers, map(worth.__getitem__, impacts), strict=True))
            continue
        known = scores.get
        for number, impact in zip(numbers, impacts, strict=True):
            scores[number] = known(number, 0.0) + worth[impact]
