"""Which deliveries a close reads: history, registers, the period's own, and one ledger a fiscal year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.domain.period import Period
from flows.errors import Refusal
from tests.close.received_folder import Exports

LEDGER = (
    "#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#RAR 0 {year}0101 {year}1231\n#OMFATTN {year}{month}28\n#KONTO 3010 Intäkt\n"
    '#VER A 1 {year}{month}15 "x"\n{{\n#TRANS 3010 {{1 100}} 0\n}}\n#RES 0 3010 0\n'
)
EXPECTED = "extract;verksamhetstyp;arbetsdag;giltig_from;giltig_tom"
LEAVERS = "period;anst_id;enhet_kod;anst_form;kon;avgang_datum;avgang_typ;extern;alder"
INVESTMENT = "period;affarsomrade;projekt;ram;prognos_utgift;prognos_inkomst;ansvarig;datum;motivering"


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(tmp_path)


def ledger(exports: Exports, period: str) -> str:
    content = LEDGER.format(year=period[:4], month=period[4:])
    return exports.write(f"ekonomi_sie_{period}_20210903T0600.se", content).name


def test_history_is_january_to_the_period_of_both_years_and_what_volumes_have_of_the_year_before(
    exports: Exports,
) -> None:
    for period in ("201912", "202001", "202008", "202009", "202011", "202101", "202108", "202109"):
        exports.meals(period, "20210903T0600", 1)
        exports.write(f"heroma_avgang_{period}_20210903T0600", f"{LEAVERS}\n")
    exports.receive()
    read = [str(name).rsplit("_", 1)[0] for name in exports.select()]
    assert read == [
        *(f"heroma_avgang_{period}" for period in ("202001", "202008", "202101", "202108")),
        *(f"kost_maltider_{period}" for period in ("202001", "202008", "202009", "202011", "202101", "202108")),
    ]


def test_a_later_month_of_the_year_before_is_read_where_it_came_and_never_withheld(exports: Exports) -> None:
    exports.meals("202108", "20210903T0600", 1)
    exports.write("kost_maltider_202010_20210903T0600", "<html></html>")
    exports.receive()
    exports.select()
    assert exports.rows("select * from build.withheld_extract") == []


def test_a_register_is_the_newest_of_the_latest_period_named(exports: Exports) -> None:
    for name in ("202106_20210901T0600", "202107_20210801T0600", "202107_20210802T0600", "202109_20210901T0600"):
        exports.write(f"edition_ord_{name}", f"slag;kod;ord\nBEDOMNING;{name};x\n")
    exports.receive()
    assert exports.select() == ["edition_ord_202107_20210802T0600.csv"]


def test_the_periods_own_input_is_of_that_period_alone_but_for_last_years_projects(exports: Exports) -> None:
    for period in ("202010", "202012", "202107", "202108"):
        month = f"{period[:4]}-{period[4:]}"
        exports.write(f"ekonomi_investering_{period}_20210903T0600", f"{INVESTMENT}\n{month};A;P1;1;1;0;;;\n")
        exports.write(f"mal_bedomning_{period}_20210903T0600", "period;namndmal_id;status;motivering;ansvarig\n")
    exports.receive()
    assert [str(name).rsplit("_", 1)[0] for name in exports.select()] == [
        "ekonomi_investering_202012",
        "ekonomi_investering_202108",
        "mal_bedomning_202108",
    ]


def test_the_ledger_is_one_file_a_fiscal_year(exports: Exports) -> None:
    names = [ledger(exports, period) for period in ("202008", "202012", "202107", "202108", "202109")]
    exports.receive()
    assert exports.select() == [names[1], names[3]]
    assert exports.select(Period(2021, 7)) == [names[1], names[2]]


def test_a_refused_december_is_not_replaced_by_november(exports: Exports) -> None:
    ledger(exports, "202011")
    newest = ledger(exports, "202108")
    exports.write("ekonomi_sie_202012_20210903T0600.se", "<html></html>")
    exports.receive()
    assert exports.select() == [newest]
    assert exports.rows("select extract, period from build.withheld_extract") == [("ekonomi_sie", date(2020, 12, 1))]


def test_a_refused_register_leaves_the_one_before_in_force(exports: Exports) -> None:
    exports.write("edition_ord_202107_20210801T0600", "slag;kod;ord\nBEDOMNING;UPPNAS;x\n")
    exports.write("edition_ord_202108_20210901T0600", "<html></html>")
    exports.receive()
    assert exports.select() == ["edition_ord_202107_20210801T0600.csv"]
    assert exports.rows("select * from build.withheld_extract") == []


def test_only_months_in_which_the_extract_is_expected_are_withheld(exports: Exports) -> None:
    exports.write("forvantade_leveranser_202108_20210903T0600", f"{EXPECTED}\nkost_maltider;;5;2021-03-15;\n")
    for period in ("202102", "202103"):
        exports.write(f"kost_maltider_{period}_20210903T0600", "<html></html>")
    exports.receive()
    exports.select()
    assert exports.rows("select extract, period from build.withheld_extract") == [("kost_maltider", date(2021, 3, 1))]


def test_as_of_is_the_newest_extraction_in_force_unless_given(exports: Exports) -> None:
    exports.meals("202108", "20210907T0600", 1)
    exports.meals("202109", "20211003T0600", 1)
    exports.receive()
    exports.select()
    assert exports.rows("select period, as_of, month_number, year_start from build.closing") == [
        (date(2021, 8, 1), date(2021, 9, 7), 8, date(2021, 1, 1))
    ]
    exports.select(as_of=date(2021, 9, 30))
    assert exports.values("select as_of from build.closing") == [date(2021, 9, 30)]
    assert exports.values("select count(*) from build.month") == [24]


def test_a_close_without_any_delivery_is_refused(exports: Exports) -> None:
    with pytest.raises(Refusal):
        exports.select()


def test_another_period_replaces_what_the_last_one_selected(exports: Exports) -> None:
    july, august = (exports.meals(period, "20210903T0600", 1) for period in ("202107", "202108"))
    exports.receive()
    assert exports.select() == [july, august]
    assert exports.select(Period(2021, 7)) == [july]
    assert exports.values("select period from build.closing") == [date(2021, 7, 1)]


def test_what_may_be_absent_is_read_where_it_came_and_adjustments_of_every_month_until_the_period(
    exports: Exports,
) -> None:
    head = "period;lopnr;ansvar;konto;belopp;orsak;aterfors;ansvarig;datum"
    for period in ("201912", "202001", "202107", "202109"):
        month = f"{period[:4]}-{period[4:]}"
        exports.write(f"justering_{period}_20210903T0600", f"{head}\n{month};1;101;6010;5;El;;controller;\n")
    post = "post_id;benamning;ansvar;konto_fran;konto_till;projekt;giltig_from;giltig_tom;ansvarig;beslut"
    for period in ("202101", "202106"):
        exports.write(f"engangsposter_{period}_20210903T0600", f"{post}\nB;Brand;;60;60;;2021-01-01;;c;KS 5\n")
    exports.receive()
    assert [str(name).rsplit("_", 1)[0] for name in exports.select()] == [
        "engangsposter_202106",
        "justering_202001",
        "justering_202107",
    ]
