"""What each malformation does to each kind of extract: the sentence, the effect, the exit code, and no line lost.

The exit code is that of a close in which nothing else is wrong and no earlier file stands in.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from flows.declarations.contracts import contracts
from flows.domain.finding import Finding
from flows.domain.verdict import verdict
from flows.errors import ExitCode
from flows.steps.findings import findings_of_deliveries
from tests.close.received_folder import STOCKHOLM, Exports
from tests.unit.workbook_files import workbook

#: Enough rows for one and five per cent of them to be bad.
ROWS = 200

#: Kind → its extract, a row, and the place of the number that the malformations are put into.
KINDS = {
    "heroma": ("heroma_franvaro", "2021-08;A{n};SJK;2021-08-02;2021-08-03;100;8,5", 6),
    "timecare": ("timecare_pass", "2021-08;P{n};E1;2021-08-02;07:00;16:00;60;8;8;ORD;0", 7),
    "treserva": ("treserva_boende", "2021-08;E{n};VARDBOENDE;10;300;DEF", 4),
    "register": ("platser_register", "E{n};BOENDE_RS;5;2021-01-01;;", 2),
    "typed": ("ekonomi_prognos", "2021-08;A{n};INTAKT;100;;;;", 3),
    "edition": ("edition_tabell", "höst;t{n};t{n}_namn;7;Rubrik;INGEN", 3),
}
LEDGER = "ledger"

#: malformation | kinds ('*' every one but the ledger) | rule ('' none) | effect | exit | what the sentence says
TABLE = """
whole                     | *         |                       |                  | 0 |
whole                     | ledger    |                       |                  | 0 |
header_alone              | *         |                       |                  | 0 |
utf_8_with_mark           | *         |                       |                  | 0 |
utf_16                    | *         |                       |                  | 0 |
cp1252                    | *         |                       |                  | 0 |
cp1252                    | ledger    | ledger_other_encoding | none             | 0 | säger sig vara PC8 men är CP1252
utf_8_with_mark           | ledger    |                       |                  | 0 |
columns_reordered         | *         |                       |                  | 0 |
records_reordered         | ledger    |                       |                  | 0 |
as_workbook               | *         |                       |                  | 0 |
workbook_with_hidden_rows | *         | hidden_rows           | none             | 0 | 2 rader är dolda
workbook_formula_error    | *         | bad_rows              | bars_lock        | 0 | 1 av 200 rader
workbook_under_password   | *         | workbook_protected    | withholds        | 6 | skyddad med lösenord
workbook_cut              | *         | workbook_unreadable   | withholds        | 6 | arbetsboken är skadad
workbook_as_text          | *         | file_not_text         | withholds        | 6 | en arbetsbok (xlsx)
workbook_as_ledger        | ledger    | ledger_not_sie        | bars_publication | 4 | ingen SIE-fil
page_as_workbook          | *         | workbook_unreadable   | withholds        | 6 | en webbsida
page                      | *         | file_not_text         | withholds        | 6 | en webbsida
page                      | ledger    | ledger_not_sie        | bars_publication | 4 | ingen SIE-fil
empty                     | *         | file_empty            | withholds        | 6 | är tom
empty                     | ledger    | file_empty            | bars_publication | 4 | är tom
text_as_ledger            | ledger    | ledger_not_sie        | bars_publication | 4 | ingen SIE-fil
wrong_ending              | *         | file_wrong_ending     | withholds        | 6 | tas emot som
wrong_ending              | ledger    | file_wrong_ending     | bars_publication | 4 | tas emot som SIE 4E
renamed_file              | *,ledger  | name_not_a_delivery   | none             | 0 | inte namngiven som en leverans
dated_tomorrow            | *         | file_dated_ahead      | withholds        | 6 | uttagen 2021-10-02
dated_tomorrow            | ledger    | file_dated_ahead      | bars_publication | 4 | uttagen 2021-10-02
wrong_period              | heroma,timecare,treserva,typed | file_wrong_period | withholds | 6 | rad 3 gäller 2021-07
wrong_period              | ledger    | ledger_wrong_period   | bars_publication | 4 | gäller 2021-07
column_renamed            | *         | columns_missing       | withholds        | 6 | bytt namn
column_missing            | *         | columns_missing       | withholds        | 6 | kolumner saknas
column_added              | *         | unknown_column        | none             | 0 | kolumnen notering är okänd
cut_within_a_row          | *         | bad_rows              | bars_lock        | 0 | 1 av 200 rader
cut_within_a_voucher      | ledger    | ledger_truncated      | bars_publication | 4 | avklippt
cut_before_its_count      | *         | control_count         | bars_publication | 4 | säger 200 rader, filen har 150
control_sum_that_opens    | ledger    | ledger_truncated      | bars_publication | 4 | avklippt
wrong_control_sum         | heroma,timecare,treserva,register,typed | control_sum | bars_publication | 4 | raderna ger
wrong_control_sum         | ledger    | ledger_wrong_checksum | bars_publication | 4 | kontrollsumman är 1
right_footer              | *         |                       |                  | 0 |
wrong_footer              | *         | footer_sum            | bars_publication | 4 | summaraden säger 1
one_per_cent_bad          | *         | bad_rows              | bars_lock        | 0 | 2 av 200 rader
one_per_cent_bad          | ledger    | ledger_bad_row        | bars_lock        | 0 | går inte att läsa
five_per_cent_bad         | *         | too_many_bad_rows     | withholds        | 6 | 10 av 200 rader
five_per_cent_bad         | ledger    | ledger_too_many_bad_rows | bars_publication | 4 | går inte att läsa
key_repeated              | *         | bad_rows              | bars_lock        | 0 | nyckeln står på mer än en rad
unlisted_word             | heroma,timecare,treserva | bad_rows | bars_lock       | 0 | inget tal
unlisted_word             | typed,edition | placeholder       | bars_publication | 4 | ord där ett tal ska stå
unterminated_quote        | *         | bad_rows              | bars_lock        | 0 | ett citattecken stängs inte
unterminated_quote        | ledger    |                       |                  | 0 |
mojibake                  | *         | file_mojibake         | withholds        | 6 | rad 3, kolumn
mojibake                  | ledger    | file_mojibake         | bars_publication | 4 | rad 6, #KONTO
unknown_label             | ledger    | ledger_unknown_label  | none             | 0 | etiketten #NYTT är okänd
decimal_comma             | ledger    | ledger_decimal_comma  | none             | 0 | decimalkomma
year_balances_alone       | ledger    | ledger_without_months | bars_publication | 4 | SIE typ 1
vouchers_to_import        | ledger    | ledger_to_import      | bars_publication | 4 | SIE 4I
"""


Case = tuple[str, tuple[str, ...], str, str, int, str]


def cases() -> list[Case]:
    found: list[Case] = []
    for line in TABLE.strip().splitlines():
        malformation, kinds, rule, effect, code, says = (field.strip() for field in line.split("|"))
        listed = tuple(kind for one in kinds.split(",") for kind in (KINDS if one == "*" else (one,)))
        found.append((malformation, listed, rule, effect, int(code), says))
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case[0]}-{case[1][0]}")
def test_a_malformation(tmp_path: Path, case: Case) -> None:
    malformation, kinds, rule, effect, code, says = case
    exports = Exports(tmp_path)
    exports.meals("202107", "20210803T0600", 10)
    names = {}
    for kind in kinds:
        names[kind], content = (ledger_file if kind == LEDGER else tabular_file)(malformation, kind)
        exports.write(names[kind], content)
    received = exports.receive(datetime(2021, 10, 1, 9, 0, tzinfo=STOCKHOLM))
    exports.select()
    everything = [*received.notes, *findings_of_deliveries(exports.connection)]
    for kind, name in names.items():
        found = [one for one in everything if name in one.message and one.rule_id != "control_unchecked"]
        assert {one.rule_id for one in found} == ({rule} if rule else set()), kind
        assert exit_code(found) == code, kind
        for told in found:
            assert told.effect.value == effect, kind
            assert says in told.message, kind
            assert told.message.endswith("."), kind
    assert len(received.notes) == (len(names) if malformation == "renamed_file" else 0)
    for lines, landed, quarantined, refusal in exports.rows(
        "select lines, landed_rows, quarantined_rows, refusal from control.deliveries"
    ):
        assert landed == (0 if refusal is not None else lines - quarantined)


def exit_code(found: Sequence[Finding]) -> ExitCode:
    judged = verdict(found)
    if judged.is_barred:
        return ExitCode.BARRED
    return ExitCode.PUBLISHED_WITHHELD if judged.is_withheld else ExitCode.DONE


def test_every_kind_meets_every_malformation_that_it_can_have() -> None:
    listed = [(malformation, kind) for malformation, kinds, *_ in cases() for kind in kinds]
    tried = set(listed)
    assert len(tried) == len(listed)
    assert {kind for _, kind in tried} == {*KINDS, LEDGER}
    assert {malformation for malformation, kind in tried if kind != LEDGER} >= TABULAR.keys()
    assert {malformation for malformation, kind in tried if kind == LEDGER} >= LEDGERS.keys()


# Tabular files


class _Text:
    """A whole file of one kind, to be spoilt."""

    def __init__(self, kind: str) -> None:
        self.extract, row, self.number = KINDS[kind]
        self.header = [column.name for column in contracts()[self.extract].columns]
        self.rows = [row.format(n=n).split(";") for n in range(ROWS)]

    def text(self, *ending: str) -> str:
        return "\n".join([";".join(self.header), *(";".join(row) for row in self.rows), *ending, ""])

    def with_numbers(self, count: int, written: str) -> _Text:
        for row in self.rows[:count]:
            row[self.number] = written
        return self

    def cells(self) -> list[list[str]]:
        return [self.header, *self.rows]

    def total(self) -> str:
        return str(sum(float(row[self.number].replace(",", ".")) for row in self.rows)).replace(".", ",")


def _footer(file: _Text, total: str) -> str:
    return ";".join(["Summa", *(total if place == file.number else "" for place in range(1, len(file.header)))])


def _column_renamed(file: _Text) -> str:
    file.header[file.number] += "_ny"
    return file.text()


def _column_missing(file: _Text) -> str:
    for row in file.cells():
        del row[file.number]
    return file.text()


def _column_added(file: _Text) -> str:
    for row in file.cells():
        row.append("notering")
    return file.text()


def _wrong_period(file: _Text) -> str:
    file.rows[1][0] = "2021-07"
    return file.text()


def _mojibake(file: _Text) -> str:
    file.rows[1][1] = "Äldre".encode().decode("cp1252")
    return file.text()


def _unterminated(file: _Text) -> str:
    file.rows[1][1] = '"öppet'
    return file.text()


def _formula_error(file: _Text) -> bytes:
    file.rows[1][file.number] = "#DIV/0!"
    return workbook(file.cells())


PROTECTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + "EncryptedPackage".encode("utf-16-le") + bytes(64)
PAGE = "<html><body>Inloggningen har gått ut</body></html>"

TABULAR: dict[str, Callable[[_Text], str | bytes]] = {
    "whole": lambda file: file.text(),
    "header_alone": lambda file: ";".join(file.header),
    "utf_8_with_mark": lambda file: file.text().encode("utf-8-sig"),
    "utf_16": lambda file: file.text().encode("utf-16"),
    "cp1252": lambda file: file.text().encode("cp1252"),
    "columns_reordered": lambda file: "\n".join(";".join(reversed(row)) for row in file.cells()),
    "as_workbook": lambda file: workbook(file.cells()),
    "workbook_with_hidden_rows": lambda file: workbook(file.cells(), hidden_rows=(3, 4)),
    "workbook_formula_error": _formula_error,
    "workbook_under_password": lambda _: PROTECTED,
    "workbook_cut": lambda file: workbook(file.cells())[:2000],
    "workbook_as_text": lambda file: workbook(file.cells()),
    "page_as_workbook": lambda _: PAGE,
    "page": lambda _: PAGE,
    "empty": lambda _: "",
    "wrong_ending": lambda file: file.text(),
    "renamed_file": lambda file: file.text(),
    "dated_tomorrow": lambda file: file.text(),
    "wrong_period": _wrong_period,
    "column_renamed": _column_renamed,
    "column_missing": _column_missing,
    "column_added": _column_added,
    "cut_within_a_row": lambda file: file.text().rsplit(";", len(file.header) - 2)[0],
    "cut_before_its_count": lambda file: "\n".join([*file.text().split("\n")[:151], "#ANTAL;200"]),
    "wrong_control_sum": lambda file: file.text("#ANTAL;200;SUMMA;1"),
    "right_footer": lambda file: file.text(_footer(file, file.total())),
    "wrong_footer": lambda file: file.text(_footer(file, "1")),
    "one_per_cent_bad": lambda file: file.with_numbers(2, "#DIV/0!").text(),
    "five_per_cent_bad": lambda file: file.with_numbers(10, "#DIV/0!").text(),
    "key_repeated": lambda file: "\n".join([*file.text().split("\n")[:-2], ";".join(file.rows[0])]),
    "unlisted_word": lambda file: file.with_numbers(1, "XX").text(),
    "unterminated_quote": _unterminated,
    "mojibake": _mojibake,
}


def tabular_file(malformation: str, kind: str) -> tuple[str, str | bytes]:
    file = _Text(kind)
    workbooks = ("as_workbook", "page_as_workbook")
    is_workbook = malformation in workbooks or (
        malformation.startswith("workbook_") and malformation != "workbook_as_text"
    )
    ending = "xlsx" if is_workbook else "txt" if malformation == "wrong_ending" else "csv"
    taken = "20211002T0600" if malformation == "dated_tomorrow" else "20210903T0600"
    name = f"{file.extract}_202108_{taken}.{ending}"
    return (f"{kind}.csv" if malformation == "renamed_file" else name), TABULAR[malformation](file)


# Ledgers


def _ledger(amount: Callable[[int], str] = lambda _: "1.00", head: str = "", tail: str = "#RES 0 5010 0\n") -> str:
    vouchers = "".join(
        f'#VER A {n} 20210815 "Lön"\n{{\n#TRANS 5010 {{1 "100"}} {amount(2 * n)}\n'
        f'#TRANS 5010 {{1 "100"}} {amount(2 * n + 1)}\n}}\n'
        for n in range(ROWS // 4)
    )
    return (
        "#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#RAR 0 20210101 20211231\n#OMFATTN 20210831\n"
        f'#KONTO 5010 "Lön för månad"\n{head}{vouchers}{tail}'
    )


def _summed(value: int) -> str:
    whole = _ledger()
    return whole.replace("#FLAGGA 0\n", "#FLAGGA 0\n#KSUMMA\n", 1) + f"#KSUMMA {value}\n"


def _whole_with_sum() -> str:
    bare = "".join(character for character in _ledger().partition("\n")[2] if character not in ' \n{}"')
    # Within a quoted field blanks count.
    bare = bare.replace("Lönförmånad", "Lön för månad")
    return _summed(zlib.crc32(bare.encode("cp437")))


def _some(bad: int, written: str) -> Callable[[int], str]:
    return lambda number: written if number < bad else "1.00"


LEDGERS: dict[str, Callable[[], str | bytes]] = {
    "whole": _whole_with_sum,
    "cp1252": lambda: _ledger().encode("cp1252"),
    "utf_8_with_mark": lambda: _ledger().encode("utf-8-sig"),
    "records_reordered": lambda: _ledger(head="#RES 0 5010 0\n", tail=""),
    "workbook_as_ledger": lambda: workbook([["a"]]),
    "page": lambda: PAGE,
    "empty": lambda: "",
    "text_as_ledger": lambda: "period;konto\n2021-08;5010\n",
    "wrong_ending": _ledger,
    "renamed_file": _ledger,
    "dated_tomorrow": _ledger,
    "wrong_period": lambda: _ledger().replace("20210831", "20210731"),
    "cut_within_a_voucher": lambda: _ledger(tail="").rstrip("}\n"),
    "control_sum_that_opens": lambda: _whole_with_sum().rsplit("#KSUMMA", 1)[0],
    "wrong_control_sum": lambda: _summed(1),
    "one_per_cent_bad": lambda: _ledger(_some(1, "ett")),
    "five_per_cent_bad": lambda: _ledger(_some(10, "ett")),
    "unterminated_quote": lambda: _ledger().replace('"Lön"', '"Lön', 1),
    "mojibake": lambda: _ledger().replace("månad", "månad".encode().decode("cp1252")).encode(),
    "unknown_label": lambda: _ledger(head="#NYTT 1\n"),
    "decimal_comma": lambda: _ledger(_some(1, "1,00")),
    "year_balances_alone": lambda: "#FLAGGA 0\n#SIETYP 1\n#RAR 0 20210101 20211231\n#IB 0 1930 5\n#RES 0 5010 5\n",
    "vouchers_to_import": lambda: _ledger(tail=""),
}


def ledger_file(malformation: str, _: str) -> tuple[str, str | bytes]:
    content = LEDGERS[malformation]()
    taken = "20211002T0600" if malformation == "dated_tomorrow" else "20210903T0600"
    ending = "csv" if malformation == "wrong_ending" else "se"
    name = "huvudbok.si" if malformation == "renamed_file" else f"ekonomi_sie_202108_{taken}.{ending}"
    return name, content.encode("cp437") if isinstance(content, str) else content
