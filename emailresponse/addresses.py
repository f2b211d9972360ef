"""Addresses in compared form, their domains and companies, and the list of free-mail domains.

Two spellings of one mailbox compare equal: letters are lower case, a `+tag` is gone, and for Gmail so are the
dots and the second domain (metrics.md section 1).
"""

from __future__ import annotations

from functools import lru_cache

FREE_MAIL_VERSION = "2026.1"

FREE_MAIL = frozenset(
    [
        "126.com",
        "139.com",
        "163.com",
        "21cn.com",
        "aim.com",
        "alice.it",
        "aliyun.com",
        "aol.com",
        "aol.de",
        "arcor.de",
        "att.net",
        "bellsouth.net",
        "bigpond.com",
        "bigpond.net.au",
        "bk.ru",
        "blueyonder.co.uk",
        "bluewin.ch",
        "btinternet.com",
        "centrum.cz",
        "charter.net",
        "chello.nl",
        "club-internet.fr",
        "comcast.net",
        "cox.net",
        "daum.net",
        "duck.com",
        "earthlink.net",
        "email.cz",
        "email.de",
        "excite.com",
        "fastmail.com",
        "fastmail.fm",
        "foxmail.com",
        "free.fr",
        "freenet.de",
        "freemail.hu",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "gmx.de",
        "gmx.fr",
        "gmx.net",
        "googlemail.com",
        "hanmail.net",
        "hey.com",
        "hispeed.ch",
        "home.nl",
        "hotmail.be",
        "hotmail.ca",
        "hotmail.ch",
        "hotmail.co.jp",
        "hotmail.co.uk",
        "hotmail.com",
        "hotmail.com.au",
        "hotmail.com.br",
        "hotmail.de",
        "hotmail.es",
        "hotmail.fr",
        "hotmail.it",
        "hotmail.nl",
        "hotmail.se",
        "hushmail.com",
        "icloud.com",
        "ig.com.br",
        "inbox.com",
        "inbox.lv",
        "inbox.ru",
        "interia.pl",
        "juno.com",
        "kabelbw.de",
        "kpnmail.nl",
        "laposte.net",
        "libero.it",
        "list.ru",
        "live.at",
        "live.be",
        "live.ca",
        "live.cn",
        "live.co.uk",
        "live.com",
        "live.com.au",
        "live.de",
        "live.dk",
        "live.fr",
        "live.it",
        "live.nl",
        "live.no",
        "live.se",
        "lycos.com",
        "mac.com",
        "mail.com",
        "mail.de",
        "mail.ee",
        "mail.ru",
        "mailbox.org",
        "mailfence.com",
        "me.com",
        "msn.com",
        "naver.com",
        "nate.com",
        "netcologne.de",
        "netscape.net",
        "netzero.net",
        "ntlworld.com",
        "o2.pl",
        "online.de",
        "online.no",
        "onet.pl",
        "optonline.net",
        "optusnet.com.au",
        "orange.fr",
        "outlook.at",
        "outlook.be",
        "outlook.co.uk",
        "outlook.com",
        "outlook.com.au",
        "outlook.com.br",
        "outlook.de",
        "outlook.dk",
        "outlook.es",
        "outlook.fr",
        "outlook.ie",
        "outlook.in",
        "outlook.it",
        "outlook.jp",
        "outlook.pt",
        "pacbell.net",
        "planet.nl",
        "pm.me",
        "pobox.com",
        "posteo.de",
        "posteo.net",
        "post.cz",
        "proton.me",
        "protonmail.ch",
        "protonmail.com",
        "qq.com",
        "rambler.ru",
        "rediffmail.com",
        "rocketmail.com",
        "rogers.com",
        "runbox.com",
        "sapo.pt",
        "sbcglobal.net",
        "seznam.cz",
        "sfr.fr",
        "shaw.ca",
        "sina.cn",
        "sina.com",
        "skynet.be",
        "sky.com",
        "sohu.com",
        "swissonline.ch",
        "sympatico.ca",
        "t-online.de",
        "talktalk.net",
        "telenet.be",
        "telia.com",
        "telus.net",
        "terra.com.br",
        "tin.it",
        "tiscali.co.uk",
        "tiscali.it",
        "tlen.pl",
        "tuta.com",
        "tuta.io",
        "tutanota.com",
        "tutanota.de",
        "ukr.net",
        "uol.com.br",
        "usa.net",
        "verizon.net",
        "virgilio.it",
        "virgin.net",
        "virginmedia.com",
        "vodafone.de",
        "volny.cz",
        "wanadoo.fr",
        "web.de",
        "windowslive.com",
        "wp.pl",
        "xtra.co.nz",
        "ya.ru",
        "yahoo.at",
        "yahoo.ca",
        "yahoo.cn",
        "yahoo.co.id",
        "yahoo.co.in",
        "yahoo.co.jp",
        "yahoo.co.kr",
        "yahoo.co.nz",
        "yahoo.co.th",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.com.ar",
        "yahoo.com.au",
        "yahoo.com.br",
        "yahoo.com.cn",
        "yahoo.com.hk",
        "yahoo.com.mx",
        "yahoo.com.my",
        "yahoo.com.ph",
        "yahoo.com.sg",
        "yahoo.com.tr",
        "yahoo.com.tw",
        "yahoo.com.vn",
        "yahoo.de",
        "yahoo.dk",
        "yahoo.es",
        "yahoo.fr",
        "yahoo.gr",
        "yahoo.ie",
        "yahoo.in",
        "yahoo.it",
        "yahoo.no",
        "yahoo.pl",
        "yahoo.ro",
        "yahoo.se",
        "yandex.com",
        "yandex.ru",
        "yeah.net",
        "ymail.com",
        "zipmail.com.br",
        "zoho.com",
        "zohomail.com",
    ]
)

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_TRIMMED = " \t\r\n\v\f<>\"'`,;"


@lru_cache(maxsize=5_000)
def compared(raw: str) -> str | None:
    """Return an address as it is compared, or None where it is no address.

    An X.500 address (`/o=…`) stays as it is but for its case. Apache's `.invalid` after a domain is removed.
    """
    text = raw.strip(_TRIMMED).lower()
    text = text.removeprefix("mailto:")
    if text.startswith("/o="):
        return text
    if "@" not in text:
        return None
    text = "".join(text.split())
    local, _, host = text.rpartition("@")
    local = local.strip('"')
    host = host.rstrip(".>)]").removesuffix(".invalid")
    if host.startswith("["):
        host += "]"
    plus = local.find("+")
    if plus > 0:
        local = local[:plus]
    if host in _GMAIL:
        local, host = local.replace(".", ""), "gmail.com"
    return f"{local}@{host}" if local and host else None


def domain(address: str | None) -> str | None:
    """Return the domain of a compared address; None for X.500 addresses and nothing."""
    if address is None or "@" not in address:
        return None
    return address.rpartition("@")[2]


def company(address: str | None) -> str | None:
    """Return the company of a compared address: its domain, or for free mail the address itself."""
    host = domain(address)
    return address if host is None or host in FREE_MAIL else host
