"""Lists as Chromium prints them: the heading on each page, no row on two, page x of y."""

import subprocess

import pytest

from tests import build
from tests.browsers import chromium, fed_by, program

LONG = "(Đầu 123 ngõ 456 đường Nguyễn Chí Thanh, tổ dân phố số 12, gần chợ cũ, cuối)"


@pytest.fixture
def paper(app, client, tmp_path):
    """(what to print of a session of so many people) → the text of each page, and its width."""
    site = build.country()[2]
    build.sign_in(client, build.user(site, "site_head", name="Nguyễn Thị Hồng Nhung"))

    def pages(people: int, what: str) -> tuple[list[str], float]:
        session = build.session(site, [])
        for number in range(1, people + 1):
            person = build.person(site, name=f"TRẦN THỊ {_name(number)}", address=LONG)
            build.expected(session, person, number=number)
        with chromium() as browser:
            page = browser.new_page()
            fed_by(client, page)
            page.goto(f"http://localhost{what % session.id}")
            for button in page.locator("main form button").all()[:1]:
                with page.expect_navigation():
                    button.click()
            pdf = page.pdf(path=tmp_path / "list.pdf", prefer_css_page_size=True)
        assert pdf
        draw = [program("pdftotext"), "-layout", "list.pdf", "list.txt"]
        subprocess.run(draw, cwd=tmp_path, check=True)
        told = subprocess.run([program("pdfinfo"), "list.pdf"], cwd=tmp_path, capture_output=True)
        size = next(line for line in told.stdout.decode().splitlines() if "Page size" in line)
        texts = (tmp_path / "list.txt").read_text().split("\f")[:-1]
        return texts, float(size.split()[2])

    return pages


def _name(number: int) -> str:
    return "".join("ABCDEGHIKL"[int(digit)] for digit in f"{number:03}")


@pytest.mark.parametrize(
    ("what", "people", "width"),
    [("/sessions/%s/lists/session/print", 60, 842), ("/lists/police?%s", 60, 842),
     ("/sessions/%s/paper", 40, 842), ("/sessions/%s/lists/invitation/print", 60, 595)],
)  # fmt: skip
def test_each_page_says_what_it_is_and_no_row_is_split(paper, what, people, width):
    pages, wide = paper(people, what)
    assert abs(wide - width) < 2 and len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert "Họ và tên" in text, f"no heading on page {number}"
        assert f"{number}/{len(pages)}" in text
        assert "Nguyễn Thị Hồng Nhung" in text and "dữ liệu cá nhân nhạy cảm" in " ".join(
            text.split()
        )
    for number in range(1, people + 1):
        found = [n for n, text in enumerate(pages) if f"TRẦN THỊ {_name(number)}" in text]
        assert len(found) == 1, f"row {number} on pages {found}"
    # The last words of an address stand on the page of its first.
    if "invitation" not in what and "paper" not in what:
        for text in pages:
            assert text.count("(Đầu") == text.count("cuối)") > 0


def test_the_forms_of_a_person_take_two_pages(paper):
    pages, width = paper(2, "/sessions/%s/paper/named")
    assert abs(width - 595) < 2 and len(pages) == 4
    assert "ĐỒNG Ý" in pages[0] and "III." in pages[1]
    assert "ĐỒNG Ý" in pages[2] and "III." in pages[3]
