/** How a file of Python reads dates: the definitions of data/dates.ts once more. */

/** `_date_reader` and `_turns`, as Python. */
export const pythonDates: string = String.raw`
def _day(year, month, day):
    """Days of a date since 1970-01-01, None where there is none."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12 or not 1 <= day <= [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]:
        return None
    y = year if month > 2 else year - 1
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return 365 * y + y // 4 - y // 100 + y // 400 + of_year - 719468


def _in_days(year=0, month=1, day=1, hour=0, minute=0, second=0.0, offset=0.0, late=None):
    """Days since 1970-01-01 in UTC, None where there is no such date; offset is minutes east of UTC."""
    if late is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if late else 0)
    days = _day(year, month, day)
    midnight = hour == 24 and minute == 0 and second == 0
    if days is None or (hour > 23 and not midnight) or minute > 59 or second >= 61 or abs(offset) > 18 * 60:
        return None
    return days + (3600 * hour + 60 * (minute - offset) + second) / 86400


def _offset(zone):
    if zone is None or zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    return (-1 if zone[0] == "-" else 1) * (60 * int(digits[:2]) + int(digits[2:] or 0))


_ISO = re.compile(
    "([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}(?:[.,][0-9]{1,9})?))?"
    f"{_BLANK}?(Z|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?)?)?"
)


def _iso_days(text):
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    at = float((second or "0").replace(",", "."))
    return _in_days(int(year), int(month), int(day or 1), int(hour or 0), int(minute or 0), at, _offset(zone))


_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _month(name):
    return _MONTHS.index(name[:3].lower()) + 1 if name[:3].lower() in _MONTHS else 0


_SHORT = "[0-9][0-9]?"
_TOKENS = {
    "YYYY": ("[0-9]{4}", "year", int),
    "YY": ("[0-9]{2}", "year", lambda text: int(text) + (2000 if int(text) <= 68 else 1900)),
    "MMMM": ("[A-Za-z]{3,9}", "month", _month),
    "MMM": ("[A-Za-z]{3,4}", "month", _month),
    "MM": (_SHORT, "month", int),
    "M": (_SHORT, "month", int),
    "DD": (_SHORT, "day", int),
    "D": (_SHORT, "day", int),
    "HH": (_SHORT, "hour", int),
    "H": (_SHORT, "hour", int),
    "mm": ("[0-9]{2}", "minute", int),
    "ss": ("[0-9]{2}(?:[.][0-9]{1,9})?", "second", float),
    "A": ("[AaPp][.]?[Mm][.]?", "late", lambda text: text[0] in "Pp"),
    "Z": ("Z|[+-][0-9]{2}:?[0-9]{2}", "offset", _offset),
}


def _format_reader(form):
    """Reads dates of a format such as DD/MM/YYYY HH:mm."""
    if form == "ISO 8601" or "YY" not in form:
        return _iso_days
    dense = re.fullmatch("[A-Za-z]*", form)  # nothing parts the numbers: each has all of its digits
    shape, parts = "", []
    for token in re.findall("YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|H|mm|ss|A|Z|.", form, re.DOTALL):
        if token in _TOKENS:
            digits, part, meaning = _TOKENS[token]
            parts.append((part, meaning))
            shape += "(" + ("[0-9]{2}" if dense and digits == _SHORT else digits) + ")"
        else:
            shape += _BLANK + "+" if token == " " else re.escape(token)
    whole = re.compile(shape)

    def read(text):
        found = whole.fullmatch(text)
        if not found:
            return None
        return _in_days(**{part: meaning(text) for (part, meaning), text in zip(parts, found.groups())})

    return read


def _stamps(cells):
    """Days since 1970-01-01 of an array of datetime64, NaN for NaT."""
    micros = cells.astype("datetime64[us]")
    days, rest = np.divmod(micros.astype(np.int64), 86400000000)
    return np.where(np.isnat(micros), np.nan, days + rest / 1e6 / 86400)


def _date_reader(code):
    of_text = _format_reader(code["format"])

    def read(cell):
        if isinstance(cell, np.datetime64):
            return float(_stamps(np.array([cell]))[0])
        text = _text(cell)
        if text is None:
            return None
        if _is_gap(text, _NUMBER_GAPS):
            return np.nan
        if isinstance(cell, datetime.datetime):
            east = (cell.utcoffset() or datetime.timedelta(0)).total_seconds() / 60
            second = cell.second + cell.microsecond / 1e6
            return _day(cell.year, cell.month, cell.day) + (3600 * cell.hour + 60 * (cell.minute - east) + second) / 86400
        if isinstance(cell, datetime.date):
            return float(_day(cell.year, cell.month, cell.day))
        return of_text(text)

    slow = _each(read, "a date", code["column"])


    def column(cells, first):
        return _stamps(cells) if isinstance(cells, np.ndarray) and cells.dtype.kind == "M" else slow(cells, first)

    return column


def _turns(cycle, days):
    """Where dates stand in a cycle, from 0 to 1."""
    whole = np.floor(days)
    if cycle == "hour":
        return days - whole
    if cycle == "weekday":
        return (whole + 3) % 7 / 7  # 1970-01-01 was a Thursday; weeks begin on Monday
    dates = whole.astype(np.int64).astype("datetime64[D]")
    years = dates.astype("datetime64[Y]")
    begins, ends = years.astype("datetime64[D]"), (years + np.timedelta64(1, "Y")).astype("datetime64[D]")
    return (dates - begins) / (ends - begins)

`
