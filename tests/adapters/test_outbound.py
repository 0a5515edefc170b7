"""Outbound HTTP: where we do not ask, what we do not take, and that it goes where it was looked at."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from app import adapters
from app.adapters import outbound
from app.adapters.outbound import Refused, TooLarge, Unreachable, request
from config import Config, ConfigurationError
from tests.adapters.servers import moved, plain, serving

HERE = ("127.0.0.1/32",)


@pytest.fixture(autouse=True)
def outside(tmp_path: Path) -> Iterator[Flask]:
    """An application that has nothing but settings."""
    made = Flask("outside")
    made.extensions["trestleboard"] = Config(instance=tmp_path, secret="s" * 40, testing=True)
    with made.app_context():
        yield made


def lead(where: dict[str, str]):
    """A resolver that knows these names; everything else stands for itself."""
    return lambda host, port: [where.get(host, host)]


def test_an_answer_comes_whole() -> None:
    with serving(plain(b'{"a": 1}', Content_Type="application/json")) as server:
        answer = request("POST", f"http://127.0.0.1:{server.port}/x?y=1", json={"b": 2}, allow=HERE)
    assert (answer.status, answer.json()) == (200, {"a": 1})
    (asked,) = server.asked
    assert asked.startswith(b"POST /x?y=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}".encode() in asked
    assert asked.endswith(b'{"b": 2}')


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "10.0.0.8",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "0",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[ff02::1]",
        "224.0.0.1",
        "255.255.255.255",
        "１２７.０.０.１",
    ],
)
def test_our_own_network_is_not_asked(host: str) -> None:
    with serving(plain()) as server, pytest.raises((Refused, Unreachable)):
        request("GET", f"http://{host}:{server.port}/", timeout=5)
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.com/",
        "ftp://example.com/",
        "//example.com/",
        "http://",
        "http:///x",
        "http://user@example.com/",
        "http://user:secret@example.com/",
        "http://example.com:22/",
        "http://example.com:25/",
        "http://example.com:99999/",
        "http://exa mple.com/",
        "",
        "http://example.com/" + "x" * 3000,
    ],
)
def test_what_is_no_address_of_a_web_server_is_refused(url: str) -> None:
    def never(host: str, port: int) -> Sequence[str]:
        raise AssertionError("looked up")

    with pytest.raises(Refused):
        request("GET", url, resolve=never)


def test_one_bad_address_among_good_ones_is_enough() -> None:
    with pytest.raises(Refused):
        request("GET", "http://mixed.test/", resolve=lambda host, port: ["9.9.9.9", "10.0.0.1"])


def test_a_redirect_into_our_own_network_is_refused() -> None:
    with serving(plain(b"secret")) as inner, serving(moved(f"http://127.0.0.1:{inner.port}/")) as outer:
        allow = (f"outer.test:{outer.port}",)
        with pytest.raises(Refused):
            request("GET", f"http://outer.test:{outer.port}/", allow=allow, resolve=lead({"outer.test": "127.0.0.1"}))
    assert len(outer.asked) == 1
    assert inner.asked == []


def test_a_name_is_looked_up_once_and_that_address_is_asked() -> None:
    """DNS rebinding: the first answer is fine and the second is ours. 127.0.0.2 stands for the world here."""
    answers = iter(["127.0.0.2", "127.0.0.1", "127.0.0.1"])
    with serving(plain(b"world"), address="127.0.0.2") as world, serving(plain(b"ours"), port=world.port) as ours:

        def resolve(host: str, port: int) -> Sequence[str]:
            return [next(answers)]

        url, allow = f"http://turncoat.test:{world.port}/", ("127.0.0.2/32",)
        assert request("GET", url, allow=allow, resolve=resolve).body == b"world"
        with pytest.raises(Refused):
            request("GET", url, allow=allow, resolve=resolve)
    assert (len(world.asked), ours.asked) == (1, [])
    assert b"Host: turncoat.test" in world.asked[0]


def test_every_hop_is_looked_up_anew() -> None:
    answers, allow = iter(["127.0.0.2", "127.0.0.1"]), ("127.0.0.2/32",)
    with (
        serving(moved("/again"), address="127.0.0.2") as world,
        serving(plain(b"ours"), port=world.port) as ours,
        pytest.raises(Refused),
    ):
        request("GET", f"http://turncoat.test:{world.port}/", allow=allow, resolve=lambda host, port: [next(answers)])
    assert ours.asked == []


def test_redirects_end() -> None:
    with serving(moved("/round")) as server, pytest.raises(Refused):
        request("GET", f"http://127.0.0.1:{server.port}/", allow=HERE)
    assert len(server.asked) == 6


def test_without_hops_the_redirect_itself_is_the_answer() -> None:
    with serving(moved("http://10.0.0.1/")) as server:
        assert request("GET", f"http://127.0.0.1:{server.port}/", allow=HERE, hops=0).status == 302


def test_secrets_stay_with_the_server_they_are_for() -> None:
    secrets = {"Authorization": "Bearer s3cret", "Cookie": "a=s3cret", "X-Key": "s3cret", "Accept": "text/plain"}
    with serving(plain()) as second, serving(moved(f"http://127.0.0.1:{second.port}/")) as first:
        request("GET", f"http://127.0.0.1:{first.port}/", headers=secrets, allow=HERE)
    assert b"s3cret" in first.asked[0]
    assert b"s3cret" not in second.asked[0]
    assert b"text/plain" in second.asked[0].lower()


def test_what_is_sent_is_not_passed_on_to_another_server() -> None:
    with (
        serving(plain()) as second,
        serving(moved(f"http://127.0.0.1:{second.port}/", "307 Here")) as first,
        pytest.raises(Refused),
    ):
        request("POST", f"http://127.0.0.1:{first.port}/", form={"secret": "x"}, allow=HERE)
    assert second.asked == []


def test_what_was_taken_is_not_sent_again() -> None:
    """303 asks for the other page, by GET and without what was sent; on the same server."""
    pages = iter([moved("/there", "303 See"), plain(b"there")])
    with serving(lambda connection, asked: connection.sendall(next(pages))) as server:
        answer = request("POST", f"http://127.0.0.1:{server.port}/", json={"a": "b"}, allow=HERE)
        assert answer.url.endswith("/there")
    assert server.asked[1].startswith(b"GET /there ")
    assert b'"a"' not in server.asked[1]


def test_a_drip_does_not_hold_us() -> None:
    def drip(connection: socket.socket, asked: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(600):
            connection.sendall(b".")
            time.sleep(0.05)

    with serving(drip) as server:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="too long"):
            request("GET", f"http://127.0.0.1:{server.port}/", timeout=0.5, allow=HERE)
    assert time.monotonic() - began < 20


def test_a_server_that_says_nothing_does_not_hold_us() -> None:
    with serving(lambda connection, asked: time.sleep(25)) as server, pytest.raises(Unreachable, match="too long"):
        request("GET", f"http://127.0.0.1:{server.port}/", timeout=0.3, allow=HERE)


def test_an_endless_body_ends() -> None:
    def endless(connection: socket.socket, asked: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serving(endless) as server, pytest.raises(TooLarge):
        request("GET", f"http://127.0.0.1:{server.port}/", most_bytes=100_000, allow=HERE)


def test_endless_headers_end() -> None:
    def endless(connection: socket.socket, asked: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")

    with serving(endless) as server, pytest.raises(outbound.OutboundError):
        request("GET", f"http://127.0.0.1:{server.port}/", allow=HERE)


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_bomb_does_not_go_off(packing: str) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with serving(plain(bomb, Content_Encoding=packing)) as server, pytest.raises(TooLarge):
        request("GET", f"http://127.0.0.1:{server.port}/", most_bytes=1_000_000, allow=HERE)
    assert len(bomb) < 100_000


def test_packed_answers_are_read_and_unknown_packings_are_not() -> None:
    with serving(plain(gzip.compress(b"small"), Content_Encoding="gzip")) as server:
        assert request("GET", f"http://127.0.0.1:{server.port}/", allow=HERE).body == b"small"
    with serving(plain(b"small", Content_Encoding="gzip, br")) as server, pytest.raises(Unreachable):
        request("GET", f"http://127.0.0.1:{server.port}/", allow=HERE)


@pytest.mark.parametrize("nonsense", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour"])
def test_what_is_no_http_ends_in_a_sentence(nonsense: bytes) -> None:
    with serving(nonsense) as server, pytest.raises(Unreachable):
        request("GET", f"http://127.0.0.1:{server.port}/", allow=HERE)


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(plain(b"proxy")) as proxy, serving(plain(b"server")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert request("GET", f"http://127.0.0.1:{server.port}/", allow=HERE).body == b"server"


def test_the_operator_allows_by_settings(outside: Flask) -> None:
    with serving(plain()) as server:
        url = f"http://127.0.0.1:{server.port}/"
        with pytest.raises(Refused):
            request("GET", url)
        allowing = replace(outside.extensions["trestleboard"], outbound_allow=("127.0.0.0/8",))
        outside.extensions["trestleboard"] = allowing
        assert request("GET", url).status == 200


@pytest.mark.parametrize("entry", ["http://x/", "*.example.com", "host:port", "10.0.0.0/99", ":80"])
def test_a_list_that_cannot_be_read_is_said_at_the_start(entry: str, outside: Flask) -> None:
    outside.extensions["trestleboard"] = replace(outside.extensions["trestleboard"], outbound_allow=(entry,))
    with pytest.raises(ConfigurationError):
        adapters.init_app(outside)


def test_tls_is_checked_against_the_name(tmp_path: Path) -> None:
    """The connection goes to a number; the certificate has to be the name's."""
    theirs, ours = certified("idp.test", tmp_path)
    names: list[str] = []
    theirs.sni_callback = lambda connection, name, context: names.append(name)
    resolve = lead({"idp.test": "127.0.0.1", "other.test": "127.0.0.1"})
    with serving(plain(b"safe"), tls=theirs) as server:
        answer = request("GET", f"https://idp.test:{server.port}/", allow=HERE, resolve=resolve, tls=ours)
        assert answer.body == b"safe"
        with pytest.raises(Unreachable, match="certificate"):
            request("GET", f"https://other.test:{server.port}/", allow=HERE, resolve=resolve, tls=ours)
        with pytest.raises(Unreachable, match="certificate"):
            request("GET", f"https://idp.test:{server.port}/", allow=HERE, resolve=resolve)
    assert names == ["idp.test", "other.test", "idp.test"]


def test_no_way_back_from_tls(tmp_path: Path) -> None:
    theirs, ours = certified("idp.test", tmp_path)
    resolve = lead({"idp.test": "127.0.0.1"})
    with (
        serving(plain()) as plainly,
        serving(moved(f"http://127.0.0.1:{plainly.port}/"), tls=theirs) as server,
        pytest.raises(Refused, match="encryption"),
    ):
        request("GET", f"https://idp.test:{server.port}/", allow=HERE, resolve=resolve, tls=ours)
    assert plainly.asked == []


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for a name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return theirs, ssl.create_default_context(cadata=pem.decode())


def test_numbers_are_judged_as_numbers() -> None:
    assert outbound.allowed_by(("10.0.0.0/8",)).address("10.1.2.3")
    assert not outbound.allowed_by(("10.0.0.0/8",)).address("11.1.2.3")
    assert outbound.allowed_by(("Hooks.LAN:8080", "idp.lan")).host("hooks.lan", 8080)
    assert not outbound.allowed_by(("hooks.lan:8080",)).host("hooks.lan", 80)
    assert not outbound.allowed_by(("lan",)).host("hooks.lan", 80)
