"""The words that make a file of each target go further in: from our own declarations, so that they are never old."""

from __future__ import annotations

from collections.abc import Sequence

from flows.declarations.contracts import contracts
from flows.declarations.mappings import CONVERSIONS
from flows.sources.values import FORMULA_ERRORS
from tests.fuzz.settings_targets import SECRET

#: Words of one line; lines of a section are of one kind.
_NUMBERS = """1 234,50|-4 687|(4 687)|−1|1.234|1e400|0x10|٣|99999999999999999999|1,0000001|5 %|2021-08|202108|2021-08-31
0000-00-00|9999-12-31|20210230|24:00|23:59|19800101-1234"""
_LINES = """#ANTAL;3;SUMMA;5|Summa;;|resultat v 53|XX|\r\n|\r|"|""|;|\ufeff|\u202e|\x1b[2J"""
_LEDGER = """#FLAGGA 0|#SIETYP 4|#RAR 0 20210101 20211231|#VER A 1 20210801|#TRANS 5010 {1 110} 10.00|#RTRANS|#BTRANS
#KSUMMA|#KSUMMA 123|#PSALDO 0 202108 5010 {1 110} 5.00|#PBUDGET 0 202108 5010 {} 5|#IB 0 1510 5|#UB 0 1510 5
#RES 0 5010 5|#OIB 0 1510 {1 1} 5|#DIM 1 Ansvar|#UNDERDIM 21 x 1|#OBJEKT 1 110 x|#OBJEKT 7 1 x|#KONTO 5010 x
#KTYP 5010 K|#SRU 5010 1|#OMFATTN 20210831|#FNAMN x|#FORMAT PC8|{|}|{}|{1 110 6 P1}|"a\\"b"|99999999999|٣|-1.|1,5"""
_XML = """<row r="2">|</row>|<c r="A2" t="s">|</c>|<v>|</v>|<f>|</f>|<is>|<t>|</t>|</is>|<rPh>| t="e"| t="str"| t="d"
 t="inlineStr"| t="b"| s="1"| hidden="1"|_x000D_|_xD800_|&#xD800;|&amp;|<!DOCTYPE x>|<!ENTITY a "b">|<![CDATA[|]]>
<?xml version="1.0" encoding="x"?>|<sst>|<si>|<styleSheet>|<cellXfs>|<xf numFmtId="14"/>|<numFmts>| state="hidden"
<numFmt numFmtId="164" formatCode="yyyy"/>|<sheet name="a" r:id="rId1"/>|<workbookPr date1904="1"/>|1e999|-1|2958466
<Relationship Id="rId1" Type="x/worksheet" Target="a"/>"""
_SETTINGS = f"""keep_published = 1|largest_file_megabytes = 1|[places.heroma]|[messages]|[month_end]|[retention]|kind =
"folder"|"sftp"|"https"|"s3"|"webdav"|path = |host = |port = |user = |key_file = |host_key = |"ssh-ed25519 AAAA"|url =
"https://a.example/"|"https://me:{SECRET}@a/"|token = |"env:A"|"file:/a"|"{SECRET}"|ca_file = |bucket = |access_key =
secret_key = |endpoint = |password = |files = |finished = |"done"|"sha256"|still_seconds = |attempts = |to =
heartbeat =
close_workday = |[|]|{{|}}|'''|1979-05-27T07:32:00Z|nan|inf|1e999|0x1F|true|\\u001b|\\u0000|\ufeff|[[places]]
a.b.c = 1"""
_MAPPING = """extract = "kost_maltider"|extract = "heroma_franvaro"|[columns]|[codes.enhet_kod]|[codes]|[constants]
[file]
[conversions]|pattern = '(?P<period>[0-9]{6})_(?P<extracted>[0-9]{8}).csv'|extracted = |"%Y%m%d"|"%Y%m%dT%H%M"|"%z"
"%Y%Y"
{period}|"?"|%%|(?P<period>|(a+)+|{99999999999999}|[[1]]"""
_TEXTS = """{x1:vard:k1}|{x1:vard:k1 , mnkr, 1}|{x1:Kost:Avvikelse , tkr}|{{|}}|avvikelsen uppgår till |312,5 mnkr
procent
tkr|mnkr|Vård och omsorg|cirka |2021|31 augusti|kap. 3|# ##0|0,0 %|0,000###|resultat v 53|=HYPERLINK(|@SUM(|＝1+1|\t=1
<img src=x>|[a](http://b)|![a](b)|`|\x1b]8;;|\u202e|19800101-1234|070-123 45 67"""
_NOTES = """{"news": [|"down": {|"a.csv": {|"size": 4|"stamp": "now"|"sha256": |"pid": 1|"user": |null|"since": |"what":
]|}|[[[[[[[[|NaN|1e999|\\ud800|\\u001b[2J"""
_NAMES = """kost_maltider_202108_20210903T0600.csv|_000001_|_999912_|T2400|../|%2e%2e%2f|\x1b[2J|\u202e|.part|.sha256
t04:Summa:Avvikelse|2021-08|٢٠٢١-٠٨|0000000000000000000000000000000000000000000000000000000000000000"""
_VARIABLES = "BOKSLUT_HOME=|BOKSLUT_KEY_FILE=|bokslut_home=|~|/"


def words_of(name: str) -> Sequence[str]:
    """The words of one target."""
    columns = [column.name for one in contracts().values() for column in one.columns]
    codes = [code for one in contracts().values() for column in one.columns for code in column.codes]
    rows = [*_split(_NUMBERS), *_split(_LINES), *sorted(FORMULA_ERRORS), *codes]
    return {
        "tabular": [*rows, *columns],
        "mapped": [*_split(_MAPPING), *CONVERSIONS, *rows, *columns],
        "contact": [*rows, *columns],
        "ledger": [*_split(_LEDGER), *_split(_LINES)],
        "workbook": [*_split(_XML), *_split(_NUMBERS)],
        "container": [],
        "settings": _split(_SETTINGS),
        "secret": ["env:A\n", "file:/a\n", SECRET, "\r", "\x1b"],
        "environment": _split(_VARIABLES),
        "memory": _split(_NOTES),
        "place": _split(_NAMES),
        "names": _split(_NAMES),
        "texts": [*(one.replace(" ,", " |") for one in _split(_TEXTS)), *_split(_NUMBERS)],
        "written": [*_split(_TEXTS), *_split(_NUMBERS)],
    }[name]


def _split(words: str) -> list[str]:
    """What stands between bars and line ends; a line's end is a word of its own."""
    return ["\n", *(word for line in words.split("\n") for word in line.split("|"))]
