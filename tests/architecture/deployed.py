"""The packaged template and zip, deployed into an emulator that runs the zip's functions with the zip's Python."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import boto3

from infra import package as packaging
from tests.aws import ENVIRONMENT

EMULATOR_LOCK = packaging.ROOT / "infra" / "lock" / "emulator.txt"
STACK = "quittance"
BUCKET = "code"
PARAMETERS = {
    "Sender": "billing@example.com",
    "SenderDomain": "example.com",
    "PublicUrl": "https://billing.example.com",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A stack that answers.

    endpoint: of the emulator; log: what it said.
    unpacked: where it puts the zip for each function, 190 MB, and would leave it.
    """

    process: subprocess.Popen
    endpoint: str
    log: Path
    unpacked: Path

    def client(self, service):
        return boto3.client(service, endpoint_url=self.endpoint)

    @property
    def outputs(self):
        (stack,) = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    @property
    def environment(self):
        """What the functions are told, for a process of ours that works on the same tables."""
        function = self.client("lambda").get_function_configuration(FunctionName=self.outputs["APIHandlerName"])
        return {**ENVIRONMENT, "AWS_ENDPOINT_URL": self.endpoint, **function["Environment"]["Variables"]}

    def call(self, method, path, body=None, *, key=None, headers=()):
        """The status and the JSON of an answer, through the deployed API gateway; a body that is text goes as it is."""
        url = f"{self.endpoint}/restapis/{self.outputs['RestAPIId']}/{packaging.STAGE}/_user_request_{path}"
        request = urllib.request.Request(url, method=method, data=as_bytes(body))
        for name, value in {"Content-Type": "application/json", **dict(headers)}.items():
            request.add_header(name, value)
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or b"null")

    def stop(self):
        """End the emulator and the workers it started, and forget what they ran."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        shutil.rmtree(self.unpacked, ignore_errors=True)


def deploy(packaged, *, scratch):
    """Start an emulator, and create the stack in it."""
    folder = packaged.zip.parents[1]
    python = packaging.environment(str(packaged.python), folder / "emulator", lock=EMULATOR_LOCK)
    port = free_port()
    where = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    log, unpacked = scratch / "emulator.log", scratch / "unpacked"
    unpacked.mkdir()
    with log.open("w") as output:
        process = subprocess.Popen(
            [python, "-m", "ministack"],
            env=outside_aws() | ENVIRONMENT | where | {"TMPDIR": str(unpacked)},
            cwd=scratch,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deployed = Deployed(process=process, endpoint=f"http://127.0.0.1:{port}", log=log, unpacked=unpacked)
    try:
        wait_until_listening(process, port)
        create_stack(deployed, packaged)
    except BaseException:
        deployed.stop()
        raise
    return deployed


def create_stack(deployed, packaged):
    files = deployed.client("s3")
    files.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": ENVIRONMENT["AWS_DEFAULT_REGION"]}
    )
    files.upload_file(str(packaged.zip), BUCKET, "deployment.zip")
    template = packaged.template.read_text().replace('"./deployment.zip"', f'"s3://{BUCKET}/deployment.zip"')
    files.put_object(Bucket=BUCKET, Key="sam.json", Body=template)
    stacks = deployed.client("cloudformation")
    stacks.create_stack(
        StackName=STACK,
        TemplateURL=f"{deployed.endpoint}/{BUCKET}/sam.json",
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    stacks.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def wait_until_listening(process, port, *, within_s=30.0):
    end = time.monotonic() + within_s
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the emulator does not listen")


def as_bytes(body):
    return None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def outside_aws():
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
