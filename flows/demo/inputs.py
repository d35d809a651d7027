"""What people type and what the registers hold: each extract as rows of words, ready to be written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from flows.demo.chart import ACCOUNT_GROUPS
from flows.demo.economy import Economy
from flows.demo.investments import Projects
from flows.demo.organisation import Units
from flows.demo.targets import FigureKey, Targets
from flows.demo.timeline import Timeline
from flows.domain.heads import month_name
from flows.domain.period import Period

Rows = list[dict[str, str]]

#: Measures whose forecast a person gives; assistance hours have a rule of their own.
_BY_RULE = ("assistance_hours_sfb", "assistance_hours_lss")
_VOLUMES = (*_BY_RULE, "home_care_hours", "care_days", "places_housing", "places_labour_market", "meals")

#: Extract, kinds of unit whose rows are expected in it ('' = the file), working day of the month after.
_EXPECTED: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("heroma_anstallning", ("",), 3),
    ("heroma_franvaro", ("",), 3),
    ("heroma_arbetstid", ("",), 3),
    ("heroma_avgang", ("",), 3),
    ("timecare_pass", ("",), 3),
    ("treserva_hemtjanst", ("", "HEMTJANST"), 4),
    ("treserva_boende", ("", "VARDBOENDE"), 4),
    ("treserva_assistans", ("", "ASSISTANS"), 4),
    ("kost_maltider", ("", "KOST"), 4),
    ("ekonomi_sie", ("",), 5),
    ("ekonomi_prognos", ("",), 5),
    ("ekonomi_investering", ("",), 5),
    ("indikatorer_manuell", ("",), 5),
    ("mal_bedomning", ("",), 5),
    ("verksamhet_prognos", ("",), 5),
)


def unit_register(units: Units, from_day: date, as_of: date) -> Rows:
    """Every unit and what it was, by validity, as known on a day: what comes later is not there yet."""
    rows: Rows = []
    for place in range(len(units)):
        begins = units.valid_from[place].astype(date)
        if begins > as_of:
            continue
        moves = [move for move in units.moves if move.unit == place and move.on <= as_of]
        starts = [(begins, str(units.area_code[place])), *((move.on, move.area_code) for move in moves)]
        ends = [move.on - timedelta(days=1) for move in moves] + [units.valid_to[place].astype(date)]
        for nth, ((start, area), end) in enumerate(zip(starts, ends, strict=True)):
            is_over = end < as_of
            followed = units.successors(place) if is_over and nth == len(ends) - 1 else ()
            heirs = [(str(units.unit_code[one.successor]), _per_cent(one.share)) for one in followed]
            for successor, share in heirs or [("", "")]:
                rows.append(
                    {
                        "enhet_kod": str(units.unit_code[place]),
                        "enhet_namn": str(units.unit_name[place]),
                        "ansvar": str(units.ansvar[place]),
                        "affarsomrade": area,
                        "verksamhetstyp": str(units.activity_type[place]),
                        "omrade": str(units.district[place]),
                        "giltig_from": max(start, from_day).isoformat(),
                        "giltig_tom": end.isoformat() if is_over else "",
                        "efterfoljare": successor,
                        "andel": share,
                    }
                )
    return rows


def account_register(from_day: date) -> Rows:
    return [
        {
            "konto_fran": first,
            "konto_till": last,
            "grupp": group,
            "ar_sjuklon": str(sick_pay),
            "giltig_from": from_day.isoformat(),
            "giltig_tom": "",
        }
        for first, last, group, sick_pay in ACCOUNT_GROUPS
    ]


def expected_deliveries(units: Units, from_day: date, as_of: date) -> Rows:
    """What is expected, as known on a day: nothing of a kind whose units have all left."""
    rows: Rows = []
    for extract, kinds, working_day in _EXPECTED:
        last_days = [units.valid_to[units.of_type(kind)].max().astype(date) for kind in kinds if kind]
        is_over = bool(last_days) and max(last_days) < as_of
        for kind in kinds:
            rows.append(
                {
                    "extract": extract,
                    "verksamhetstyp": kind,
                    "arbetsdag": str(working_day),
                    "giltig_from": from_day.isoformat(),
                    "giltig_tom": max(last_days).isoformat() if is_over else "",
                }
            )
    return rows


def gap_register(missing: Mapping[str, tuple[Period, ...]], timeline: Timeline, targets: Targets) -> Rows:
    """A row for each unbroken run of months that an extract lacks at a closing, each with its case.

    A case keeps its number from closing to closing; what has not come by the next one is promised anew.
    """
    told = {
        (row["extract"], row["fran"]): row for closing in timeline.closings for row in closing.side_file("luckor.csv")
    }
    rows: Rows = []
    cases: dict[Period, int] = {}
    for extract, months in sorted(missing.items()):
        starts = [month for month in months if month.plus(-1) not in months and month <= targets.period]
        for start in starts:
            end = next(month for month in months if month >= start and month.plus(1) not in months)
            seen_first = timeline.closing_of(start).period
            cases[seen_first] = cases.get(seen_first, 0) + 1
            words = told.get((extract, str(start)), {})
            rows.append(
                {
                    "extract": extract,
                    "enhet_kod": "",
                    "fran": str(start),
                    "till": str(end),
                    "orsak": words.get("orsak") or "Systemfel hos annan förvaltning, anmält till leverantören",
                    "arende": words.get("arende") or f"INC-{seen_first.compact()}-{cases[seen_first]:04d}",
                    "ansvarig": "systemforvaltare.vard",
                    "vantas": targets.period.plus(3).last_day.isoformat(),
                }
            )
    return rows


def economic_forecast(targets: Targets, economy: Economy, dated: date) -> Rows:
    forecast = economy.forecasts[targets.period]
    rows: Rows = []
    for place, area in enumerate(targets.edition.area_codes):
        for kind, amounts in (("INTAKT", forecast.revenue), ("KOSTNAD", forecast.cost)):
            rows.append(
                {
                    "period": str(targets.period),
                    "affarsomrade": area,
                    "slag": kind,
                    "prognos_helar": _kronor(int(amounts[place])),
                    "metod": "Bedömning",
                    "ansvarig": "controller.ekonomi",
                    "datum": dated.isoformat(),
                    "motivering": f"Utfall till och med {month_name(targets.period.month)} och känd utveckling",
                }
            )
    return rows


def investment_input(targets: Targets, projects: Projects, units: Units, dated: date) -> Rows:
    plan = projects.plans[targets.period]
    area = units.area_on(targets.period.last_day)
    return [
        {
            "period": str(targets.period),
            "affarsomrade": str(area[projects.unit[project]]),
            "projekt": str(projects.code[project]),
            "ram": _kronor(int(plan.frame[place])),
            "prognos_utgift": _kronor(int(plan.expenditure_forecast[place])),
            "prognos_inkomst": _kronor(int(plan.income_forecast[place])),
            "ansvarig": "controller.ekonomi",
            "datum": dated.isoformat(),
            "motivering": "",
        }
        for place, project in enumerate(plan.project.tolist())
    ]


def measure_forecasts(targets: Targets, dated: date) -> Rows:
    """The published forecasts of volumes, but for assistance hours that the rule of months gives by itself."""
    rows: Rows = []
    for measure in sorted(_VOLUMES):
        figure = targets.figure(measure, quantity="forecast_full_year")
        if figure is None:
            continue
        to_date = targets.figure(measure)
        if measure in _BY_RULE and to_date is not None:
            by_rule = to_date.value * 12 / targets.period.month
            if abs(by_rule - figure.value) < figure.half_step:
                continue
        rows.append(
            {
                "period": str(targets.period),
                "matt_id": measure,
                "prognos_helar": _number(figure.printed),
                "motivering": "Bedömning utifrån utfall och kända beslut",
                "ansvarig": "controller.verksamhet",
                "datum": dated.isoformat(),
            }
        )
    return rows


def goal_assessments(targets: Targets) -> Rows:
    return [
        {
            "period": str(targets.period),
            "namndmal_id": key.subject_id,
            "status": targets.edition.goal_codes.get(words, words),
            "motivering": "Bedömd av ledningsgruppen",
            "ansvarig": "verksamhetsutvecklare",
        }
        for key, words in sorted(targets.words.items())
        if key.quantity == "assessment"
    ]


def indicator_input(targets: Targets) -> Rows:
    """One row an indicator, sex and year; the closed period's has the target, and the value where a person gives it."""
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    items = {row.item_id for table in targets.edition.tables.values() for row in table.rows.values() if row.item_id}
    published = [(key, _number(figure.printed), "") for key, figure in targets.figures.items()]
    published += [(key, "", words) for key, words in targets.words.items()]
    for key, number, words in sorted(published):
        if key.subject_id not in items or key.quantity not in ("actual", "observation", "target"):
            continue
        row = rows.setdefault((key.subject_id, key.sex, _observed(targets.period, key)), {})
        if key.quantity == "target":
            row["mal"] = number or words
        else:
            row["varde"], row["saknas"] = number, words
    about = {(row["indikator_id"], row["matperiod"]): row["avser"] for row in targets.side_file("observationer.csv")}
    return [
        {
            "period": str(targets.period),
            "indikator_id": _id_then(targets, indicator, observed),
            "kon": sex,
            "matperiod": observed,
            "varde": row.get("varde", ""),
            "saknas": row.get("saknas", ""),
            "mal": row.get("mal", ""),
            "avser": about.get((indicator, observed), ""),
            "kalla": "Egen uppföljning",
            "ansvarig": "controller.verksamhet",
        }
        for (indicator, sex, observed), row in rows.items()
    ]


def comments(targets: Targets, dated: date) -> Rows:
    """A comment to the first table of each kind that people comment on; no figures, so that none can contradict."""
    spoken = {
        "result": "Resultatet avser januari till och med {month}.",
        "care_days": "Volymerna följs varje månad tillsammans med beställaren.",
        "sick_leave": "Sjukfrånvaron följs upp med cheferna varje månad.",
    }
    rows: Rows = []
    for measure, words in spoken.items():
        for table in targets.edition.tables.values():
            if any(row.measure_id == measure for row in table.rows.values()):
                rows.append(
                    {
                        "period": str(targets.period),
                        "tabell": table.table_id,
                        "rad": "",
                        "lopnr": str(1 + sum(row["tabell"] == table.table_id for row in rows)),
                        "text": words.format(month=month_name(targets.period.month)),
                        "ansvarig": "controller.verksamhet",
                        "datum": dated.isoformat(),
                    }
                )
                break
    return rows


def _id_then(targets: Targets, indicator: str, observed: str) -> str:
    """The id under which a year was typed: an earlier one, where the definition has changed since."""
    replaced, since = targets.edition.replaced_ids.get(indicator, ("", None))
    return replaced if since is not None and observed < str(since.year) else indicator


def _observed(period: Period, key: FigureKey) -> str:
    """The observation period of a row: the closed month for its value and target, else the year."""
    return str(period.year + key.year_offset) if key.quantity == "observation" else str(period)


def _per_cent(share: Fraction) -> str:
    return f"{float(share * 100):g}".replace(".", ",")


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _kronor(oere: int) -> str:
    return f"{'-' if oere < 0 else ''}{abs(oere) // 100},{abs(oere) % 100:02d}"
