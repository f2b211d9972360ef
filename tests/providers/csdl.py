"""Answers checked against Microsoft's own description of Graph's mail types (CSDL, OData 4)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

DESCRIBED = ROOT.parent / "shared" / "contracts" / "graph-mail-v1.0.csdl.xml"
_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")


class Types:
    """The types that a CSDL file describes."""

    def __init__(self, path: Path = DESCRIBED) -> None:
        root = ET.parse(path).getroot()
        self._properties: dict[str, dict[str, ET.Element]] = {}
        self._bases: dict[str, str | None] = {}
        self._enums: dict[str, set[str]] = {}
        for kind in ("EntityType", "ComplexType"):
            for one in root.iter(f"{_EDM}{kind}"):
                base = one.get("BaseType")
                self._bases[one.attrib["Name"]] = base.rpartition(".")[2] if base else None
                self._properties[one.attrib["Name"]] = {
                    each.attrib["Name"]: each for each in one.findall(f"{_EDM}Property")
                }
        for one in root.iter(f"{_EDM}EnumType"):
            self._enums[one.attrib["Name"]] = {each.attrib["Name"] for each in one.findall(f"{_EDM}Member")}

    def wrongs(self, said: Any, name: str, where: str = "") -> list[str]:
        """Return what in a JSON object is not as its type has it."""
        if not isinstance(said, dict):
            return [f"{where or name}: no object"]
        derived = str(said.get("@odata.type", "")).rpartition(".")[2]
        if derived:
            if name not in self._lineage(derived):
                return [f"{where}: {derived} is no {name}"]
            name = derived
        known = {key: each for one in self._lineage(name) for key, each in self._properties[one].items()}
        found = []
        for key, value in said.items():
            if key.startswith("@") or "@odata." in key:
                continue
            if key not in known:
                found.append(f"{where}.{key}: {name} has no such property")
            else:
                found += self._value(value, known[key], f"{where}.{key}")
        return found

    def _lineage(self, name: str) -> list[str]:
        found = []
        above: str | None = name
        while above in self._properties:
            found.append(above)
            above = self._bases[above]
        return found

    def _value(self, value: Any, described: ET.Element, where: str) -> list[str]:
        kind = described.attrib["Type"]
        if value is None:
            return [f"{where}: null"] if described.get("Nullable") == "false" else []
        collected = re.fullmatch(r"Collection\((.+)\)", kind)
        if collected:
            if not isinstance(value, list):
                return [f"{where}: no list"]
            return [wrong for one in value for wrong in self._one(one, collected[1], where)]
        return self._one(value, kind, where)

    def _one(self, value: Any, kind: str, where: str) -> list[str]:
        space, _, name = kind.rpartition(".")
        if space == "Edm":
            return [] if _is_primitive(value, name) else [f"{where}: {value!r} is no {name}"]
        if name in self._enums:
            return [] if value in self._enums[name] else [f"{where}: {value!r} is no {name}"]
        return self.wrongs(value, name, where) if name in self._properties else []


def _is_primitive(value: Any, name: str) -> bool:
    if name == "Boolean":
        return isinstance(value, bool)
    if name.startswith("Int"):
        return isinstance(value, int) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if name == "DateTimeOffset":
        return _MOMENT.fullmatch(value) is not None
    return name != "Binary" or _BASE64.fullmatch(value) is not None
