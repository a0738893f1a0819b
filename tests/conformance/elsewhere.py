"""Rules of the table whose proof stands with the part of the product that keeps them."""

from tests.conformance.table import Rule

TROUBLE = "tests/worker/test_delivery_trouble.py::test_"
DELIVER = "tests/worker/test_deliver.py::test_"
MESSAGE = "tests/worker/test_message.py::test_"
PUSH_API = "tests/views/test_api_push.py::test_"
DEVICE = "tests/browser/test_messages.py::test_"

ELSEWHERE = [
    Rule(
        "3.19",
        "RFC 8292 §4.2",
        "The key pair is made once and kept: a subscription is bound to it for life.",
        "tests/worker/test_push_keys.py::test_a_later_start_finds_the_same_pair",
    ),
    Rule(
        "3.20",
        "Apple: 403 BadJwtToken",
        "When the operator named nobody, sub is the owner's address if it can be reached.",
        f"{DELIVER}push_services_are_told_whom_to_ask_when_the_operator_named_nobody",
    ),
    Rule(
        "4.30",
        "RFC 8030 §3",
        "A certificate of another name ends the try before anything is posted.",
        "tests/worker/test_push_network.py::test_a_certificate_of_another_name_ends_the_try",
    ),
    Rule(
        "5.10",
        "RFC 8030 §7.3",
        "404 and 410: the subscription is forgotten, the person's other devices get the message.",
        f"{TROUBLE}a_subscription_that_is_gone_is_forgotten",
    ),
    Rule(
        "5.11",
        "RFC 8030 §8.4",
        "Retry-After in seconds is kept to the second, and the TTL is smaller by as much.",
        f"{TROUBLE}a_push_service_that_asks_for_patience_gets_it",
    ),
    Rule(
        "5.12",
        "RFC 8030 §8.4",
        "Without Retry-After each wait is twice the one before, up to a bound.",
        f"{TROUBLE}a_push_service_in_trouble_is_tried_again_ever_later",
    ),
    Rule(
        "5.13",
        "RFC 8292 §4.2",
        "403 is not repeated and shows with the device.",
        f"{TROUBLE}a_refusal_is_not_repeated_and_is_kept_with_the_subscription",
    ),
    Rule(
        "5.14",
        "RFC 8030 §5",
        "Only the device that did not get the message is tried again.",
        f"{TROUBLE}of_two_devices_only_the_one_that_missed_it_is_tried_again",
    ),
    Rule(
        "5.15",
        "RFC 8030 §5.2",
        "A handoff lives until the next level takes over: its TTL is that window.",
        f"{DELIVER}each_level_is_told_once_as_its_turn_comes",
    ),
    Rule(
        "6.9",
        "RFC 8291 §4",
        "Words that are absurdly long are shortened until the message fits one record.",
        f"{MESSAGE}absurdly_long_words_still_fit_one_push",
    ),
    Rule(
        "6.10",
        "RFC 8030 §5.3; phones that doze",
        "What must be done now is sent with high urgency, the rest with normal.",
        f"{MESSAGE}what_must_be_done_now_is_urgent",
    ),
    Rule(
        "7.6",
        "Push API: pushsubscriptionchange",
        "A browser's new endpoint replaces its old one.",
        f"{PUSH_API}a_browsers_new_endpoint_replaces_its_old_one",
    ),
    Rule(
        "7.7",
        "Push API: PushSubscription",
        "A browser that changes hands tells only its new holder: an endpoint has one person.",
        f"{PUSH_API}a_phone_that_changes_hands_tells_only_its_new_holder",
    ),
    Rule(
        "8.1",
        "Apple, Chrome: userVisibleOnly",
        "Every push shows a notification, and its arrival is reported.",
        f"{DEVICE}a_push_is_shown_and_its_arrival_reported",
    ),
    Rule(
        "8.2",
        "Apple: three silent pushes cost the subscription",
        "A push that is empty or cannot be read shows something all the same.",
        f"{DEVICE}a_push_that_cannot_be_read_still_shows",
    ),
    Rule(
        "8.3",
        "Notifications API: actions",
        "A button on a notification acts on exactly the proof that the notification showed.",
        f"{DEVICE}approve_on_the_notification_names_the_proof_that_was_seen",
    ),
]
