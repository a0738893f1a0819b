"""The worked example of RFC 8291: section 5, and its intermediate values of appendix A."""

from cryptography.hazmat.primitives.asymmetric import ec

from tests.conformance.wire import Phone, decoded

PLAINTEXT = b"When I grow up, I want to be a watermelon"
SALT = decoded("DGv6ra1nlYgDCS1FRnbzlw")
AUTH = decoded("BTBZMqHH6r4Tts7J_aSIgg")

SENDER_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)

INTERMEDIATE = {
    "ecdh_secret": "kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs",
    "prk_key": "Snr3JMxaHVDXHWJn5wdC52WjpCtd2EIEGBykDcZW32k",
    "ikm": "S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg",
    "prk": "09_eUZGrsvxChDCGRCdkLiDXrReGOEVeSCdCcPBSJSc",
    "cek": "oIhVW04MRdy2XN9CiKLxTg",
    "nonce": "4h_95klXJ5E_qnoN",
}

BODY = decoded(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc"
    "InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLV"
    "WGNWQexSgSxsj_Qulcy4a-fN"
)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The key of a private value as the standard writes it."""
    return ec.derive_private_key(int.from_bytes(decoded(text)), ec.SECP256R1())


def receiver() -> Phone:
    """The user agent of the example."""
    return Phone("JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", private_key(RECEIVER_PRIVATE), AUTH)
