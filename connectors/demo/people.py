"""Who is in the invented team, how each of them answers, and who writes to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

DOMAIN = "brightforge.example"
SALES = f"sales@{DOMAIN}"
SUPPORT = f"support@{DOMAIN}"
FORM_SENDER = "forms@formrelay.example"
BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
SHORT_HANDED_BEFORE = 110  # days before the last day: the Americas, until Priya joined


@dataclass(frozen=True, slots=True)
class Party:
    """A name and an address as a header shows them."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """Return the address's domain."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Leave:
    """Days off of one person, both inclusive, as days before the demo's last day."""

    first_before: int
    last_before: int
    name: str = "Vacation"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team and how this person answers.

    Attributes:
        weight: share of the leads written to this person directly, relative to the others.
        median_hours: median business hours to a first reply.
        spread: sigma of the log-normal response time.
        answered: share in [0, 1] of the messages that get an answer at all.
        evening: share in [0, 1] of replies written out of hours.
        joined_before: days before the last day on which this person began, or None for before the demo.
    """

    party: Party
    team: str
    zone: str
    weight: float
    median_hours: float
    spread: float
    answered: float
    evening: float = 0.08
    leaves: tuple[Leave, ...] = ()
    joined_before: int | None = None
    aliases: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Return the person's own mailbox."""
        return self.party.address


def _member(first: str, last: str, team: str, zone: str, *habits: float, **more: object) -> Member:
    party = Party(f"{first} {last}", f"{first}.{last}@{DOMAIN}".lower())
    return Member(party, team, zone, *habits, **more)  # type: ignore[arg-type]


EUROPE = "europe"
AMERICAS = "americas"
TEAMS = {EUROPE: "Inbound Europe", AMERICAS: "Inbound Americas"}

# weight, median hours, spread, share answered
MEMBERS = (
    _member("Mara", "Feldkamp", EUROPE, BERLIN, 0.6, 0.25, 0.7, 0.98),  # fast, few leads
    _member(
        "Jonas", "Reuterwall", EUROPE, BERLIN, 3.2, 4.5, 1.1, 0.90, leaves=(Leave(74, 70),)
    ),  # slow, many
    _member(
        "Ilse",
        "Okonwerth",
        EUROPE,
        BERLIN,
        1.8,
        1.1,
        1.0,
        0.94,
        leaves=(Leave(100, 87), Leave(11, 9, "Training")),
    ),
    _member("Tomasz", "Brandovic", EUROPE, BERLIN, 1.6, 0.7, 0.8, 0.55),  # quick, but never answers 45 %
    _member(
        "Dana",
        "Whitlocke",
        AMERICAS,
        NEW_YORK,
        2.0,
        1.4,
        1.0,
        0.93,
        leaves=(Leave(40, 31),),
        aliases=("dana",),
    ),
    _member("Reggie", "Amarison", AMERICAS, NEW_YORK, 1.7, 2.6, 1.3, 0.86, evening=0.25),
    _member(
        "Priya", "Castellane", AMERICAS, NEW_YORK, 1.6, 0.8, 0.9, 0.95, joined_before=SHORT_HANDED_BEFORE
    ),
    _member("Cole", "Hargrove", AMERICAS, NEW_YORK, 1.3, 2.0, 1.0, 0.88),  # his mailbox stops syncing
)
STALE_MAILBOX = "cole.hargrove@brightforge.example"
STALE_BEFORE = 23  # days before the last day

# Who gets what is written to the sales@ group, and who works the support@ mailbox.
SALES_MEMBERS = tuple(
    m for m in MEMBERS if m.party.name.split()[0] in {"Jonas", "Ilse", "Dana", "Priya", "Tomasz"}
)
SUPPORT_MEMBERS = tuple(m for m in MEMBERS if m.party.name.split()[0] in {"Ilse", "Reggie"})

_FIRST = """Anouk Benno Carla Dmitri Elin Farid Greta Hugo Imani Joris Katya Leif Marta Nils Oona Pavel
Quinn Rosa
Sven Talia Ulla Viktor Wanda Xenia Yusuf Zora Bashir Celine Dorian Esme Fintan Gwen Hana Idris Jolene
Kofi""".split()  # noqa: SIM905 - names read best as a text
_LAST = """Abelmann Borgstad Cervenko Dahlquist Ewerling Fonteyne Grabowitz Halvorsun Ivarsen Jankovar
Kessling
Lundmark Morandell Nakagawe Ostermond Pellegrine Quistorp Rasmundt Sandoval-Reyne Tveitane Ungerleid
Vasquenza Wolkenstad Yilmazer Zetterholt""".split()  # noqa: SIM905 - names read best as a text
_FRONT = """Halden Corvin Tessel Morrow Silber Lumen Ostra Veld Karsten Pinecrest Arbor Delmar Fenwick Gallant
Hollis
Ivory Juniper Kestrel Larkspur Meridel Norwick Opaline Quarry Rowan Saffron Thistle Umber Vesper Wexford
Yarrow""".split()  # noqa: SIM905 - names read best as a text
_BACK = """Works Logistics Foods Optics Textiles Robotics Paper Marine Ceramics Pharma Tools Rail Farms Solar
Print
Ventures""".split()  # noqa: SIM905 - names read best as a text


@dataclass(frozen=True, slots=True)
class Company:
    """An outside company and the people there who write."""

    name: str
    domain: str
    zone: str
    contacts: tuple[Party, ...]
    is_strict: bool  # publishes a policy that makes groups rewrite From


def companies(random: Random, count: int) -> list[Company]:
    """Return `count` different invented companies, each with one to three contacts."""
    names = [(front, back) for front in _FRONT for back in _BACK]
    made = []
    for front, back in random.sample(names, count):
        domain = f"{front}{back}.example".lower()
        people = random.sample([(f, n) for f in _FIRST for n in _LAST], random.choice((1, 1, 2, 3)))
        contacts = tuple(Party(f"{f} {n}", f"{f}.{n}@{domain}".lower()) for f, n in people)
        zone = random.choices(
            (BERLIN, NEW_YORK, "Europe/London", "America/Chicago", "Asia/Tokyo"), (9, 9, 2, 3, 1)
        )[0]
        made.append(Company(f"{front} {back}", domain, zone, contacts, random.random() < 0.4))
    return made


def is_away(member: Member, day: date, last: date) -> bool:
    """Say whether a person is on leave, or not yet there, on a local day."""
    before = (last - day).days
    if member.joined_before is not None and before > member.joined_before:
        return True
    return any(leave.last_before <= before <= leave.first_before for leave in member.leaves)
