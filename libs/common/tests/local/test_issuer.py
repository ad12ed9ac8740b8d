import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from premia_runtime.local.identities import Identity, IdentityFile, Registration
from premia_runtime.local.issuer import (
    IssuerExposed,
    IssuerMisconfigured,
    IssuerSettings,
    TokenSigner,
    create_app,
    load_key,
)

TENANT = UUID("0b8f3c1e-6f0e-4d57-9a49-4f6a3a4d0f01")
PARTNER = Identity(
    "rossi", UUID(int=5), TENANT, ("partner",), payee_id=UUID(int=6), name="Rossi Energia"
)
NOON = 1_767_006_000
ENVIRONMENT = {
    "PREMIA_HOST": "127.0.0.1",
    "PREMIA_PORT": "1",
    "PREMIA_ISSUER_URL": "http://127.0.0.1:1",
    "PREMIA_AUDIENCE": "premia",
    "PREMIA_ISSUER_IDENTITIES": "identities.json",
    "PREMIA_ISSUER_KEY": "key.json",
}


@pytest.fixture
def identities(tmp_path) -> IdentityFile:
    identities = IdentityFile(tmp_path / "identities.json")
    identities.add(Registration(PARTNER, "s3cret:ä"))
    return identities


@pytest.fixture
async def client(tmp_path, identities):
    signer = TokenSigner(load_key(tmp_path / "key.json"), issuer="http://issuer", audience="premia")
    app = create_app(
        signer,
        identities,
        url="http://issuer",
        clock=lambda: NOON + 0.9,
        new_token_id=lambda: "token-1",
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://issuer") as client:
        yield client


def form(**changes: str) -> dict[str, str]:
    good = {"grant_type": "client_credentials", "client_id": "rossi", "client_secret": "s3cret:ä"}
    return good | changes


async def test_a_registered_client_gets_a_token_that_says_who_it_is(client) -> None:
    answer = await client.post("/token", data=form())
    keys = KeySet.import_key_set((await client.get("/jwks.json")).json())
    token = jwt.decode(answer.json()["access_token"], keys, algorithms=["ES256"])

    assert answer.json()["expires_in"] == 3600
    assert answer.headers["Cache-Control"] == "no-store"
    assert token.header["typ"] == "at+jwt"
    assert token.header["alg"] == "ES256"
    assert token.claims == {
        "iss": "http://issuer",
        "aud": "premia",
        "sub": "00000000-0000-0000-0000-000000000005",
        "client_id": "rossi",
        "tenant": "0b8f3c1e-6f0e-4d57-9a49-4f6a3a4d0f01",
        "roles": ["partner"],
        "payee_id": "00000000-0000-0000-0000-000000000006",
        "name": "Rossi Energia",
        "iat": 1_767_006_000,
        "nbf": 1_767_006_000,
        "exp": 1_767_009_600,
        "jti": "token-1",
    }


async def test_a_client_may_authenticate_in_the_header(client) -> None:
    answer = await client.post(
        "/token",
        data={"grant_type": "client_credentials"},
        auth=httpx.BasicAuth("rossi", "s3cret%3A%C3%A4"),
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_anybody_else_is_refused(client, changes, status, error) -> None:
    answer = await client.post("/token", data=form(**changes))

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "access_token" not in answer.json()


async def test_a_broken_authorization_header_is_refused(client) -> None:
    answer = await client.post(
        "/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": "Basic ???"},
    )
    assert answer.status_code == 401


async def test_an_identity_added_later_counts_at_once(client, identities) -> None:
    assert (await client.post("/token", data=form(client_id="new"))).status_code == 401

    identities.add(Registration(Identity("new", UUID(int=8), TENANT, ("admin",)), "s3cret:ä"))

    assert (await client.post("/token", data=form(client_id="new"))).status_code == 200


async def test_the_discovery_document_leads_to_the_keys_and_no_private_part(client) -> None:
    found = (await client.get("/.well-known/openid-configuration")).json()
    keys = (await client.get(found["jwks_uri"])).json()["keys"]

    assert found["issuer"] == "http://issuer"
    assert found["token_endpoint"] == "http://issuer/token"
    assert [sorted(key) for key in keys] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]


def test_the_key_is_made_once_and_kept_private(tmp_path) -> None:
    path = tmp_path / "key.json"
    assert load_key(path).thumbprint() == load_key(path).thumbprint()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "d" in json.loads(path.read_text())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "localhost", "issuer.test", ""])
def test_it_refuses_to_listen_where_others_can_reach_it(host) -> None:
    with pytest.raises(IssuerExposed, match=r"PREMIA_HOST=127\.0\.0\.1"):
        IssuerSettings.of(ENVIRONMENT | {"PREMIA_HOST": host})


def test_a_missing_setting_is_named() -> None:
    environment = {k: v for k, v in ENVIRONMENT.items() if k != "PREMIA_ISSUER_KEY"}
    with pytest.raises(IssuerMisconfigured, match="set PREMIA_ISSUER_KEY"):
        IssuerSettings.of(environment)


def test_the_process_ends_with_the_reason_and_without_a_traceback(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "premia_runtime.local.issuer"],
        env=ENVIRONMENT | {"PREMIA_HOST": "0.0.0.0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("the development issuer hands out any role")
