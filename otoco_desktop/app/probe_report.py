"""A connection test as plain text to copy: for a message to somebody who helps. No key but its end, no secret."""

from __future__ import annotations

from datetime import UTC, datetime

from otoco_desktop import __version__
from otoco_desktop.domain.money import percent
from otoco_desktop.domain.probing import ProbeReport, ProbeStep, VenueKnowledge


def report_text(report: ProbeReport) -> str:
    """The steps with their words and times, and what was learned; lines end with a line feed."""
    lines = [f"Connection test of {report.environment.upper()}: {report.headline}"]
    lines.append(f"OTOCO Desktop {__version__}, {_moment(report.tested_ms)}, no order sent")
    if report.key_end:
        lines.append(f"Key ending in {report.key_end}")
    lines.append("")
    lines += [line for step in report.steps for line in _step(step)]
    if report.knowledge is not None:
        lines += ["", *_learned(report.knowledge)]
    return "\n".join(lines) + "\n"


def _step(step: ProbeStep) -> list[str]:
    took = "" if step.took_ms is None else f" ({step.took_ms} ms)"
    lines = [f"[{step.state.value}] {step.title} {step.detail}".rstrip() + took]
    return [*lines, f"       {step.remedy}"] if step.remedy else lines


def _learned(known: VenueKnowledge) -> list[str]:
    types = ", ".join(f"{name} {kind}" for name, kind in sorted(known.id_types.items()))
    rates = None if known.maker is None or known.taker is None else (known.maker, known.taker)
    fees = "not told" if rates is None else f"{percent(rates[0], 2)} maker, {percent(rates[1], 2)} taker"
    return [
        f"Host: {known.host}",
        f"Order channel: {known.order_channel or 'none confirmed'}",
        f"Types: {types or 'not seen'}",
        f"Mark price of {known.pair}: {_yes(known.mark_published)}",
        f"Fees: {fees}",
        f"Clock offset: {'not known' if known.offset_ms is None else f'{known.offset_ms} ms'}",
    ]


def _yes(published: bool | None) -> str:
    return "not tested" if published is None else "published" if published else "not published"


def _moment(at_ms: int | None) -> str:
    if at_ms is None:
        return "not finished"
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
