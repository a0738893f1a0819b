"""Pictures say by shape and shade what happened, and let nothing through unescaped."""

from markupsafe import Markup

from webapp.views import drawing


def test_a_day_without_runs_is_only_its_ground():
    assert "rect" not in drawing.bar(0, 0, 0, 4)


def test_what_went_what_was_chased_and_what_goes_on_have_three_shapes():
    drawn = drawing.bar(2, 1, 1, 4)
    assert (drawn.count('class="full"'), drawn.count("stripes"), drawn.count("dashed")) == (1, 1, 1)


def test_the_fullest_day_fills_the_height_and_half_of_it_half():
    assert 'height="70.0"' in drawing.bar(4, 0, 0, 4)
    assert 'height="35.0"' in drawing.bar(2, 0, 0, 4)


def test_what_is_no_markup_is_escaped():
    drawn = drawing.picture('"><script>', 1, 1, [drawing.circle(0, 0, 1, "<b>")])
    assert isinstance(drawn, Markup)
    assert "<script>" not in drawn
    assert "<b>" not in drawn
