"""The Merkle tree is that of RFC 9162: its roots, and proofs that hold for nothing else."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.merkle import (
    EMPTY,
    leaf,
    levels,
    node,
    path,
    root,
    root_by_path,
)

# The entries and roots that implementations of RFC 6962 and RFC 9162 share as test vectors.
ENTRIES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf(entry) for entry in ENTRIES]


def naive_root(leaves: list[bytes]) -> bytes:
    """The definition of section 2.1.1, word for word."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node(naive_root(leaves[:half]), naive_root(leaves[half:]))


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_shared_vectors(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    ],
)
def test_the_inclusion_proofs_are_those_of_the_shared_vectors(
    index: int, size: int, proof: list[str]
) -> None:
    made = path(levels(LEAVES[:size]), index)
    assert [each.hex() for each in made] == proof
    assert root_by_path(index, size, LEAVES[index], made) == root(LEAVES[:size])


leaf_lists = st.integers(1, 70).map(
    lambda size: [hashlib.sha256(bytes([number])).digest() for number in range(size)]
)


@settings(max_examples=60, deadline=None)
@given(leaves=leaf_lists, data=st.data())
def test_every_leaf_is_proved_and_no_other_in_its_place(leaves: list[bytes], data) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves) - 1))
    whole, proof = naive_root(leaves), path(levels(leaves), index)
    assert root(leaves) == whole
    assert root_by_path(index, len(leaves), leaves[index], proof) == whole
    if other != index:
        assert root_by_path(other, len(leaves), leaves[index], proof) != whole
        assert root_by_path(index, len(leaves), leaves[other], proof) != whole
    assert root_by_path(index, len(leaves), leaves[index], [*proof, whole]) is None
    if proof:
        assert root_by_path(index, len(leaves), leaves[index], proof[:-1]) is None


@settings(max_examples=40, deadline=None)
@given(leaves=leaf_lists, block=st.sampled_from([1, 2, 4, 8]), data=st.data())
def test_the_tree_over_whole_blocks_is_the_same_tree(leaves: list[bytes], block: int, data) -> None:
    blocks = [leaves[at : at + block] for at in range(0, len(leaves), block)]
    index = data.draw(st.integers(0, len(leaves) - 1))
    tops = [root(each) for each in blocks]
    proof = path(levels(blocks[index // block]), index % block)
    proof += path(levels(tops), index // block)
    assert root(tops) == naive_root(leaves)
    assert proof == path(levels(leaves), index)
