"""Check digits of Italian tax codes, VAT numbers, IBANs and of Salesforce ids.

Written here and not taken from a library, so that the sample does not agree with a validator
merely because both are the same code.
"""

from itertools import pairwise

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CF_ODD_VALUES = "1 0 5 7 9 13 15 17 19 21 1 0 5 7 9 13 15 17 19 21 2 4 18 20 11 3 6 8 12 14 16 10"
_CF_ODD = {
    sign: int(value)
    for sign, value in zip(_SIGNS, f"{_CF_ODD_VALUES} 22 25 24 23".split(), strict=True)
}
_CF_MONTHS = "ABCDEHLMPRST"
_VOWELS = "AEIOU"


def vat_number(serial: int) -> str:
    """Return an Italian VAT number: seven digits, a province of 001 to 100, a check digit.

    >>> vat_number(123456)
    '01234560579'
    """
    body = f"{serial:07d}{serial % 100 + 1:03d}"
    total = 0
    for odd, even in zip(body[::2], body[1::2], strict=True):
        doubled = 2 * int(even)
        total += int(odd) + (doubled - 9 if doubled > 9 else doubled)
    return f"{body}{-total % 10}"


def _letters(word: str, *, first_name: bool) -> str:
    plain = [letter for letter in word.upper() if letter.isalpha()]
    consonants = [letter for letter in plain if letter not in _VOWELS]
    if first_name and len(consonants) > 3:
        del consonants[1]
    vowels = [letter for letter in plain if letter in _VOWELS]
    return "".join([*consonants, *vowels, "X", "X", "X"][:3])


def codice_fiscale(surname: str, first_name: str, born: tuple[int, int, int], place: str) -> str:
    """Return the tax code of a man born on (year, month, day) in a place of that land code.

    >>> codice_fiscale("Rossi", "Mario", (1980, 1, 1), "H501")
    'RSSMRA80A01H501U'
    """
    year, month, day = born
    body = (
        _letters(surname, first_name=False)
        + _letters(first_name, first_name=True)
        + f"{year % 100:02d}{_CF_MONTHS[month - 1]}{day:02d}{place}"
    )
    total = sum(_CF_ODD[sign] for sign in body[::2])
    total += sum(int(sign) if sign.isdigit() else ord(sign) - 65 for sign in body[1::2])
    return body + chr(65 + total % 26)


def iban(serial: int) -> str:
    """Return an Italian IBAN with its CIN and its two check digits.

    >>> len(iban(42)), iban(42)[:2]
    (27, 'IT')
    """
    body = f"0542811101{serial:012d}"
    cin = sum(_CF_ODD[sign] if place % 2 == 0 else int(sign) for place, sign in enumerate(body))
    bban = chr(65 + cin % 26) + body
    digits = "".join(str(int(sign, 36)) for sign in f"{bban}IT00")
    return f"IT{98 - int(digits) % 97:02d}{bban}"


def salesforce_id(prefix: str, serial: int) -> str:
    """Return an 18 character record id: 15 characters and the three that guard their case.

    >>> salesforce_id("801", 35)
    '8015g000000000ZAAQ'
    """
    tail = ""
    for _ in range(9):
        serial, place = divmod(serial, 36)
        tail = _SIGNS[place] + tail
    body = f"{prefix}5g0{tail}"
    suffix = ""
    for start, end in pairwise(range(0, 20, 5)):
        bits = sum(1 << place for place, sign in enumerate(body[start:end]) if sign.isupper())
        suffix += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits]
    return body + suffix
