"""How is ninjs of any version read?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from storycluster.errors import InvalidInput
from storycluster.formats.ninjs import is_ninjs, ninjs_article
from storycluster.formats.terms import NotText


def item(**fields: Any) -> dict[str, Any]:
    return {"uri": "urn:x:1", "headline": "Ice", "body_text": "Ice on the canal.", **fields}


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"uri": "urn:x:1"}, True),
        ({"guid": "urn:x:1", "headline": "Ice"}, True),
        ({"id": "1", "standard": {"name": "ninjs", "version": "2.1"}}, True),
        ({"id": "1", "text": "Ice"}, False),
        ({"id": "1", "uri": "urn:x:1"}, False),
        ({"text": "Ice", "uri": "urn:x:1"}, False),
        ({"headline": "Ice"}, False),
    ],
)
def test_ninjs_is_told_from_articles_of_json_lines(row: dict[str, Any], answer: bool) -> None:
    """It names itself, or has its own id and none of ours."""
    assert is_ninjs(row) is answer


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"body_text": "Plain.\n\nTwo.", "body_html": "<p>Marked up.</p>"}, "Plain.\n\nTwo."),
        ({"body_text": "", "body_html": "<p>One.</p><p>Two.</p>"}, "One.\n\nTwo."),
        ({"body_text": "<p>One.</p><p>Two &amp; three.</p>"}, "One.\n\nTwo & three."),
        ({"body_text": None, "body_xhtml": "<p>X.</p>"}, "X."),
        ({"body_text": None, "body_richtext": "<p>R.</p>"}, "R."),
        ({"body_text": None, "bodies": [{"value": "V."}]}, "V."),
        ({"body_text": None, "bodies": [{"value": "<p>V.</p><p>W.</p>"}]}, "V.\n\nW."),
        (
            {"bodies": [{"role": "html", "value": "<p>H.</p>"}, {"role": "text", "value": "T."}]},
            "T.",
        ),
        (
            {"bodies": [{"contentType": "application/nitf+xml",
              "value": "<nitf><body><body.head><hedline><hl1>No</hl1></hedline></body.head>"
                       "<body.content><p>N.</p></body.content></body></nitf>"}]},
            "N.",
        ),
    ],
)  # fmt: skip
def test_the_text_is_the_plain_body_or_what_markup_shows(fields: dict[str, Any], text: str) -> None:
    """Properties of 1.x and lists of 2.x and 3.x."""
    assert ninjs_article(item(**fields)).text == text


def test_unknown_fields_are_kept_as_they_are_named() -> None:
    """Also other headlines and bodies; empty ones say nothing."""
    made = ninjs_article(
        item(
            subject=[{"code": "01"}], extraField={"a": 1}, associations={}, keywords=[], genre=None
        )
    )
    told = {name: json.loads(value) for name, value in made.extras.items()}
    assert told == {"subject": [{"code": "01"}], "extraField": {"a": 1}}


def test_a_field_that_is_named_like_one_of_ours_is_not_taken_for_it() -> None:
    """ninjs has no `text` or `revision`; its `title` is metadata."""
    made = ninjs_article(item(title="ICE-1", revision="x", publish_time=5))
    told = {name: json.loads(value) for name, value in made.extras.items()}
    assert (made.title, made.revision, made.publish_time) == ("Ice", 0, None)
    assert told == {"item_title": "ICE-1", "revision": "x", "publish_time": 5}


@pytest.mark.parametrize(
    ("fields", "revision", "kept"),
    [({"version": "3"}, 3, None), ({"version": 4}, 4, None), ({"version": "1.2"}, 0, "1.2")],
)
def test_a_version_is_the_revision_or_kept(
    fields: dict[str, Any], revision: int, kept: str | None
) -> None:
    """Versions that are no whole number are not lost."""
    made = ninjs_article(item(**fields))
    assert (made.revision, json.loads(made.extras.get("version", "null"))) == (revision, kept)


def test_the_first_publication_is_the_time() -> None:
    """Where it is stated; else that of this version."""
    times = {"firstcreated": "2026-03-01T10:00:00Z", "versioncreated": "2026-03-02T10:00:00Z"}
    assert str(ninjs_article(item(**times)).publish_time) == "2026-03-02 10:00:00+00:00"
    times["firstpublished"] = "2026-03-01T12:00:00+0000"
    assert str(ninjs_article(item(**times)).publish_time) == "2026-03-01 12:00:00+00:00"


def test_a_canceled_item_without_a_body_is_read() -> None:
    """A kill must arrive."""
    made = ninjs_article({"uri": "urn:x:1", "type": "text", "pubStatus": "canceled"})
    assert (made.text, made.extras["pub_status"]) == ("", '"canceled"')


def test_authors_are_the_byline_else_their_names() -> None:
    """As printed, else as listed."""
    listed = [{"name": "Mara Quill", "role": "writer"}, {"code": "tm"}]
    assert ninjs_article(item(authors=listed)).authors == ("Mara Quill", "tm")
    assert ninjs_article(item(byline="By Mara Quill", authors=listed)).authors == ("By Mara Quill",)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"headline": 5}, "headline"),
        ({"uri": ["x"]}, "uri"),
        ({"versionCreated": "soon"}, "versionCreated"),
        ({"embargoed": "2026-03-03T08:00:00"}, "embargoed"),
        ({"pubStatus": "perhaps"}, "pubStatus"),
        ({"bodies": "text"}, "bodies"),
        ({"bodies": [{"role": "main"}]}, "bodies"),
        ({"headlines": ["x"]}, "headlines"),
        ({"uri": ""}, "id"),
        ({"x": float("nan")}, "x"),
    ],
)
def test_a_wrong_field_is_named_as_it_is_written(fields: dict[str, Any], field: str) -> None:
    """With the capitals of its version."""
    with pytest.raises(InvalidInput) as caught:
        ninjs_article(item(**fields))
    assert [violation.field for violation in caught.value.violations] == [field]


def test_a_picture_is_no_text_unless_it_has_one() -> None:
    """Its kind is kept."""
    with pytest.raises(NotText, match="type: is picture, not text"):
        ninjs_article({"uri": "urn:x:1", "type": "picture", "headline": "The gate"})
    assert ninjs_article(item(type="video")).extras["type"] == '"video"'
