"""Drafts: written behind, together, only once what was typed has changed; told when they cannot be."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import stat
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.app.drafts import Drafts
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode, Taken
from otoco_desktop.domain.drafts import MOST, DraftBook, DraftsFull, KeptDraft
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import Side
from otoco_desktop.drafts_file import MOST_BYTES, DraftsFile
from tests.waiting import until

TYPED = OtocoDraft(
    side=Side.SELL,
    entry="mark+0.5%",
    quantity_mode=QuantityMode.RISK,
    quantity="0.5 %",
    stop_market=False,
    stop="2%",
    stop_limit="96000",
    target="2.5R",
    tag="range-retest · Asia low held twice",
    post_only=True,
    fee_in_quote=False,
)
DRAFT = KeptDraft(TYPED, "BTC_USD", 1_795_361_219_214, Decimal("93118.42"))
OTHER = KeptDraft(OtocoDraft(entry="3000"), "ETH_USD", 1_795_361_000_000)
LATER = replace(OTHER, at_ms=DRAFT.at_ms + 1)


# The book


def test_what_is_kept_has_a_number_and_the_newest_stands_first() -> None:
    book = DraftBook().keep(DRAFT).keep(OTHER).keep(LATER)
    assert [(kept.number, kept.instrument) for kept in book.kept] == [(3, "ETH_USD"), (1, "BTC_USD"), (2, "ETH_USD")]
    assert book.holds(replace(DRAFT, at_ms=5))
    assert not book.holds(replace(DRAFT, instrument="SOL_USD"))


def test_a_deleted_draft_comes_back_where_it_stood() -> None:
    book = DraftBook().keep(DRAFT).keep(OTHER)
    gone = book.kept[0]
    assert book.delete(gone.number).restore(gone) == book
    other = book.kept[1]
    taken = book.delete(other.number).keep(LATER).restore(other)
    assert [kept.number for kept in taken.kept] == [2, 1, 3]


def test_a_name_is_one_line_of_a_bounded_length() -> None:
    book = DraftBook().keep(DRAFT).keep(OTHER)
    named = book.rename(1, "  for \n the   morning " + "x" * 200)
    assert named.kept[0].name == ("for the morning " + "x" * 200)[:80]
    assert named.kept[1] == book.kept[1]


def test_there_is_a_most_of_them_and_it_is_said() -> None:
    book = DraftBook()
    for at in range(MOST):
        book = book.keep(replace(OTHER, at_ms=at))
    with pytest.raises(DraftsFull, match=r"50 drafts are kept, which is the most\. Delete one to keep another\."):
        book.keep(DRAFT)
    with pytest.raises(DraftsFull):
        book.restore(replace(DRAFT, number=99))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: KeptDraft(OtocoDraft(tag="two\nlines"), "BTC_USD", 0),
        lambda: KeptDraft(OtocoDraft(entry="1" * 201), "BTC_USD", 0),
        lambda: KeptDraft(OtocoDraft(exit_quantity="1" * 201), "BTC_USD", 0),
        lambda: KeptDraft(OtocoDraft(), "BTC_USD", 0, Decimal("NaN")),
        lambda: KeptDraft(OtocoDraft(), "BTC_USD", 0, Decimal(0)),
        lambda: DraftBook(kept=(replace(OTHER, number=1), replace(DRAFT, number=1))),
        lambda: DraftBook(kept=tuple(replace(OTHER, number=at) for at in range(MOST + 1))),
    ],
)
def test_what_no_ticket_holds_is_no_draft(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"typed|above zero|one book"):
        wrong()  # type: ignore[operator]


# The file

texts = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=60)


@given(st.builds(OtocoDraft, st.sampled_from(Side), texts, st.sampled_from(QuantityMode), texts, tag=texts))
def test_every_draft_comes_back_exactly(tmp_path_factory: pytest.TempPathFactory, draft: OtocoDraft) -> None:
    file = DraftsFile(tmp_path_factory.mktemp("any") / "drafts.json")
    book = DraftBook(KeptDraft(draft, "BTC_USD", 7, Decimal("1.10")), (OTHER,)).keep(replace(DRAFT, draft=draft))
    file.save(book)
    assert file.load() == book


def test_a_calculation_comes_back_with_the_market_it_stands_on(tmp_path: Path) -> None:
    taken = Taken(Field.ENTRY, "mark-0.5%", 7, (("mark", Decimal("93118.42")),))
    draft = replace(OtocoDraft(entry="mark-0.5%"), taken=(taken,))
    file = DraftsFile(tmp_path / "drafts.json")
    file.save(DraftBook(KeptDraft(draft, "BTC_USD", 7)))
    current = file.load().current
    assert current is not None
    assert current.draft == draft


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "live" / "drafts.json"
    DraftsFile(path).save(DraftBook(DRAFT))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert DraftsFile(tmp_path / "none.json").load() == DraftBook()


def _taken(at_ms: bytes, mark: bytes) -> bytes:
    """A file whose plan stands on this mark price of this moment."""
    taken = b'{"field": "entry", "text": "mark", "at_ms": %b, "prices": [["mark", "%b"]]}' % (at_ms, mark)
    draft = b'{"entry": "mark", "taken": [%b]}' % taken
    return b'{"version": 1, "drafts": {"current": {"draft": %b, "instrument": "X", "at_ms": 1}}}' % draft


def test_a_plan_brings_what_it_stands_on(tmp_path: Path) -> None:
    path = tmp_path / "drafts.json"
    path.write_bytes(_taken(b"1", b"92400.50"))
    file = DraftsFile(path)
    current = file.load().current
    assert current
    assert file.notice == ""
    assert current.draft.taken == (Taken(Field.ENTRY, "mark", 1, (("mark", Decimal("92400.50")),)),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "were damaged"),
        (b"\xff", "were damaged"),
        (b'{"version": 1, "drafts": ' + b"[" * 200_000, "were damaged"),
        (
            b'{"version": 1, "drafts": {"current": {"draft": {}, "instrument": "X", "at_ms": 1' + b"0" * 18 + b"}}}",
            "damaged",
        ),
        (b'{"version": 1, "drafts": {"current": {"draft": {"side": "UP"}, "instrument": "X", "at_ms": 1}}}', "damaged"),
        (b'{"version": 1, "drafts": {"current": {"draft": {"tag": "a\\nb"}, "instrument": "X", "at_ms": 1}}}', "dama"),
        (_taken(b"1" + b"0" * 18, b"92400"), "damaged"),
        (_taken(b"1", b"1E-400000"), "damaged"),
        (_taken(b"1", b"1E+400000"), "damaged"),
        (_taken(b"1", b"NaN"), "damaged"),
        (b'{"version": 2, "drafts": []}', "are of another version of this program"),
        (b" " * (MOST_BYTES + 1), "are too many to be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_set_aside_and_told(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "drafts.json"
    path.write_bytes(content)
    file = DraftsFile(path)
    assert file.load() == DraftBook()
    assert reason in file.notice
    assert "kept as drafts.damaged-1.json" in file.notice
    assert (tmp_path / "drafts.damaged-1.json").read_bytes() == content


def test_a_file_that_could_not_be_read_for_once_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "drafts.json"
    DraftsFile(path).save(DraftBook().keep(DRAFT))
    before = path.read_bytes()
    file = DraftsFile(path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", _refused)
        assert file.load() == DraftBook()
    assert file.notice == "Your drafts cannot be read (Permission denied)."
    for book in (DraftBook().keep(OTHER), DraftBook().keep(LATER)):
        file.save(book)
        assert DraftsFile(path).load() == book
    assert {each.name for each in tmp_path.iterdir()} == {"drafts.json", "drafts.damaged-1.json"}
    assert (tmp_path / "drafts.damaged-1.json").read_bytes() == before


def _refused(_path: Path) -> bytes:
    """As while another program holds it."""
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_file_of_another_time_keeps_what_both_know(tmp_path: Path) -> None:
    path = tmp_path / "drafts.json"
    held = {"draft": {"entry": "92400", "colour": "red"}, "instrument": "BTC_USD", "at_ms": 1}
    path.write_text(json.dumps({"version": 1, "drafts": {"current": held, "later": 1}}))
    assert DraftsFile(path).load().current == KeptDraft(OtocoDraft(entry="92400"), "BTC_USD", 1)


# Writing behind


class Disk:
    """A store that counts what is written, and fails when it is told to."""

    def __init__(self) -> None:
        self.notice = ""
        self.books: list[DraftBook] = []
        self.failing: OSError | None = None
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.may_end.set()

    def load(self) -> DraftBook:
        return DraftBook(OTHER)

    def save(self, book: DraftBook) -> None:
        self.begun.set()
        self.may_end.wait(20)
        if self.failing is not None:
            raise self.failing
        self.books.append(book)


class Pauses:
    """Pauses that end when a test lets them."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self._over.wait()
        self._over.clear()

    def end(self) -> None:
        self._over.set()


class Bench:
    """Drafts on a disk of the test's own, and what stands in the ticket."""

    def __init__(self) -> None:
        self.disk, self.pauses = Disk(), Pauses()
        self.drafts = Drafts(self.disk, self.pauses)
        self.ticket: KeptDraft | None = None
        self.told: list[tuple[bool, str]] = []
        self.drafts.follow(lambda: (self.ticket, ()))
        self.drafts.listen(lambda: self.told.append((self.drafts.is_saved, self.drafts.trouble)))

    def type(self, draft: KeptDraft) -> None:
        self.ticket = draft
        self.drafts.touch()

    async def written(self, count: int) -> None:
        self.pauses.end()
        await until(lambda: len(self.disk.books) >= count, 20)
        await until(lambda: self.drafts.is_saved or self.drafts.trouble, 20)


async def test_what_is_typed_in_one_go_is_written_once(qloop: object) -> None:
    bench = Bench()
    await bench.drafts.load()
    assert bench.drafts.book.current == OTHER
    for entry in ("9", "92", "924"):
        bench.type(replace(DRAFT, draft=replace(TYPED, entry=entry)))
    assert not bench.drafts.is_saved
    await until(lambda: bench.pauses.asked, 20)
    await bench.written(1)
    assert [book.current.draft.entry for book in bench.disk.books if book.current] == ["924"]
    assert bench.told == [(False, ""), (True, "")]
    await bench.drafts.close()


async def test_it_is_not_called_saved_while_more_has_been_typed(qloop: object) -> None:
    bench = Bench()
    bench.disk.may_end.clear()
    bench.type(DRAFT)
    await until(lambda: bench.pauses.asked, 20)
    bench.pauses.end()
    await until(bench.disk.begun.is_set, 20)
    bench.type(LATER)
    bench.disk.may_end.set()
    await until(lambda: len(bench.pauses.asked) == 2, 20)
    assert (bench.told, bench.drafts.is_saved) == ([(False, "")], False)
    await bench.written(2)
    assert bench.drafts.is_saved
    assert [book.current for book in bench.disk.books] == [DRAFT, LATER]
    await bench.drafts.close()


async def test_a_full_disk_is_told_and_tried_again(qloop: object) -> None:
    bench = Bench()
    bench.disk.failing = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    bench.type(DRAFT)
    await until(lambda: bench.pauses.asked, 20)
    bench.pauses.end()
    await until(lambda: bench.drafts.trouble, 20)
    assert bench.drafts.trouble == (
        "The draft cannot be saved (No space left on device). "
        "Typing goes on, but what is typed is lost when the program ends."
    )
    assert not bench.drafts.is_saved
    await until(lambda: len(bench.pauses.asked) == 2, 20)
    assert bench.pauses.asked[1] > bench.pauses.asked[0]
    bench.disk.failing = None
    await bench.written(1)
    await until(lambda: bench.drafts.is_saved, 20)
    assert bench.drafts.trouble == ""
    await bench.drafts.close()


async def test_closing_writes_at_once_and_ends_even_on_a_full_disk(qloop: object) -> None:
    bench = Bench()
    bench.type(DRAFT)
    await bench.drafts.close()
    assert [book.current for book in bench.disk.books] == [DRAFT]
    full = Bench()
    full.disk.failing = OSError(errno.ENOSPC, "No space left on device")
    full.type(DRAFT)
    await full.drafts.close()
    assert "No space left" in full.drafts.trouble


async def test_what_is_put_away_is_told_at_once_and_written(qloop: object) -> None:
    bench = Bench()
    bench.drafts.change(lambda book: book.keep(DRAFT))
    assert [kept.number for kept in bench.drafts.book.kept] == [1]
    bench.drafts.change(lambda book: book)
    await bench.drafts.close()
    assert [len(book.kept) for book in bench.disk.books] == [1]
