"""The Merkle tree over the record, after RFC 9162 section 2.1: roots and proofs.

Functions that take `nodes` take hashes of equal, complete subtrees in their order (the last may be
smaller): leaves, or whole blocks of leaves, since the tree over such blocks is the same tree.
"""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf(entry: bytes) -> bytes:
    """Return the hash of a leaf; the prefix keeps a node from passing for one."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees joined."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def levels(nodes: Sequence[bytes]) -> list[list[bytes]]:
    """Return the nodes and all levels above them up to the root; nothing for no nodes."""
    found = [list(nodes)] if nodes else []
    while found and len(found[-1]) > 1:
        found.append(_above(found[-1]))
    return found


def _above(below: list[bytes]) -> list[bytes]:
    """Pairs joined; a node left over at the end rises as it is."""
    pairs = zip(below[::2], below[1::2], strict=False)
    return [node(left, right) for left, right in pairs] + below[len(below) & ~1 :]


def root(nodes: Sequence[bytes]) -> bytes:
    """Return the root over the nodes; that of an empty tree for none."""
    found = levels(nodes)
    return found[-1][0] if found else EMPTY


def path(found: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """Return the inclusion proof of the node at `index` out of its `levels`, lowest first."""
    proof = []
    for level in found[:-1]:
        if (index ^ 1) < len(level):
            proof.append(level[index ^ 1])
        index >>= 1
    return proof


def root_by_path(index: int, size: int, hashed: bytes, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to (2.1.3.2); None if its length is wrong."""
    if not 0 <= index < size:
        return None
    last, steps = size - 1, iter(proof)
    try:
        while last:
            if index & 1:
                hashed = node(next(steps), hashed)
            elif index < last:
                hashed = node(hashed, next(steps))
            index, last = index >> 1, last >> 1
    except StopIteration:
        return None
    return hashed if next(steps, None) is None else None
