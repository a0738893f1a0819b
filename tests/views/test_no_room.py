"""A disk that is nearly full refuses photos in a sentence, and loses none of them."""

from dataclasses import replace

from tests.day import photo
from tests.views.api_day import api_day  # noqa: F401


def test_a_photo_is_refused_while_there_is_no_room_and_taken_afterwards(app, api_day):  # noqa: F811
    monday = api_day()
    monday.announces("ana", photo())
    roomy = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(roomy, disk_reserve=2**60)
    refused = monday.put("ana", photo())
    assert (refused.status_code, refused.json["code"]) == (507, "no_room")
    assert "It stays safe here and is sent again by itself." in refused.json["detail"]
    assert monday.step.state == "claimed"
    app.config["SETTINGS"] = roomy
    assert monday.put("ana", photo()).json["complete"]


def test_the_owner_hears_of_an_upload_that_stopped_before_it_is_given_up(api_day):  # noqa: F811
    monday = api_day()
    content = photo()
    monday.announces("ana", content)
    monday.put("ana", content, part=slice(0, 100))
    monday.clock.advance(days=24)
    for who, sees in (("olivia", True), ("maya", False)):
        shown = monday.browser(who).get("/inbox").text.replace("&#39;", "'")
        words = "Ana's photo of “Front room ready” never arrived whole."
        assert (words in shown) is sees
    assert "cleared after 06:30 on Wednesday." in monday.browser("olivia").get("/inbox").text
