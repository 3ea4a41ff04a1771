"""The eighty plans recalculated once more, by LibreOffice: the same formulas, in its own arithmetic."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

import pytest

from tests.domain.outcome_sheet.reckon import Cell, shown
from tests.domain.outcome_sheet.test_sheet import CENT_COINS, FORMULAS, PLANS, Row, _books, _expected, _sheet

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
SPACES = f'xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} office:version="1.2"'
    ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
)
INPUTS = (
    *("buys", "partial", "market_stop", "market_target", "fee_in_quote", "best_bid", "best_ask", "tick", "maker"),
    *("taker", "entry", "quantity", "exits", "stop", "stop_limit", "target", "target_limit", "mark"),
    *("value_usd", "usd_per_quote", "free_quote", "nothing"),
)
COMPUTED = {**FORMULAS["parts"], **FORMULAS["figures"]}
COLUMNS = (*INPUTS, *COMPUTED)
SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.GtE: ">=", ast.LtE: "<=",
}  # fmt: skip
EXACT = ("slip", "loss", "gain", "worst", "cost", "gross_loss", "gross_gain", "entry_fee", "stop_fee", "target_fee")


def letters(column: int) -> str:
    """A column's name: A, B, ... Z, AA, ..."""
    first, last = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def formula(node: ast.expr, line: int, book: str) -> str:
    """The formula as LibreOffice writes it, for the row of this line and the levels in this range."""
    match node:
        case ast.Constant(value=number):
            return str(number)
        case ast.Name(id=name):
            return f"[.{letters(COLUMNS.index(name))}{line}]"
        case ast.UnaryOp(operand=inner):
            return f"(-{formula(inner, line, book)})"
        case ast.BinOp(left=left, op=sign, right=right) | ast.Compare(left=left, ops=[sign], comparators=[right]):
            return f"({formula(left, line, book)}{SIGNS[type(sign)]}{formula(right, line, book)})"
        case ast.Call(func=ast.Name(id="WALK"), args=[coins]):
            return walked(formula(coins, line, book), book)
        case ast.Call(func=ast.Name(id=name), args=parts):
            own = {"UP": "CEILING", "DOWN": "FLOOR"}.get(name, name)
            return f"{own}({';'.join(formula(part, line, book) for part in parts)})"
    raise ValueError(ast.unparse(node))


def walked(coins: str, book: str) -> str:
    """Each level gives what is still wanted, as far as it goes. ``book`` holds its first and last row."""
    first, last = book.split(":")
    price, size, before = (f"[$books.{column}{first}:.{column}{last}]" for column in "ABC")
    takes = f"({coins}>{before})*IF({coins}-{before}<{size};{coins}-{before};{size})"
    return f"IF({coins}>SUM({size});NA();SUMPRODUCT({price}*{takes}))"


def cell(value: Cell) -> str:
    if value is None:
        return '<table:table-cell table:formula="of:=NA()"/>'
    return f'<table:table-cell office:value-type="float" office:value="{float(value)!r}"/>'


def book_rows() -> tuple[str, dict[tuple[str, str], str]]:
    """The books as rows of price, size, and what better levels hold; and where each one stands."""
    rows: list[str] = []
    places: dict[tuple[str, str], str] = {}
    for name, levels in _books().items():
        start, before = len(rows) + 1, Fraction(0)
        for price, size in levels:
            rows.append(
                f"<table:table-row>{cell(Fraction(price))}{cell(Fraction(size))}{cell(before)}</table:table-row>"
            )
            before += Fraction(size)
        places[name] = f"{start}:{len(rows)}"
    return "".join(rows), places


def plan_rows(places: dict[tuple[str, str], str]) -> Iterator[str]:
    for at, row in enumerate(PLANS):
        sheet, book = _sheet(row), places[row["book"], "bid" if row["side"] == "BUY" else "ask"]
        formulas = (formula(ast.parse(text, mode="eval").body, at + 1, book) for text in COMPUTED.values())
        computed = (f"<table:table-cell table:formula={quoteattr(f'of:={text}')}/>" for text in formulas)
        given = (cell(sheet.value(name)) for name in INPUTS)
        yield f"<table:table-row>{''.join(given)}{''.join(computed)}</table:table-row>"


def recalculated(folder: Path) -> list[dict[str, float | None]]:
    """Every cell as LibreOffice has worked it out; ``None`` for one without a value."""
    books, places = book_rows()
    body = f'<table:table table:name="plans">{"".join(plan_rows(places))}</table:table>'
    whole = f'{body}<table:table table:name="books">{books}</table:table>'
    written = folder / "plans.fods"
    written.write_text(
        f"{HEAD}<office:body><office:spreadsheet>{whole}</office:spreadsheet></office:body></office:document>",
        encoding="utf-8",
    )
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to"]
    subprocess.run(
        [*command, "fods:OpenDocument Spreadsheet Flat XML", "--outdir", folder / "out", written],
        check=True,
        timeout=300,
    )
    tree = ET.parse(folder / "out" / "plans.fods").getroot()  # noqa: S314 - our own file, written anew by LibreOffice
    lines = list(tree.iter(f"{{{TABLE}}}table-row"))[: len(PLANS)]
    return [dict(zip(COLUMNS, _values(line), strict=False)) for line in lines]


def _values(line: ET.Element) -> Iterator[float | None]:
    for found in line.iter(f"{{{TABLE}}}table-cell"):
        text = found.get(f"{{{OFFICE}}}value")
        kind = found.get(f"{{{OFFICE}}}value-type")
        yield from [float(text) if kind == "float" and text else None] * int(
            found.get(f"{{{TABLE}}}number-columns-repeated", "1")
        )


@pytest.mark.long
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_comes_to_the_same_figures(tmp_path: Path) -> None:
    found = recalculated(tmp_path)
    assert len(found) == len(PLANS)
    told = 0
    for row, cells in zip(PLANS, found, strict=True):
        expected = _expected(row)
        for name in FORMULAS["figures"]:
            value = expected[name]
            if value is not None:
                _same(row, name, value, cells[name])
                told += 1
    assert told > 1_200


def _same(row: Row, name: str, value: Fraction, theirs: float | None) -> None:
    """Equal to the digits of a float, and to the last digit shown where it is money."""
    assert theirs is not None, (row["plan"], name)
    assert theirs == pytest.approx(float(value), rel=1e-9, abs=1e-12), (row["plan"], name)
    money = 2 if row["quote"] in CENT_COINS else 8
    # Half a last digit, to which a float is never exact, may go either way.
    if name in EXACT and (value * 10**money) % 1 != Fraction(1, 2):
        assert shown(Fraction(theirs), money) == shown(value, money), (row["plan"], name)
