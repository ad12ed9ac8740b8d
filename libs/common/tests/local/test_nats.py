import nats
import pytest

from premia_runtime.local.binaries import NatsNotFound
from premia_runtime.local.child import StartFailed
from premia_runtime.local.nats import NatsServer

pytestmark = pytest.mark.integration


@pytest.fixture
async def server(tmp_path):
    server = NatsServer(tmp_path / "a folder with blanks" / "nats")
    await server.start()
    yield server
    await server.stop()


async def publish(server: NatsServer, message_id: str) -> int:
    client = await nats.connect(server.url)
    try:
        stream = client.jetstream()
        await stream.add_stream(name="TRY", subjects=["try.>"])
        await stream.publish("try.it", b"kept", headers={"Nats-Msg-Id": message_id})
        return (await stream.stream_info("TRY")).state.messages
    finally:
        await client.close()


async def test_acknowledged_messages_and_their_ids_survive_a_kill(server) -> None:
    port = server.port
    assert await publish(server, "1") == 1

    server.kill()
    assert await server.child.wait(10)
    await server.start()

    assert server.port == port
    assert await publish(server, "1") == 1
    assert await publish(server, "2") == 2


async def test_a_wiped_store_is_empty_and_only_a_stopped_server_can_be_wiped(server) -> None:
    await publish(server, "1")
    with pytest.raises(RuntimeError, match="stop the NATS server"):
        server.wipe()

    await server.stop()
    server.wipe()
    await server.start()

    assert await publish(server, "2") == 1


async def test_a_taken_port_is_reported_with_the_log(server, tmp_path) -> None:
    other = NatsServer(tmp_path / "other" / "nats", port=server.port)

    with pytest.raises(StartFailed, match="address already in use"):
        await other.start()


async def test_a_wrong_nats_bin_is_named(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("NATS_BIN", str(tmp_path / "nothing"))
    with pytest.raises(NatsNotFound, match="is no file; correct it or unset it"):
        await NatsServer(tmp_path / "nats").start()
