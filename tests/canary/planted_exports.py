"""Exports in which canaries are planted: where a close survives them, and where files are refused or rows bar it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.canary.canaries import (
    BAD,
    COORDINATED,
    EMPLOYMENTS,
    FREE_TEXT,
    IN_A_NAME_OF_A_FILE,
    IN_LEDGER,
    LANDED,
    MISPLACED,
    NAME,
    PHONES,
    PRINTED,
    REPEATED,
    TYPED,
    hyphened,
)

LATER = "20210908T0900"


def deliver_anew(exports: Path, extract: str, change: Callable[[str], str]) -> None:
    """Deliver an extract anew, changed. Its control line goes: it speaks of the rows before."""
    newest = sorted(exports.rglob(f"{extract}_202108_*"))[-1]
    data = newest.read_bytes()
    encoding = _encoding(data, newest.suffix)
    text = re.sub(r"(?m)^#ANTAL.*\n?", "", data.decode(encoding))
    newest.with_name(f"{extract}_202108_{LATER}{newest.suffix}").write_bytes(change(text).encode(encoding))


def text_of(export: Path) -> str:
    """An export's text without its control line: that speaks of the rows as they were."""
    data = export.read_bytes()
    return re.sub(r"(?m)^#ANTAL.*\n?", "", data.decode(_encoding(data, export.suffix))).replace("\r\n", "\n")


def _encoding(data: bytes, ending: str) -> str:
    if ending == ".se":
        return "cp437"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"


def _rows_added(*rows: str) -> Callable[[str], str]:
    return lambda text: text.rstrip() + "\n" + "\n".join(rows) + "\n"


def set_field(column: str, value: str, row: int = 0) -> Callable[[str], str]:
    """A field of a data row with another value."""

    def change(text: str) -> str:
        header, *rows = text.splitlines()
        fields = rows[row].split(";")
        fields[header.lstrip("\ufeff").split(";").index(column)] = value
        rows[row] = ";".join(fields)
        return "\n".join([header, *rows]) + "\n"

    return change


def with_planted_employments(text: str) -> str:
    """Persons that land, and the same kinds of values beside what is wrong; and two columns that nobody agreed on."""
    header, *rows = text.rstrip().splitlines()
    unit = rows[0].split(";")[3]
    tail = "MAN;{grade};{sex};{born};2019-01-01;;0"

    def row(person: str, employment: str, born: str, grade: str = "100,00", sex: str = "K") -> str:
        return f"2021-08;{person};{employment};{unit};207024;VIK;{tail.format(grade=grade, sex=sex, born=born)}"

    planted = [
        row(LANDED, EMPLOYMENTS[0], "1903-02-17") + f";{NAME};{PHONES[0]}",
        row(hyphened(COORDINATED), EMPLOYMENTS[1], "19030217") + f";{NAME};",
        row(hyphened(BAD), "QX7ZKANST3", "1904-03-18", grade="-400") + f";{NAME};",
        row(BAD, "QX7ZKANST4", f"{NAME}") + ";;",
        row(BAD[2:], "QX7ZKANST5", "1904-03-18") + ";;",
        row(NAME, "QX7ZKANST6", "1904-03-18", grade=BAD) + ";;",
        row(REPEATED, "QX7ZKANST7", "1905-04-19") + ";;",
        row(REPEATED, "QX7ZKANST7", "19050419", grade="50,00") + ";;",
        row(REPEATED, "QX7ZKANST8", "1905-04-19", sex=hyphened(MISPLACED)) + f";{NAME};",
        row(REPEATED, "QX7ZKANST9", "1905-04-19") + f";{NAME};;{hyphened(MISPLACED)};",
    ]
    return (
        "\n".join([f"{header};namn;{FREE_TEXT}{hyphened(MISPLACED)}", *(f"{one};;" for one in rows), *planted]) + "\n"
    )


def _ledger(text: str) -> str:
    """A person in every text that a ledger has room for."""
    text = text.replace('#VER "K" 1 20210101 "Kundfaktura"', f'#VER "K" 1 20210101 "{NAME} {hyphened(IN_LEDGER)}"', 1)
    first = re.search(r"#TRANS (\d+) \{([^}]*)\} (-?[\d.]+)", text)
    assert first is not None
    employee = first[2].strip() + f' 7 "{EMPLOYMENTS[0]}"'
    signed = f'#TRANS {first[1]} {{{employee}}} {first[3]} 20210101 "{NAME} {IN_LEDGER}" 0 "{NAME}"'
    text = text.replace(first[0], signed, 1)
    text = re.sub('#FNAMN ".*"', f'#FNAMN "{NAME} {hyphened(IN_LEDGER)}"', text, count=1)
    told = (
        f'#PROSA "{FREE_TEXT} {IN_LEDGER}"\n#ADRESS "{NAME}" "" "" "{PHONES[0]}"\n#{NAME} {IN_LEDGER}\n#{IN_LEDGER}\n'
    )
    return text.replace("#DIM 1 ", f'{told}#DIM 7 "Anställd"\n#OBJEKT 7 "{EMPLOYMENTS[0]}" "{NAME}"\n#DIM 1 ', 1)


def plant_what_may_be_published(exports: Path) -> None:
    """Everything that a close survives. Words meant for print stand beside a number: a name alone nobody can tell."""
    number, told = hyphened(TYPED), f"{NAME} {FREE_TEXT}"
    deliver_anew(exports, "heroma_anstallning", with_planted_employments)
    deliver_anew(exports, "ekonomi_sie", _ledger)
    deliver_anew(
        exports,
        "kommentar",
        _rows_added(
            # A name in words for print prints: nobody can tell it from another word.
            f"2021-08;t02;;80;Enligt {PRINTED};controller;2021-09-07",
            *(
                f"2021-08;t02;;{90 + place};{text};{told};2021-09-07"
                for place, text in enumerate(
                    (f"{told} {number}", f"Se {number}", f"Ring {PHONES[0]}", f"Ring {PHONES[1]}", TYPED[2:])
                )
            ),
        ),
    )
    deliver_anew(
        exports, "mal_bedomning", lambda text: set_field("motivering", told)(set_field("motivering", number, 1)(text))
    )
    deliver_anew(
        exports, "luckor", lambda text: set_field("orsak", f"{told} {number}")(set_field("arende", TYPED)(text))
    )
    named = f"{told} {number}"
    deliver_anew(
        exports, "platser_register", lambda text: set_field("handelse", named)(set_field("handelse", number, 1)(text))
    )
    deliver_anew(
        exports,
        "ekonomi_prognos",
        lambda text: set_field("motivering", f"{told} {TYPED}")(set_field("metod", told)(text)),
    )
    deliver_anew(
        exports, "ekonomi_investering", lambda text: set_field("motivering", told)(set_field("ansvarig", number)(text))
    )
    deliver_anew(exports, "verksamhet_prognos", lambda text: set_field("motivering", f"{told} {PHONES[1]}")(text))
    deliver_anew(
        exports,
        "indikatorer_manuell",
        lambda text: set_field("saknas", f"Ring {PHONES[0]}")(
            set_field("mal", f"Se {number}", 1)(set_field("kalla", named)(text))
        ),
    )
    deliver_anew(exports, "organisation_enhet", lambda text: set_field("enhet_namn", f"Boende {number}")(text))
    deliver_anew(exports, "kost_maltider", lambda text: text)
    _as_workbook(exports / f"kost_maltider_202108_{LATER}.csv")
    for name in (
        f"{IN_A_NAME_OF_A_FILE}.csv",
        f"Utdrag {hyphened(IN_A_NAME_OF_A_FILE)}.xlsx",
        f"heroma_anstallning_{IN_A_NAME_OF_A_FILE}_202108.csv",
        f"{IN_A_NAME_OF_A_FILE}/{hyphened(IN_A_NAME_OF_A_FILE)[2:]}.txt",
    ):
        (exports / name).parent.mkdir(exist_ok=True)
        (exports / name).write_text(f"{NAME};{hyphened(IN_A_NAME_OF_A_FILE)}\n")


def _as_workbook(written: Path) -> None:
    """The same rows as a workbook, with persons wherever a workbook has room beside its rows; the text goes."""
    import xlsxwriter

    told = f"{NAME} {hyphened(MISPLACED)} {FREE_TEXT}"
    lines = text_of(written).splitlines()
    with xlsxwriter.Workbook(written.with_suffix(".xlsx")) as book:
        sheet = book.add_worksheet(NAME)
        for number, line in enumerate(lines):
            for place, text in enumerate(line.split(";")):
                digits = re.sub(r"\s", "", text)
                sheet.write(number, place, int(digits) if digits.isdigit() else text)
        sheet.write_comment(1, 1, told, {"author": NAME})
        sheet.set_header(f"&C{told}")
        hidden = book.add_worksheet(hyphened(MISPLACED))
        hidden.write(0, 0, told)
        hidden.hide()
        book.define_name("Personal", f"='{hyphened(MISPLACED)}'!$A$1")
        book.set_properties({"author": told, "comments": told, "manager": NAME, "keywords": MISPLACED})
        book.set_custom_property("handläggare", told)
    written.unlink()


def plant_what_bars(exports: Path) -> None:
    """Fields that have moved, files that are refused, and rows that the gate must name without naming anybody."""
    number = hyphened(MISPLACED)
    deliver_anew(exports, "heroma_arbetstid", set_field("enhet_kod", number))
    deliver_anew(
        exports,
        "heroma_franvaro",
        _rows_added(f"2021-08;{EMPLOYMENTS[2]};SJK;2021-08-02;2021-08-03;100;16,00", f"2021-08;{NAME};X;;;{number};"),
    )
    deliver_anew(
        exports,
        "ekonomi_sie",
        lambda text: (
            re.sub(r'(#TRANS .* 1 )"\d+"', rf'\1"{number}"', text, count=1).rstrip()
            + f'\n#VER "K" "{hyphened(IN_LEDGER)}" 20210801 "{NAME}"\n{{\n'
            + f'#TRANS {IN_LEDGER} {{1 "11007"}} 17.00 "" "{NAME}"\n#TRANS 3110 {{}} {NAME}\n}}\n'
        ),
    )
    deliver_anew(
        exports, "heroma_avgang", lambda text: text.partition("\n")[2].replace("2021-08;", f"{NAME};{number};", 1)
    )
    deliver_anew(exports, "treserva_assistans", lambda text: text.replace("lagrum", number, 1))
    deliver_anew(exports, "kost_maltider", lambda text: re.sub(r"(?m)^(2021-08;\w+);.*$", rf"\1;{number} {NAME}", text))
    deliver_anew(
        exports, "treserva_boende", lambda text: text.replace("2021-08;", "2021-07;", 1).replace("E", f"{NAME};", 1)
    )
    deliver_anew(exports, "indikatorer_manuell", set_field("varde", f"{NAME} {number}"))
    deliver_anew(exports, "forvantade_leveranser", _rows_added(f"{NAME};;3;2021-01-01;", f"{number};;3;2021-01-01;"))
    deliver_anew(exports, "edition_rad", set_field("etikett", f"Vårddygn {number}"))
    deliver_anew(exports, "edition_ord", set_field("ord", number))
    deliver_anew(exports, "edition_omrade", set_field("namn", number))


def plant_what_stops_a_step(inbox: Path) -> None:
    """The same comment twice: a store in which none may be there twice cannot take it in. It is read before the others,
    and not in force when those have come."""
    rows = [f"2021-08;t02;;{number};{NAME} {FREE_TEXT};controller;2021-09-07" for number in (97, 98)]
    text = "\n".join(["period;tabell;rad;lopnr;text;ansvarig;datum", *rows, ""])
    (inbox / "kommentar_202108_20210907T2000.csv").write_text(text, "utf-8")


def plant_a_register_without_its_gaps(exports: Path) -> None:
    """A register of gaps without its gaps: the months that they explained bar the close."""
    header = "extract;enhet_kod;fran;till;orsak;arende;ansvarig;vantas"
    row = f"heroma_franvaro;;2019-01;2019-01;{NAME} {hyphened(TYPED)};{TYPED};{NAME} {NAME};"
    (exports / "luckor_202108_20210909T0900.csv").write_text(f"{header}\n{row}\n", "utf-8")
