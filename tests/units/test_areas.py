"""The areas of Viet Nam: the data files agree with the decrees and with each other, and load."""

import unicodedata
from collections import Counter, defaultdict
from functools import cache

import pytest

from app.db import db
from app.units.actions import load_areas
from app.units.models import DATA, Area, AreaSuccessor, Level, reference

FILES = sorted(path.stem for path in DATA.glob("*.tsv"))
# new province of NQ 202/2025/QH15 → the old provinces it was made of
PROVINCES = {
    "01": "01", "04": "04", "11": "11", "12": "12", "14": "14", "20": "20", "22": "22",
    "38": "38", "40": "40", "42": "42", "46": "46", "08": "02 08", "15": "10 15", "19": "06 19",
    "24": "24 27", "25": "17 25 26", "31": "30 31", "33": "33 34", "37": "35 36 37", "44": "44 45",
    "48": "48 49", "51": "51 62", "52": "52 64", "56": "56 58", "66": "54 66", "68": "60 67 68",
    "75": "70 75", "79": "74 77 79", "80": "72 80", "82": "82 87", "86": "83 84 86", "91": "89 91",
    "92": "92 93 94", "96": "95 96",
}  # fmt: skip
ISLAND_DISTRICTS = {"318", "471", "498", "536", "755"}


@cache
def areas(scheme: str, level: str) -> dict[str, dict[str, str]]:
    """code → row."""
    return {row["code"]: row for row in reference(f"areas_{scheme}") if row["level"] == level}


@cache
def successors(length: int) -> dict[str, set[str]]:
    """old code → new codes, for old codes of this many digits."""
    found = defaultdict(set)
    for row in reference("successors"):
        if len(row["vn63"]) == length:
            found[row["vn63"]].add(row["vn34"])
    return found


def province_of(scheme: str, commune: str) -> str:
    above = areas(scheme, "commune")[commune]["parent_code"]
    return above if scheme == "vn34" else areas("vn63", "district")[above]["parent_code"]


# The files


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_plain_sorted_and_normalised(name):
    text = (DATA / f"{name}.tsv").read_bytes().decode("utf-8")
    head, *lines = text.removesuffix("\n").split("\n")
    assert text.endswith("\n") and "\r" not in text and '"' not in text
    assert unicodedata.is_normalized("NFC", text)
    assert {line.count("\t") for line in lines} == {head.count("\t")}
    cells = [cell for line in lines for cell in line.split("\t")]
    assert all(cell == " ".join(cell.split()) for cell in cells)
    if name != "levels":  # in the order of rank
        assert lines == sorted(lines, key=lambda line: line.split("\t"))


@pytest.mark.parametrize("name", [name for name in FILES if name != "successors"])
def test_a_code_stands_once(name):
    codes = Counter(row["code"] for row in reference(name))
    assert codes.most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("scheme", "level", "digits", "count"),
    [
        ("vn63", "province", 2, 63),
        ("vn63", "district", 3, 696),
        ("vn63", "commune", 5, 10_035),
        ("vn34", "province", 2, 34),
        ("vn34", "commune", 5, 3_321),
    ],
    ids=lambda value: str(value),
)
def test_counts_and_codes(scheme, level, digits, count):
    codes = areas(scheme, level)
    assert len(codes) == count
    assert all(len(code) == digits and code.isdecimal() for code in codes)


def test_no_district_since_july_2025():
    assert not areas("vn34", "district")


def test_kinds_of_new_communes_as_in_qd_19_2025():
    names = [row["name"] for row in areas("vn34", "commune").values()]
    kinds = {
        kind: sum(n.startswith(kind + " ") for n in names) for kind in ("Xã", "Phường", "Đặc khu")
    }
    assert kinds == {"Xã": 2_621, "Phường": 687, "Đặc khu": 13}


def test_six_new_cities_and_28_provinces():
    names = [row["name"] for row in areas("vn34", "province").values()]
    assert sum(name.startswith("Thành phố ") for name in names) == 6
    assert sum(name.startswith("Tỉnh ") for name in names) == 28


@pytest.mark.parametrize(
    ("scheme", "level", "above"),
    [
        ("vn63", "district", "province"),
        ("vn63", "commune", "district"),
        ("vn34", "commune", "province"),
    ],
)
def test_every_area_has_a_parent_and_every_parent_a_child(scheme, level, above):
    parents = {row["parent_code"] for row in areas(scheme, level).values()}
    childless = set(areas(scheme, above)) - parents
    assert parents <= set(areas(scheme, above))
    assert childless == (ISLAND_DISTRICTS if level == "commune" and scheme == "vn63" else set())


# Old to new


def test_provinces_merged_as_in_nq_202_2025():
    found = defaultdict(set)
    for old, new in successors(2).items():
        assert len(new) == 1
        found[min(new)].add(old)
    assert found == {new: set(old.split()) for new, old in PROVINCES.items()}


def test_a_reused_province_code_means_another_place():
    old, new = areas("vn63", "province"), areas("vn34", "province")
    reused = {code for code in new if old[code]["name"] != new[code]["name"]}
    assert (old["15"]["name"], new["15"]["name"]) == ("Tỉnh Yên Bái", "Tỉnh Lào Cai")
    assert reused == {"15", "24", "44", "52", "80", "82", "91"}


def test_every_old_commune_has_a_successor():
    assert set(successors(5)) == set(areas("vn63", "commune"))


def test_every_new_commune_comes_from_somewhere():
    reached = set().union(*successors(5).values(), *successors(3).values())
    assert reached == set(areas("vn34", "commune"))


def test_island_districts_without_communes_became_special_zones():
    found = successors(3)
    names = areas("vn34", "commune")
    assert set(found) == ISLAND_DISTRICTS
    assert all(names[new]["name"].startswith("Đặc khu ") for new in set().union(*found.values()))


def test_no_commune_moved_out_of_its_province():
    province = {old: next(iter(new)) for old, new in successors(2).items()}
    new_communes = areas("vn34", "commune")
    for old, news in successors(5).items():
        assert {new_communes[new]["parent_code"] for new in news} == {
            province[province_of("vn63", old)]
        }


def test_one_successor_is_the_default():
    defaults = Counter()
    for row in reference("successors"):
        assert row["is_default"] in ("0", "1")
        defaults[row["vn63"]] += int(row["is_default"])
    assert set(defaults.values()) == {1}
    assert sum(len(news) > 1 for news in successors(5).values()) == 442


def test_namesakes_in_one_new_province_keep_their_own_successors():
    """Phường 4 of Cao Lãnh, Sa Đéc, Mỹ Tho and Cai Lậy; the source gave all to Cao Lãnh."""
    found = successors(5)
    assert "29869" in found["29872"]
    assert all("29869" not in found[code] for code in ("29908", "28252", "28439"))
    assert found["31379"] == {"31378"} and found["31582"] == {
        "31582"
    }  # Phú Tân, both coordinates equal


# The smaller files


def test_national_numbers_name_the_63_provinces_tt_07_2016():
    old = areas("vn63", "province")
    rows = reference("id_province_codes")
    assert len(rows) == 63
    for row in rows:
        assert row["code"] == "0" + row["vn63"]
        # A city since 01/01/2025 (NQ 175/2024/QH15); the number keeps the name of its day.
        name = "Huế" if row["code"] == "046" else row["name"]
        assert old[row["vn63"]]["name"].endswith(" " + name)


def test_54_ethnic_groups_and_two_other_answers_qd_121_1979():
    codes = [row["code"] for row in reference("ethnic_groups")]
    assert codes == [f"{n:02}" for n in range(1, 56)] + ["99"]
    names = {row["code"]: row["name"] for row in reference("ethnic_groups")}
    assert (names["01"], names["23"], names["54"]) == ("Kinh", "Bru-Vân Kiều", "Rơ-măm")


def test_countries_of_iso_3166():
    names = {row["code"]: (row["name"], row["name_en"]) for row in reference("countries")}
    assert len(names) == 249
    assert names["VN"] == ("Việt Nam", "Vietnam") and names["LA"] == ("Lào", "Laos")
    assert not {"EU", "UN", "XK", "ZZ"} & set(names)


def test_only_the_district_level_has_ended_nq_203_2025():
    rows = {row["code"]: row for row in reference("levels")}
    assert {c: r["valid_to"] for c, r in rows.items() if r["valid_to"]} == {
        "district": "2025-06-30"
    }
    ranks = [int(row["rank"]) for row in rows.values()]
    assert ranks == sorted(ranks)
    top_site = min(int(r["rank"]) for r in rows.values() if r["is_site"] == "1")
    assert all(int(r["rank"]) < top_site for r in rows.values() if r["is_site"] == "0")


def test_what_was_taken_from_others_names_its_licence():
    notice = (DATA / "NOTICE.txt").read_text(encoding="utf-8")
    assert all(f"{name}.tsv" in notice for name in FILES)
    assert "MIT License" in notice and "UNICODE LICENSE V3" in notice


# In the database


def test_loading_again_changes_nothing(app):
    assert load_areas() == 0
    assert Area.select().count() == 63 + 696 + 10_035 + 34 + 3_321
    assert AreaSuccessor.select().count() == len(reference("successors"))
    assert Level.select().count() == len(reference("levels"))


def test_loading_from_nothing_takes_everything(app):
    with db.atomic() as undo:
        for model in (AreaSuccessor, Area, Level):
            model.delete().execute()
        assert load_areas() == sum(
            len(reference(f)) for f in ("levels", "areas_vn63", "areas_vn34", "successors")
        )
        undo.rollback()


def test_loading_repairs_what_differs_and_keeps_the_row(app):
    with db.atomic() as undo:
        row = Area.find("vn34", "15")
        Area.update(name="Tỉnh Yên Bái").where(Area.id == row.id).execute()
        AreaSuccessor.delete().where(AreaSuccessor.old_code == "15").execute()
        AreaSuccessor.create(
            old_scheme="vn63", old_code="15", new_scheme="vn34", new_code="01", is_default=True
        )
        assert load_areas() == 3  # one name; one successor missing, one too many
        assert Area.get_by_id(row.id).name == "Tỉnh Lào Cai"
        assert [a.code for a in Area.find("vn63", "15").successors()] == ["15"]
        undo.rollback()


def test_the_same_code_in_two_schemes(app):
    assert Area.find("vn63", "15").name == "Tỉnh Yên Bái"
    assert Area.find("vn34", "15").name == "Tỉnh Lào Cai"
    assert Area.find("vn34", "10") is None and Area.find(None, None) is None


def test_provinces_of_each_scheme(app):
    assert [len(Area.provinces(scheme)) for scheme in ("vn63", "vn34")] == [63, 34]
    assert [a.code for a in Area.provinces("vn34")] == sorted(PROVINCES)


def test_communes_of_a_province_in_each_scheme(app):
    for scheme, code in (("vn34", "15"), ("vn63", "15")):
        found = [a.code for a in Area.communes(scheme, code)]
        assert found == sorted(found) and len(found) == len(set(found))
        assert set(found) == {c for c in areas(scheme, "commune") if province_of(scheme, c) == code}
    assert not Area.communes("vn34", "10")


def test_successors_of_a_split_commune_begin_with_the_proposed_one(app):
    proposals = {r["vn63"]: r["vn34"] for r in reference("successors") if r["is_default"] == "1"}
    # one whose proposal does not stand first by its code
    old = next(o for o, news in sorted(successors(5).items()) if min(news) != proposals[o])
    found = [a.code for a in Area.find("vn63", old).successors()]
    assert found[0] == proposals[old] and set(found) == successors(5)[old]
    assert {a.scheme for a in Area.find("vn63", old).successors()} == {"vn34"}


def test_an_area_in_force_has_no_successor(app):
    assert not Area.find("vn34", "00004").successors()


def test_labels_run_from_small_to_large(app):
    assert Area.find("vn34", "31666").label() == "Xã Tân Thạnh, Thành phố Cần Thơ"
    assert Area.find("vn63", "31666").label() == "Xã Tân Thạnh, Huyện Long Phú, Tỉnh Sóc Trăng"
    assert Area.find("vn63", "94").label() == "Tỉnh Sóc Trăng"
