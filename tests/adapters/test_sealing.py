"""A sealed text is unreadable where it lies, opens for its business only, and outlives a change of keys."""

import pytest

from chalicelib.adapters.sealing import FernetSeal
from chalicelib.domain.errors import Refused

OLD, NEW = "the older key of the two that seal", "the newer key of the two that seal"
KEY = "rk_test_51HxYzSecretSecret"


def test_what_is_sealed_opens_again():
    seal = FernetSeal([NEW])
    sealed = seal.seal(KEY, of="biz_1")

    assert KEY not in sealed
    assert seal.open(sealed, of="biz_1") == KEY


def test_the_same_text_is_sealed_differently_each_time():
    seal = FernetSeal([NEW])
    assert seal.seal(KEY, of="biz_1") != seal.seal(KEY, of="biz_1")


def test_a_row_copied_to_another_business_does_not_open():
    seal = FernetSeal([NEW])
    assert broken(lambda: seal.open(seal.seal(KEY, of="biz_1"), of="biz_2"))


@pytest.mark.parametrize("place", [0, 20, 80, -4])
def test_a_changed_seal_does_not_open(place):
    seal = FernetSeal([NEW])
    sealed = list(seal.seal(KEY, of="biz_1"))
    sealed[place] = "A" if sealed[place] != "A" else "B"
    assert broken(lambda: seal.open("".join(sealed), of="biz_1"))


@pytest.mark.parametrize("sealed", ["", "rk_test_never_sealed", "é", "gAAAAA=="])
def test_what_was_never_sealed_does_not_open(sealed):
    assert broken(lambda: FernetSeal([NEW]).open(sealed, of="biz_1"))


def test_a_seal_of_an_older_key_opens_as_long_as_the_key_is_kept():
    sealed = FernetSeal([OLD]).seal(KEY, of="biz_1")

    assert FernetSeal([NEW, OLD]).open(sealed, of="biz_1") == KEY
    assert broken(lambda: FernetSeal([NEW]).open(sealed, of="biz_1"))


def test_the_newest_key_seals():
    sealed = FernetSeal([NEW, OLD]).seal(KEY, of="biz_1")
    assert FernetSeal([NEW]).open(sealed, of="biz_1") == KEY


@pytest.mark.parametrize("keys", [[], ["short"], [NEW, "short"]])
def test_nothing_is_sealed_with_no_key_or_a_weak_one(keys):
    with pytest.raises(ValueError, match="at least 32 characters"):
        FernetSeal(keys)


def broken(deed):
    with pytest.raises(Refused) as refused:
        deed()
    return refused.value.code == "seal_broken"
