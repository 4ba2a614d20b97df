"""The figures of a measurement, and how they compare with a target."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the report. `verdict` is empty where the architecture names no target."""

    what: str
    measured: str
    target: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class Target:
    """What the architecture asks for; the median is what is held against it."""

    limit: float
    unit: str
    at_least: bool = False

    def __str__(self) -> str:
        return f"{'at least' if self.at_least else 'under'} {number(self.limit)} {self.unit}"

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value < self.limit


def compare(what: str, measured: str, value: float, *, target: Target) -> Row:
    """Hold one value against its target."""
    return Row(what, measured, str(target), "meets" if target.is_met(value) else "MISSES")


def held(what: str, values: Sequence[float], target: Target) -> Row:
    """Hold the median of some repetitions against a target."""
    middle = statistics.median(values)
    return compare(what, spread(values, target.unit), middle, target=target)


def spread(values: Sequence[float], unit: str) -> str:
    """Write the median, and between which values the repetitions lay."""
    middle = f"**{number(statistics.median(values))} {unit}**"
    if len(values) == 1:
        return f"{middle} (once)"
    return f"{middle} ({number(min(values))} to {number(max(values))}, n={len(values)})"


def percentiles(values: Sequence[float], unit: str) -> str:
    """Write p50 and p99 of many values."""
    return (
        f"p50 **{number(percentile(values, 50))} {unit}**, p99 {number(percentile(values, 99))} "
        f"{unit}, worst {number(max(values))} {unit} (n={len(values):,})"
    )


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value below which `share` percent lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def number(value: float) -> str:
    """Write a number with the digits that mean something."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}".removesuffix(".00")
