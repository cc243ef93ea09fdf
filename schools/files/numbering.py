"""Typed cells of a workbook as text: a number by its format is a date, a time, a percent or a number."""

import datetime
import re
from xml.etree.ElementTree import Element

NUMBER, DATE, TIME, DURATION, PERCENT = "number", "date", "time", "duration", "percent"
BUILT_IN = {
    **dict.fromkeys((9, 10), PERCENT),
    **dict.fromkeys((*range(14, 18), 22, *range(27, 37), *range(50, 59)), DATE),
    **dict.fromkeys((18, 19, 20, 21, 45, 47), TIME),
    46: DURATION,
}
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
FIRST_DAY = datetime.datetime(1899, 12, 30)  # Excel counts a 29 February 1900 that never was
FIRST_DAY_1904 = datetime.datetime(1904, 1, 1)
LAST_SERIAL = 2_958_466  # 10000-01-01
EXACT = 10**15  # a spreadsheet keeps fifteen digits


def read_styles(styles: Element | None) -> list[str]:
    """What a number is by the format of each cell style (the style's place is the cell's `s`)."""
    if styles is None:
        return []
    own = {
        int(node.get("numFmtId", "0")): kind_of(node.get("formatCode", ""))
        for node in styles.iter()
        if node.tag.endswith("numFmt") and node.get("numFmtId", "").isdigit()
    }
    formats = next((node for node in styles.iter() if node.tag.endswith("cellXfs")), ())
    ids = [node.get("numFmtId", "0") for node in formats]
    return [own.get(int(each), BUILT_IN.get(int(each), NUMBER)) if each.isdigit() else NUMBER for each in ids]


def kind_of(code: str) -> str:
    """What a number written with that format code is."""
    if ELAPSED.search(code):
        return DURATION
    plain = NOT_FORMAT.sub("", code.split(";")[0]).lower()
    if plain == "general":
        return NUMBER
    if "%" in plain:
        return PERCENT
    if "y" in plain or "d" in plain or ("m" in plain and "h" not in plain and "s" not in plain):
        return DATE
    return TIME if "h" in plain or "s" in plain else NUMBER


class Numbering:
    """The number cells of one workbook as text, given its styles and the day its dates count from."""

    def __init__(self, kinds: list[str], *, since_1904: bool):
        self.kinds = kinds
        self.since_1904 = since_1904

    def text(self, raw: str, style: str | None) -> str:
        """A stored number as text: 12, 12.5, 85%, 2026-01-31, 2026-01-31T09:30:00, 09:30:00."""
        place = int(style) if style and style.isdigit() else 0
        kind = self.kinds[place] if place < len(self.kinds) else NUMBER
        if kind == NUMBER and raw.isdigit() and len(raw) <= 15 and raw.isascii():
            return raw.lstrip("0") or "0"
        try:
            number = float(raw)
        except ValueError:
            return raw
        if kind == PERCENT:
            return f"{plain(round(number * 100, 10))}%"
        if kind in (DATE, TIME) and 0 <= number < LAST_SERIAL:
            return self._moment(number)
        return plain(number)

    def _moment(self, serial: float) -> str:
        if serial < 1 and not self.since_1904:
            return (datetime.datetime.min + seconds(serial)).time().isoformat()
        first = FIRST_DAY_1904 if self.since_1904 else FIRST_DAY
        if serial < 61 and not self.since_1904:  # before the 29 February that never was
            if serial >= 60:
                return plain(serial)
            first += datetime.timedelta(days=1)
        try:
            moment = first + seconds(serial)
        except OverflowError:
            return plain(serial)
        return moment.date().isoformat() if moment.time() == datetime.time() else moment.isoformat()


def seconds(days: float) -> datetime.timedelta:
    """Days as a time span, rounded to the second: what a spreadsheet shows."""
    return datetime.timedelta(seconds=min(round(days * 86_400), LAST_SERIAL * 86_400))


def plain(number: float) -> str:
    """A number without the .0 of a whole one; beyond fifteen digits in scientific notation, since they are lost."""
    if number.is_integer() and abs(number) < EXACT:
        return str(int(number))
    return repr(number) if abs(number) < EXACT else f"{number:.5E}"
