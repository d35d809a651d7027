"""The chart of accounts of the synthetic organisation, after Kommun-Bas, and its codes of activity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """What a result account is for the demo: each kind is brought to its own total and booked in its own series."""

    REVENUE = 0
    PERSONNEL = 1
    OTHER = 2


@dataclass(frozen=True, slots=True)
class Account:
    """A result account. `share` is its part of the kind, `presence` how often a voucher of the kind has it."""

    number: str
    name: str
    kind: Kind
    share: float
    presence: float


ACCOUNTS: tuple[Account, ...] = (
    Account("3110", "Taxor och avgifter", Kind.REVENUE, 8, 0.5),
    Account("3410", "Hyror och arrenden", Kind.REVENUE, 5, 0.4),
    Account("3510", "Driftbidrag", Kind.REVENUE, 5, 0.3),
    Account("3610", "Ersättning från beställare", Kind.REVENUE, 80, 0.9),
    Account("3810", "Övrig försäljning", Kind.REVENUE, 2, 0.3),
    Account("5010", "Månadslön", Kind.PERSONNEL, 56, 1.0),
    Account("5020", "Timlön", Kind.PERSONNEL, 7, 1.0),
    Account("5110", "Semesterlön", Kind.PERSONNEL, 7.5, 1.0),
    Account("5120", "Sjuklön", Kind.PERSONNEL, 2.5, 1.0),
    Account("5550", "Personalsociala kostnader", Kind.PERSONNEL, 1, 0.5),
    Account("5610", "Arbetsgivaravgifter", Kind.PERSONNEL, 20, 1.0),
    Account("5710", "Pensionskostnader", Kind.PERSONNEL, 6, 1.0),
    Account("4110", "Livsmedel", Kind.OTHER, 5, 0.15),
    Account("4130", "Förbrukningsvaror", Kind.OTHER, 7, 0.25),
    Account("4610", "Köp av huvudverksamhet", Kind.OTHER, 11, 0.2),
    Account("6010", "Lokalhyror", Kind.OTHER, 38, 0.45),
    Account("6250", "Städning och renhållning", Kind.OTHER, 4, 0.1),
    Account("6420", "Förbrukningsinventarier", Kind.OTHER, 6, 0.2),
    Account("6810", "Tele och datakommunikation", Kind.OTHER, 5, 0.15),
    Account("7010", "Transporter och resor", Kind.OTHER, 6, 0.2),
    Account("7420", "Konsulttjänster", Kind.OTHER, 4, 0.05),
    Account("7510", "Inhyrd personal", Kind.OTHER, 5, 0.1),
    Account("7610", "Övriga främmande tjänster", Kind.OTHER, 5, 0.15),
    Account("7910", "Avskrivningar", Kind.OTHER, 3, 0.05),
    Account("8510", "Räntekostnader", Kind.OTHER, 1, 0.05),
)

#: Where a kind of unit has more or less of an account than the others.
LEANINGS: dict[tuple[str, str], float] = {
    ("KOST", "4110"): 14.0,
    ("HEMTJANST", "6010"): 0.3,
    ("HEMTJANST", "7010"): 3.0,
    ("ASSISTANS", "6010"): 0.2,
    ("IDROTT", "6010"): 2.0,
    ("IDROTT", "3110"): 4.0,
    ("VARDBOENDE", "3410"): 3.0,
    ("LSS_BOSTAD", "3410"): 2.0,
    ("HSL", "7510"): 3.0,
    ("ARBETSMARKNAD", "3510"): 6.0,
    ("LEDNING", "7420"): 4.0,
}

#: Investment: the purchase, and what somebody else pays of it.
PURCHASE = ("4010", "Investeringsutgifter")
CONTRIBUTION = ("3520", "Investeringsbidrag")

FIXED_ASSETS = ("1210", "Maskiner och inventarier", "T")
RECEIVABLES = ("1510", "Kundfordringar", "T")
BANK = ("1940", "Bank", "T")
EQUITY = ("2010", "Eget kapital", "S")
PAYABLES = ("2510", "Leverantörsskulder", "S")
PAYROLL_DEBT = ("2710", "Personalens skatter och avgifter", "S")
BALANCE_ACCOUNTS = (FIXED_ASSETS, RECEIVABLES, BANK, EQUITY, PAYABLES, PAYROLL_DEBT)

#: konto_fran, konto_till, grupp, ar_sjuklon: the whole chart, so that no account falls outside it.
ACCOUNT_GROUPS: tuple[tuple[str, str, str, int], ...] = (
    ("1", "2", "BALANS", 0),
    ("30", "39", "INTAKT", 0),
    ("40", "40", "INVESTERING", 0),
    ("41", "49", "OVRIGT", 0),
    ("50", "50", "PERSONAL", 0),
    ("510", "511", "PERSONAL", 0),
    ("512", "512", "PERSONAL", 1),
    ("513", "519", "PERSONAL", 0),
    ("52", "59", "PERSONAL", 0),
    ("60", "63", "LOKAL", 0),
    ("64", "74", "OVRIGT", 0),
    ("75", "75", "INHYRD", 0),
    ("76", "78", "OVRIGT", 0),
    ("79", "79", "AVSKRIVNING", 0),
    ("80", "88", "FINANS", 0),
    ("89", "89", "ARSRESULTAT", 0),
)

#: Dimension 20: the activity that a unit books on, code and name.
VERKSAMHET: dict[str, tuple[str, str]] = {
    "HEMTJANST": ("513", "Hemtjänst i ordinärt boende"),
    "VARDBOENDE": ("510", "Särskilt boende"),
    "ASSISTANS": ("551", "Personlig assistans"),
    "LSS_BOSTAD": ("552", "Boende enligt LSS"),
    "DAGLIG_VERKSAMHET": ("553", "Daglig verksamhet"),
    "STOD": ("571", "Stöd till vuxna och unga"),
    "KOST": ("660", "Måltidsverksamhet"),
    "IDROTT": ("340", "Idrotts- och fritidsanläggningar"),
    "ARBETSMARKNAD": ("610", "Arbetsmarknadsåtgärder"),
    "HSL": ("520", "Hälso- och sjukvård"),
    "LEDNING": ("910", "Gemensam ledning"),
}
