"""Endpoints as the browsers make them, each with the origin of its push service."""

OF_BROWSERS = [
    ("https://fcm.googleapis.com/fcm/send/dQw4:APA91b", "https://fcm.googleapis.com"),
    ("https://fcm.googleapis.com/wp/dQw4:APA91b_-x", "https://fcm.googleapis.com"),
    (
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://updates.push.services.mozilla.com",
    ),
    ("https://web.push.apple.com/QGuQ", "https://web.push.apple.com"),
    (
        "https://wns2-par02p.notify.windows.com/w/?token=BQY%3d",
        "https://wns2-par02p.notify.windows.com",
    ),
]
