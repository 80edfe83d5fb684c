"""The layout of the daily report: headings by the day, and what an edited one must have."""

import copy
import json

import pytest

from app.vaccines.actions import DATA
from app.vaccines.rules.catalogue import Layout
from app.vaccines.rules.reading import Stored, read
from app.vaccines.rules.typed import Wrong
from tests.vaccines.cases import book, day


def layout(text: str) -> Layout:
    (found,) = book(day(text)).layouts
    return found


def doses(text: str) -> list[str]:
    return [" ".join(column.heads[1:]) for column in layout(text).columns if column.what == "dose"]


def test_qd_3588_pl5_has_two_doses():
    found = layout("6/1/2022")
    assert found.source.document.number == "QĐ 3588/QĐ-BYT"
    assert found.title == (
        "TỔNG HỢP BÁO CÁO HÀNG NGÀY KẾT QUẢ TRIỂN KHAI TIÊM CHỦNG VẮC XIN PHÒNG COVID-19"
    )
    assert doses("6/1/2022") == ["Mũi 1", "Mũi 2", "Khác"]


def test_qd_43_tells_the_kinds_of_doses_apart():
    assert layout("7/1/2022").source.document.number == "QĐ 43/QĐ-BYT"
    assert doses("7/1/2022") == [
        "Liều cơ bản Mũi 1", "Liều cơ bản Mũi 2", "Liều cơ bản Mũi 3", "Liều bổ sung",
        "Liều nhắc lại Lần 1", "Liều nhắc lại Lần 2", "Liều nhắc lại Lần 3", "Khác",
    ]  # fmt: skip


@pytest.mark.parametrize("on", ["8/3/2021", "7/1/2022"])
def test_the_columns_stand_in_the_order_of_the_form(on):
    heads = [column.heads[0].rstrip("*") for column in layout(on).columns]
    assert list(dict.fromkeys(heads)) == [
        "TT", "Địa phương/ Cơ sở y tế/ Ngày triển khai", "Đợt tiêm", "Loại vắc xin",
        "Số đối tượng trong ngày", "Số chuyển bệnh viện tiêm", "Số không đồng ý tiêm chủng",
        "Số hoãn tiêm", "Số chống chỉ định", "Số tiêm được", "Vắc xin Covid-19 (liều)",
        "Số phản ứng thông thường sau tiêm chủng", "Số tai biến nặng", "Ghi chú",
    ]  # fmt: skip
    assert layout(on).source.unsure and layout(on).source.note


def body(**changed):
    entry = json.loads((DATA / "daily_report.json").read_text("utf-8"))[0]["entries"][-1]
    return copy.deepcopy(entry) | changed


def problem(entry) -> tuple[str, str]:
    with pytest.raises(Wrong) as wrong:
        read(Stored(0, "daily_report", "daily", day("1/1/2026"), None, entry))
    return wrong.value.field, wrong.value.code


@pytest.mark.parametrize("what", ["received", "delayed", "wasted", "note"])
def test_a_layout_may_leave_out_no_count(what):
    columns = [column for column in body()["columns"] if column["what"] != what]
    assert problem(body(columns=columns)) == ("columns", "ref_column_once")
    assert problem(body(columns=[*body()["columns"], {"what": what, "heads": ["x"]}])) == (
        "columns", "ref_column_once",
    )  # fmt: skip


def test_a_layout_has_a_column_for_doses_that_nobody_thought_of():
    columns = [one for one in body()["columns"] if one["what"] != "dose" or "kind" in one]
    assert problem(body(columns=columns)) == ("columns", "ref_column_rest")


@pytest.mark.parametrize("changed", [{"heads": []}, {"heads": ["1", "2", "3", "4"]}])
def test_headings_stand_in_one_to_three_lines(changed):
    columns = body()["columns"]
    columns[4] |= changed
    assert problem(body(columns=columns)) == ("columns[5].heads", "ref_out_of_range")
