"""Mood and price: abnormal returns after announcements, and whether mood or price goes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sentinel.placebo import Judgement, judge
from sentinel.scored import Floats, Ints

__all__ = [
    "AFTER",
    "Abnormal",
    "Lead",
    "abnormal_returns",
    "judge_reaction",
    "lead_or_lag",
    "pooled_reaction",
]

FIRST: Final = 130  #: sessions before the announcement at which the estimation begins
LAST: Final = 11  #: at which it ends
LEAST: Final = 60  #: sessions with a return that it needs
AFTER: Final = 2  #: sessions after the first one that the reaction lasts
LAGS: Final = 2  #: sessions by which mood may go before the price, or after it
ORDER: Final = 5  #: of the autoregression that is taken out of the mood
MARGIN: Final = 12  #: sessions by which a shifted series is shifted at least
LEAST_LEAD: Final = 100  #: sessions with mood and return that lead and lag need


@dataclass(frozen=True, slots=True)
class Abnormal:
    """Returns less what the market model expects, each by the estimation before it. S sessions."""

    returns: Floats  #: (S,)
    market: Floats  #: (S,): 0 where there is no market proxy: the model is then a constant
    alpha: Floats  #: (S,): of the session's estimation window; NaN below `LEAST` returns
    beta: Floats  #: (S,)
    n: Ints  #: (S,): returns in that window
    abnormal: Floats  #: (S,): return less ``alpha + beta market``

    def sums(self, at: int, length: int) -> tuple[float, Floats]:
        """CAR of `length` sessions from `at`, by the estimation before `at`; and all such sums of that estimation."""
        known = self.returns - self.alpha[at] - self.beta[at] * self.market
        window = known[max(at - FIRST, 0) : max(at - LAST + 1, 0)]
        sums = np.convolve(window, np.ones(length), "valid") if len(window) >= length else np.zeros(0)
        return float(known[at : at + length].sum()), sums[np.isfinite(sums)]


def abnormal_returns(returns: Floats, market: Floats | None) -> Abnormal:
    """Ordinary least squares of the return on the market's, over the sessions 130 to 11 before each session."""
    other = np.zeros(len(returns)) if market is None else market
    known = np.isfinite(returns) & np.isfinite(other)
    y, x = np.where(known, returns, 0.0), np.where(known, other, 0.0)
    n, sx, sy, sxx, sxy = (_window(part) for part in (known.astype(np.float64), x, y, x * x, x * y))
    enough = n >= LEAST
    size = np.where(enough, n, 1.0)
    spread = sxx - sx**2 / size
    steady = spread > 1e-12 * np.maximum(sxx, 1e-12)
    beta = np.where(steady, (sxy - sx * sy / size) / np.where(steady, spread, 1.0), 0.0)
    alpha = np.where(enough, (sy - beta * sx) / size, np.nan)
    beta = np.where(enough, beta, np.nan)
    abnormal = np.where(known, returns - alpha - beta * other, np.nan)
    return Abnormal(returns, other if market is not None else x, alpha, beta, n.astype(np.int64), abnormal)


def _window(values: Floats) -> Floats:
    """Sum over the estimation window of each session."""
    running = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    sums: Floats = running[np.maximum(at - LAST + 1, 0)] - running[np.maximum(at - FIRST, 0)]
    return sums


def judge_reaction(model: Abnormal, at: int, length: int) -> tuple[float, Judgement]:
    """CAR from session `at`, against the sums of as many sessions in its own estimation window."""
    car, sums = model.sums(at, length)
    judgement = judge(sums, np.ones((1, len(sums)), dtype=bool), np.array([car]), length)
    return car, judgement


def pooled_reaction(model: Abnormal, at: npt.NDArray[np.int64]) -> tuple[float, Judgement]:
    """Mean CAR of several announcements, against their calendar shifted around the sessions."""
    n = len(model.returns)
    car = np.full(n, np.nan)
    for shift in range(n - AFTER):
        if np.isfinite(model.alpha[shift]):
            car[shift] = model.sums(shift, AFTER + 1)[0]
    shifts = car[(at[:, None] + np.arange(1, n)) % n]
    known = np.isfinite(shifts)
    fit = known.sum(axis=0) >= max(1, int(np.ceil(0.7 * len(at))))
    with np.errstate(invalid="ignore", divide="ignore"):
        # The mean of fewer reactions varies more: all are brought to the scale of as many as there are.
        means = np.where(known, shifts, 0.0).sum(axis=0) / np.sqrt(known.sum(axis=0) * len(at))
    mean = float(np.nanmean(car[at]))
    return mean, judge(np.where(fit, means, 0.0), fit[None], np.array([mean]), AFTER + 1)


@dataclass(frozen=True, slots=True)
class Lead:
    """Which goes first."""

    sessions: int
    correlations: Floats  #: (2 LAGS + 1,): of the mood with the return that many sessions later
    largest: float  #: of them in size
    lag: int  #: of the largest; positive: the mood went first
    p: float  #: one for all lags; NaN if there are too few sessions
    independent: float  #: K_e, shifts that do not overlap

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for files; what is missing is None."""
        return {
            "sessions": self.sessions,
            "correlations": {
                str(lag): _plain(value) for lag, value in zip(_lags(), self.correlations, strict=True)
            },
            "largest": _plain(self.largest),
            "lag": self.lag,
            "p": _plain(self.p),
            "k_e": _plain(self.independent),
        }


def lead_or_lag(mood: Floats, abnormal: Floats) -> Lead:
    """The largest correlation over the lags -2 to 2, against series shifted around by at least twelve sessions.

    Parameters
    ----------
    mood : shape (S,). Of each session; NaN where nobody posted.
    abnormal : shape (S,). NaN where it is not known.
    """
    inside = np.isfinite(abnormal)
    first, last = (
        (int(np.argmax(inside)), len(inside) - int(np.argmax(inside[::-1]))) if inside.any() else (0, 0)
    )
    span = slice(first, last)
    price = np.where(inside[span], abnormal[span], 0.0)
    voiced = np.isfinite(mood[span])
    none = np.full(len(_lags()), np.nan)
    if (voiced & inside[span]).sum() < LEAST_LEAD:
        return Lead(int((voiced & inside[span]).sum()), none, np.nan, 0, np.nan, np.nan)
    wave = _whitened(np.where(voiced, mood[span], np.nanmean(mood[span])))
    price = price - price.mean()
    n = len(wave)
    products = _circular(wave, price)  # at every shift of the mood against the price
    found = products[np.array(_lags()) % n]
    shifts = np.arange(MARGIN, n - MARGIN + 1)
    sizes = np.abs(products[(shifts[:, None] + np.array(_lags())) % n]).max(axis=1)
    size = float(np.abs(found).max())
    width, k = len(_lags()), len(shifts)
    best = int(np.argmax(np.abs(found)))
    p = (width + int((sizes >= size - 1e-12).sum())) / (width + k)
    return Lead(int(voiced.sum()), found, float(found[best]), _lags()[best], float(p), k / width)


def _circular(wave: Floats, price: Floats) -> Floats:
    """Correlation of ``wave[t]`` with ``price[t + shift]`` around the circle, at every shift."""
    scale = float(np.sqrt((wave**2).sum() * (price**2).sum()))
    products: Floats = np.fft.irfft(np.conj(np.fft.rfft(wave)) * np.fft.rfft(price), len(wave)) / max(
        scale, 1e-300
    )
    return products


def _whitened(values: Floats) -> Floats:
    """Residuals of an autoregression; the first `ORDER` are 0."""
    x = values - values.mean()
    lags = np.column_stack([x[ORDER - lag : len(x) - lag] for lag in range(1, ORDER + 1)])
    weights = np.linalg.lstsq(lags, x[ORDER:], rcond=None)[0]
    residual = np.zeros(len(x))
    residual[ORDER:] = x[ORDER:] - lags @ weights
    whitened: Floats = residual - residual.mean()
    return whitened


def _lags() -> list[int]:
    return list(range(-LAGS, LAGS + 1))


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.6g}")
