"""A chain of numbers checked offline, of files alone: one byte changed anywhere is named."""

import json
import zipfile
from hashlib import sha256

import pytest

from chalicelib.domain.business import Numbering
from chalicelib.domain.chain import Issued, text_of, tied
from chalicelib.domain.numbering import opened, take
from chalicelib.domain.sales import parties_of, worked_out
from chalicelib.entrypoints.http.reports import _link_of
from chalicelib.usecases.chaining import Linked
from infra import verify
from tests import builders as b

PDFS = {f"0000{n}.pdf": f"%PDF {n}".encode() for n in (1, 2, 3)}


def chain():
    """Three numbers as the API answers them, the newest first."""
    series, links = opened("invoice", Numbering()), []
    for n in (1, 2, 3):
        content, figures = worked_out(b.content())
        parties = parties_of(f"inv_{n}", content, seller=b.a_business().as_seller(), buyer=b.a_client().as_buyer())
        issued = Issued(content=content, parties=parties)
        series, number = take(series, document_id=f"inv_{n}", on=b.TODAY)
        pdf = sha256(PDFS[f"{number.id}.pdf"]).hexdigest()
        series, number = tied(series, number, figures=figures, issued=issued, pdf_sha256=pdf)
        linked = Linked(number=number, link=number.link, content=text_of(issued), kept_pdf_sha256=pdf)
        links.append(_link_of(linked).model_dump(mode="json"))
    return links[::-1]


@pytest.fixture
def saved(tmp_path):
    """Saves pages and PDFs, and answers what the verifier says of them."""

    def save(capsys, *pages, pdfs=None, heads=()):
        files = [tmp_path / f"{n}.json" for n, _ in enumerate(pages)]
        for file, page in zip(files, pages, strict=True):
            file.write_text(json.dumps({"data": page, "next_cursor": None}))
        more = []
        if heads:
            (tmp_path / "head").write_text(json.dumps({"links": heads}))
            more += ["--heads", str(tmp_path / "head")]
        if pdfs is not None:
            with zipfile.ZipFile(tmp_path / "pdfs.zip", "w") as archive:
                for name, body in pdfs.items():
                    archive.writestr(name, body)
            more += ["--pdfs", str(tmp_path / "pdfs.zip")]
        code = verify.main([*map(str, files), *more])
        return code, capsys.readouterr().out

    return save


def test_a_chain_that_is_whole_holds(saved, capsys):
    code, said = saved(capsys, chain(), pdfs=PDFS)

    assert (code, said) == (0, "3 numbers, 00001 to 00003, and 3 PDFs were checked: all hold.\n")


def test_pages_may_come_in_any_order_and_overlap(saved, capsys):
    third, second, first = chain()

    assert saved(capsys, [first], [third, second], [second])[0] == 0


@pytest.mark.row("Part4-6")
def test_one_byte_changed_anywhere_is_named():
    third, second, first = chain()
    text = json.dumps(second, ensure_ascii=False, sort_keys=True)
    pdfs = {"00002.pdf": second["pdf_sha256"]}
    looked_at = 0
    for place, byte in enumerate(text):
        changed = page_of(text[:place] + ("0" if byte != "0" else "1") + text[place + 1 :])
        if changed is not None and changed.keys() == second.keys():
            looked_at += 1
            found = [*verify.unsound([first, changed, third]), *verify.compared_pdfs([changed], pdfs)[1]]
            assert found, text[max(0, place - 9) : place + 9]
    assert looked_at > len(text) / 2


def page_of(text):
    """None for what cannot be read any more."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def test_a_number_that_is_left_out_is_missed(saved, capsys):
    third, _, first = chain()

    code, said = saved(capsys, [third, first])

    assert code == 1
    assert "invoice 00003: the number before it is missing, or is not what it was." in said


def test_a_pdf_that_was_changed_or_is_none_of_ours_is_named(saved, capsys):
    code, said = saved(capsys, chain(), pdfs={**PDFS, "00002.pdf": b"%PDF 9", "other.pdf": b"x"})

    assert code == 1
    assert "00002.pdf: it is not the PDF that was issued." in said
    assert "other.pdf: no number of the chain bears its name." in said


def test_a_kept_pdf_that_is_not_the_one_that_was_issued_is_named(saved, capsys):
    drawn_anew = {**chain()[0], "kept_pdf_sha256": sha256(b"%PDF 9").hexdigest()}

    code, said = saved(capsys, [drawn_anew], pdfs={"00003.pdf": b"%PDF 9"})

    assert code == 1
    assert "invoice 00003: the PDF that is kept is not the one that was issued." in said
    assert "00003.pdf: it is not the PDF that was issued." in said


def test_a_number_of_before_pdfs_were_hashed_with_it_holds_by_what_was_kept(saved, capsys):
    third = chain()[0] | {"pdf_sha256": None}
    third["hash"] = sha256("\n".join(verify.lines(third)).encode()).hexdigest()

    assert saved(capsys, [third], pdfs={"00003.pdf": PDFS["00003.pdf"]})[0] == 0


def test_a_chain_that_was_cut_off_or_made_anew_is_not_that_of_a_kept_head(saved, capsys):
    third, second, first = chain()
    head = {name: third[name] for name in ("series", "number", "hash")}

    assert saved(capsys, [third, second, first], heads=[head])[0] == 0
    for heads, said in (
        ([{**head, "number": "00004"}], "invoice 00004: a kept head names it, and it is not in these pages."),
        ([{**head, "hash": "0" * 64}], "invoice 00003: its hash is not the one in a kept head."),
    ):
        code, told = saved(capsys, [third, second, first], heads=heads)
        assert (code, said in told) == (1, True)


def test_what_is_no_page_of_a_chain_is_refused(tmp_path):
    (tmp_path / "x.json").write_text("{}")

    with pytest.raises(SystemExit, match="is no page of a chain"):
        verify.main([str(tmp_path / "x.json")])


def test_a_changed_copy_of_a_number_is_named_though_another_page_has_it_unchanged(saved, capsys):
    third, second, first = chain()
    changed = {**second, "content": second["content"].replace("100", "900", 1)}

    for pages in ([[third, changed, first], [second]], [[third, second, first], [changed]]):
        code, said = saved(capsys, *pages)
        assert (code, "invoice 00002: what its document says is not what was issued." in said) == (1, True)


@pytest.mark.parametrize("name", sorted(chain()[0]))
def test_a_number_that_lacks_something_is_named_with_it(tmp_path, name):
    third, second, first = chain()
    del second[name]
    (tmp_path / "x.json").write_text(json.dumps({"data": [third, second, first]}))

    with pytest.raises(SystemExit, match=f"number {second.get('number')} lacks {name}"):
        verify.main([str(tmp_path / "x.json")])


def test_the_pdf_of_an_export_is_known_by_what_every_disk_takes_of_its_number():
    link = {**chain()[0], "number": "F/00003"}

    assert verify.compared_pdfs([link], {f"F-00003-{link['document_id'][-6:]}.pdf": link["pdf_sha256"]}) == (1, [])
