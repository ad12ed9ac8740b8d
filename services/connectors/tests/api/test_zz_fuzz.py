import asyncio

from ..conftest import Tenant


async def test_fuzz(tenant: Tenant) -> None:
    await tenant.salesforce()
    await tenant.billing()
    token = tenant.token(
        "admin", "auditor", "machine_salesforce", "machine_sap", "compensation_analyst"
    )
    p = await asyncio.create_subprocess_exec(
        ".venv/bin/schemathesis",
        "run",
        f"{tenant.url}/openapi.json",
        "-H",
        f"Authorization: Bearer {token}",
        "--max-examples",
        "25",
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        "--phases",
        "examples,coverage,fuzzing",
        "--no-color",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(p.communicate(), 400)
    open("/tmp/fuzz.out", "wb").write(out)
