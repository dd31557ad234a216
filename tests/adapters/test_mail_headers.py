"""What SES is given: headers of one line that say what was meant, to addresses that it takes."""

from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.ses import SesMailer
from chalicelib.domain.errors import Refused
from chalicelib.domain.letter import Mail


class Taken:
    """SES as far as a mail needs it."""

    exceptions = SimpleNamespace(ClientError=ClientError)

    def send_raw_email(self, **given):
        self.given = given
        return {"MessageId": "0102"}


def sent(**more):
    """The mail as its receiver reads it, and the addresses it goes to."""
    ses = Taken()
    mail = Mail(**{"to": "ann@example.com", "subject": "Invoice", "html": "<p>", "text": "x"} | more)
    SesMailer(sender="billing@example.com", client=ses).send(mail)
    read = message_from_bytes(ses.given["RawMessage"]["Data"], policy=policy.default)
    return read, ses.given["Destinations"]


@pytest.mark.parametrize(
    "word",
    [
        "=?utf-8?q?a=0D=0ABcc:_eve@example.com?=",
        "=?utf-8?b?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?=",
        "\r\nBcc: eve@example.com",
    ],
)
def test_an_encoded_word_in_a_name_is_a_word_and_no_header(word):
    mail, to = sent(subject=f"Invoice from {word}", from_name=word)

    assert mail["bcc"] is None
    assert mail["subject"] == f"Invoice from {' '.join(word.split()).replace('=?', '= ?')}"
    assert mail["from"].addresses[0].addr_spec == "billing@example.com"
    assert to == ["ann@example.com"]


def test_an_international_domain_is_written_as_mail_servers_read_it():
    mail, to = sent(to="ann@exämple.com")

    assert to == ["ann@xn--exmple-cua.com"]
    assert mail["to"] == "ann@xn--exmple-cua.com"


@pytest.mark.parametrize("address", ["zoë@example.com", "=?utf-8?q?a=0D=0ABcc:?=@x.org", "a(b@example.com", "a b"])
def test_what_no_mail_can_reach_is_refused_for_good(address):
    with pytest.raises(Refused) as caught:
        sent(to=address)

    assert caught.value.code == "mail_rejected"


def test_an_address_that_no_mail_can_reach_is_left_out_of_reply_to():
    mail, _ = sent(reply_to="zoë@example.com")

    assert mail["reply-to"] is None
