"""Mail through SES, as whole MIME messages: the way that keeps attachments everywhere."""

from email import policy
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from chalicelib.domain.errors import Refused
from chalicelib.domain.letter import Mail
from chalicelib.domain.values import dataclass

NEVER = {"MessageRejected", "InvalidParameterValue"}
"""SES's refusals that trying again does not mend."""

SEVEN_BIT = policy.SMTP.clone(cte_type="7bit")
"""SES takes raw messages of seven-bit lines; whatever is not is encoded as quoted-printable or base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SesMailer:
    """``Mailer`` on SES v1's ``SendRawEmail``.

    sender: the address all mail comes from; the business's name stands before it, its own address is the reply-to.
    """

    sender: str
    client: Any

    def send(self, mail: Mail) -> str:
        try:
            answer = self.client.send_raw_email(
                Source=self.sender,
                Destinations=[_addressed(mail.to).addr_spec],
                RawMessage={"Data": self._mime(mail).as_bytes()},
                Tags=[{"Name": name, "Value": value} for name, value in mail.tags.items()],
            )
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in NEVER:
                raise Refused("mail_rejected", error.response["Error"]["Message"]) from error
            raise
        return str(answer["MessageId"])

    def _mime(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(policy=SEVEN_BIT)
        message["From"] = Address(_literal(mail.from_name), addr_spec=parseaddr(self.sender)[1])
        message["To"] = _addressed(mail.to)
        message["Subject"] = _literal(mail.subject)
        if mail.reply_to and (reply_to := _spelt(mail.reply_to)):
            message["Reply-To"] = reply_to
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        for attachment in mail.attachments:
            main, _, sub = attachment.content_type.partition("/")
            message.add_attachment(attachment.body, maintype=main, subtype=sub, filename=attachment.name)
        return message


def _literal(text: str) -> str:
    """A text as a header's one line that says just that.

    Python reads what a header is given as if it had been received: an encoded word (RFC 2047) in it would be
    decoded, line breaks and all, and its second line would be a header of its own.
    """
    return " ".join(text.split()).replace("=?", "= ?")


def _addressed(address: str) -> Address:
    """Raises Refused for what is no address that SES takes."""
    spelt = _spelt(address)
    if spelt is None:
        raise Refused("mail_rejected", "This is no address to which mail can be sent.")
    return spelt


def _spelt(address: str) -> Address | None:
    """The address in ASCII, an international domain in its xn-- form; None where that cannot be."""
    name, _, domain = address.rpartition("@")
    if not name.isascii() or "=?" in name:
        return None
    try:
        return Address(addr_spec=f"{name}@{domain.encode('idna').decode()}")
    except (HeaderParseError, ValueError, IndexError):
        return None
