"""What holds of the tabular reader whatever a file holds: it does not raise, and it loses no line."""

from __future__ import annotations

import pyarrow.compute as compute
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.domain.reading import Reading
from tests.unit.tabular_files import listed, meals, read

HEADER = "period;enhet_kod;portioner"

#: What breaks files: delimiters, quotes, line ends, blanks, signs, digits, letters, control lines.
_PIECES = st.sampled_from(
    [";", "\"", "\"\"", "\n", "\r\n", "\r", " ", "\u00a0", "-", "−", "(", ")", ",", ".", "%", "1", "234", "E1", "å",
     "2021-08", "202108", "#ANTAL", "Summa", "SUMMA", "#DIV/0!", "\t", "\x0b", "\u2028", "\x1a", "-;", "XX",
     "resultat v 53"]
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=60).map("".join)
_WHOLE_ROWS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["5", "-", "XX", "1 234", "1.234", "7,0", ""])), max_size=40
)


def assert_no_line_is_lost(reading: Reading) -> None:
    """Data lines = landed rows + distinct quarantined lines, and no line is both."""
    if reading.refusal is not None:
        assert reading.tables == {}
        return
    (table,) = reading.tables.values()
    put_aside = {row["line"] for row in listed(reading.quarantined)}
    assert reading.lines == table.num_rows + len(put_aside)
    lines = table.column("line").to_pylist()
    assert len(set(lines)) == len(lines)
    assert not put_aside & set(lines)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"\xfe\xff\xd8\x00")
@example(b"\xef\xbb\xbf\xff")
@example(b'"')
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    assert_no_line_is_lost(read("kost_maltider", data))
    assert_no_line_is_lost(read("kommentar", data))


@settings(deadline=None, max_examples=300)
@given(_TEXTS)
@example('2021-08;"E1;5\n2021-08;E2;6\n')
@example("2021-08;E1;5\rx\n\n\n2021-08;E2;6")
def test_arbitrary_text_under_a_header_loses_no_line(text: str) -> None:
    reading = read("kost_maltider", f"{HEADER}\n{text}")
    assert_no_line_is_lost(reading)
    if reading.refusal is None and '"' not in text:
        # Without quotes a record is a line: every line that is not blank is data, or one of the last two.
        physical = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
        assert len(physical) - 2 <= reading.lines <= len(physical)


@settings(deadline=None, max_examples=150)
@given(_WHOLE_ROWS, st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_file_with_bytes_overwritten_loses_no_line(rows: list[tuple[int, str]], at: int, bytes_: bytes) -> None:
    data = meals(*(f"2021-08;E{unit};{value}" for unit, value in rows), f"#ANTAL;{len(rows)}").encode()
    assert_no_line_is_lost(read("kost_maltider", data[:at] + bytes_ + data[at + len(bytes_) :]))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 10**6), max_size=40))
def test_what_is_written_by_the_rules_lands_and_its_control_line_agrees(portions: list[int]) -> None:
    rows = [f"2021-08;E{unit};{value:,}".replace(",", "\u00a0") for unit, value in enumerate(portions)]
    ending = f"#ANTAL;{len(portions)};SUMMA;{sum(portions)}"
    for encoding in ("utf-8", "cp1252", "utf-16", "utf-8-sig"):
        reading = read("kost_maltider", meals(*rows, ending), encoding)
        assert (reading.refusal, reading.findings) == (None, ())
        (table,) = reading.tables.values()
        assert table.column("portioner").to_pylist() == portions


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufffdÃ"), max_size=20), min_size=1, max_size=8
    )
)
def test_any_words_come_back_from_quotes_as_they_were(texts: list[str]) -> None:
    header = "slag;kod;ord"
    written = [text.replace('"', '""') for text in texts]
    content = "\n".join([header, *(f'BEDOMNING;K{number};"x{text}"' for number, text in enumerate(written))])
    reading = read("edition_ord", content)
    # A line inside the quotes that could be a row of its own makes the quote a stray one.
    could_be_a_row = any(line.count(";") >= 2 for text in texts for line in text.replace("\r", "\n").split("\n")[1:])
    if not could_be_a_row:
        (table,) = reading.tables.values()
        kept = [f"x{text}".replace("\r\n", "\n").replace("\r", "\n") for text in texts]
        assert table.column("ord").to_pylist() == kept
        assert compute.min(table.column("line")).as_py() == 2
