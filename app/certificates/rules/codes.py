"""Codes of products that certificates may carry: data, see codes_known(). Pure."""

COVID19 = "840539006"  # SNOMED CT
_ANY, _MRNA, _VECTOR, _WHOLE, _PROTEIN = (
    "28531000087107", "1119349007", "29061000087103", "1157024006", "1162643001",
)  # fmt: skip

# EU value sets 2.12.0, vaccine-encoding-instructions.json of 2023-05-05, without what it calls
# deprecated. mp → (ma, vp beside the general one). J07BX03 was replaced by 28531000087107: it is
# accepted from others and never issued.
_PRODUCTS = {
    "EU/1/20/1528": ("ORG-100030215", _MRNA),
    "EU/1/20/1507": ("ORG-100031184", _MRNA),
    "EU/1/21/1529": ("ORG-100001699", _VECTOR),
    "EU/1/20/1525": ("ORG-100001417", _VECTOR),
    "CVnCoV": ("ORG-100006270", _MRNA),
    "Sputnik-V": ("Gamaleya-Research-Institute", _VECTOR),
    "Sputnik-Light": ("Gamaleya-Research-Institute", _VECTOR),
    "Sputnik-M": ("Gamaleya-Research-Institute", _VECTOR),
    "Convidecia": ("ORG-100013793", _VECTOR),
    "EpiVacCorona": ("Vector-Institute", _PROTEIN),
    "EpiVacCorona-N": ("Vector-Institute", _PROTEIN),
    "BBIBP-CorV": ("ORG-100020693", _WHOLE),
    "WIBP-CorV": ("Sinopharm-WIBP", _WHOLE),
    "CoronaVac": ("Sinovac-Biotech", _WHOLE),
    "Covaxin": ("Bharat-Biotech", _WHOLE),
    "Covishield": ("ORG-100001981", _VECTOR),
    "Covid-19-recombinant": ("Fiocruz", _VECTOR),
    "R-COVI": ("ORG-100007893", _VECTOR),
    "CoviVac": ("Chumakov-Federal-Scientific-Center", _WHOLE),
    "Hayat-Vax": ("ORG-100023050", _WHOLE),
    "Abdala": ("CIGB", _ANY),
    "MVC-COV1901": ("ORG-100033914", _PROTEIN),
    "EU/1/21/1618": ("ORG-100032020", _PROTEIN),
    "Covovax": ("ORG-100001981", _PROTEIN),
    "Covid-19-adsorvida-inativada": ("Instituto-Butantan", _WHOLE),
    "NVSI-06-08": ("NVSI", _ANY),
    "YS-SC2-010": ("Yisheng-Biopharma", _ANY),
    "SCTV01C": ("ORG-100026614", _ANY),
    "Covifenz": ("ORG-100008549", _ANY),
    "AZD2816": ("ORG-100001699", _VECTOR),
    "Soberana-02": ("Finlay-Institute", _ANY),
    "Soberana-Plus": ("Finlay-Institute", _ANY),
    "EU/1/21/1624": ("ORG-100036422", _ANY),
    "EU/1/21/1580": ("ORG-100000788", _ANY),
    "EU/1/22/1709": ("ORG-100036914", _ANY),
}
TRIPLES = frozenset(
    (mp, ma, vp) for mp, (ma, own) in _PRODUCTS.items() for vp in {own, _ANY}
)  # fmt: skip


def codes_known(mp: str, ma: str, vp: str) -> bool:
    """Whether product, holder and type belong together. Each alone may be right and all of them
    wrong: a published sample has AstraZeneca's product with BioNTech as its holder."""
    return (mp, ma, vp) in TRIPLES
