"""Mail that goes nowhere: a writer of plain letters, and an outbox."""

from dataclasses import dataclass, field

from chalicelib.domain.errors import Refused
from chalicelib.domain.letter import Letter, Mail


@dataclass(slots=True)
class Outbox:
    """``Mailer``: keeps what it was given.

    refuses:   addresses the provider will never take.
    down:      how many of the next sends fail before anything is taken.
    forgetful: how many of the next sends are taken, but the answer is lost.
    """

    mails: list[Mail] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    down: int = 0
    forgetful: int = 0

    def send(self, mail: Mail) -> str:
        if self.down:
            self.down -= 1
            raise ConnectionError("the mail provider is down")
        if mail.to in self.refuses:
            raise Refused("mail_rejected", f"You cannot mail {mail.to} because the provider rejects it.")
        self.mails.append(mail)
        if self.forgetful:
            self.forgetful -= 1
            raise ConnectionError("the mail provider did not answer")
        return f"message-{len(self.mails)}"


class PlainWriter:
    """``Writer``: says the facts, one a line."""

    def compose(self, letter: Letter) -> Mail:
        said = [f"{name}: {value}" for name, value in (*letter.values.items(), *letter.facts)]
        text = "\n".join([letter.template, *said, *([letter.link] if letter.link else [])])
        return Mail(
            to=letter.to,
            subject=f"{letter.template} ({letter.language})",
            html=f"<pre>{text}</pre>",
            text=text,
            reply_to=letter.business.email,
            from_name=letter.business.name,
            attachments=letter.attachments,
            tags=letter.tags,
        )
