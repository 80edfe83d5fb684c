"""What the WHO's certificate (ICVP/DVC) calls things: data. Pure.

Its models are drafts that contradict each other: until 2024 `vp` was a classification, since then
the number of a product in the list of prequalified vaccines, and those numbers changed with the
list. So no entry here is sure; each says where it was read.
"""

from typing import NamedTuple


class Known(NamedTuple):
    """A code with where it comes from; confidence: "sure" or "unsure"."""

    code: str
    source: str
    confidence: str = "unsure"


DISEASE = Known("RA01", "ICD-11: COVID-19; the example of the guide (1F03, measles) is ICD-11 too")
SEX = {"M": "male", "F": "female"}  # FHIR AdministrativeGender, as in the guide's example

# mp of the EU → the product in smart.who.int/pcmt-vaxprequal. What is missing here goes by its
# classification (vp of the EU), as the first drafts had it.
PRODUCTS = {
    "EU/1/20/1528": Known(
        "Covid19Product2afac141c6a2f5d7231a1db67e0613a5", "pcmt-vaxprequal 0.2.0 of 2025, vial"
    ),
}
