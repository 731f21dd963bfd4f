"""Forms: fields, conditions, rows, validation. What a form means, for browser, command line, scenario and import alike.

    model       words: field, limits, fault            feel, patterns     the small languages of analysts
    findings    is a definition sound?                 reading            form-js JSON to fields
    sources     prefills and fixed rows                values             one answer judged
    sheet       a form as answered                     browser            names and texts to plain values
    whole       Form, the door to all of it
"""

from engine.rules.form.findings import FormFinding, definition_findings
from engine.rules.form.model import KINDS, Checked, Fault, Field, FormContext, Submission
from engine.rules.form.sheet import Answer, Row, Sheet
from engine.rules.form.whole import Form, load_form, row_label

__all__ = ["KINDS", "Answer", "Checked", "Fault", "Field", "Form", "FormContext", "FormFinding", "Row", "Sheet",
           "Submission", "definition_findings", "load_form", "row_label"]
