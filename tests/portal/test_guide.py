"""The guide leads to everything that a citizen can do, and says it in both languages."""

import pytest

from app.notices.rules import command


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_way_leads_somewhere(client, lang):
    page = client.open_page(f"/huong-dan?lang={lang}")
    ways = [link.get("href") for link in page.css("main a")]
    assert [way.partition("?")[0] for way in ways] == [
        "/dang-ky-tiem", "/ket-qua-dang-ky", "/tra-cuu", "/phan-anh", "/diem-tiem", "/so-lieu",
        "/kiem-tra",
    ]  # fmt: skip
    assert {client.get(way).status_code for way in ways} == {200}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nobody_is_told_to_text_where_there_is_no_number(client, lang):
    page = client.open_page(f"/huong-dan?lang={lang}")
    assert "SMS" not in page.text and not page.css("dd b")


def test_the_words_of_messages_are_those_that_are_understood(client, number):
    page = client.open_page("/huong-dan")
    assert f"SMS đến {number}" in page.text
    words = [one.text_content() for one in page.css("dd b")]
    assert words == ["TC", "HUY", "SAI", "PU"]
    assert [command(word)[0] for word in words] == ["look_up", "decline", "wrong", "ill"]


def test_it_hangs_on_the_start_page_and_may_be_kept(client):
    page = client.open_page("/tra-cuu")
    assert "Hướng dẫn" in page.css("nav")[0].text_content()
    answer = client.get("/huong-dan")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers
    again = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/huong-dan", headers=again).status_code == 304
