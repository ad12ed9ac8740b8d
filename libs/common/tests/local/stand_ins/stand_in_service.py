"""A service small enough to read at once: it migrates, answers probes, says what it was given."""

import asyncio
import http.server
import json
import os
import sys

import asyncpg


async def migrate():
    address = os.environ["PREMIA_MIGRATION_DATABASE_URL"].replace("+asyncpg", "")
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(
            "create table if not exists notes (tenant_id uuid not null, body text not null);"
            "alter table notes enable row level security;"
            "alter table notes force row level security;"
            "drop policy if exists own on notes;"
            "create policy own on notes using (tenant_id ="
            " (select nullif(current_setting('app.tenant', true), ''))::uuid);"
            "grant select, insert on notes to stand_in_app, stand_in_system"
        )
    finally:
        await connection.close()
    print("migrated")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        premia = {k: v for k, v in os.environ.items() if k.startswith("PREMIA_")}
        body = json.dumps({"pid": os.getpid(), "arguments": sys.argv[1:], "premia": premia})
        self.send_response(200 if self.path in {"/readyz", "/about"} else 404)
        self.end_headers()
        self.wfile.write(body.encode())


def serve():
    print(f"serving on {os.environ['PREMIA_PORT']}", flush=True)
    address = (os.environ["PREMIA_HOST"], int(os.environ["PREMIA_PORT"]))
    http.server.ThreadingHTTPServer(address, Handler).serve_forever()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["migrate"]:
            asyncio.run(migrate())
        case ["serve" | "work"]:
            serve()
        case _:
            sys.exit("this stand-in knows migrate, serve and work; the setting PREMIA_X is wrong")
