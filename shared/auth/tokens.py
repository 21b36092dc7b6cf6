"""Verifying bearer tokens: pinned algorithms, issuer, audience, a short life, a `jti`."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from typing import Annotated, Any

import jwt
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.auth.callers import Caller, Unauthorized
from shared.auth.development import DEVELOPMENT_ISSUER, DEVELOPMENT_LIFETIME
from shared.auth.keys import KeySet
from shared.clock import Clock
from shared.settings import Settings

ALGORITHMS = ("EdDSA", "ES256", "RS256")
"""Signatures that are accepted; never `none`, never a shared secret."""

MAX_LIFETIME = timedelta(minutes=15)
LEEWAY = timedelta(seconds=10)
_REMEMBERED_TOKENS = 4096
_CHECKS: jwt.types.Options = {
    "require": ["exp", "iat", "iss", "aud", "sub", "jti"],
    # Times are checked here, by the clock that the process was given.
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}

Code = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]


class _Actor(BaseModel):
    sub: Code


class _Claims(BaseModel):
    """What a token has to say about a person."""

    model_config = ConfigDict(extra="ignore")

    sub: Code
    jti: Code
    unit: Code
    roles: list[Code] = Field(max_length=50)
    scope: str = Field(default="", max_length=1000)
    act: _Actor | None = None
    exp: int
    iat: int
    nbf: int = 0

    def caller(self) -> Caller:
        return Caller(
            staff_code=self.sub,
            unit=self.unit,
            roles=frozenset(self.roles),
            scope=frozenset(self.scope.split()),
            acted_by=self.act.sub if self.act else None,
        )


class TokenVerifier:
    """Turns a bearer token into a Caller. A verified token is remembered until it expires."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        if not settings.jwt_issuer or not settings.jwks_url:
            raise ValueError("SITE_JWT_ISSUER and SITE_JWKS_URL have to be set")
        is_development = settings.jwt_issuer == DEVELOPMENT_ISSUER
        if is_development and settings.environment == "production":
            raise ValueError("the development issuer is refused in production")
        self._issuer = settings.jwt_issuer
        self._audience = settings.jwt_audience
        self._max_lifetime = DEVELOPMENT_LIFETIME if is_development else MAX_LIFETIME
        self._keys = KeySet(settings.jwks_url, clock)
        self._clock = clock
        self._remembered: OrderedDict[str, tuple[float, Caller]] = OrderedDict()

    async def caller(self, authorization: str | None) -> Caller:
        """The caller named by an `Authorization` header. Raises Unauthorized, KeysUnavailable."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthorized("请求须带 Bearer 令牌", "the request needs a bearer token")
        remembered = self._remembered.get(token)
        now = self._clock.now().timestamp()
        if remembered is not None and remembered[0] > now:
            return remembered[1]
        claims = await self._verify(token)
        caller = claims.caller()
        self._remembered[token] = (claims.exp, caller)
        while len(self._remembered) > _REMEMBERED_TOKENS:
            self._remembered.popitem(last=False)
        return caller

    async def _verify(self, token: str) -> _Claims:
        try:
            header = jwt.get_unverified_header(token)
            payload = self._decode(token, header, await self._key(header))
        except jwt.PyJWTError as error:
            raise _refused(error) from None
        try:
            claims = _Claims.model_validate(payload)
        except ValidationError as error:
            names = ", ".join(".".join(map(str, part["loc"])) for part in error.errors())
            raise Unauthorized(
                f"令牌的声明有误：{names}", f"claims of the token are wrong: {names}"
            ) from None
        self._check_times(claims)
        return claims

    def _check_times(self, claims: _Claims) -> None:
        now, leeway = self._clock.now().timestamp(), LEEWAY.total_seconds()
        if claims.exp + leeway <= now:
            raise Unauthorized("令牌已过期", "the token has expired")
        if max(claims.iat, claims.nbf) - leeway > now:
            raise Unauthorized("令牌尚未生效", "the token is not valid yet")
        if claims.exp - claims.iat > self._max_lifetime.total_seconds():
            raise Unauthorized("令牌有效期过长", "the token lives too long")

    async def _key(self, header: dict[str, Any]) -> jwt.PyJWK:
        if header.get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError
        kid = header.get("kid")
        key = await self._keys.find(kid if isinstance(kid, str) else None)
        if key is None:
            raise jwt.InvalidKeyError
        if key.algorithm_name != header["alg"]:
            raise jwt.InvalidAlgorithmError
        return key

    def _decode(self, token: str, header: dict[str, Any], key: jwt.PyJWK) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=[header["alg"]],
            audience=self._audience,
            issuer=self._issuer,
            options=_CHECKS,
        )


_REASONS: tuple[tuple[type[jwt.PyJWTError], str, str], ...] = (
    (jwt.InvalidAudienceError, "令牌不是发给本系统的", "the token is for another audience"),
    (jwt.InvalidIssuerError, "令牌的签发者不被接受", "the issuer of the token is not accepted"),
    (jwt.MissingRequiredClaimError, "令牌缺少必要的声明", "the token lacks a required claim"),
    (jwt.InvalidAlgorithmError, "令牌的签名算法不被接受", "the algorithm is not accepted"),
    (jwt.InvalidKeyError, "令牌的密钥未知", "the key of the token is unknown"),
    (jwt.InvalidSignatureError, "令牌的签名无效", "the signature of the token is wrong"),
)


def _refused(error: jwt.PyJWTError) -> Unauthorized:
    for kind, zh, en in _REASONS:
        if isinstance(error, kind):
            return Unauthorized(zh, en)
    return Unauthorized("令牌无法解读", "the token cannot be read")
