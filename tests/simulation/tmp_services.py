from dataclasses import dataclass, field
from types import SimpleNamespace

@dataclass
class Message:
    id: str
    body: str
    group: str

class Sqs:
    def __init__(self):
        self.queues = {n: SimpleNamespace(waiting=[], most_receives=5) for n in ("documents", "payments")}
        self.n = 0
    def answer(self, op, r):
        assert op == "SendMessage", op
        self.n += 1
        self.queues[r["QueueUrl"].rpartition("/")[2]].waiting.append(Message(f"m{self.n}", r["MessageBody"], r.get("MessageGroupId", "")))
        return {"MessageId": f"m{self.n}"}

class S3:
    def __init__(self): self.files = {}
    def answer(self, op, r):
        import io
        if op == "PutObject": self.files[r["Key"]] = r["Body"]; return {}
        return {"Body": io.BytesIO(self.files[r["Key"]])}

class Ses:
    def __init__(self): self.mails = []
    def answer(self, op, r):
        tags = {t["Name"]: t["Value"] for t in r.get("Tags", [])}
        self.mails.append(SimpleNamespace(raw=r["RawMessage"]["Data"], tags=tags, message_id=f"mail{len(self.mails)}"))
        return {"MessageId": self.mails[-1].message_id}
