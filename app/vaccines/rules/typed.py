"""A careful look at JSON that a person wrote: each method gives a value or says what is wrong."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from app.vaccines.rules.catalogue import Ages
from app.vaccines.rules.facts import Span

T = TypeVar("T")
MOST = 200  # entries of one list


class Wrong(ValueError):
    """An entry cannot be used. field: where; code: a key of words.REASONS; params: its values."""

    def __init__(self, field: str, code: str, **params: Any) -> None:
        super().__init__(f"{field}: {code} {params or ''}".rstrip())
        self.field, self.code, self.params = field, code, params


class Entry:
    """A JSON object. All methods raise Wrong, those named maybe_ give None for a missing field."""

    def __init__(self, body: Any) -> None:
        if not isinstance(body, dict):
            raise Wrong("", "ref_not_object")
        self.body = body

    def _get(self, field: str, *types: type) -> Any:
        value = self.body.get(field)
        if value is not None and type(value) not in types:
            raise Wrong(field, "ref_wrong_type")
        return value

    def text(self, field: str) -> str:
        """A text that may not be empty."""
        return self.text_or(field, "") or self._missing(field)

    def text_or(self, field: str, default: str) -> str:
        """A text, or `default` when it is missing."""
        value: str | None = self._get(field, str)
        return default if value is None else value

    def _missing(self, field: str) -> Any:
        raise Wrong(field, "ref_missing")

    def _required(self, field: str, value: T | None) -> T:
        return self._missing(field) if value is None else value

    def flag(self, field: str, default: bool = False) -> bool:
        """true or false."""
        value: bool | None = self._get(field, bool)
        return default if value is None else value

    def whole(self, field: str) -> int:
        """A whole number from 0 to 9999."""
        return self._required(field, self.maybe_whole(field))

    def maybe_whole(self, field: str) -> int | None:
        """A whole number from 0 to 9999."""
        value: int | None = self._get(field, int)
        if value is not None and not 0 <= value < 10_000:
            raise Wrong(field, "ref_out_of_range")
        return value

    def maybe_count(self, field: str) -> int | None:
        """How many people or doses of a country: a whole number from 1 to 999,999,999."""
        value: int | None = self._get(field, int)
        if value is not None and not 0 < value < 10**9:
            raise Wrong(field, "ref_out_of_range")
        return value

    def maybe_ordinal(self, field: str) -> int | None:
        """A whole number that counts from 1."""
        value = self.maybe_whole(field)
        if value == 0:
            raise Wrong(field, "ref_out_of_range")
        return value

    def decimal(self, field: str) -> Decimal:
        """A number from 0 to 999.99."""
        return self._required(field, self.maybe_decimal(field))

    def maybe_decimal(self, field: str) -> Decimal | None:
        """A number from 0 to 999.99; written as a number or a text."""
        value = self._get(field, int, float, str)
        try:
            number = None if value is None else Decimal(str(value))
        except InvalidOperation:
            raise Wrong(field, "ref_not_number") from None
        if number is not None and not (number.is_finite() and 0 <= number < 1000):
            raise Wrong(field, "ref_out_of_range")
        return number

    def day(self, field: str) -> date:
        """A day as yyyy-mm-dd."""
        return self._required(field, self.maybe_day(field))

    def maybe_day(self, field: str) -> date | None:
        """A day as yyyy-mm-dd."""
        value = self._get(field, str)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            raise Wrong(field, "ref_not_date") from None

    def span(self, field: str) -> Span:
        """{"months": n, "weeks": n, "days": n}, at least one of them."""
        return self._required(field, self.maybe_span(field))

    def maybe_span(self, field: str) -> Span | None:
        """{"months": n, "weeks": n, "days": n}, at least one of them."""
        if self._get(field, dict) is None:
            return None
        parts = self.one(field)
        if not parts.body or set(parts.body) - set(Span._fields):
            raise Wrong(field, "ref_not_span")
        return Span(**{unit: parts.maybe_whole(unit) or 0 for unit in Span._fields})

    def ages(self, field: str = "ages") -> Ages:
        """{"from": completed years, "below": completed years}; both may be missing."""
        return Entry(self._get(field, dict) or {}).band(field)

    def band(self, field: str) -> Ages:
        """The same, written in this object itself."""
        ages = Ages(self.maybe_whole("from"), self.maybe_whole("below"))
        if ages.below is not None and ages.below <= (ages.start or 0):
            raise Wrong(f"{field}.below", "ref_out_of_range")
        return ages

    def one(self, field: str) -> "Entry":
        """The object in this field."""
        return Entry(self._required(field, self._get(field, dict)))

    def each(self, field: str, make: Callable[["Entry"], T]) -> tuple[T, ...]:
        """The objects of a list, each made into a value."""
        made = []
        for place, body in enumerate(self._many(field), 1):
            try:
                made.append(make(Entry(body)))
            except Wrong as wrong:
                place_name = f"{field}[{place}].{wrong.field}".rstrip(".")
                raise Wrong(place_name, wrong.code, **wrong.params) from None
        return tuple(made)

    def texts(self, field: str, allowed: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of texts, each one of `allowed`."""
        values = self._many(field)
        for value in values:
            if not isinstance(value, str):
                raise Wrong(field, "ref_wrong_type")
            if allowed is not None and value not in allowed:
                raise Wrong(field, "ref_not_one_of", allowed=", ".join(sorted(allowed)))
        return tuple(values)

    def numbers(self, field: str) -> tuple[Decimal, ...]:
        """A list of numbers."""
        return tuple(Entry({field: value}).decimal(field) for value in self._many(field))

    def bodies(self, field: str) -> list[Any]:
        """The members of a list that may not be missing, unread."""
        return self._required(field, self._get(field, list))

    def _many(self, field: str) -> list[Any]:
        values = self._get(field, list) or []
        if len(values) > MOST:
            raise Wrong(field, "ref_out_of_range")
        return values

    def one_of(self, field: str, allowed: Iterable[str], default: str | None = None) -> str:
        """A text out of `allowed`, or `default` when it is missing."""
        value = self.text(field) if default is None else self.text_or(field, default)
        if value not in allowed and value != default:
            raise Wrong(field, "ref_not_one_of", allowed=", ".join(sorted(allowed)))
        return value
