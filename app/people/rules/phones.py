"""Phone numbers of Viet Nam: a way to reach people, never a key to them."""

import re

from app.people.rules.text import Unfit, compact

# The 11-digit mobile numbers that were renumbered in 2018. Source: domain 4.4.
_RENUMBERED = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037",
    "0168": "038", "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
# Numbers are carried from one company to another and new prefixes are given out, so only
# their first two digits are looked at. Landlines have eleven digits.
_VALID = re.compile(r"0[35789][0-9]{8}|02[0-9]{9}")


def phone(text: str) -> str:
    """A typed number as "0912345678" or, a landline, "02438251234".

    Accepts spaces, dots, dashes, +84, 84, 0084, a lost first 0, and 11-digit mobile numbers
    of before 2018. Raises Unfit: phone_form, phone_several, phone_foreign (a number of
    another country), and those of text.clean. Source: domain 4.4.
    """
    if len(text) > 200:
        raise Unfit("phone_form")
    if re.search(r"[0-9]\s*[/;,]\s*[0-9+]", text):
        raise Unfit("phone_several")
    number = _national(compact(text))
    number = _RENUMBERED.get(number[:4], number[:4]) + number[4:]
    if not _VALID.fullmatch(number):
        raise Unfit("phone_form")
    return number


def _national(number: str) -> str:
    found = re.fullmatch(r"(?:\+84|0084|84(?=[0-9]{9}))0?([0-9]+)", number)
    if found:
        return "0" + found[1]
    if re.fullmatch(r"(?:\+|00)[1-9][0-9]{6,14}", number):
        raise Unfit("phone_foreign")
    lost_zero = re.fullmatch(r"[35789][0-9]{8}|[12][0-9]{9}", number)
    return "0" + number if lost_zero else number
