"""The local API Gateway, with a small app of its own behind it."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from chalice import AuthResponse, Chalice, CORSConfig, Response

from infra.local.gateway import Gateway, Request


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gateway(clock):
    return Gateway(a_small_app(), clock=clock)


def a_small_app():
    app = Chalice(app_name="small", configure_logs=False)
    app.asked = []

    @app.authorizer(ttl_seconds=60)
    def doorman(request):
        app.asked.append(request.token)
        routes = ["*"] if request.token == "Bearer good" else []
        return AuthResponse(routes=routes, principal_id="someone", context={"business_id": "b1"})

    @app.route("/who", authorizer=doorman)
    def who():
        return app.current_request.context["authorizer"]

    @app.route("/things/{thing_id}", methods=["GET", "DELETE"], cors=CORSConfig(allow_origin="https://example.com"))
    def thing(thing_id):
        return {
            "id": thing_id,
            "query": app.current_request.query_params and app.current_request.query_params.getlist("x"),
        }

    @app.route("/things/new", methods=["GET"])
    def new():
        return {"id": "the written-out route"}

    @app.route("/raw", methods=["POST"], content_types=["application/json", "application/octet-stream"])
    def raw():
        return {"body": base64.b64encode(app.current_request.raw_body).decode()}

    @app.route("/cookies")
    def cookies():
        return Response("", status_code=204, headers={"Set-Cookie": ["a=1", "b=2"], "Content-Type": "text/plain"})

    @app.route("/pdf")
    def pdf():
        return Response(b"%PDF\xff", headers={"Content-Type": "application/octet-stream"})

    return app


def request(method="GET", path="/", *, query="", body=b"", **headers):
    named = {"accept": "*/*", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Request(method=method, path=path, query=query, headers=named, body=body)


def test_concurrent_requests_each_get_their_own_answer(gateway):
    """The bare LocalGateway of Chalice gave 479 of 480 answers to another request."""
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda each: gateway.answer(request(path=f"/things/{each}", query=f"x={each}")), range(400))
    assert [json.loads(answer.body)["query"] for answer in answers] == [[str(each)] for each in range(400)]


def test_without_a_token_the_answer_is_401(gateway):
    answer = gateway.answer(request(path="/who"))
    assert answer.status == 401
    assert ("Content-Type", "application/problem+json") in answer.headers
    assert json.loads(answer.body)["code"] == "credential_missing"


def test_a_token_that_the_authorizer_does_not_know_is_403(gateway):
    assert gateway.answer(request(path="/who", authorization="Bearer bad")).status == 403


def test_the_authorizer_is_asked_once_within_its_time_to_live(gateway, clock):
    app = gateway._app
    for _ in range(3):
        answer = gateway.answer(request(path="/who", authorization="Bearer good"))
    assert json.loads(answer.body) == {"business_id": "b1", "principalId": "someone"}
    assert app.asked == ["Bearer good"]
    clock.now = 61
    gateway.answer(request(path="/who", authorization="Bearer good"))
    assert app.asked == ["Bearer good"] * 2


@pytest.mark.parametrize(
    ("path", "thing"),
    [
        pytest.param("/things/caf%C3%A9%20au%2Flait", "café au/lait", id="decoded after the split"),
        pytest.param("/things/7/", "7", id="a trailing slash is taken off"),
        pytest.param("/things/new", "the written-out route", id="a written-out segment before a parameter"),
    ],
)
def test_the_path_finds_its_route_and_parameters(gateway, path, thing):
    assert json.loads(gateway.answer(request(path=path)).body)["id"] == thing


@pytest.mark.parametrize("path", ["/nothing", "/things", "/things/1/2", "/things//"])
def test_a_path_without_a_route_is_answered_as_resources_yaml_says(gateway, path):
    answer = gateway.answer(request(path=path))
    assert (answer.status, json.loads(answer.body)["code"]) == (404, "not_found")
    assert "$context" not in answer.body.decode()


def test_a_method_that_a_route_does_not_have_is_not_found(gateway):
    assert gateway.answer(request("PATCH", "/things/1")).status == 404


def test_a_body_beyond_what_api_gateway_takes_is_refused(gateway):
    assert gateway.answer(request("POST", "/raw", body=b"x" * (10 * 1024 * 1024 + 1))).status == 413


def test_a_preflight_is_answered_from_the_routes_cors(gateway):
    headers = dict(gateway.answer(request("OPTIONS", "/things/1")).headers)
    assert headers["Access-Control-Allow-Origin"] == "https://example.com"
    assert headers["Access-Control-Allow-Methods"] == "GET,DELETE,OPTIONS"


@pytest.mark.parametrize("media_type", ["application/json", "application/octet-stream"])
def test_a_body_arrives_byte_for_byte(gateway, media_type):
    body = '{"name":  "Zoé ☃",\r\n"n": 1.10}'.encode() + b"\xff\x00"
    answer = gateway.answer(request("POST", "/raw", body=body, content_type=media_type))
    assert base64.b64decode(json.loads(answer.body)["body"]) == body


def test_a_header_with_several_values_is_sent_as_often(gateway):
    answer = gateway.answer(request(path="/cookies"))
    assert [value for name, value in answer.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert (answer.status, answer.body) == (204, b"")


def test_bytes_leave_as_they_are(gateway):
    assert gateway.answer(request(path="/pdf", accept="application/octet-stream")).body == b"%PDF\xff"


def test_an_app_stays_what_it_is_when_another_is_served_beside_it():
    class Own(Chalice):
        def __call__(self, event, context):
            return "its own answer"

    one = Own(app_name="one")
    Gateway(one)
    Gateway(Chalice(app_name="two"))

    assert one({}, None) == "its own answer"
