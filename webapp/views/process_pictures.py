"""The files that come with the builder form: pictures of how its steps should look."""

from collections.abc import Iterable

from werkzeug.datastructures import FileStorage, MultiDict

from webapp.models import Person
from webapp.problems import Problem
from webapp.rules.sentences import N_
from webapp.views import chosen_pictures
from webapp.views.process_form import Form, step_numbers

INSTEAD = {
    "not_an_image": N_("This file is not a picture that can be shown. Choose a JPEG, PNG or WebP."),
    "image_too_many_pixels": N_("This picture has too many pixels. Choose a smaller one."),
    "blob_too_large": N_("This picture is over 15 MB. Choose a smaller one."),
    "bad_request": N_("This file is empty. Choose another."),
}


def take_in(
    form: Form, names: Iterable[str], files: MultiDict[str, FileStorage], person: Person
) -> dict[str, str]:
    """Keep each picture that was sent and put its name into the form; what is wrong, by field.

    `names` are the names of the form's other fields, which tell what number each step has.
    """
    wrong: dict[str, str] = {}
    for place, number in enumerate(step_numbers(names)):
        sent = files.get(f"step-{number}-picture_file")
        if sent is None or not sent.filename:
            continue
        try:
            form["steps"][place]["picture"] = chosen_pictures.take_in(person, sent)
        except Problem as problem:
            wrong[f"step-{place + 1}-picture"] = INSTEAD.get(problem.code, problem.detail)
    return wrong
