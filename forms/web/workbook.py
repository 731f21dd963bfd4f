"""Tables as a workbook of a spreadsheet program: one sheet for each, headings that stay, numbers as numbers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from werkzeug.wrappers import Response

from forms.web.listing import cell

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TITLE = 31
WIDE, NARROW = 34, 16


@dataclass(frozen=True)
class Table:
    """Headings and rows; values are text, numbers or nothing."""

    headings: Sequence[str]
    rows: Iterable[Sequence[object]]


def xlsx_answer(name: str, sheets: Mapping[str, Table]) -> Response:
    """A workbook to be kept."""
    book = Workbook(write_only=True)
    for title, table in sheets.items():
        sheet = book.create_sheet(title[:LONGEST_TITLE])
        sheet.freeze_panes = "B2"
        for number in range(1, len(table.headings) + 1):
            sheet.column_dimensions[get_column_letter(number)].width = WIDE if number < 3 else NARROW
        sheet.append([_bold(sheet, one) for one in table.headings])
        for row in table.rows:
            sheet.append([one if isinstance(one, (int, float)) else cell(one) for one in row])
    written = io.BytesIO()
    book.save(written)
    answer = Response(written.getvalue(), mimetype=TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.xlsx")
    return answer


def _bold(sheet: object, text: str) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet, text)
    made.font = Font(bold=True)
    return made
