"""Endpoints that name an address in place of a push service: no spelling of one passes."""

from typing import NamedTuple


class Hostile(NamedTuple):
    """`tries` in words, the endpoint, and the reason that it is refused for."""

    tries: str
    endpoint: str
    reason: str


def trying(tries: str, reason: str, *endpoints: str) -> list[Hostile]:
    """All that try the same thing."""
    return [Hostile(tries, endpoint, reason) for endpoint in endpoints]


ADDRESSES: list[Hostile] = [
    *trying(
        "an IPv4 address",
        "ip_literal",
        "https://127.0.0.1/x",
        "https://127.127.127.127/x",
        "https://0.0.0.0/x",
        "https://10.0.0.8/x",
        "https://172.16.0.1/x",
        "https://192.168.1.1/x",
        "https://100.64.0.1/x",
        "https://100.127.255.254/x",
        "https://169.254.169.254/latest/meta-data",
        "https://169.254.170.2/v2/credentials",
        "https://168.63.129.16/machine",
        "https://192.0.0.192/opc/v2",
        "https://224.0.0.1/x",
        "https://239.255.255.250/x",
        "https://255.255.255.255/x",
        "https://198.18.0.1/x",
        "https://142.250.1.95/x",
        "https://127.0.0.1:443/x",
        "https://127.0.0.1./x",
    ),
    *trying(
        "an IPv4 address written in another way",
        "ip_literal",
        "https://2130706433/x",
        "https://2852039166/x",
        "https://4294967297/x",
        "https://0/x",
        "https://127.1/x",
        "https://127.0.1/x",
        "https://10.8/x",
        "https://0x7f000001/x",
        "https://0x7f.0.0.1/x",
        "https://0X7F.0X0.0X0.0X1/x",
        "https://0xa9fea9fe/x",
        "https://0x0a.8/x",
        "https://0177.0.0.1/x",
        "https://017700000001/x",
        "https://00000177.0.0.01/x",
        "https://0177.0x0.1/x",
        "https://256.256.256.256/x",
        "https://127.0.0.0x/x",
        "https://fcm.googleapis.com.127.0.0.1/x",
        "https://push.apple.com.1/x",
    ),
    *trying(
        "an IPv6 address",
        "ip_literal",
        "https://[::]/x",
        "https://[::1]/x",
        "https://[::1]:443/x",
        "https://[0:0:0:0:0:0:0:1]/x",
        "https://[fc00::1]/x",
        "https://[fd12:3456::1]/x",
        "https://[fe80::1]/x",
        "https://[fe80::1%25eth0]/x",
        "https://[fe80::1%eth0]/x",
        "https://[ff02::1]/x",
        "https://[fd00:ec2::254]/latest/meta-data",
        "https://[2a00:1450:4001::5f]/x",
        "https://[v1.fe80]/x",
    ),
    *trying(
        "an IPv4 address inside IPv6",
        "ip_literal",
        "https://[::ffff:127.0.0.1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[::ffff:a9fe:a9fe]/x",
        "https://[::127.0.0.1]/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://[64:ff9b:1::a00:1]/x",
        "https://[2002:7f00:1::]/x",
        "https://[2001:0:7f00:1::1]/x",
    ),
]
