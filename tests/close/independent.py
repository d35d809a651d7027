"""t02–t06, t13 and t14 from the exports alone, by the contracts' definitions: nothing of flows/, no file of sql/."""

import csv
import re
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

import duckdb
import pyarrow

SETUP = r"""create macro n(x) as replace(x, ',', '.')::decimal(18, 4);
create macro eom(m) as strftime(last_day(strptime(m || '01', '%Y%m%d')), '%Y%m%d');
create macro day_after(d) as strftime(strptime(d, '%Y%m%d') + interval 1 day, '%Y%m%d');
create view who as select anst_id, arg_max(replace(personnummer, '-', ''), period) p from heroma_anstallning group by 1;
create view permanent as from heroma_anstallning join who using (anst_id) where anst_form = 'TV';
create view volume as select 'home_care_hours' k, 'HEMTJANST' t, y, period, enhet_kod, n(utforda_timmar) x
from treserva_hemtjanst union all select 'care_days', 'VARDBOENDE', y, period, enhet_kod, n(belagda_dygn)
from treserva_boende union all select 'assistance_hours_' || lower(lagrum), 'ASSISTANS', y, period, enhet_kod, n(timmar)
from treserva_assistans union all select 'meals', 'KOST', y, period, enhet_kod, n(portioner) from kost_maltider;
create view ledger as select y, line like '#P%' is_budget, regexp_extract(line, '(\d+) \{', 1) account,
n(nullif(regexp_extract(line, '\} (\S+)', 1), '')) amount, regexp_extract(line, '[{ ]1 "?(\d+)', 1) ansvar,
regexp_extract(line, '[{ ]6 "?([^" }]+)', 1) projekt, rpad(last_value(nullif(regexp_extract(line,
'^#(?:VER.*?|PBUDGET 0) (\d{6,8})', 1), '') ignore nulls) over (partition by y order by nr), 8, '31') d from ekonomi_sie
where regexp_matches(line, '^#(VER|TRANS|PBUDGET 0) ') union all select m[:4], false, konto, x * n(belopp), ansvar,
'', m || '28' from (select *, unnest([period, aterfors]) m, unnest([1, -1]) x from justering)"""
ACTUAL = """with measured as (select anst_id, sum(n(ordinarie_timmar)) h from heroma_arbetstid where y = $y group by 1
having h > 0), sick as (select anst_id, sum(n(timmar_period)) s from heroma_franvaro where y = $y and orsak_kod = 'SJK'
group by 1), sexed as (select anst_id, arg_max(kon, period) kon from heroma_anstallning where y = $y group by 1) select
'sick_leave', coalesce(kon, 'T'), sum(s), sum(h) from measured join sexed using (anst_id) left join sick using (anst_id)
group by cube (kon) union all select 'full_time_share', coalesce(kon, 'T'), count(*) filter (n(sysselsattningsgrad) >=
100), count(*) from heroma_anstallning where period = $m and loneform = 'MAN' and eom($m) between anst_from and anst_tom
group by cube (kon) union all select 'pension_age', coalesce(kon, 'T'), sum(n(alder)), count(*) from heroma_avgang where
y = $y and avgang_typ = 'PENSION' group by cube (kon) union all select 'permanent_headcount', 'T', count(distinct p), 1
from permanent where period = $m and eom($m) between anst_from and anst_tom union all select 'external_turnover', 'T',
count(distinct p) * $m[5:]::int, (select count(distinct (period, p)) from permanent where y = $y and eom(period) between
anst_from and anst_tom) from heroma_avgang a join who l using (anst_id) where y = $y and anst_form = 'TV' and extern =
'1' and not exists (from permanent t where t.p = l.p and t.period = least(day_after(avgang_datum)[:6], $m) and
day_after(avgang_datum) between anst_from and anst_tom) union all select if(platstyp = 'BOENDE_RS', 'places_housing',
'places_labour_market'), 'T', sum(n(antal)), 1 from platser_register where eom($m) between giltig_from and giltig_tom
group by 1 union all select k, 'T', sum(x) * (select count(distinct e.period) from heroma_anstallning e,
organisation_enhet o where e.y = $y and verksamhetstyp = t and o.enhet_kod = v.enhet_kod and giltig_from <=
eom(e.period) and giltig_tom >= e.period || '01'), (select count(distinct period) from volume h where (h.enhet_kod, h.t,
y) = (v.enhet_kod, v.t, $y)) from volume v where y = $y group by k, t, enhet_kod"""  # Volumes: estimated by unit.
MONEY = """with recursive now as (select distinct enhet_kod, affarsomrade a from organisation_enhet where eom($m)
between giltig_from and giltig_tom), held as (select distinct enhet_kod, enhet_kod heir, 1::double part from
organisation_enhet union all select h.enhet_kod, efterfoljare, part * coalesce(n(andel), 100) / 100 from held h join
organisation_enhet o on heir = o.enhet_kod and efterfoljare is not null and heir not in (select enhet_kod from now))
select if(is_budget, ['budget_full_year', 'budget_to_date'], ['annual_accounts', 'actual']), ledger.y, d[5:6] <= $m[5:],
coalesce((select affarsomrade from edition_omrade where namn = a), a, '-') area, case when projekt not in (select
projekt from ekonomi_investering) then grupp when account[:2] = '35' then 'income' when grupp = 'INVESTERING' then
'expenditure' else grupp end, sum(amount), part from ledger join ekonomi_konto k on least(d, eom($m)) between
k.giltig_from and k.giltig_tom and konto_fran <= account[:len(konto_fran)] and account[:len(konto_till)] <= konto_till
join (select distinct enhet_kod, ansvar, giltig_from, giltig_tom from organisation_enhet) u on ledger.ansvar = u.ansvar
and least(d, eom($m)) between u.giltig_from and u.giltig_tom join held using (enhet_kod) left join now on heir =
now.enhet_kod where a is not null or ledger.y = $m[:4] and heir not in (select enhet_kod from organisation_enhet where
efterfoljare is not null) group by all union all select ['forecast_full_year'], y, true, affarsomrade, if(slag =
'INTAKT', slag, 'OVRIGT'), n(prognos_helar) * if(slag = 'INTAKT', -1, 1), 1 from ekonomi_prognos union all select
['forecast_full_year'], y, true, '', matt_id, n(prognos_helar) * if(matt_id = 'meals', 1000, 1), 1 from
verksamhet_prognos union all select unnest([['frame'], ['expenditure_forecast', 'net_forecast'], ['income_forecast'],
['net_forecast']]), y, true, affarsomrade, unnest(['expenditure', 'expenditure', 'income', 'income']), unnest([n(ram),
n(prognos_utgift), n(prognos_inkomst), -n(prognos_inkomst)]), 1 from ekonomi_investering"""  # Area '-': in none.
SIGNS = {kind: {"result": -1, "cost": 1} for kind in ("PERSONAL", "INHYRD", "LOKAL", "OVRIGT", "AVSKRIVNING", "FINANS")}
SIGNS |= {kind: {"investment": 1, f"investment_{kind}": 1} for kind in ("expenditure", "income")}
SIGNS["INTAKT"] = {"result": -1, "revenue": -1}


def figures(folder: Path, period: str) -> Counter:
    """(measure, area, sex, quantity, year offset) → the exact figure of YYYYMM; area '' is the organisation."""
    db, newest, tables, out = duckdb.connect(), {}, defaultdict(list), Counter()
    for path in sorted(folder.rglob("*_2*_2*.*"), key=lambda path: path.stem[-20:]):
        extract, month, _ = path.stem.rsplit("_", 2)
        if month <= period and (month[4:] <= period[4:] or path.suffix == ".se") and extract != "timecare_pass":
            newest[extract, month[: 4 if path.suffix == ".se" else 6]] = path
    for (extract, month), path in newest.items():
        text = path.read_bytes().decode("utf-16" if path.read_bytes()[:2] == b"\xff\xfe" else "utf-8-sig", "replace")
        text = path.read_bytes().decode("latin-1") if "\ufffd" in text else text
        text = re.sub(r"(?m)(?<=\d)[\u00a0 ](?=\d{3}\b)|^(?:#ANTAL|Summa|Totalt).*\n?", "", text)
        lines = re.sub(r"\b(\d{4})-(\d\d)(?:-(\d\d))?\b", r"\1\2\3", text).splitlines()
        rows = csv.DictReader(lines, delimiter=";") if path.suffix == ".csv" else [{"line": x.strip()} for x in lines]
        tables[extract] = tables[extract] if text.startswith(("period", "#")) else []
        for nr, row in enumerate(rows):
            filled = {k: v or ("9" if k.endswith("tom") else None) for k, v in row.items()}
            tables[extract].append({**filled, "y": month[:4], "nr": nr})
    tables["justering"].append(dict.fromkeys(("y", "period", "aterfors", "ansvar", "konto", "belopp"), "0"))
    for name, rows in tables.items():
        db.register(name, pyarrow.Table.from_pylist(rows or [{"y": ""}]))
    db.execute(SETUP)
    for offset, month in ((0, period), (-1, f"{int(period[:4]) - 1}{period[4:]}")):
        for measure, sex, above, below in db.execute(ACTUAL, {"m": month, "y": month[:4]}).fetchall():
            out[measure, "", sex, "actual", offset] += Fraction(above) / Fraction(below) if below else 0
    for measure in ("assistance_hours_sfb", "assistance_hours_lss"):
        out[measure, "", "T", "forecast_full_year", 0] = out[measure, "", "T", "actual", 0] * 12 / int(period[4:])
    for names, year, to_date, area, kind, amount, share in db.execute(MONEY, {"m": period}).fetchall():
        posted = ["", f"{kind}_actual"] if kind in ("income", "expenditure") and "actual" in names else names
        signed = Fraction(amount) * Fraction(share).limit_denominator(10**6) * (-1 if "income_actual" in posted else 1)
        for name, place in ((name, place) for name in posted[: 2 if to_date else 1] for place in {area, ""}):
            for measure, sign in SIGNS.get(kind, {kind: 1}).items():
                out[measure, place, "T", name, int(year) - int(period[:4])] += sign * signed
    return out
