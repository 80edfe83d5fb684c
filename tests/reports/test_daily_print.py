"""The daily report as Chromium prints it: A4 landscape, headings on each sheet, no split line."""

import gzip
import re
import subprocess

import pytest

from app.web import STATIC
from tests import build
from tests.browsers import chromium, fed_by, program
from tests.reports.days import day_at, react

LONG = "Trạm Y tế xã Nguyễn Việt Khái số"


@pytest.fixture
def paper(land, client, tmp_path):
    """(number of lines) → the pages of the printed report as lists of lines of text."""

    def printed(number):
        program("pdftotext")
        for n in range(number):
            site = build.unit("station", land.other, name=f"{LONG} {n + 1:03}")
            made = day_at(site, refused=1, left=1, done=int(n < 3), round="Đợt 12 (QĐ 3821)")
            if n < 3:
                react(made[-1], "rash", "nausea", serious=True)
        build.sign_in(client, build.user(land.other, "province", name="Trần Thị Lập Biểu"))
        with chromium() as browser:
            page = browser.new_page()
            fed_by(client, page)
            page.goto("http://localhost/reports/daily/paper")
            pdf = page.pdf(prefer_css_page_size=True)
        (tmp_path / "report.pdf").write_bytes(pdf)
        boxes = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)", pdf))
        assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(842, 595)}
        read = [program("pdftotext"), "-layout", "report.pdf", "-"]
        told = subprocess.run(read, cwd=tmp_path, check=True, capture_output=True, text=True)
        return [sheet.splitlines() for sheet in told.stdout.split("\f") if sheet.strip()]

    return printed


@pytest.mark.parametrize(("number", "fewest", "most"), [(1, 1, 1), (40, 2, 4), (400, 20, 34)])
def test_it_looks_like_the_form(paper, number, fewest, most):
    sheets = paper(number)
    assert fewest <= len(sheets) <= most
    texts = [" ".join(" ".join(sheet).split()) for sheet in sheets]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in texts[0]
    assert "THỦ TRƯỞNG ĐƠN VỊ" in texts[-1] and "NGƯỜI LẬP BIỂU" in texts[-1]
    for n, text in enumerate(texts, 1):
        assert f"Trang {n}/{len(texts)}" in text
        assert "Trần Thị Lập Biểu in lúc 10/08/2021 09:00" in text
    of_part_a = [text for text in texts if re.search(r"số \d{3}", text.split("B. Danh")[0])]
    assert all("nặng****" in text for text in of_part_a), "the headings stand on each sheet"
    numbers = re.findall(r"(?<!\d)số (\d{3})(?!\d)", " ".join(texts).split("B. Danh")[0])
    assert sorted(numbers) == [f"{n + 1:03}" for n in range(number)], "no line is torn or lost"


def test_its_style_sheet_is_small():
    sheet = (STATIC / "report.css").read_bytes()
    assert len(gzip.compress(sheet, 9)) <= 1500
    assert not re.search(rb"url\(|@import|@font-face|//", sheet)
