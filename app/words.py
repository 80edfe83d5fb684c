"""The words and colours of every state and every reason, in one place."""

from typing import Any, NamedTuple

from app.i18n import N_, _


class Refused(Exception):
    """An action does not do what was asked. `reasons`: (field name or "", code, values)."""

    def __init__(self, *reasons: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> None:
        super().__init__(", ".join(reason[1] for reason in reasons))
        self.reasons = [
            (reason[0], reason[1], reason[2] if len(reason) > 2 else {})  # type: ignore[misc]
            for reason in reasons
        ]


class Word(NamedTuple):
    """text: Vietnamese with %(name)s places; tone: "", "good", "warn" or "bad"."""

    text: str
    tone: str = ""


STATES: dict[str, Word] = {}
REASONS: dict[str, str] = {}


def word(code: str, **values: Any) -> str:
    """The text of a state or reason in the reader's language. Unknown codes raise KeyError."""
    text = STATES[code].text if code in STATES else REASONS[code]
    return _(text, **values)


def tone(code: str) -> str:
    """The colour class of a state."""
    return STATES[code].tone


# web
REASONS |= {
    "required": N_("Mục này chưa điền."),
    "not_a_choice": N_("Hãy chọn một mục trong danh sách."),
    "too_long": N_("Dài quá %(most)s ký tự."),
    "stale": N_("Dữ liệu đã được người khác sửa. Hãy xem lại bản mới rồi lưu lại."),
}
