"""Reading the code of a slip that came by hand or from a scanner. Pure."""

import re

_SLIP = re.compile(r"(?:https?://\S{1,200})?/x/([0-9a-z.\-]{17,40})/?", re.IGNORECASE)


def code_of_slip(text: str) -> str:
    """The code in the address that the QR of a slip opens; otherwise the text itself, which may be
    a code that was typed."""
    found = _SLIP.fullmatch(text.strip()[:300])
    return found[1] if found else text.strip()[:100]
