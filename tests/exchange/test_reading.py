"""Bytes become records, whatever a spreadsheet made of them."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.adapters.tables.reading import CELL_MOST, delimiter_of, encoding_of, records
from app.exchange.survey import look_over, repeated
from app.kernel.errors import Invalid


def cells(data: bytes) -> list[list[str]]:
    file = io.BytesIO(data)
    encoding = encoding_of(file)
    return [record.cells for record in records(file, encoding, delimiter_of(file, encoding))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_of_a_spreadsheet_is_read(encoding: str) -> None:
    data = "Title,Owner\r\nKüche räumen,Zoë\r\n".encode(encoding)
    assert cells(data) == [["Title", "Owner"], ["Küche räumen", "Zoë"]]


def test_utf_16_in_the_other_order_of_bytes() -> None:
    assert cells(b"\xfe\xff" + "Title,A\nWörk,b\n".encode("utf-16-be")) == [["Title", "A"], ["Wörk", "b"]]


@pytest.mark.parametrize(("mark", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_every_delimiter_is_noticed(mark: str, name: str) -> None:
    data = f'Title{mark}Due{mark}Labels\n"One, two; three | four\tfive"{mark}2026-01-02{mark}x\n'.encode()
    assert cells(data)[1] == ["One, two; three | four\tfive", "2026-01-02", "x"], name


def test_a_file_of_one_column_has_one_column() -> None:
    assert cells(b"Title\nFix the door\nPaint, then dry\n")[1] == ["Fix the door"]


def test_quotes_newlines_and_line_ends_inside_cells() -> None:
    data = b'Title,Body\r\n"Say ""hello""","first\nsecond\r\nthird"\r\nNext,x\r\n'
    file = io.BytesIO(data)
    found = list(records(file, "utf-8", ","))
    assert found[1].cells == ['Say "hello"', "first\nsecond\r\nthird"]
    assert [record.line for record in found] == [1, 2, 5]


def test_broken_utf_8_names_the_line() -> None:
    data = "Titel\nKüche\nBäder\n".encode() + b"T\xfcr\nBoden\n"
    with pytest.raises(Invalid, match=r"Line 4 holds bytes that are no UTF-8 text"):
        encoding_of(io.BytesIO(data))


def test_broken_text_after_a_mark_names_the_line() -> None:
    with pytest.raises(Invalid, match=r"Line 3 .* UTF-8"):
        encoding_of(io.BytesIO(b"\xef\xbb\xbfTitle\nfine\nbro\xffken\n"))
    with pytest.raises(Invalid, match=r"Line 2 .* UTF-16"):
        encoding_of(io.BytesIO("Title\nhalf".encode("utf-16") + b"\x00"))


def test_neither_utf_8_nor_western_names_the_line() -> None:
    with pytest.raises(Invalid, match=r"Line 2 .*Windows-1252"):
        encoding_of(io.BytesIO(b"Title\n\x81\x8d\n"))


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "The file is empty"),
        (b"\xd0\xcf\x11\xe0....", "old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"T\0i\0t\0l\0e\0\n\0" * 9, "not a text file"),
    ],
)
def test_what_is_no_csv_is_told_apart(start: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        encoding_of(io.BytesIO(start))


def test_an_excel_workbook_is_told_apart() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(Invalid, match=r"Excel workbook or a ZIP archive.*export it as CSV"):
        look_over(io.BytesIO(made.getvalue()))


def test_a_quote_that_is_never_closed_names_the_line() -> None:
    with pytest.raises(Invalid, match="begins in line 3 is never closed"):
        look_over(io.BytesIO(b'Title,Body\nOne,x\nTwo,"y\nThree,z\n'))
    with pytest.raises(Invalid, match="begins in line 2 is never closed"):
        look_over(io.BytesIO(b'Title,Body\nTwo,"' + b"y\n" * CELL_MOST))


def test_text_after_a_closing_quote_spoils_its_own_row_only() -> None:
    found = list(records(io.BytesIO(b'Title\n"a"b\nc\n'), "utf-8", ","))
    assert "closing quote" in (found[1].problem or "")
    assert found[2].cells == ["c"]


def test_nul_and_a_cell_of_a_megabyte_are_records_like_others() -> None:
    data = b"Title,Body\nA\0B,x\nBig," + b"z" * 2**20 + b"\n"
    found = cells(data)
    assert found[1][0] == "A\0B"
    assert len(found[2][1]) == 2**20


def test_empty_lines_and_rows_count_for_nothing() -> None:
    survey = look_over(io.BytesIO(b"Title,Body,,\n\n,,,\nOne,x,,\n"))
    assert (survey.header, survey.rows) == (["Title", "Body"], 1)


def test_only_a_header_is_refused() -> None:
    with pytest.raises(Invalid, match="a header and no rows"):
        look_over(io.BytesIO(b"Title,Body\r\n"))


def test_columns_without_number() -> None:
    with pytest.raises(Invalid, match="5,000 columns"):
        look_over(io.BytesIO(b",".join(b"c%d" % n for n in range(5000)) + b"\nx\n"))


def test_a_survey_knows_the_values_of_narrow_columns() -> None:
    rows = "".join(f"Issue {n},{'Done' if n % 2 else 'Open'}\n" for n in range(100))
    survey = look_over(io.BytesIO(f"Title,Status\n{rows}".encode()))
    assert survey.values == {1: ["Open", "Done"]}
    assert survey.rows == 100
    assert survey.sample[0] == ["Issue 0", "Open"]


def test_unnamed_and_repeated_columns() -> None:
    survey = look_over(io.BytesIO("Title,,Labels,labels\n\u202eevil,1,2,3\n".encode()))
    assert survey.header == ["Title", "Column 2", "Labels", "labels"]
    assert repeated(survey.header) == ["Labels", "labels"]
    assert survey.sample[0][0] == "evil"
