"""A foreign client against the real server: every span slices to its trigger, in all three units.

    python clients/python/check.py --binary target/debug/tamis

Needs the packages of requirements.txt. Serves a dictionary of its own on free ports of loopback, and then the shipped ones.
"""

import argparse
import itertools
import json
import pathlib
import sys
import tempfile
import traceback
import urllib.error
import urllib.request

import grpc
from google.protobuf.json_format import MessageToDict
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_status import rpc_status

from server import Server
from stubs import generate
from units import UNITS, cut

pb, pb_grpc = generate()

TERMS = ["casino", "微信", "加v", "𠮷野家", "卖💊", "кащей", "قمار", "הימורים", "पैसा", "หวย", "도박", "naïve"]

# Texts with the slices that must be found in them, in order of start. The slice is what the sender typed, disguise included.
TEXTS = [
    ("plain", "a casino here", ["casino"]),
    ("chinese", "快加我的微信聊", ["微信"]),
    ("mixed scripts, one term", "快加v聊", ["加v"]),
    ("emoji before", "😀😀 casino 😀", ["casino"]),
    ("emoji right beside", "💰casino💰", ["casino"]),
    ("an emoji in a term", "😀谁卖💊呀", ["卖💊"]),
    ("astral hanzi", "去𠮷野家吃饭", ["𠮷野家"]),
    ("astral hanzi before", "𠀀𠀁𠀂微信", ["微信"]),
    ("astral letters as a disguise", "my 𝐜𝐚𝐬𝐢𝐧𝐨 now", ["𝐜𝐚𝐬𝐢𝐧𝐨"]),
    ("full width", "ｃａｓｉｎｏ", ["ｃａｓｉｎｏ"]),
    ("capitals", "CaSiNo", ["CaSiNo"]),
    ("combining marks before", "e\u0301e\u0301e\u0301 casino", ["casino"]),
    ("a combining mark on the last letter", "casino\u0301!", ["casino\u0301"]),
    ("combining marks on every letter", "c\u0336a\u0336s\u0336i\u0336n\u0336o\u0336", ["c\u0336a\u0336s\u0336i\u0336n\u0336o\u0336"]),
    ("a term with a mark, composed", "so naïve", ["naïve"]),
    ("a term with a mark, decomposed", "so nai\u0308ve", ["nai\u0308ve"]),
    ("zero width inside", "微\u200b信", ["微\u200b信"]),
    ("a joined family before", "👨‍👩‍👧‍👦 casino", ["casino"]),
    ("a joined family right beside", "casino👩🏽‍❤️‍💋‍👨🏿", ["casino"]),
    ("flags around", "🇨🇳🇺🇸微信🇫🇷", ["微信"]),
    ("a keycap and a skin tone", "1️⃣👍🏾加v", ["加v"]),
    ("a subdivision flag", "🏴󠁧󠁢󠁥󠁮󠁧󠁿微信", ["微信"]),
    ("arabic with latin", "مرحبا casino صديقي قمار", ["casino", "قمار"]),
    ("hebrew with direction marks", "\u200fשלום\u200e casino \u202bהימורים\u202c", ["casino", "הימורים"]),
    ("devanagari", "यह पैसा है", ["पैसा"]),
    ("thai", "ซื้อหวยกัน", ["หวย"]),
    ("korean, syllables", "불법 도박사이트", ["도박"]),
    ("cyrillic", "это кащей", ["кащей"]),
    ("twice, and another between", "微信🎉casino🎉微信", ["微信", "casino", "微信"]),
    ("line breaks", "a\r\ncasino\n微信", ["casino", "微信"]),
    ("nothing", "今天天气很好 🌤️ see you", []),
    ("inside a longer word", "casinos and occasional visits", []),
    ("empty", "", []),
]

ENCODINGS = {
    "bytes": pb.OFFSET_ENCODING_BYTES,
    "codepoints": pb.OFFSET_ENCODING_CODEPOINTS,
    "utf16": pb.OFFSET_ENCODING_UTF16,
}


def spans(verdict):
    """All spans of a verdict, in order of start."""
    found = [span for trigger in verdict.triggers for match in trigger.matches for span in match.spans]
    return sorted(found, key=lambda span: (span.start, span.end))


def expect(left, right, about=""):
    """Fails where the two differ."""
    if left != right:
        raise AssertionError(f"{about}: {left!r} is not {right!r}")


class Client:
    """A channel with the stubs that the tests use."""

    def __init__(self, server):
        self.server = server
        self.channel = grpc.insecure_channel(server.grpc)
        self.filter = pb_grpc.FilterServiceStub(self.channel)
        self.health = health_pb2_grpc.HealthStub(self.channel)

    def check(self, *texts, **request):
        """The results for some texts."""
        messages = [pb.Message(id=str(i), text=text) for i, text in enumerate(texts)]
        return self.filter.CheckMessages(pb.CheckMessagesRequest(messages=messages, **request), timeout=10).verdicts

    def post(self, body):
        """The status and the answer of the same question over HTTP."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        question = urllib.request.Request(f"{self.server.http}/v1/messages:check", data=data, headers=headers)
        try:
            with urllib.request.urlopen(question, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


def texts_in(unit):
    """The test that the spans of every text, counted in `unit`, cut out what was typed."""

    def test(client):
        results = client.check(*(text for _, text, _ in TEXTS), offset_encoding=ENCODINGS[unit])
        expect(len(results), len(TEXTS), "results")
        problems = []
        for (name, text, wanted), result in zip(TEXTS, results):
            found = [cut(text, unit, span.start, span.end) for span in spans(result.verdict)]
            told = [span.text for span in spans(result.verdict)]
            action = pb.ACTION_BLOCK if wanted else pb.ACTION_ALLOW
            if not (found == told == wanted and result.verdict.action == action):
                problems.append(f"{name}: {text!r}: cut {found}, told {told}, wanted {wanted}")
        expect(problems, [], "texts")

    return test


def bytes_are_the_default_unit(client):
    (result,) = client.check("微信")
    expect([(s.start, s.end) for s in spans(result.verdict)], [(0, 6)])


def verdicts_keep_order_ids_and_one_snapshot(client):
    results = client.check(*(f"微信 {i}" if i % 3 == 0 else f"hello {i}" for i in range(1000)))
    expect([result.verdict.id for result in results], [str(i) for i in range(1000)])
    expect([bool(result.verdict.triggers) for result in results], [i % 3 == 0 for i in range(1000)])
    expect(len({(result.verdict.snapshot, result.verdict.generation) for result in results}), 1, "snapshots")
    assert results[0].verdict.snapshot.startswith("b3:"), results[0].verdict.snapshot


def triggers_name_their_term(client):
    (result,) = client.check("ｃａｓｉｎｏ")
    (trigger,) = result.verdict.triggers
    expect(trigger.rule, "client/casino")
    expect(trigger.dictionary, "default/client")
    expect(trigger.severity, pb.SEVERITY_HIGH)
    expect(list(trigger.planes), ["folded"])
    assert trigger.revision.startswith("b3:"), trigger.revision
    expect(result.verdict.score, 0.8)


def a_message_over_the_limit_is_its_own_error(client):
    before, over, after = client.check("微信", "x" * (64 * 1024 + 1), "微信")
    expect(over.WhichOneof("outcome"), "error")
    expect((over.error.id, over.error.code), ("1", grpc.StatusCode.INVALID_ARGUMENT.value[0]))
    expect(over.error.reason, pb.ERROR_REASON_TEXT_TOO_LARGE)
    expect([len(before.verdict.triggers), len(after.verdict.triggers)], [1, 1])
    (limit,) = client.check("x" * (64 * 1024))
    expect(limit.WhichOneof("outcome"), "verdict")


def bytes_that_are_not_utf8_are_their_message_s_error(client):
    # By hand, as no Python string holds them: field 1 of the request, a message with a text (field 2) of one bad byte.
    good = pb.CheckMessagesRequest(messages=[pb.Message(text="微信")]).SerializeToString()
    raw = good + b"\x0a\x03\x12\x01\xff" + good
    call = client.channel.unary_unary(
        "/tamis.v1.FilterService/CheckMessages",
        request_serializer=lambda body: body,
        response_deserializer=pb.CheckMessagesResponse.FromString,
    )
    results = call(raw, timeout=10).verdicts
    expect([result.WhichOneof("outcome") for result in results], ["verdict", "error", "verdict"])
    expect(results[1].error.reason, pb.ERROR_REASON_TEXT_NOT_UTF8)


def refused(call):
    """The status of a call that must fail, with its ErrorInfo."""
    try:
        call()
    except grpc.RpcError as error:
        info = error_details_pb2.ErrorInfo()
        status = rpc_status.from_call(error)
        for detail in status.details if status else []:
            detail.Unpack(info)
        return error.code(), info.domain, info.reason
    raise AssertionError("the call succeeded")


def an_unknown_policy_is_not_found(client):
    status = refused(lambda: client.check("x", policy="nobody/wrote-this"))
    expect(status, (grpc.StatusCode.NOT_FOUND, "tamis", "UNKNOWN_POLICY"))


def too_many_messages_are_refused(client):
    status = refused(lambda: client.check(*[""] * 1025))
    expect(status, (grpc.StatusCode.INVALID_ARGUMENT, "tamis", "TOO_MANY_MESSAGES"))


def a_stream_answers_in_order_with_its_correlation_ids(client):
    def batches():
        for i in range(50):
            messages = [pb.Message(text="微信"), pb.Message(text=str(i))]
            yield pb.StreamCheckMessagesRequest(
                correlation_id=f"c{i}", request=pb.CheckMessagesRequest(messages=messages)
            )

    answers = list(client.filter.StreamCheckMessages(batches(), timeout=10))
    expect([answer.correlation_id for answer in answers], [f"c{i}" for i in range(50)])
    for answer in answers:
        expect([len(result.verdict.triggers) for result in answer.response.verdicts], [1, 0])


def health_tells_the_truth(client):
    serving = health_pb2.HealthCheckResponse.SERVING
    for service in ["", "tamis.v1.FilterService"]:
        expect(client.health.Check(health_pb2.HealthCheckRequest(service=service), timeout=5).status, serving, service)
    question = health_pb2.HealthCheckRequest(service="no.such.Service")
    try:
        client.health.Check(question, timeout=5)
    except grpc.RpcError as error:
        expect(error.code(), grpc.StatusCode.NOT_FOUND)
    else:
        raise AssertionError("an unknown service has a health")


def reflection_in(version):
    """The test that reflection of a version lists the service and hands out its file."""

    def test(client):
        # The messages of both versions are the same on the wire; the package grpcio-reflection has those of v1alpha.
        call = client.channel.stream_stream(
            f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )
        questions = [
            reflection_pb2.ServerReflectionRequest(list_services=""),
            reflection_pb2.ServerReflectionRequest(file_containing_symbol="tamis.v1.FilterService"),
        ]
        listing, file = call(iter(questions), timeout=5)
        names = {service.name for service in listing.list_services_response.service}
        assert {"tamis.v1.FilterService", "grpc.health.v1.Health"} <= names, names
        described = file.file_descriptor_response.file_descriptor_proto
        assert any(b"CheckMessages" in one for one in described), "no file describes the service"

    return test


def as_json(result):
    """A result of gRPC in the shape of the JSON schema."""
    shape = MessageToDict(result, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    if "error" in shape:
        return {"id": shape["error"]["id"], "error": {**shape["error"], "code": "INVALID_ARGUMENT"}}
    verdict = shape["verdict"]
    verdict["generation"] = int(verdict["generation"])
    verdict["action"] = verdict["action"].removeprefix("ACTION_").lower()
    if not verdict["truncated"]:
        del verdict["truncated"]
    for trigger in verdict["triggers"]:
        trigger["severity"] = trigger["severity"].removeprefix("SEVERITY_").lower()
        trigger["action"] = trigger["action"].removeprefix("ACTION_").lower()
        for match in trigger["matches"]:
            if not match["explanation"]:
                del match["explanation"]
        if "advice" in trigger:
            trigger["advice"]["audience"] = trigger["advice"]["audience"].removeprefix("AUDIENCE_").lower()
    return verdict


def http_answers_what_grpc_answers(client):
    texts = [text for _, text, _ in TEXTS]
    messages = [{"id": str(i), "text": text} for i, text in enumerate(texts)]
    for unit, explain in itertools.product(UNITS, [False, True]):
        status, answer = client.post({"messages": messages, "offset_encoding": unit, "explain": explain})
        expect(status, 200)
        results = client.check(*texts, offset_encoding=ENCODINGS[unit], explain=explain)
        expect(len(answer["verdicts"]), len(results))
        for told, result in zip(answer["verdicts"], results):
            expect(told, as_json(result), f"{unit}, explain {explain}")


def http_errors_have_the_same_reasons(client):
    status, answer = client.post({"messages": [{"id": "a", "text": "微信"}, {"id": "b", "text": "x" * (64 * 1024 + 1)}]})
    expect(status, 200)
    verdict, error = answer["verdicts"]
    expect((verdict["id"], verdict["action"]), ("a", "block"))
    expect((error["id"], error["error"]["code"], error["error"]["reason"]), ("b", "INVALID_ARGUMENT", "TEXT_TOO_LARGE"))
    status, answer = client.post({"messages": [], "policy": "nobody/wrote-this"})
    expect((status, answer["error"]["code"], answer["error"]["reason"]), (404, "NOT_FOUND", "UNKNOWN_POLICY"))
    status, answer = client.post(b"{\"mesages\": []}")
    expect((status, answer["error"]["reason"]), (400, "UNDECODABLE_REQUEST"))


def metrics_are_exposed(client):
    with urllib.request.urlopen(f"{client.server.http}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    assert "tamis_" in text and text.rstrip().endswith("# EOF"), text[-200:]
    assert "微信" not in text and "casino" not in text, "a term or text is in the metrics"


def shipped_dictionaries_block_fraud(client):
    (bad, good) = client.check("在家就能刷单返佣，一天三百", "你今天吃饭了吗", offset_encoding=ENCODINGS["codepoints"])
    expect((bad.verdict.action, good.verdict.action), (pb.ACTION_BLOCK, pb.ACTION_ALLOW))
    assert any(span.text == "刷单返佣" for span in spans(bad.verdict)), bad.verdict


def sigterm_ends_it_cleanly(client):
    expect(client.server.stop(), 0, client.server.said())


def named(prefix, tests):
    """Tests made by a function, with names for the report."""
    return [(f"{prefix} {name}", test) for name, test in tests]


def plain(*tests):
    """Tests named by their function."""
    return [(test.__name__.replace("_", " "), test) for test in tests]


OWN = [
    *named("spans cut out what was typed, in", [(unit, texts_in(unit)) for unit in UNITS]),
    *plain(
        bytes_are_the_default_unit,
        verdicts_keep_order_ids_and_one_snapshot,
        triggers_name_their_term,
        a_message_over_the_limit_is_its_own_error,
        bytes_that_are_not_utf8_are_their_message_s_error,
        an_unknown_policy_is_not_found,
        too_many_messages_are_refused,
        a_stream_answers_in_order_with_its_correlation_ids,
        health_tells_the_truth,
    ),
    *named("reflection", [(version, reflection_in(version)) for version in ("v1", "v1alpha")]),
    *plain(http_answers_what_grpc_answers, http_errors_have_the_same_reasons, metrics_are_exposed, sigterm_ends_it_cleanly),
]
SHIPPED = plain(shipped_dictionaries_block_fraud, sigterm_ends_it_cleanly)


def own_dictionary(root: pathlib.Path):
    """A folder with a dictionary of TERMS and a policy that blocks them."""
    dictionary, policy = root / "dictionaries" / "client", root / "policies" / "default"
    dictionary.mkdir(parents=True)
    policy.mkdir(parents=True)
    (dictionary / "dictionary.toml").write_text('name = "client"\nseverity = "high"\ncategory = "test"\n')
    (dictionary / "terms.txt").write_text("\n".join(TERMS) + "\n")
    (policy / "policy.toml").write_text(
        'name = "default"\ndictionaries = ["client"]\n[scope.default]\nwarn = "low"\nblock = "high"\n'
    )


def run(tests, server) -> int:
    """Runs tests against a server; how many failed."""
    failed = 0
    with server as running:
        client = Client(running)
        for name, test in tests:
            try:
                test(client)
                print(f"ok      {name}")
            except Exception:  # whatever a test raises is its failure, and the next one runs
                failed += 1
                print(f"FAILED  {name}\n{traceback.format_exc()}")
        client.channel.close()
        if failed:
            print(f"the server said:\n{running.said()}")
    return failed


def main() -> int:
    """Runs everything."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--binary", required=True, help="the tamis binary to serve")
    binary = arguments.parse_args().binary
    with tempfile.TemporaryDirectory(prefix="tamis-client-") as folder:
        own_dictionary(pathlib.Path(folder))
        failed = run(OWN, Server(binary, "--watch", folder))
    failed += run(SHIPPED, Server(binary))
    total = len(OWN) + len(SHIPPED)
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
