"""Only addresses of the public Internet count as public."""

import pytest

from worker.push.addresses import is_public

PUBLIC = "142.250.1.95"


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "1.1.1.1", "2a00:1450:4001::5f"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_an_address_translated_for_an_ipv6_network_counts_as_itself() -> None:
    assert is_public(f"::ffff:{PUBLIC}")
    assert is_public("64:ff9b::8efa:15f")
    assert not is_public("64:ff9b::a00:8")


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1"),
        *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1"),
        *("192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::1"),
        *("2001:db8::1", "2002:7f00:1::", "2002:0808:0808::1", "3fff::1", "5f00::1"),
        *("fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"),
    ],
)
def test_any_other_address_is_not(address: str) -> None:
    assert not is_public(address)
