"""Tokens are verified: signature, issuer, audience, life; and made for trying things."""

from __future__ import annotations

import asyncio
import base64
import functools
import json
import threading
from datetime import datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from typer.testing import CliRunner

from shared.auth import DEVELOPMENT_ISSUER, DevelopmentIssuer, TokenVerifier, Unauthorized
from shared.auth.__main__ import cli
from shared.auth.keys import KeysUnavailable
from shared.settings import Settings
from tests.support import cast
from tests.support.clocks import TEST_BEGINS_AT, SetClock

ISSUER = "https://tokens.example"


class Issuer:
    """A production issuer with one key of each accepted algorithm."""

    def __init__(self, file: Path) -> None:
        self.keys: dict[str, object] = {
            "EdDSA": ed25519.Ed25519PrivateKey.generate(),
            "ES256": ec.generate_private_key(ec.SECP256R1()),
            "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        }
        self.file = file
        self.publish()

    def publish(self) -> None:
        """Write the public keys where services look."""
        makers = {"EdDSA": OKPAlgorithm, "ES256": ECAlgorithm, "RS256": RSAAlgorithm}
        shown = [
            {**makers[name].to_jwk(key.public_key(), as_dict=True), "kid": name, "alg": name}  # type: ignore[attr-defined]
            for name, key in self.keys.items()
        ]
        self.file.write_text(json.dumps({"keys": shown}))

    def token(self, algorithm: str = "EdDSA", kid: str | None = None, **changes: object) -> str:
        """A token of Li Ming with `changes`; a change to None leaves the claim out."""
        now = TEST_BEGINS_AT
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": "dakehu",
            "sub": cast.MANAGER_A.code,
            "jti": "1",
            "iat": now,
            "exp": now + timedelta(minutes=15),
            "unit": cast.MANAGER_A.unit,
            "roles": list(cast.MANAGER_A.roles),
        } | changes
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(
            kept,
            self.keys[algorithm],  # type: ignore[arg-type]
            algorithm=algorithm,
            headers={"kid": kid or algorithm},
        )


@pytest.fixture
def production(tmp_path: Path) -> Issuer:
    """An issuer as a site would have it."""
    return Issuer(tmp_path / "jwks.json")


@pytest.fixture
def verifier(production: Issuer, settings: Settings, clock: SetClock) -> TokenVerifier:
    """What a production service verifies tokens with."""
    return TokenVerifier(_production(settings, production.file.as_uri()), clock)


def _production(settings: Settings, jwks_url: str, issuer: str = ISSUER) -> Settings:
    return settings.model_copy(
        update={"environment": "production", "jwt_issuer": issuer, "jwks_url": jwks_url}
    )


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "RS256"])
async def test_every_pinned_algorithm_is_accepted(
    production: Issuer, verifier: TokenVerifier, algorithm: str
) -> None:
    token = production.token(algorithm, scope="facts:erp", act={"sub": "gateway"})
    caller = await verifier.caller(f"Bearer {token}")
    assert caller.staff_code == cast.MANAGER_A.code
    assert caller.unit == "GZ"
    assert caller.roles == {"account_manager"}
    assert caller.scope == {"facts:erp"}
    assert caller.acted_by == "gateway"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://elsewhere.example"}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": None}, "lacks a required claim"),
        ({"jti": None}, "lacks a required claim"),
        ({"exp": None}, "lacks a required claim"),
        ({"unit": None}, "unit"),
        ({"roles": "director"}, "roles"),
        ({"sub": "A\x00"}, "sub"),
        ({"exp": TEST_BEGINS_AT + timedelta(minutes=15, seconds=1)}, "lives too long"),
        ({"iat": TEST_BEGINS_AT + timedelta(seconds=11)}, "not valid yet"),
        ({"nbf": TEST_BEGINS_AT + timedelta(seconds=11)}, "not valid yet"),
    ],
)
async def test_a_token_that_says_too_little_or_too_much_is_refused(
    production: Issuer, verifier: TokenVerifier, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(Unauthorized, match=reason):
        await verifier.caller(f"Bearer {production.token(**changes)}")  # type: ignore[arg-type]


async def test_a_token_ends_with_its_leeway_even_when_it_was_seen_before(
    production: Issuer, verifier: TokenVerifier, clock: SetClock
) -> None:
    token = f"Bearer {production.token()}"
    clock.advance(timedelta(minutes=15, seconds=9))
    await verifier.caller(token)
    clock.advance(timedelta(seconds=1))
    with pytest.raises(Unauthorized, match="expired"):
        await verifier.caller(token)


async def test_a_signature_by_another_key_is_refused(
    production: Issuer, verifier: TokenVerifier, tmp_path: Path
) -> None:
    stranger = Issuer(tmp_path / "stranger.json")
    with pytest.raises(Unauthorized, match="signature"):
        await verifier.caller(f"Bearer {stranger.token()}")


async def test_algorithms_that_are_not_pinned_are_refused(
    production: Issuer, verifier: TokenVerifier
) -> None:
    head = base64.urlsafe_b64encode(b'{"alg":"none","kid":"EdDSA"}').rstrip(b"=").decode()
    body = production.token().split(".")[1]
    with pytest.raises(Unauthorized, match="algorithm"):
        await verifier.caller(f"Bearer {head}.{body}.")
    shared_secret = jwt.encode({"sub": "x"}, "s" * 32, "HS256", headers={"kid": "RS256"})
    with pytest.raises(Unauthorized, match="algorithm"):
        await verifier.caller(f"Bearer {shared_secret}")


async def test_a_key_serves_only_its_own_algorithm(
    production: Issuer, verifier: TokenVerifier
) -> None:
    with pytest.raises(Unauthorized, match="algorithm"):
        await verifier.caller(f"Bearer {production.token('ES256', kid='RS256')}")


async def test_a_new_key_is_fetched_when_it_is_first_seen(
    production: Issuer, verifier: TokenVerifier, clock: SetClock
) -> None:
    await verifier.caller(f"Bearer {production.token()}")
    production.keys["EdDSA"] = ed25519.Ed25519PrivateKey.generate()
    production.keys["RS256"] = production.keys["RS256"]
    old = production.file.read_text().replace('"kid": "EdDSA"', '"kid": "old"')
    production.file.write_text(old)
    with pytest.raises(Unauthorized, match="key"):
        await verifier.caller(f"Bearer {production.token(kid='new')}")
    production.publish()
    renamed = production.file.read_text().replace('"kid": "EdDSA"', '"kid": "new"')
    production.file.write_text(renamed)
    clock.advance(timedelta(seconds=30))
    await verifier.caller(f"Bearer {production.token(kid='new')}")


async def test_keys_are_had_over_http_too(
    settings: Settings, clock: SetClock, production: Issuer
) -> None:
    folder = str(production.file.parent)
    handler = functools.partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{site.server_port}/jwks.json"
        verifier = TokenVerifier(_production(settings, url), clock)
        caller = await verifier.caller(f"Bearer {production.token()}")
        gone = TokenVerifier(_production(settings, f"{url}x"), clock)
        with pytest.raises(KeysUnavailable):
            await gone.caller(f"Bearer {production.token()}")
        site.shutdown()
    assert caller.staff_code == cast.MANAGER_A.code


async def test_keys_that_cannot_be_had_are_trouble_and_no_refusal(
    settings: Settings, clock: SetClock, production: Issuer, tmp_path: Path
) -> None:
    nowhere = TokenVerifier(_production(settings, (tmp_path / "none.json").as_uri()), clock)
    with pytest.raises(KeysUnavailable):
        await nowhere.caller(f"Bearer {production.token()}")


async def test_all_who_wait_for_an_issuer_that_is_down_wait_for_one_try(
    settings: Settings, clock: SetClock, production: Issuer
) -> None:
    asked = 0

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.2)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as issuer:
        port = issuer.sockets[0].getsockname()[1]
        verifier = TokenVerifier(_production(settings, f"http://127.0.0.1:{port}/"), clock)
        token = f"Bearer {production.token()}"
        callers = (verifier.caller(token) for _ in range(20))
        answers = await asyncio.gather(*callers, return_exceptions=True)
        assert asked == 1
        assert {type(answer) for answer in answers} == {KeysUnavailable}
        with pytest.raises(KeysUnavailable):
            await verifier.caller(token)
        assert asked == 2


def test_production_refuses_the_development_issuer(
    settings: Settings, issuer: DevelopmentIssuer, clock: SetClock
) -> None:
    with pytest.raises(ValueError, match="development issuer"):
        TokenVerifier(_production(settings, issuer.jwks_url, DEVELOPMENT_ISSUER), clock)


@pytest.mark.parametrize(("issuer_name", "jwks_url"), [("", "file:///x"), (ISSUER, "")])
def test_a_service_without_issuer_or_keys_does_not_start(
    settings: Settings, clock: SetClock, issuer_name: str, jwks_url: str
) -> None:
    with pytest.raises(ValueError, match="SITE_JWT_ISSUER"):
        TokenVerifier(_production(settings, jwks_url, issuer_name), clock)


def test_a_minted_token_says_when_it_ends(issuer: DevelopmentIssuer) -> None:
    now = datetime.fromisoformat("2026-03-16T10:00:00+08:00")
    token = issuer.mint("P001", "GD", ["province_administrator"], now)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == timedelta(hours=8).total_seconds()
    assert claims["iss"] == DEVELOPMENT_ISSUER


def test_the_command_mints_a_token_and_warns_beside_it(tmp_path: Path) -> None:
    options = ["--staff", "P001", "--unit", "GD", "--roles", "director, auditor"]
    done = CliRunner().invoke(cli, ["mint", *options, "--keys", str(tmp_path)])
    assert done.exit_code == 0
    claims = jwt.decode(done.stdout.strip(), options={"verify_signature": False})
    assert (claims["sub"], claims["unit"]) == ("P001", "GD")
    assert claims["roles"] == ["auditor", "director"]
    assert "DEVELOPMENT TOKEN" in done.stderr
    assert (tmp_path / "token-key.pem").stat().st_mode & 0o077 == 0
    assert "PRIVATE" not in (tmp_path / "jwks.json").read_text()
    assert '"d"' not in (tmp_path / "jwks.json").read_text()
